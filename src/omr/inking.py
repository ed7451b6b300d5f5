"""How much ink is in each cell, and what surrounds it? Measures only; nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import cv2
import numpy as np
from numpy.typing import NDArray

from dziennik.omr.flattening import Flat, Waves, displaced
from dziennik.omr.markers import Grey, Points
from dziennik.omr.template import Template

Whole = NDArray[np.signedinteger]
Single = NDArray[np.float32]
HALF_X, HALF_Y = 4.4, 3.65  # half of what belongs to a cell: the pitch is 9.0 x 7.5 mm
WITH_OUTLINE = 1.15  # of the outline's radii: a cell with its outline, wherever the paper waves
INSIDE = 0.90  # of the outline's radii: the print itself stays out
MIDDLE = 0.75  # of the radii: where darkness is looked for, even if paper waves and the outline comes near
OTHER_LINE = 1e4  # so much further are cells of another row, where a row is looked for
ALIKE = 8  # cells with the same print that show what it leaves
# Zones of a cell's patch, columns of the matrix of weights.
CORE, LEFT, RIGHT, ABOVE, BELOW, WHOLE = range(6)
SECTORS = 8
FIRST_SECTOR = 6
FIRST_HUGGING = FIRST_SECTOR + SECTORS
HUGGING = 0.82  # of the outline's radii: from here on outwards somebody may have drawn around the cell
OPEN = 2  # sectors in which a line around a cell may be missing: few people close it


@dataclass(frozen=True, slots=True)
class Inked:
    """Per cell, in the template's order. Shares of black: 0 the paper beside, 1 solid."""

    ink: Points  # inside, against the paper beside the cell
    ink_low: Points  # against the darkest paper around it
    ink_high: Points  # against the brightest
    outside: Points  # the most ink in one of eight sectors around the cell
    through: Points  # the most ink in two sectors on opposite sides: what goes through the cell is there
    around: Points  # the least ink in any of them: a block over the cell fills all
    sides: Points  # against paper further around, the least but for `OPEN`: a block may lie beside the cell
    rim: Points  # the most ink, less the outline's, in a sector of the outline and what is around it
    ringed: Points  # the least of these, but for `OPEN` sectors
    paper: Points  # how much darker the paper beside is than the paper further around
    dark: Points  # how black the darkest tenth inside is
    gaps: Points  # the most ink in one of the four gaps between this cell and its neighbours
    light: Points  # the paper beside over the usual paper of the card
    whole: Points  # ink of outline and all inside: blur does not change it
    outlines: float  # of that, what empty cells have
    patches: Single  # (cells, pixels): everything that belongs to each cell, as the scan has it
    white: Single  # the paper beside, as the scan has it
    contrast: float  # what black takes off white, as a share of it


@dataclass(frozen=True, slots=True)
class Prepared:
    """A form with all that measuring it needs, reckoned once."""

    form: Template
    places: Points  # the cells' centres, mm
    near: Whole  # for each cell the nearest nine
    in_row: Whole  # the nearest five of its row,
    in_column: Whole  # and of its column
    weights: Single  # (pixels, zones): the average of each zone
    inside: Whole  # which pixels of a patch lie well inside the outline
    columns: Whole  # for each cell the kind of print that it bears
    alike: tuple[Whole, ...]  # for each kind of print the cells that bear it
    owner: Whole  # for each cell the number of its field
    firsts: tuple[int, ...]  # for each field the number of its first cell
    said: tuple[tuple[int, str, str], ...]  # for each cell its line, field and value
    per_mm: int  # pixels of a patch a millimetre


