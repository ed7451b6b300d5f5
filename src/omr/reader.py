"""From a picture to sheets: find markers -> flatten -> cut cells -> read cells -> Sheet.

A Reader knows its forms and which identities are genuine, and nothing of the register: what the lines of a
card stand for, and whether it may be applied, is decided where the facts are. Never raises on a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import cv2
import numpy as np
from msgspec.structs import replace

from dziennik.omr import judging
from dziennik.omr.creases import uncreased
from dziennik.omr.evening import evened, without_ring
from dziennik.omr.fine_print import fine_print
from dziennik.omr.flattening import Flags, Flat, Waves, body_box, find_waves, flatten
from dziennik.omr.identity import Identity
from dziennik.omr.inking import Prepared, cells_of, cut_out, measure, prepare
from dziennik.omr.layouts import known
from dziennik.omr.markers import Grey, Placed, Points, mirrored, search, shrunk
from dziennik.omr.registering import put_right, well_cut
from dziennik.omr.sheet import CellState, ReadCell, Sheet, SheetState, Why
from dziennik.omr.streaks import unstreaked
from dziennik.omr.strokes import over_print
from dziennik.omr.template import Template
from dziennik.omr.thresholds import HOUSE, Thresholds
from dziennik.omr.tracing import traced
from dziennik.omr.witnesses import Ours, denies, hear, qr_anywhere

cv2.setNumThreads(1)  # a core a page: pages are read side by side

# Gets each flat card with its sheet: debug pictures and pictures of cells are made by whoever wants them.
Watch = Callable[[Sheet, Flat], None]
SPECK = 60  # grey levels by which a wrong pixel is off the median around it
Judged: TypeAlias = tuple[judging.Codes, Points, Why | None]


class Reader:
    """Reads cards of the house's forms and of `others`, issued under keys that `ours` knows."""

    def __init__(
        self,
        ours: Ours,
        *,
        others: Iterable[Template] = (),
        limits: Thresholds = HOUSE,
        watch: Watch | None = None,
    ) -> None:
        self._ours = ours
        self._limits = limits
        self._watch = watch
        forms = {**known(), **{form.number: form for form in others}}
        self._prepared = {number: prepare(form, limits.per_mm) for number, form in forms.items()}
        shapes: dict[tuple[int, ...], Template] = {}
        for form in forms.values():  # one stands for all of its frame, and makes room for another frame
            ids = tuple(marker.id for marker in form.markers)
            if ids not in shapes or shapes[ids].frame != form.frame:
                shapes[ids] = form
        self._shapes = list(shapes.values())

    def read(
        self, grey: Grey, *, file: str = "", page: int = 1, named: Identity | None = None
    ) -> list[Sheet]:
        """All cards on one page; a page without any gives one sheet that says so.

        `named` is which card a person says it is, for the one on the page that cannot be named by itself.
        """
        small = min(grey.shape) < self._limits.smallest
        grey = grey if small else _unspeckled(grey, self._limits)
        cards, cut = ([], 0) if small else self._found(grey)
        if not cards:
            return [self._none(grey, file, page)]
        found: list[Sheet] = []
        for card in cards:
            corners, turned = _where(card)
            sheet = self._card(grey, card)
            found.append(replace(sheet, file=file, page=page, corners=corners, turned=turned))
        if named:
            found = self._as_named(grey, cards, found, named)
        return found + (self._cut(grey, cut, found) if cut else [])

    def _as_named(self, grey: Grey, cards: list[Placed], found: list[Sheet], named: Identity) -> list[Sheet]:
        """The same, with the one card that nothing names read as what a person says; never one of several."""
        nameless = [at for at, sheet in enumerate(found) if sheet.why is Why.NO_IDENTITY]
        if not nameless or any(sheet.card_id == named.card_id for sheet in found):
            return found
        if len(nameless) > 1:
            return [
                replace(sheet, why=Why.SEVERAL_NAMELESS) if at in nameless else sheet
                for at, sheet in enumerate(found)
            ]
        (at,) = nameless
        read, was = self._card(grey, cards[at], named), found[at]
        read = replace(read, file=was.file, page=was.page, corners=was.corners, turned=was.turned)
        return [*found[:at], read, *found[at + 1 :]]

    def _found(self, grey: Grey) -> tuple[list[Placed], int]:
        """Cards by three markers or more, or by two and the timing marks; and how many are cut off more."""
        cards, seeds = search(grey, self._shapes, self._limits)
        more = [traced(grey, seed, self._limits) for seed in seeds]
        return cards + [card for card in more if card], more.count(None)

    def _cut(self, grey: Grey, count: int, others: list[Sheet]) -> list[Sheet]:
        """So many cards, of which too little is left, beside others on the page; named if a QR code does."""
        known = {sheet.card_id for sheet in others}
        said = [one.card_id for one in qr_anywhere(grey) if self._ours(one) and one.card_id not in known]
        first = others[0]
        return [
            Sheet(file=first.file, page=first.page, state=SheetState.REFUSED, why=Why.CUT, card_id=name)
            for name in [*said, *[None] * count][:count]
        ]

    def _none(self, grey: Grey, file: str, page: int) -> Sheet:
        """Why there is no card: nothing at all, mirrored, cut (the QR names it), or another paper."""
        if min(grey.shape) < self._limits.smallest:
            return Sheet(file=file, page=page, state=SheetState.REFUSED, why=Why.NO_CARD)
        if _is_blank(grey, self._limits):
            return Sheet(file=file, page=page, state=SheetState.BLANK)
        if mirrored(grey, self._shapes, self._limits):
            return Sheet(file=file, page=page, state=SheetState.REFUSED, why=Why.MIRRORED)
        said = qr_anywhere(grey)
        name = next((one.card_id for one in said if self._ours(one)), None)
        why = Why.CUT if said else Why.NO_CARD
        return Sheet(file=file, page=page, state=SheetState.REFUSED, why=why, card_id=name)

    def _card(self, grey: Grey, card: Placed, named: Identity | None = None) -> Sheet:
        """One card by its identity, else by what a person says it is; every early end says why."""
        scan = grey
        grey, card = _coarser(grey, card, self._limits)
        if card.per_mm < self._limits.coarsest:
            return _refused(Why.TOO_COARSE)
        heard = hear(grey, card, self._ours, self._limits)
        identity = heard.identity or named
        if heard.differ:
            return _refused(Why.WITNESSES_DIFFER)
        if heard.foreign:
            return _refused(Why.FOREIGN, heard.qr.card_id if heard.qr else None)  # a strip may be misread
        if identity is None:
            return _refused(Why.NO_IDENTITY)
        prepared = self._prepared.get(identity.layout)
        fits = prepared is not None and prepared.form.markers == card.form.markers
        if heard.identity is None and (not fits or denies(heard, identity, self._limits)):
            return _refused(Why.OTHER_NUMBER)
        if prepared is None or not fits:
            return _refused(Why.UNKNOWN_LAYOUT, identity.card_id)
        return self._marks(grey, card, prepared, identity.card_id, scan)

    def _marks(self, grey: Grey, card: Placed, prepared: Prepared, card_id: str, came: Grey) -> Sheet:
        """What is marked on a card that is known. `came`: the scan before its pixels were averaged."""
        flat = flatten(grey, card, body_box(prepared.form), self._limits)
        waves = find_waves(flat, prepared.form, self._limits)
        if waves.found < self._limits.timing_found:
            return _refused(Why.TOO_BLURRED, card_id)
        if 1 - waves.black < self._limits.contrast_least:
            return _refused(Why.TOO_PALE, card_id)
        limits, form = self._limits, prepared.form
        two_tone = _two_tone(grey, waves, limits)
        scan = judging.Scan(
            two_tone=two_tone,
            bilevel=two_tone if came is grey else _two_tone(came, waves, limits),
            coarse=card.per_mm < limits.finest,
            fine=lambda: fine_print(grey, card, form, limits),
        )
        codes, net, why = self._judged(flat, prepared, waves, scan)
        if (codes == judging.UNSURE).any() and not scan.two_tone and waves.spread <= limits.black_spread:
            clean = unstreaked(grey, limits)
            if clean is not None:
                flat = flatten(clean, card, body_box(form), limits)
            flat = uncreased(flat, limits) or flat
            codes, net, why = self._again(flat, prepared, waves, scan, codes)
        if waves.spread > limits.black_spread:
            codes[:], why = judging.UNSURE, Why.TOO_DOUBTFUL
        sheet = Sheet(
            file="",
            page=0,
            state=SheetState.REVIEW if why else SheetState.READ,
            why=why,
            card_id=card_id,
            layout=prepared.form.number,
            unsure=int((codes == judging.UNSURE).sum()),
            cells=_cells(prepared, codes, net),
        )
        if self._watch:
            self._watch(sheet, flat)
        return sheet

    def _again(
        self, flat: Flat, prepared: Prepared, waves: Waves, scan: judging.Scan, before: judging.Codes
    ) -> Judged:
        """What a doubtful card says in even light, and then without the ring of a cup."""
        even = evened(flat, self._limits)
        codes, net, why = self._judged(even, prepared, waves, scan, before)
        if not (codes == judging.UNSURE).any():
            return codes, net, why
        found = without_ring(flat, cells_of(flat, prepared, waves), self._limits)
        if found is None or why is Why.BLACK_AND_WHITE or waves.most > self._limits.wave_most:
            return codes, net, why
        clean, ring = found
        taken = 1 - cut_out(ring, prepared, waves).min(axis=1) / 255
        touched = taken > self._limits.band_seen
        inked = measure(clean, prepared, waves)
        said, left, _ = judging.judge(inked, prepared, self._limits, scan, before=codes)
        blank = np.flatnonzero(said == judging.BLANK)
        if not len(blank):
            return codes, net, why
        empty = touched & (said == judging.BLANK) & (left < self._limits.empty)
        empty &= over_print(inked, prepared, blank) < self._limits.ring_over
        more = np.maximum(self._limits.solid, taken * self._limits.ring_blacker + self._limits.ring_more)
        full = touched & (said == judging.MARKED) & (left > more)
        codes, why = judging.settled(codes, empty, full, prepared, self._limits)
        return codes, net, why

    def _judged(
        self,
        flat: Flat,
        prepared: Prepared,
        waves: Waves,
        scan: judging.Scan,
        before: judging.Codes | None = None,
    ) -> Judged:
        """What the cells say; on wavy paper again, where outlines show the cells to be."""
        limits = self._limits
        codes, net, why = judging.judge(measure(flat, prepared, waves), prepared, limits, scan, before)
        if waves.most <= limits.wave_most:
            return codes, net, why
        moved = put_right(flat, prepared, waves, net < limits.empty, limits)
        codes, net, why = judging.judge(measure(flat, prepared, waves, moved), prepared, limits, scan, before)
        sure = well_cut(flat, prepared, waves, codes == judging.BLANK, moved, limits)
        if sure.all():
            return codes, net, why
        codes[~sure] = judging.UNSURE  # what outlines do not vouch for goes to a person
        return codes, net, Why.TOO_WAVY


