"""What does a form look like? As data: page, markers, identity, and named groups of cells, in millimetres.

A template says where to look and what a cell means, and nothing about how it is printed or read. Its JSON
Schema is published (``contracts/schemas/card-template-1.json``), so that other sheets can be described and
read too: ``dziennik omr read --template FORM.json``. All places are millimetres from the page's top left.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything a template consists of."""


class Kind(StrEnum):
    """How many cells of a field may be marked: at most one, any number, or at most one in each place."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"


class Marker(Part, frozen=True, kw_only=True):
    """One ArUco marker (dictionary ARUCO_MIP_36h12); `x`, `y` is its top left corner."""

    id: int
    x: float
    y: float


class Strip(Part, frozen=True, kw_only=True):
    """The identity in two rows of black and white cells; both ends are always black over white."""

    x: float
    y: float
    cell: float
    columns: int


class Square(Part, frozen=True, kw_only=True):
    """Where the QR code is printed."""

    x: float
    y: float
    size: float


class Timing(Part, frozen=True, kw_only=True):
    """Black squares beside every row and above and below every column: they show how the paper waves."""

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    left: float
    right: float
    top: float
    bottom: float
    size: float


class Cell(Part, frozen=True, kw_only=True):
    """One cell by its centre: `value` is what a mark says, `label` what is printed in it.

    `place` tells the digits of a number apart.
    """

    value: str
    label: str
    x: float
    y: float
    place: int = 0


class Field(Part, frozen=True, kw_only=True):
    """A named group of cells that are answered together; `row` numbers the form's lines from 0."""

    name: str
    kind: Kind
    cells: tuple[Cell, ...]
    row: int = 0


class Template(Part, frozen=True, kw_only=True):
    """A form. `number` (1-255) is what its identity strip says; 128 and above are free for other forms."""

    number: int
    name: str
    width: float
    height: float
    markers: tuple[Marker, Marker, Marker, Marker]
    marker_size: float
    strip: Strip
    qr: Square
    timing: Timing
    cell_width: float
    cell_height: float
    fields: tuple[Field, ...]

    def cells(self) -> list[tuple[Field, Cell]]:
        """All cells with their fields, in printed order."""
        return [(field, cell) for field in self.fields for cell in field.cells]


def schema() -> bytes:
    """The JSON Schema of templates, keys in order."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A form that the card reader can read, in millimetres",
        **msgspec.json.schema(Template),
    }
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1) + b"\n"