def prepare(form: Template, per_mm: int) -> Prepared:
    """Reckon once what every card of this form needs."""
    cells = form.cells()
    places = np.array([(cell.x, cell.y) for _, cell in cells])
    steps = places / (2 * HALF_X, 2 * HALF_Y)
    far = (steps[:, None] - steps[None]) ** 2
    labels = [cell.label for _, cell in cells]
    kinds = {label: n for n, label in enumerate(dict.fromkeys(labels))}
    columns = np.array([kinds[label] for label in labels])
    weights, inside = _zones(form.cell_width, form.cell_height, per_mm)
    alike = tuple(np.flatnonzero(columns == kind) for kind in range(len(kinds)))
    counts = [len(field.cells) for field in form.fields]
    return Prepared(
        form=form,
        places=places,
        near=_nearest(far.sum(axis=2), 9),
        in_row=_nearest(far @ (1, OTHER_LINE), 5),
        in_column=_nearest(far @ (OTHER_LINE, 1), 5),
        weights=weights,
        inside=inside,
        columns=columns,
        alike=alike,
        owner=np.repeat(np.arange(len(form.fields)), counts),
        firsts=tuple(accumulate(counts[:-1], initial=0)),
        said=tuple((field.row, field.name, cell.value) for field, cell in cells),
        per_mm=per_mm,
    )


def _nearest(far: Points, count: int) -> Whole:
    return np.argsort(far, axis=1, kind="stable")[:, :count]


def patch_grid(per_mm: int) -> tuple[Points, Points]:
    """Where the pixels (rows, columns) of a cell's patch lie, in mm from its centre: x and y."""
    xs = np.arange(-round(HALF_X * per_mm), round(HALF_X * per_mm) + 1) / per_mm
    ys = np.arange(-round(HALF_Y * per_mm), round(HALF_Y * per_mm) + 1) / per_mm
    x, y = np.meshgrid(xs, ys)
    return x, y


def _zones(width: float, height: float, per_mm: int) -> tuple[Single, Whole]:
    """Weights (pixels, zones) that average each zone, and the inside as a mask."""
    x, y = patch_grid(per_mm)
    radius = np.hypot(x / (width / 2), y / (height / 2))
    inside = radius <= INSIDE
    zones = [
        inside,
        (x < -3.3) & (abs(y) < 1.9),
        (x > 3.3) & (abs(y) < 1.9),
        (y < -2.75) & (y > -3.5) & (abs(x) < 2.6),
        (y > 2.75) & (y < 3.5) & (abs(x) < 2.6),
        radius <= 1.25,
    ]
    turn = np.arctan2(y / height, x / width)
    for inner in (1.22, HUGGING):
        ring = (radius > inner) & (abs(x) < 3.7) & (abs(y) < 3.0)
        for sector in range(SECTORS):
            middle = -np.pi + (sector + 0.5) * 2 * np.pi / SECTORS
            zones.append(ring & (abs((turn - middle + np.pi) % (2 * np.pi) - np.pi) <= np.pi / SECTORS))
    weights = np.stack([zone.ravel() / zone.sum() for zone in zones], axis=1).astype(np.float32)
    return weights, np.flatnonzero((radius <= MIDDLE).ravel())


def measure(flat: Flat, prepared: Prepared, waves: Waves, moved: Points | None = None) -> Inked:
    """Cut the cells out where the paper has them, and measure. `moved`: how far (mm) off that each is."""
    patches = cut_out(flat, prepared, waves, moved)
    means = patches @ prepared.weights
    gaps = np.sort(means[:, LEFT : BELOW + 1], axis=1)
    white = gaps[:, 1:].mean(axis=1)  # the darkest of four may have a stroke in it
    neighbours = np.median(white[prepared.near], axis=1)  # paper as the nearest nine have it
    contrast = 1 - min(waves.black, 0.95)

    def share(values: Points | Single, paper: Points | Single) -> Points:
        return np.asarray((1 - values / np.maximum(paper, 1)) / contrast, dtype=np.float64)

    core = means[:, CORE]
    whole = share(means[:, WHOLE], white)
    beside = means[:, FIRST_SECTOR:FIRST_HUGGING]
    sectors = share(beside, white[:, None])
    hugging = share(means[:, FIRST_HUGGING:], white[:, None])
    rims = np.sort(hugging - np.quantile(hugging, 0.3, axis=0), axis=1)
    return Inked(
        ink=share(core, white),
        ink_low=share(core, np.minimum(gaps[:, 0], neighbours)),
        ink_high=share(core, np.maximum(gaps[:, 3], neighbours)),
        outside=sectors.max(axis=1),
        through=np.minimum(sectors, _opposite(sectors)).max(axis=1),
        around=sectors.min(axis=1),
        sides=np.sort(share(beside, neighbours[:, None]), axis=1)[:, OPEN],
        rim=rims[:, -1],
        ringed=rims[:, OPEN],
        paper=share(gaps[:, 0], neighbours),
        dark=_dark(patches, prepared.inside, white, contrast, core),
        gaps=share(gaps[:, 0], neighbours),
        light=white / max(float(np.median(white)), 1.0),
        whole=whole,
        outlines=float(np.quantile(whole, 0.3)),
        patches=patches,
        white=white,
        contrast=contrast,
    )


