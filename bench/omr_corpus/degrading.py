"""What do paper, scanners and phones do to a card? One function a fault, with an everyday and a harsh range.

Each takes the picture, chance, and whether the harsh range holds; pixels are those of a 200 dpi scan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.uint8]
Chance: TypeAlias = np.random.Generator
Fault: TypeAlias = Callable[[Grey, Chance, bool], Grey]

EVERYDAY: dict[str, Fault] = {}
HARSH: dict[str, Fault] = {}
PAPER = 245


def fault(*, everyday: bool = True) -> Callable[[Fault], Fault]:
    """Register under the function's name; some faults are never everyday."""

    def register(function: Fault) -> Fault:
        name = function.__name__.strip("_")
        HARSH[name] = function
        if everyday:
            EVERYDAY[name] = function
        return function

    return register


def degrade(grey: Grey, names: list[str], chance: Chance, *, harsh: bool) -> Grey:
    """The faults one after the other: paper first, then optics, then the file."""
    order = list(HARSH)
    for name in sorted(names, key=order.index):
        grey = HARSH[name](grey, chance, harsh)
    return grey


def _within(chance: Chance, harsh: bool, gentle: tuple[float, float], rough: tuple[float, float]) -> float:
    return float(chance.uniform(*(rough if harsh else gentle)))


def _float(grey: Grey) -> NDArray[np.float32]:
    return grey.astype(np.float32)


def _grey(picture: NDArray[np.floating]) -> Grey:
    return np.asarray(cv2.convertScaleAbs(np.maximum(picture, 0)), dtype=np.uint8)


def _axes(grey: Grey) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How far down (pixels) each row lies, as a column, and how far to the right each column, as a row."""
    high, wide = grey.shape
    return np.arange(high, dtype=np.float32)[:, None], np.arange(wide, dtype=np.float32)[None]


# Paper ------------------------------------------------------------------------------------------------------


@fault(everyday=False)
def stain(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """A marker pen's stroke or blot across the card."""
    high, wide = grey.shape
    layer = np.zeros(grey.shape, dtype=np.uint8)
    start = (int(chance.integers(wide)), int(chance.integers(high)))
    stop = (start[0] + int(chance.normal(0, 250)), start[1] + int(chance.normal(0, 120)))
    cv2.line(layer, start, stop, 255, int(chance.integers(20, 60)), cv2.LINE_AA)
    soft = cv2.GaussianBlur(layer, (0, 0), 3).astype(np.float32) / 255
    return _grey(_float(grey) * (1 - soft * float(chance.uniform(0.3, 0.9))))


