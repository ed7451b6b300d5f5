"""How do people fill cards? Strokes on paper, and for every cell what may be said about it.

Everyday marks are fills. Mixed ones are what teachers really do: light pencil, ticks, crosses, dots, fills
over the edge, rings around cells, rubbed out, taken back, lines that stray, marks beside the cell, two marks
in one field. A quarter of those who do so have a habit: most of their marks are of one kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from dziennik.omr.sheet import CellState
from dziennik.omr.template import Template

Ink: TypeAlias = NDArray[np.uint8]
Chance: TypeAlias = np.random.Generator
SUB = 4  # bits of sub-pixels that OpenCV draws with

MIXED = {
    "fill": 0.32,
    "light": 0.13,
    "tick": 0.10,
    "cross": 0.10,
    "dot": 0.03,
    "over": 0.05,
    "ring": 0.05,
    "erased": 0.05,
    "cancelled": 0.04,
    "withdrawn": 0.02,
    "stray": 0.05,
    "beside": 0.03,
    "double": 0.03,
}
KINDS, WEIGHTS = tuple(MIXED), np.array(tuple(MIXED.values()))
WITH_ANOTHER = ("cancelled", "double")  # of the same field
HABITS, HABITUAL = 0.25, 0.8  # so many writers have one, and of so many of their marks it is true


@dataclass
class Filled:
    """A card as filled: the page's grey, and for each cell what may be said about it without asking.

    `meant` is what the writer did. `asks`: the card must go to a person, a field has two marks.
    """

    grey: NDArray[np.uint8]
    allowed: dict[int, frozenset[CellState]] = field(default_factory=dict)
    meant: dict[int, str] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True)
class Marked:
    """One mark: the cell's number and how it is made."""

    cell: int
    kind: str


def draw(filled: Filled, form: Template, per_mm: float, chance: Chance, marks: list[Marked]) -> None:
    """Put marks on a page with one pen."""
    ink = np.zeros(filled.grey.shape, dtype=np.uint8)
    cells, tool = form.cells(), float(chance.uniform(0.6, 0.9))
    for mark in marks:
        place = cells[mark.cell][1]
        _mark(ink, mark.kind, place.x * per_mm, place.y * per_mm, per_mm, tool, chance)
    filled.grey = _inked(filled.grey, ink)


def fill(page: NDArray[np.uint8], form: Template, per_mm: float, chance: Chance, *, mixed: bool) -> Filled:
    """Fill a printed page: about half of the rows get a mark."""
    ink = np.zeros(page.shape, dtype=np.uint8)
    done = Filled(page)
    cells = form.cells()
    tool = float(chance.uniform(0.55, 0.95))  # one writer, one pen
    habit = str(chance.choice(KINDS, p=WEIGHTS)) if mixed and chance.random() < HABITS else None

    def mark(at: int, kind: str) -> None:
        place = cells[at][1]
        _mark(ink, kind, place.x * per_mm, place.y * per_mm, per_mm, tool, chance)

    at = 0
    for group in form.fields:
        first, at = at, at + len(group.cells)
        if chance.random() > 0.42:
            continue
        chosen = first + int(chance.integers(len(group.cells)))
        kind = _kind(chance, habit) if mixed else "fill"
        if kind in WITH_ANOTHER and len(group.cells) < 2:
            kind = "fill"
        mark(chosen, kind)
        done.meant[chosen] = kind
        done.allowed[chosen] = _allowed(kind)
        if kind in WITH_ANOTHER:
            step = 1 + int(chance.integers(len(group.cells) - 1))
            other = first + (chosen - first + step) % len(group.cells)
            mark(other, "fill")
            done.meant[other] = kind + " (the other)"
            done.allowed[other] = frozenset({CellState.MARKED})
            done.asks = done.asks or kind == "double"
    done.grey = _inked(page, ink)
    return done


def _kind(chance: Chance, habit: str | None) -> str:
    if habit and chance.random() < HABITUAL:
        return habit
    return str(chance.choice(KINDS, p=WEIGHTS))


def _inked(page: NDArray[np.uint8], ink: Ink) -> NDArray[np.uint8]:
    """The page with as much less light as there is ink (255 is black)."""
    return np.asarray(cv2.multiply(page, cv2.bitwise_not(ink), scale=1 / 255), dtype=np.uint8)


def _allowed(kind: str) -> frozenset[CellState]:
    if kind in ("erased", "stray", "beside"):
        return frozenset({CellState.BLANK})
    if kind in ("cancelled", "withdrawn"):
        return frozenset({CellState.CANCELLED})
    return frozenset({CellState.MARKED})


def _mark(ink: Ink, kind: str, x: float, y: float, mm: float, tool: float, chance: Chance) -> None:
    """Draw one mark around (x, y) pixels; darker of two strokes wins."""
    x, y = x + chance.normal(0, 0.2) * mm, y + chance.normal(0, 0.2) * mm
    radius = round(7 * mm)
    left, top = round(x) - radius, round(y) - radius
    patch = np.zeros((2 * radius + 1, 2 * radius + 1), dtype=np.uint8)
    pen = Pen(patch, mm, (x - left, y - top), chance)
    getattr(pen, kind if kind != "double" else "fill")(tool)
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(ink.shape[0], top + patch.shape[0]), min(ink.shape[1], left + patch.shape[1])
    part = patch[y0 - top : y1 - top, x0 - left : x1 - left]
    np.maximum(ink[y0:y1, x0:x1], part, out=ink[y0:y1, x0:x1])