def _refused(why: Why, card_id: str | None = None) -> Sheet:
    return Sheet(file="", page=0, state=SheetState.REFUSED, why=why, card_id=card_id)


def _where(card: Placed) -> tuple[tuple[int, ...], int]:
    """The card's corners on the page in pixels, and by how many degrees it lies turned, clockwise."""
    wide, high = card.form.width, card.form.height
    edges = np.array([[[0, 0], [wide, 0], [wide, high], [0, high]]], dtype=np.float64)
    corners = np.rint(cv2.perspectiveTransform(edges, card.plane)).astype(int).ravel()
    turned = round(float(np.degrees(np.arctan2(card.plane[1, 0], card.plane[0, 0])))) % 360
    return tuple(corners.tolist()), turned


def _cells(prepared: Prepared, codes: judging.Codes, net: Points) -> tuple[ReadCell, ...]:
    states: tuple[CellState, ...] = judging.STATES
    inks = np.round(np.clip(net, 0, 1), 3).tolist()
    return tuple(
        ReadCell(row=row, field=field, value=value, state=states[code], ink=ink)
        for (row, field, value), code, ink in zip(prepared.said, codes.tolist(), inks, strict=True)
    )


def _is_blank(grey: Grey, limits: Thresholds) -> bool:
    """Whether hardly any pixel differs from the paper, looked at in a small picture."""
    scale = min(1.0, 300 / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = float(np.median(small))
    return bool((np.abs(small.astype(np.int16) - paper) > 24).mean() < limits.blank_page)


def _unspeckled(grey: Grey, limits: Thresholds) -> Grey:
    """Without single wrong pixels (a bad line, a dirty sensor), if the middle of the picture shows many."""
    high, wide = grey.shape
    sample = np.ascontiguousarray(grey[high // 2 - 40 : high // 2 + 40, wide // 4 : 3 * wide // 4])
    middle = np.asarray(cv2.medianBlur(sample, 3), dtype=np.uint8)
    if float((cv2.absdiff(sample, middle) > SPECK).mean()) > limits.thickly:
        return np.asarray(cv2.medianBlur(grey, 3), dtype=np.uint8)
    if float(_lone(sample, middle).mean()) < limits.speckled:
        return grey
    middle = np.asarray(cv2.medianBlur(grey, 3), dtype=np.uint8)
    return np.asarray(np.where(_lone(grey, middle), middle, grey), dtype=np.uint8)


def _lone(grey: Grey, middle: Grey) -> Flags:
    """Pixels that differ from all around them; those of a line have neighbours."""
    found = np.zeros(grey.shape, dtype=np.bool_)
    for off in (cv2.subtract(middle, grey), cv2.subtract(grey, middle)):
        near = cv2.threshold(off, SPECK // 2, 1, cv2.THRESH_BINARY)[1]
        found |= (cv2.boxFilter(near, -1, (3, 3), normalize=False) == 1) & (np.asarray(off) > SPECK)
    return found


def _two_tone(grey: Grey, waves: Waves, limits: Thresholds) -> bool:
    """Whether the scan has hardly a grey: outlines and letters are greys on every other."""
    counts = np.ravel(cv2.calcHist([np.ascontiguousarray(grey[::5, ::5])], [0], None, [256], [0, 256]))
    below = counts.cumsum()
    half = (int(below[-1]) - 1) / 2
    paper = float(np.searchsorted(below, (int(half), int(half + 0.5)), side="right").mean())  # the median
    ink, greys = paper * (1 - waves.black), np.arange(256)
    inked = greys < paper - 0.15 * ink
    between = inked & (greys > paper - 0.85 * ink)
    return float(counts[between].sum()) < limits.two_tone * float(counts[inked].sum())


def _coarser(grey: Grey, card: Placed, limits: Thresholds) -> tuple[Grey, Placed]:
    """A scan finer than needed, averaged down: its noise is averaged too."""
    factor = int(card.per_mm / limits.finest)
    if factor < 2:
        return grey, card
    scale = 1 / factor
    small = shrunk(grey, factor)
    shrink = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2], [0, 0, 1]])
    moved = Placed(card.form, shrink @ card.plane, card.found, card.off, card.per_mm * scale)
    return small, moved
