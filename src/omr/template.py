"""What does a form look like? As data: page, markers, identity, and named groups of cells, in millimetres.

A template says where to look and what a cell means, and nothing about how it is printed or read. Its JSON
Schema is published (``contracts/schemas/card-template-1.json``), so that other sheets can be described and
read too: ``dziennik omr read --template FORM.json``. All places are millimetres from the page's top left.
Bounds are those beyond which nothing is read (ADR 0134); what no schema can say is in `forms`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

Place: TypeAlias = Annotated[float, Meta(ge=0, le=1000)]  # mm
Size: TypeAlias = Annotated[float, Meta(gt=0, le=1000)]  # mm
Count: TypeAlias = Annotated[int, Meta(ge=0, le=1000)]
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Places: TypeAlias = Annotated[tuple[Place, ...], Meta(min_length=1, max_length=1000)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything a template consists of."""


class Kind(StrEnum):
    """How many cells of a field may be marked: at most one, any number, or at most one in each place."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"


class Marker(Part, frozen=True, kw_only=True):
    """One ArUco marker (dictionary ARUCO_MIP_36h12, its first eight); `x`, `y` is its top left corner."""

    id: Annotated[int, Meta(ge=0, le=7)]
    x: Place
    y: Place


class Strip(Part, frozen=True, kw_only=True):
    """The identity in two rows of black and white cells; both ends are always black over white."""

    x: Place
    y: Place
    cell: Size
    columns: Annotated[int, Meta(ge=34, le=34)]  # 64 bits in two rows, and both ends


class Square(Part, frozen=True, kw_only=True):
    """Where the QR code is printed."""

    x: Place
    y: Place
    size: Size


class Timing(Part, frozen=True, kw_only=True):
    """Black squares beside every row and above and below every column: they show how the paper waves."""

    rows: Places
    columns: Places
    left: Place
    right: Place
    top: Place
    bottom: Place
    size: Annotated[float, Meta(ge=1.4, le=1000)]


class Cell(Part, frozen=True, kw_only=True):
    """One cell by its centre: `value` is what a mark says, `label` what is printed in it.

    `place` tells the digits of a number apart.
    """

    value: Text
    label: Annotated[str, Meta(max_length=100)]
    x: Place
    y: Place
    place: Count = 0


class Field(Part, frozen=True, kw_only=True):
    """A named group of cells that are answered together; `row` numbers the form's lines from 0."""

    name: Text
    kind: Kind
    cells: Annotated[tuple[Cell, ...], Meta(min_length=1, max_length=1000)]
    row: Count = 0


class Template(Part, frozen=True, kw_only=True):
    """A form. `number` (1-255) is what its identity strip says; 128 and above are free for other forms."""

    number: Annotated[int, Meta(ge=1, le=255)]
    name: Text
    width: Size
    height: Size
    markers: tuple[Marker, Marker, Marker, Marker]
    marker_size: Size
    strip: Strip
    qr: Square
    timing: Timing
    cell_width: Annotated[float, Meta(ge=3, le=7)]
    cell_height: Annotated[float, Meta(ge=2.4, le=5.2)]
    fields: Annotated[tuple[Field, ...], Meta(min_length=1, max_length=1000)]

    @property
    def frame(self) -> tuple[object, ...]:
        """Page, markers and identity: by these a form is found, and told which one it is."""
        return self.markers, self.marker_size, self.width, self.height, self.strip, self.qr

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
