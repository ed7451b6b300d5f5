"""Which cells show a stroke although they have no more ink than empty ones?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dziennik.omr.flattening import Flags
from dziennik.omr.inking import ALIKE, Inked, Prepared, Whole
from dziennik.omr.markers import Points
from dziennik.omr.plain import median
from dziennik.omr.thresholds import Thresholds
from dziennik.omr.tracks import tracks


def drawn(
    blank: Flags, net: Points, inked: Inked, prepared: Prepared, limits: Thresholds, *, coarse: bool
) -> Flags:
    """A hairline, a dash, a small point: hardly any ink, and yet darker than the print of this cell ever is.

    Points are looked for in all cells, lines in those that would be `blank`. `coarse`: pixels are as wide as
    hairlines.
    """
    empty = np.flatnonzero(net < limits.empty)
    if not len(empty):
        return np.zeros(len(net), dtype=np.bool_)
    card = _Card(net, inked, prepared, limits, empty, over_print(inked, prepared, empty), _restless(inked))
    noisy = coarse or card.restless > limits.restless
    found = card.points(noisy=noisy)
    asked = np.flatnonzero(blank & ~found & (card.dark | card.inky | noisy))
    if len(asked):
        lines, usual = tracks(inked, prepared, asked, empty)
        if coarse:
            found[asked] = card.coarse_lines(lines, usual)
        else:
            found[asked] = card.lines(asked, lines, usual, noisy=noisy)
    return found


@dataclass(frozen=True, slots=True)
class _Card:
    """A card's cells beside those of them that are empty."""

    net: Points
    inked: Inked
    prepared: Prepared
    limits: Thresholds
    empty: Whole
    over: Points  # how much darker each cell's darkest tenth is than the print of cells like it
    restless: float  # how much brighter than paper the brightest paper is

    @property
    def dark(self) -> Flags:
        return self._over(self.limits.track_dark, self.limits.track_gap)

    @property
    def inky(self) -> Flags:
        return np.asarray(self.net > self.limits.track_ink)

    @property
    def black(self) -> Flags:
        return self._over(self.limits.point_dark, self.limits.point_deviations)

    def points(self, *, noisy: bool) -> Flags:
        """Cells that are dark somewhere, with little ink in all."""
        limits = self.limits
        small = (self.over > limits.stroke_small * self.net) & (self.net > limits.stroke_ink)
        found = self._over(limits.stroke_dark, limits.stroke_deviations) & small
        if not noisy:
            found |= self.black & (self.net > limits.point_ink)
        return found & self._ends(self.inked.outside, limits.stroke_through * self.net)

    def lines(self, asked: Whole, lines: Points, usual: Points, *, noisy: bool) -> Flags:
        """Which of the cells `asked` about show a line as `usual` noise makes none."""
        limits = self.limits
        dark, inky = self.dark[asked], (self.inky | self.black)[asked]
        grey = self._over(limits.track_grey, limits.track_gap)[asked] & (
            self.net[asked] > limits.track_grey_ink
        )
        least = np.where(grey, limits.track_grey_least, limits.restless_most if noisy else limits.track_sure)
        least = np.where(dark & inky, limits.track_least, least)
        beyond = limits.restless_deviations if noisy else limits.track_deviations
        some = (lines > _most(usual, 0.0, beyond)) & (lines > float(np.median(usual)) + least)
        may_be = np.zeros(len(self.net))
        may_be[asked] = np.maximum(limits.stroke_through * self.net[asked], limits.track_through * lines)
        some &= self._ends(self.inked.through, may_be)[asked] & (noisy | inky)
        sure = lines > _most(usual, limits.track_sure, limits.track_sure_deviations)
        return np.asarray(some | sure & dark)

    def coarse_lines(self, lines: Points, usual: Points) -> Flags:
        """The same where a crease is as wide as a stroke, and noise may hide any."""
        limits = self.limits
        hidden = _most(usual, 0.0, limits.track_deviations) - float(np.median(usual)) > limits.track_hidden
        return np.asarray(hidden | (lines > _most(usual, self._least, limits.track_deviations)))

    @property
    def _least(self) -> float:
        return min(self.limits.restless_most, self.limits.restless_least + self.restless)

    def _over(self, least: float, deviations: float) -> Flags:
        return np.asarray(self.over > _most(self.over[self.empty], least, deviations))

    def _ends(self, outside: Points, may_be: Points) -> Flags:
        """Where no more is beside than beside empty cells, or than `may_be`: streaks and folds go on."""
        limits = self.limits
        ends = np.ones(len(may_be), dtype=np.bool_)
        for beside in (outside, self.inked.paper):
            most = _most(beside[self.empty], limits.stroke_outside, limits.stroke_deviations)
            ends &= beside < np.maximum(most, may_be)
        return ends


def over_print(inked: Inked, prepared: Prepared, empty: Whole) -> Points:
    """How much darker each cell's darkest tenth is than that of empty cells with the same print."""
    over = inked.dark - float(np.median(inked.dark[empty]))
    known = np.zeros(len(over), dtype=np.bool_)
    known[empty] = True
    for own in prepared.alike:
        shown = own[known[own]]
        if len(shown) >= ALIKE // 2:
            over[own] = inked.dark[own] - median(inked.dark[shown])
    return over


def _restless(inked: Inked) -> float:
    """How much brighter than paper the brightest paper is: noise does that, and sharpening beside lines."""
    some = inked.patches[::8, ::3] / np.maximum(inked.white[::8], 1)[:, None]
    place = round(0.98 * (some.shape[1] - 1))
    return float(np.median(np.partition(some, place, axis=1)[:, place])) - 1


def _most(values: Points, least: float, deviations: float) -> float:
    """What empty cells have at most: so much more than their median, or so many deviations."""
    middle = float(np.median(values))
    return middle + max(least, deviations * 1.4826 * float(np.median(np.abs(values - middle))))