def _opposite(sectors: Points) -> Points:
    """For each sector the most ink in the three on the other side of the cell."""
    half = SECTORS // 2
    turned = [np.roll(sectors, half + turn, axis=1) for turn in (-1, 0, 1)]
    return np.asarray(np.max(turned, axis=0), dtype=np.float64)


def cut_out(flat: Flat, prepared: Prepared, waves: Waves, moved: Points | None = None) -> Single:
    """(cells, pixels) of everything that belongs to each cell."""
    places = displaced(prepared.places, waves, prepared.form)
    centres = np.rint(flat.pixels(places if moved is None else places + moved)).astype(int)
    half_x, half_y = round(HALF_X * flat.per_mm), round(HALF_Y * flat.per_mm)
    limit = np.array(flat.grey.shape[::-1]) - (2 * half_x + 1, 2 * half_y + 1)
    corner = np.clip(centres - (half_x, half_y), 0, limit)
    windows = np.lib.stride_tricks.sliding_window_view(flat.grey, (2 * half_y + 1, 2 * half_x + 1))
    cut = windows[corner[:, 1], corner[:, 0]]
    return np.asarray(cut.reshape(len(corner), -1), dtype=np.float32)


def blackness(inked: Inked, cells: Whole, pixels: Whole | None = None) -> Single:
    """(cells, pixels): how black each pixel of these cells' patches is, or each of the `pixels` in them."""
    shown = inked.patches[cells]
    shown = shown if pixels is None else np.take(shown, pixels, axis=1)
    shares = (1 - shown / np.maximum(inked.white[cells], 1)[:, None]) / inked.contrast
    return np.asarray(shares, dtype=np.float32)


def cells_of(flat: Flat, prepared: Prepared, waves: Waves) -> Grey:
    """A picture of the same size: 0 where cells are and their outlines, 255 elsewhere."""
    places = np.rint(flat.pixels(displaced(prepared.places, waves, prepared.form))).astype(int)
    form, picture = prepared.form, np.full(flat.grey.shape, 255, dtype=np.uint8)
    radii = [round(WITH_OUTLINE * side / 2 * flat.per_mm) for side in (form.cell_width, form.cell_height)]
    for x, y in places.tolist():
        cv2.ellipse(picture, (x, y), (radii[0], radii[1]), 0, 0, 360, 0, -1)
    return picture


def _dark(patches: Single, inside: Whole, white: Single, contrast: float, core: Single) -> Points:
    """How black the darkest tenth is, for cells that have any ink."""
    dark = np.zeros(len(patches))
    some = np.flatnonzero((1 - core / np.maximum(white, 1)) / contrast > 0.005)
    if len(some):
        pixels = np.take(patches, inside, axis=1)[some]
        tenth = max(1, pixels.shape[1] // 10)
        darkest = np.partition(pixels, tenth, axis=1)[:, :tenth].mean(axis=1)
        dark[some] = (1 - darkest / np.maximum(white[some], 1)) / contrast
    return dark
