"""How is an archive named, and which versions of its format are there? ADR 0037."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import as_file, files
from pathlib import Path

FORMAT = 1
NAMESPACE = "urn:dziennik:class-register:1"

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def schema_file(version: int = FORMAT) -> Path:
    """The XSD of a format version. Raises LookupError when there is none."""
    with as_file(files("dziennik.contracts.archive") / f"class-register-{version}.xsd") as path:
        if not path.exists():
            raise LookupError(f"no class register format {version}")
        return path


def file_name(school_id: str, year_name: str, class_name: str, cut_off: int) -> str:
    """`sp5_2025-2026_4a_class-register-1_at-12345.xml`: ASCII, in lower case, nothing to quote."""
    parts = (school_id, year_name, class_name)
    plain = "_".join(_plain(part) for part in parts)
    return f"{plain}_class-register-{FORMAT}_at-{cut_off}.xml"


def _plain(text: str) -> str:
    """Letters without their marks (ł has none to lose: it is replaced)."""
    bare = text.lower().replace("ł", "l")
    ascii_only = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    return _NOT_PLAIN.sub("-", ascii_only).strip("-") or "x"
