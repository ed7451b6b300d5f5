"""How does a class register become a file that can be trusted?

It is written beside its place, checked against the schema of its format, and only then put there: a
crash leaves the old file or the new one, never half of one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import mkstemp

from lxml import etree

from dziennik.archive.formats import FORMAT, file_name, named_schema
from dziennik.archive.register import ClassRegister
from dziennik.archive.writing import write
from dziennik.contracts.school import SchoolFounded


class NotValid(ValueError):
    """What was written breaks its own schema: a fault of ours, told with line and rule."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What lies in the file now. `sha256` is of all its bytes."""

    path: Path
    sha256: str
    size: int
    cut_off: int
    pupils: int
    lessons: int
    grades: int


def export(register: ClassRegister, path: Path | None = None) -> Exported:
    """Write the register to a file (default: named after school, year and class, in this folder).

    Raises NotValid and UnwritableText, leaving what was there before; OSError when the disk refuses.
    """
    buffer = BytesIO()
    write(register, buffer)
    data = buffer.getvalue()
    validate(data)
    target = Path(default_name(register)) if path is None else path
    _put(target, data)
    return Exported(
        path=target,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        cut_off=register.cut_off,
        pupils=len(register.enrolments),
        lessons=len(register.lessons),
        grades=sum(len(book) for book in register.grades.values()),
    )


def default_name(register: ClassRegister) -> str:
    """The file name by ADR 0037."""
    founded, year = register.school.names[0].fact, register.school.year
    school_id = founded.school_id if isinstance(founded, SchoolFounded) else ""
    return file_name(school_id, year.name if year else "", register.name(), register.cut_off)


def validate(data: bytes, version: int = FORMAT) -> None:
    """Check a document against the published schema. Raises NotValid."""
    validate_as(data, f"class-register-{version}")


def validate_as(data: bytes, name: str) -> None:
    """Check a document against the published schema of that name. Raises NotValid."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        _schema(name).assertValid(etree.fromstring(data, parser))
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as fault:
        raise NotValid(str(fault)) from fault


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(named_schema(name))))


def _put(target: Path, data: bytes) -> None:
    """Replace the file whole, and make sure that the disk has it."""
    folder = target.resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, draft = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        entry = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)
