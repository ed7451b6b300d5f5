"""Which card does the page say it is? Two witnesses: the strip of cells, and the QR code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from dziennik.omr.flattening import Flat, flatten
from dziennik.omr.identity import Identity, from_bits, from_qr
from dziennik.omr.markers import Grey, Placed, Points
from dziennik.omr.thresholds import Thresholds

# Whether an identity was issued under a key that the reader knows.
Ours = Callable[[Identity], bool]
# Where else the strip may lie when the paper waves: nearest first.
STEPS = (-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9)  # mm
OFFSETS = sorted(product(STEPS, repeat=2), key=lambda off: float(np.hypot(off[0], off[1])))
QUIET = 3.0  # mm of paper around the QR code that its reader wants
# So many columns of a strip are hardly ever all of one colour: on one strip in a hundred.
COVERED = 6


Sums = NDArray[np.signedinteger]


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What the card says. `identity` is None when nobody knows; `foreign` when it is clearly none of ours."""

    identity: Identity | None
    strip: Identity | None
    qr: Identity | None
    differ: bool = False
    foreign: bool = False
    shares: Points | None = None  # how black the strip's cells are, in the order of an identity's bits


def hear(grey: Grey, card: Placed, ours: Ours, limits: Thresholds) -> Witnesses:
    """Ask both witnesses; one that is genuine suffices, two that differ are worth nothing."""
    read, clear, shares = _strip(grey, card, ours, limits)
    strip = read if read and ours(read) else None
    qr = _qr(grey, card, limits)
    if strip and qr and strip != qr:
        return Witnesses(None, strip, qr, differ=True)
    known = strip or (qr if qr and ours(qr) else None)
    foreign = (known is None and read is not None and (clear or read == qr)) or (qr is not None and not known)
    return Witnesses(known, read, qr, foreign=foreign, shares=shares)


def denies(heard: Witnesses, named: Identity, limits: Thresholds) -> bool:
    """Whether what is left of the strip says that the card is another one than a person says.

    What lies over a strip makes white cells black, what is torn or blinded makes black ones white; another
    card's strip does both.
    """
    if heard.shares is None:
        return False
    off, bits = heard.shares - 0.5, np.array(named.bits(), dtype=np.bool_)
    black, white = off > limits.strip_clear, off < -limits.strip_clear
    return bool((black & ~bits).any() and (white & bits).any())


def _qr_only() -> zxingcpp.BarcodeFormats:
    """Made anew each time: one kept in the module outlives its library, which complains at the end."""
    return zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def qr_anywhere(grey: Grey) -> list[Identity]:
    """What QR codes on the page say, wherever they are: the last way to name a card that is cut off."""
    said = [from_qr(found.text) for found in zxingcpp.read_barcodes(grey, formats=_qr_only())]
    return [identity for identity in said if identity]


def _strip(
    grey: Grey, card: Placed, ours: Ours, limits: Thresholds
) -> tuple[Identity | None, bool, Points | None]:
    """The strip's identity, whether every cell was clear and on the picture, and how black each is."""
    strip = card.form.strip
    reach = 1.2
    box = (
        strip.x - reach,
        strip.y - reach,
        strip.x + strip.columns * strip.cell + reach,
        strip.y + 2 * strip.cell + reach,
    )
    flat = flatten(grey, card, box, limits)
    sums: Sums = np.asarray(cv2.integral(flat.grey), dtype=np.int64)
    best: tuple[float, Points] | None = None
    for dy, dx in OFFSETS:
        shares = _shares(flat, sums, card, dx, dy)
        if shares is None:
            continue
        if best is None and ours(_settled(shares, ours, limits)):
            return _settled(shares, ours, limits), True, shares
        clearness = float(np.sort(np.abs(shares - 0.5))[:12].mean())
        if best is None or clearness > best[0]:
            best = (clearness, shares)
    if best is None:
        return None, False, _by_one_end(flat, sums, card)
    shares = best[1]
    clear_cells = bool((np.abs(shares - 0.5) > limits.strip_clear).all())
    clear = clear_cells and not _covered(shares) and _on_picture(grey, card, box)
    return _settled(shares, ours, limits), clear, shares