@dataclass
class Pen:
    """Draws into a patch around one cell; lengths are mm from the cell's centre, ink is a share of black."""

    patch: Ink
    mm: float
    at: tuple[float, float]
    chance: Chance

    def fill(self, tool: float) -> None:
        """Scribble to and fro until the oval is full, mostly."""
        self._scribble(tool, self.chance.uniform(2.0, 2.6), self.chance.uniform(1.4, 1.9))

    def light(self, tool: float) -> None:
        self._scribble(
            self.chance.uniform(0.32, 0.5), self.chance.uniform(1.8, 2.4), self.chance.uniform(1.2, 1.7)
        )

    def over(self, tool: float) -> None:
        self._scribble(tool, self.chance.uniform(2.8, 3.3), self.chance.uniform(2.0, 2.5))

    def ring(self, tool: float) -> None:
        """Drawn around the oval, not quite closed."""
        turns = np.linspace(0, 2 * np.pi * self.chance.uniform(0.85, 1.05), 32) + self.chance.uniform(0, 6.28)
        wide, high = self.chance.uniform(1.0, 1.7) * np.array([2.5, 1.9])
        thick = self.chance.uniform(0.3, 0.55)
        points = np.column_stack([wide * np.cos(turns), high * np.sin(turns)])
        points += self.chance.normal(0, 0.15, 2)
        self._strokes(np.stack([points[:-1], points[1:]], axis=1), thick, [tool] * (len(points) - 1))

    def erased(self, tool: float) -> None:
        self._scribble(self.chance.uniform(0.04, 0.2), 2.3, 1.7)
        self.patch[:] = cv2.GaussianBlur(self.patch, (0, 0), 0.25 * self.mm)

    def cancelled(self, tool: float) -> None:
        for y in np.arange(-2.9, 2.95, 0.3):
            wobble = self.chance.normal(0, 0.12, 2)
            self._line((-3.6 + wobble[0], y), (3.6 + wobble[1], y + 0.2), 0.55, tool)

    def withdrawn(self, tool: float) -> None:
        """A block over a mark, darker where both are, and no other: nothing is to be said after all."""
        self.fill(tool)
        mark = self.patch.copy()
        self.patch[:] = 0
        self.cancelled(tool)
        self.patch[:] = 255 - cv2.multiply(255 - mark, 255 - self.patch, scale=1 / 255)

    def tick(self, tool: float) -> None:
        wide = self.chance.uniform(0.35, 0.6)
        self._line((-1.5, -0.1), (-0.4, 1.3), wide, tool)
        self._line((-0.4, 1.3), (1.9, -1.6), wide, tool)

    def cross(self, tool: float) -> None:
        wide, long = self.chance.uniform(0.35, 0.6), self.chance.uniform(0.85, 1.15)
        self._line((-1.8 * long, -1.4 * long), (1.8 * long, 1.4 * long), wide, tool)
        self._line((-1.8 * long, 1.4 * long), (1.8 * long, -1.4 * long), wide, tool)

    def dot(self, tool: float) -> None:
        self._line((0, 0), (0.1, 0), self.chance.uniform(1.0, 1.7), max(tool, 0.7))

    def stray(self, tool: float) -> None:
        """A line that passes the cell, at its edge or through it."""
        turn = self.chance.uniform(0, np.pi)
        along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        off = across * self.chance.uniform(1.2, 3.0) * self.chance.choice([-1, 1])
        self._line(off - along * 4, off + along * self.chance.uniform(2, 5), 0.4, tool)

    def beside(self, tool: float) -> None:
        """A fill in the gap between two cells."""
        x = 4.5 * float(self.chance.choice([-1, 1]))
        for y in np.arange(-1.2, 1.25, 0.4):
            self._line((x - 0.9, y), (x + 0.9, y + 0.2), 0.45, tool)

    def _scribble(self, dark: float, wide: float, high: float) -> None:
        lean = self.chance.uniform(-0.5, 0.5)
        step = self.chance.uniform(0.3, 0.42)
        thick = self.chance.uniform(0.4, 0.6)
        xs = np.arange(-wide, wide + 0.01, step)
        reach = high * np.sqrt(np.clip(1 - (xs / wide) ** 2, 0, None))
        reach[::2] *= -1
        ends = self.chance.normal(0, 0.12, (len(xs), 2))
        starts = np.column_stack([xs - lean * 0.5, ends[:, 0] - reach])
        stops = np.column_stack([xs + lean * 0.5, ends[:, 1] + reach])
        darks = dark * self.chance.uniform(0.85, 1.0, len(xs))
        order = np.argsort(darks)  # the darker of two strokes wins
        self._strokes(np.stack([starts, stops], axis=1)[order], thick, darks[order].tolist())

    def _line(self, start: tuple[float, float], stop: tuple[float, float], wide: float, dark: float) -> None:
        self._strokes(np.array([[start, stop]]), wide, [dark])

    def _strokes(self, points: NDArray[np.float64], wide: float, darks: Sequence[float]) -> None:
        """(strokes, ends, x and y) in mm from the cell's centre, one after the other."""
        thick = max(1, round(wide * self.mm))
        places = np.rint((np.array(self.at) + points * self.mm) * (1 << SUB)).astype(int).tolist()
        for (start, stop), dark in zip(places, darks, strict=True):
            cv2.line(self.patch, start, stop, round(255 * dark), thick, cv2.LINE_AA, SUB)