@fault(everyday=False)
def coffee(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """A cup's ring, down to 0.4 of the paper's light."""
    layer = np.zeros(grey.shape, dtype=np.uint8)
    high, wide = grey.shape
    middle = (int(chance.integers(wide // 5, 4 * wide // 5)), int(chance.integers(high // 5, 4 * high // 5)))
    cv2.circle(layer, middle, int(chance.integers(200, 340)), 255, int(chance.integers(8, 30)), cv2.LINE_AA)
    soft = cv2.GaussianBlur(layer, (0, 0), float(chance.uniform(2, 8))).astype(np.float32) / 255
    return _grey(_float(grey) * (1 - soft * float(chance.uniform(0.15, 0.6))))


@fault(everyday=False)
def show_through(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """The other side, mirrored and pale."""
    other = cv2.GaussianBlur(grey[:, ::-1], (0, 0), 2.5).astype(np.float32)
    strength = float(chance.uniform(0.04, 0.14))
    return _grey(_float(grey) - strength * (PAPER - other))


@fault(everyday=False)
def holes(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Punched at the left, and a staple in a corner."""
    done = grey.copy()
    high, wide = grey.shape
    x = round(wide * 12 / 210)
    for y in (high / 2 - 315, high / 2 + 315):
        cv2.circle(done, (x, round(y)), 22, int(chance.integers(0, 120)), -1, cv2.LINE_AA)
    at = (int(chance.integers(20, 100)), int(chance.integers(20, 100)))
    cv2.line(done, at, (at[0] + 70, at[1] + 30), 60, 5, cv2.LINE_AA)
    return done


@fault(everyday=False)
def fold(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """A crease across the sheet: a dark and a bright line, and what lies beyond a little darker."""
    down, across = _axes(grey)
    y, lean = float(chance.uniform(0.2, 0.8)) * down.size, float(chance.normal(0, 0.05))
    far = down - (y + lean * across)
    light = 1 - 0.06 * (far > 0).astype(np.float32)
    near = np.flatnonzero(np.abs(far).min(axis=1) < 15)  # the crease itself
    light[near] -= 0.25 * np.exp(-((far[near] / 3) ** 2))
    return _grey(_float(grey) * light)


@fault()
def wave(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Paper that waves, by up to 0.3 mm (harsh: 1.8)."""
    size = _within(chance, harsh, (0.05, 0.3), (0.3, 1.8)) * 200 / 25.4
    y, x = _axes(grey)
    length = float(chance.uniform(0.5, 1.2)) * len(y)
    phase = float(chance.uniform(0, 6.28))
    dx = size * np.sin(2 * np.pi * y / length + phase)
    dy = size * np.sin(2 * np.pi * x / length * 1.3 + phase * 2) * 0.7
    moved = cv2.remap(grey, x + dx, y + dy, cv2.INTER_LINEAR, borderValue=PAPER)
    return np.asarray(moved, dtype=np.uint8)


# Lying on the glass -----------------------------------------------------------------------------------------


@fault(everyday=False)
def corner(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """A corner is gone, up to 15 % of the sides."""
    high, wide = grey.shape
    share = float(chance.uniform(0.02, 0.15))
    x, y = share * wide, share * wide
    triangle = np.array([(0, 0), (x, 0), (0, y)])
    if chance.random() < 0.5:
        triangle[:, 0] = wide - 1 - triangle[:, 0]
    if chance.random() < 0.5:
        triangle[:, 1] = high - 1 - triangle[:, 1]
    done = grey.copy()
    cv2.fillPoly(done, [triangle.astype(np.int32)], int(chance.integers(0, 255)))
    return done


@fault(everyday=False)
def side(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """A side is cut off, up to 6 %."""
    high, wide = grey.shape
    cut = float(chance.uniform(0.01, 0.06))
    which = int(chance.integers(4))
    x, y = round(cut * wide), round(cut * high)
    part = [grey[y:], grey[: high - y], grey[:, x:], grey[:, : wide - x]][which]
    return np.ascontiguousarray(part)


def _warped(grey: Grey, corners: NDArray[np.float32], size: tuple[int, int], border: int) -> Grey:
    high, wide = grey.shape
    before = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    plane = cv2.getPerspectiveTransform(before, corners.astype(np.float32))
    done = cv2.warpPerspective(grey, plane, size, flags=cv2.INTER_LINEAR, borderValue=border)
    return np.asarray(done, dtype=np.uint8)


@fault()
def shift_and_scale(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Shifted by 2 % (4 %) and scaled by 0.94 to 1.03 (0.9 to 1.1)."""
    high, wide = grey.shape
    scale = _within(chance, harsh, (0.94, 1.03), (0.9, 1.1))
    most = 0.04 if harsh else 0.02
    dx, dy = chance.uniform(-most, most, 2) * (wide, high)
    middle = np.array([wide / 2, high / 2])
    square = np.array([[0, 0], [wide, 0], [wide, high], [0, high]])
    return _warped(
        grey, ((square - middle) * scale + middle + (dx, dy)).astype(np.float32), (wide, high), PAPER
    )


@fault()
def turn(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """3 degrees; harsh: any angle on a larger picture, as from a phone."""
    high, wide = grey.shape
    angle = float(chance.uniform(-3, 3))
    size = (wide, high)
    if harsh:
        angle = float(chance.uniform(-15, 15)) if chance.random() < 0.6 else float(chance.uniform(0, 360))
        lean = np.radians(angle)
        size = (
            round(abs(wide * np.cos(lean)) + abs(high * np.sin(lean))),
            round(abs(wide * np.sin(lean)) + abs(high * np.cos(lean))),
        )
    plane = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    plane[:, 2] += (size[0] / 2 - wide / 2, size[1] / 2 - high / 2)
    return np.asarray(
        cv2.warpAffine(grey, plane, size, flags=cv2.INTER_LINEAR, borderValue=PAPER), dtype=np.uint8
    )


@fault()
def quarter_turn(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Laid in the other way, or upside down."""
    return np.ascontiguousarray(np.rot90(grey, int(chance.integers(1, 4))))


@fault()
def perspective(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Corners off by up to 2 % (10 %)."""
    high, wide = grey.shape
    most = 0.10 if harsh else 0.02
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float64)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    corners += inward * chance.uniform(0, most, (4, 2)) * (wide, high)
    return _warped(grey, corners.astype(np.float32), (wide, high), int(chance.integers(60, 250)))


# Light and optics -------------------------------------------------------------------------------------------


@fault()
def gradient(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Light falls off to 0.7 (0.3)."""
    least = _within(chance, harsh, (0.7, 0.95), (0.3, 0.7))
    lean = float(chance.uniform(0, 6.28))
    y, x = _axes(grey)
    along = float(np.cos(lean)) * x / x.size + float(np.sin(lean)) * y / y.size
    along = (along - along.min()) / (along.max() - along.min())
    return _grey(_float(grey) * (1 - (1 - least) * along))


@fault(everyday=False)
def shadow(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """A hard shadow, down to 0.35."""
    lean = float(chance.uniform(0, 6.28))
    y, x = _axes(grey)
    aside, below = (float(chance.uniform(0.2, 0.8)) for _ in range(2))
    far = float(np.cos(lean)) * (x - x.size * aside) + float(np.sin(lean)) * (y - y.size * below)
    soft = 0.5 + 0.5 * np.tanh(far / float(chance.uniform(2, 24)))
    return _grey(_float(grey) * (1 - (1 - float(chance.uniform(0.35, 0.85))) * soft))


@fault()
def blur(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Gaussian, sigma 2 px (4) at 200 dpi."""
    sigma = _within(chance, harsh, (0.5, 2), (2, 4))
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), dtype=np.uint8)


@fault()
def motion(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Moved while taken, 5 px (15)."""
    length = round(_within(chance, harsh, (2, 5), (5, 15)))
    kernel = np.zeros((length, length), dtype=np.float32)
    if chance.random() < 0.5:
        kernel[length // 2] = 1 / length
    else:
        kernel[:, length // 2] = 1 / length
    return np.asarray(cv2.filter2D(grey, -1, kernel), dtype=np.uint8)


@fault()
def resolution(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """150 to 300 dpi; harsh: 75 to 600."""
    dpi = float(chance.choice([150, 240, 300] if not harsh else [75, 100, 120, 150, 400, 600]))
    way = cv2.INTER_AREA if dpi < 200 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=dpi / 200, fy=dpi / 200, interpolation=way), dtype=np.uint8)


@fault()
def gamma(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """0.6 to 1.6; harsh 0.4 to 4."""
    power = _within(chance, harsh, (0.6, 1.6), (0.4, 4.0))
    table = (255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return table[grey]


@fault()
def contrast(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Halved; harsh: down to 0.3 (0.15 is refused)."""
    share = _within(chance, harsh, (0.5, 0.9), (0.3, 0.5))
    return _grey((_float(grey) - 128) * share + float(chance.uniform(110, 150)))


@fault()
def noise(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Sigma 10 (40)."""
    sigma = _within(chance, harsh, (2, 10), (10, 40))
    return _grey(_float(grey) + sigma * chance.standard_normal(grey.shape, dtype=np.float32))


@fault()
def salt_and_pepper(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """1 % of the pixels (10 %)."""
    share = _within(chance, harsh, (0.001, 0.01), (0.01, 0.1))
    dice = chance.random(grey.shape, dtype=np.float32)
    done = grey.copy()
    done[dice < share / 2] = 0
    done[dice > 1 - share / 2] = 255
    return done


@fault()
def streaks(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Dirt on the glass of a feeder: one thin line down the page (eight)."""
    done = _float(grey)
    for _ in range(int(chance.integers(2, 9)) if harsh else 1):
        x = int(chance.integers(grey.shape[1] - 3))
        done[:, x : x + int(chance.integers(1, 4 if harsh else 2))] *= float(chance.uniform(0.4, 0.9))
    return _grey(done)


# The file ---------------------------------------------------------------------------------------------------


@fault()
def jpeg(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Quality 50 (5)."""
    quality = round(_within(chance, harsh, (50, 90), (5, 50)))
    _, packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


@fault()
def one_bit(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Black and white at a threshold of 160 (100 to 200)."""
    at = 160 if not harsh else int(chance.integers(100, 201))
    return np.where(grey > at, 255, 0).astype(np.uint8)


@fault(everyday=False)
def fax(grey: Grey, chance: Chance, harsh: bool) -> Grey:
    """Fine fax: 204 x 196 dpi, black and white, a line lost now and then."""
    done = np.where(cv2.GaussianBlur(grey, (0, 0), 1) > 150, 255, 0).astype(np.uint8)
    for _ in range(int(chance.integers(0, 6))):
        y = int(chance.integers(1, grey.shape[0] - 1))
        done[y] = done[y - 1]
    return done
