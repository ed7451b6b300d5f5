"""What does the manifest promise: which version, which files, all rows or only changes?"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from enum import Enum

from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.reading import decoded
from dziennik.imports.oneroster.source import MANIFEST, Source
from dziennik.imports.oneroster.tables import TABLES


class Mode(Enum):
    """How the rows of a file are meant.

    BULK: all there are; what is not listed is over. DELTA: only what changed. LISTED: a folder
    without a manifest; rows are taken, what is not listed stays. ABSENT: no such file.
    """

    BULK = "bulk"
    DELTA = "delta"
    ABSENT = "absent"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`modes` by table name; `version` is "1.1" or "1.2"."""

    version: str
    modes: dict[str, Mode] = field(default_factory=dict)

    @property
    def leans_on_earlier(self) -> bool:
        """Whether rows may refer to what an earlier import brought."""
        return any(mode is not Mode.BULK for mode in self.modes.values())


def read_manifest(source: Source, faults: Faults) -> Manifest:
    """The manifest; a folder needs none (the version is then told by roles.csv being there)."""
    data = source.files.get(MANIFEST)
    if data is None:
        if source.zipped:
            faults.add(reasons.FILE_MISSING, Place(MANIFEST))
        modes = {t.name: Mode.LISTED if t.file in source.files else Mode.ABSENT for t in TABLES}
        return Manifest("1.2" if "roles.csv" in source.files else "1.1", modes)
    properties = _properties(data, faults)
    if properties is None:
        return Manifest("1.2")
    version = _version(properties, faults)
    return Manifest(version, _modes(properties, source, faults))


def _properties(data: bytes, faults: Faults) -> dict[str, tuple[str, int]] | None:
    """Each property with its value and line."""
    text = decoded(MANIFEST, data, faults)
    if text is None:
        return None
    found: dict[str, tuple[str, int]] = {}
    try:
        for line, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            if row and line == 1 and row[:2] != ["propertyName", "value"]:
                faults.add(reasons.MISSING_COLUMN, Place(MANIFEST, 1), column="propertyName", whole=True)
                return None
            if len(row) >= 2 and line > 1:
                found[row[0].strip()] = (row[1].strip(), line)
    except csv.Error as error:
        faults.add(reasons.BAD_CSV, Place(MANIFEST), what=str(error))
        return None
    return found


def _version(properties: dict[str, tuple[str, int]], faults: Faults) -> str:
    value, line = properties.get("oneroster.version", ("", 0))
    for version in ("1.1", "1.2"):
        if value == version or value.startswith(version + "."):
            return version
    place = Place(MANIFEST, line or None)
    faults.add(reasons.UNKNOWN_VERSION, place, column="oneroster.version", value=value, whole=True)
    return "1.2"


def _modes(properties: dict[str, tuple[str, int]], source: Source, faults: Faults) -> dict[str, Mode]:
    modes: dict[str, Mode] = {}
    for table in TABLES:
        value, line = properties.get(f"file.{table.name}", ("absent", 0))
        if value not in ("bulk", "delta", "absent"):
            faults.add(
                reasons.UNKNOWN_MODE,
                Place(MANIFEST, line or None),
                column=f"file.{table.name}",
                value=value,
                whole=True,
            )
            continue
        modes[table.name] = mode = Mode(value)
        if mode is Mode.ABSENT and table.file in source.files:
            faults.add(reasons.FILE_NOT_DECLARED, Place(table.file))
        elif mode is not Mode.ABSENT and table.file not in source.files:
            faults.add(reasons.FILE_MISSING, Place(table.file))
    return modes