def _by_one_end(flat: Flat, sums: Sums, card: Placed) -> Points | None:
    """How black the cells are when one end of the strip is left: enough to deny a name, not to give one."""
    tried = [_shares(flat, sums, card, dx, dy, both_ends=False) for dy, dx in OFFSETS]
    found = [shares for shares in tried if shares is not None]
    return max(found, key=lambda one: float(np.minimum(np.abs(one - 0.5), 0.5).mean()), default=None)


def _covered(shares: Points) -> bool:
    """Whether columns side by side are all black or all white: something lies over them, or they are gone."""
    black = shares.reshape(2, -1) > 0.5
    alike = [colour.all(axis=0).astype(int) for colour in (black, ~black)]
    return any(np.convolve(one, np.ones(COVERED, dtype=int), "valid").max() == COVERED for one in alike)


def _on_picture(grey: Grey, card: Placed, box: tuple[float, float, float, float]) -> bool:
    """Whether all of that part of the card (mm) is on the picture."""
    left, top, right, bottom = box
    edges = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]])
    there = cv2.perspectiveTransform(edges, card.plane)[0]
    return bool((there >= 0).all() and (there <= np.array(grey.shape[::-1]) - 1).all())


def _shares(
    flat: Flat, sums: Sums, card: Placed, dx: float, dy: float, *, both_ends: bool = True
) -> Points | None:
    """How black each cell of the strip is between the black and white at its ends; None: no contrast."""
    strip, size = card.form.strip, flat.per_mm
    inner = strip.cell * 0.62
    columns = strip.x + (np.arange(strip.columns) + 0.5) * strip.cell + dx
    rows = strip.y + (np.arange(2) + 0.5) * strip.cell + dy
    x0 = np.rint((columns - inner / 2 - flat.left) * size).astype(int)
    y0 = np.rint((rows - inner / 2 - flat.top) * size).astype(int)
    wide = round(inner * size)
    if x0.min() < 0 or y0.min() < 0 or x0.max() + wide >= sums.shape[1] or y0.max() + wide >= sums.shape[0]:
        return None
    x1, y1 = x0 + wide, y0 + wide
    total = sums[y1][:, x1] - sums[y0][:, x1] - sums[y1][:, x0] + sums[y0][:, x0]
    means = total / wide**2
    ends = [0, -1]
    if not both_ends:
        ends = [max(ends, key=lambda at: float(means[1, at] - means[0, at]))] * 2
    white = np.interp(np.arange(strip.columns), (0, strip.columns - 1), means[1, ends])
    black = np.interp(np.arange(strip.columns), (0, strip.columns - 1), means[0, ends])
    if (white - black).min() < 8:
        return None
    return np.asarray(((white - means) / (white - black))[:, 1:-1].ravel(), dtype=np.float64)


def _settled(shares: Points, ours: Ours, limits: Thresholds) -> Identity:
    """The identity as read; if it is not genuine, the one that is when doubtful cells are read otherwise."""
    bits = (shares > 0.5).astype(int)
    read = from_bits(tuple(bits.tolist()))
    if ours(read):
        return read
    doubtful = [
        int(at) for at in np.argsort(np.abs(shares - 0.5)) if abs(shares[at] - 0.5) < limits.strip_clear
    ]
    doubtful = doubtful[: limits.strip_tried]
    for choice in product((0, 1), repeat=len(doubtful)):
        bits[doubtful] = choice
        tried = from_bits(tuple(bits.tolist()))
        if ours(tried):
            return tried
    return read


def _qr(grey: Grey, card: Placed, limits: Thresholds) -> Identity | None:
    place = card.form.qr
    box = (place.x - QUIET, place.y - QUIET, place.x + place.size + QUIET, place.y + place.size + QUIET)
    flat = flatten(grey, card, box, limits)
    for found in zxingcpp.read_barcodes(
        flat.grey,
        formats=_qr_only(),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    ):
        return from_qr(found.text)
    return None
