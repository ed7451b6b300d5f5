"""How is an archive named, and which versions of its format are there? ADR 0037."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import as_file, files
from pathlib import Path

FORMAT = 1  # of a class register that is written by itself; archives of a year hold LATEST
NAMESPACE = "urn:dziennik:class-register:1"
LATEST = 2

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def namespace(version: int) -> str:
    """The namespace of a format version."""
    return f"urn:dziennik:class-register:{version}"


def schema_file(version: int = FORMAT) -> Path:
    """The XSD of a format version. Raises LookupError when there is none."""
    return named_schema(f"class-register-{version}")


def named_schema(name: str) -> Path:
    """A published schema. Raises LookupError when there is none."""
    with as_file(files("dziennik.contracts.archive") / f"{name}.xsd") as path:
        if not path.exists():
            raise LookupError(f"no schema {name}")
        return path


def file_name(school_id: str, year_name: str, class_name: str, cut_off: int) -> str:
    """`sp5_2025-2026_4a_class-register-1_at-12345.xml`: ASCII, in lower case, nothing to quote."""
    parts = (school_id, year_name, class_name)
    named = "_".join(plain(part) for part in parts)
    return f"{named}_class-register-{FORMAT}_at-{cut_off}.xml"


def plain(text: str) -> str:
    """Letters without their marks (ł has none to lose: it is replaced)."""
    bare = text.lower().replace("ł", "l")
    ascii_only = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    return _NOT_PLAIN.sub("-", ascii_only).strip("-") or "x"
