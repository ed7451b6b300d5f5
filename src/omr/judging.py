"""What does each cell say, and how sure is that? Three answers, never a guess."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from dziennik.omr.flattening import Flags
from dziennik.omr.inking import ALIKE, Inked, Prepared, Whole
from dziennik.omr.markers import Points
from dziennik.omr.plain import median
from dziennik.omr.sheet import CellState, Why
from dziennik.omr.smudges import smudged
from dziennik.omr.strokes import drawn
from dziennik.omr.template import Kind
from dziennik.omr.thresholds import Thresholds

BLANK, MARKED, CANCELLED, UNSURE = range(4)
DARKER = 0.8  # of a card's marks so many are paler than those that the others are compared with
PRINT_SPREAD = 0.05  # ink by which empty cells with the same print differ at most
# What a cell's outline and letter measure, by the exponent with which the scanner bent the greys.
GAMMAS = np.array([0.25, 0.4, 0.6, 1.0, 1.6, 2.5, 4.0, 6.0])
OUTLINE_SHARE, LETTER_SHARE = 0.107, 0.022  # of the area that `whole` averages over
PRINTED_INK = OUTLINE_SHARE * (1 - 0.43**GAMMAS) + LETTER_SHARE * (1 - 0.60**GAMMAS)
STATES = (CellState.BLANK, CellState.MARKED, CellState.CANCELLED, CellState.UNSURE)
Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Scan:
    """What kind of picture the card is judged by. `fine` tells whether it shows fine black print."""

    two_tone: bool  # it has no greys
    bilevel: bool  # it had none when it came, whatever averaging made of its pixels
    coarse: bool  # pixels are as wide as hairlines
    fine: Callable[[], bool]


def judge(
    inked: Inked,
    prepared: Prepared,
    limits: Thresholds,
    scan: Scan,
    before: Codes | None = None,
) -> tuple[Codes, Points, Why | None]:
    """Each cell's state and net ink, and why a person has to look at the card (None: nobody has to).

    `before`: what the card said when it was not lit evenly; only what was unsure then is answered now.
    """
    two_tone = scan.two_tone
    limits = replace(limits, empty=limits.two_tone_empty) if two_tone else limits
    least = _least(inked.ink, prepared, limits)
    printed = _printed(inked.ink, least, prepared, limits)
    net = inked.ink - printed
    noise = _noise(net, limits)
    answers = [_answer(ink - printed, noise, limits) for ink in (inked.ink, inked.ink_low, inked.ink_high)]
    codes = answers[0].copy()
    codes[(answers[1] != codes) | (answers[2] != codes)] = UNSURE
    codes[net < -limits.covered - limits.noise * noise] = UNSURE
    _doubt_stains(codes, net, inked, limits)
    if before is None:  # in even light there are no shadows left to be soft
        _trust_soft(codes, net, inked, limits)
    strokes = np.zeros(len(net), dtype=np.bool_)
    if not two_tone:  # which has no other darkness than black
        codes[(codes == BLANK) & _alike(inked, least, prepared, limits)] = UNSURE
        blank = (codes == BLANK) | (False if before is None else before == BLANK)
        strokes = drawn(blank, net, inked, prepared, limits, coarse=scan.coarse)
        codes[(codes == BLANK) & strokes] = UNSURE
    _doubt_pale(codes, inked, limits, bent=bool((printed > limits.print_most).any()))
    if scan.bilevel:
        if inked.outlines < limits.two_tone_print:  # pencil turns black where it goes over a letter
            codes[(codes == BLANK) & (net > limits.letter_black)] = UNSURE
        codes[(codes == MARKED) & _bold(inked, prepared, codes == BLANK, limits)] = UNSURE
    _cancel(codes, net, inked, limits)
    codes[_drawn_beside(inked, prepared, codes == BLANK, limits)] = UNSURE
    codes[(codes == BLANK) & _hidden(inked, limits, two_tone=two_tone)] = UNSURE
    if not (two_tone or scan.coarse):
        smudges = _smudges(codes, net, inked, prepared, limits)
        codes[smudges] = BLANK
        strokes[smudges] = False
    if before is not None:
        _keep(codes, before, strokes)
    why = _fields(codes, prepared)
    lost = inked.outlines < limits.print_least
    if (scan.bilevel or lost) and _thin(codes, net, inked, limits, scan):
        codes[:] = UNSURE
        return codes, net, Why.BLACK_AND_WHITE
    most = limits.print_most if noise > limits.print_steady else limits.print_blurred
    if noise > limits.noise_most or (printed > most).any():
        codes[:] = UNSURE
    if (codes == UNSURE).mean() > limits.doubtful:
        why = Why.TOO_DOUBTFUL
    return codes, net, why


def settled(
    codes: Codes, empty: Flags, full: Flags, prepared: Prepared, limits: Thresholds
) -> tuple[Codes, Why | None]:
    """Doubtful cells that are `empty` without the ring over them are blank, `full` ones marked; and why a
    person has to look.

    What remains of a ring may look like a stroke, so that none is found so; no ring is as dark as a fill.
    """
    codes = np.where(empty & (codes == UNSURE), BLANK, codes).astype(np.int8)
    codes[full & (codes == UNSURE)] = MARKED
    why = _fields(codes, prepared)
    return codes, Why.TOO_DOUBTFUL if (codes == UNSURE).mean() > limits.doubtful else why


def _least(ink: Points, prepared: Prepared, limits: Thresholds) -> Points:
    """For each kind of print what its emptiest cells have in common; NaN where too few cells bear it.

    A cell that is lighter than the paper beside it stands in a ring of ink, and says nothing of print.
    """
    paper = ink > -limits.encircled
    alike = prepared.alike if paper.all() else [own[paper[own]] for own in prepared.alike]
    return np.array([_emptiest(ink[own]) if len(own) >= ALIKE else np.nan for own in alike])


def _printed(ink: Points, least: Points, prepared: Prepared, limits: Thresholds) -> Points:
    """What outline and letter leave inside: what the emptiest cells with the same print have in common."""
    rare = np.isnan(least)
    if rare.all():  # a small form: all its cells together
        return np.full(len(ink), max(_emptiest(ink), 0.0))
    usual = median(least[~rare])
    # Print that few cells bear leaves what others leave; where that much is left, all cells are marked.
    found = np.where(rare | (least > usual + limits.print_apart), usual, least)
    return np.asarray(found[prepared.columns], dtype=np.float64)


def _alike(inked: Inked, least: Points, prepared: Prepared, limits: Thresholds) -> Flags:
    """Cells of which all with the same print have more in common than print: a line down a whole column.

    A line is darker than letters are; a broad and pale one leaves more ink, and is a little darker. The other
    side of the paper, where it shows through a column, leaves more ink alone.
    """
    found = np.zeros(len(inked.ink), dtype=np.bool_)
    kinds = np.flatnonzero(~np.isnan(least))
    if not len(kinds):
        return found
    inks = least[kinds]
    near = inked.ink <= (least + PRINT_SPREAD)[prepared.columns]
    cells = [prepared.alike[kind] for kind in kinds.tolist()]
    darks = np.array([median(inked.dark[own[near[own]]]) for own in cells])
    more, darker = inks - median(inks), darks - median(darks)
    bound = max(limits.alike_dark, limits.alike_deviations * 1.4826 * median(np.abs(darker)))
    apart = (darker > bound) | (more > limits.alike_ink) & (darker > limits.alike_dark / 2)
    for own in (own for own, drawn_on in zip(cells, apart.tolist(), strict=True) if drawn_on):
        found[own] = True
    return found


def _emptiest(ink: Points) -> float:
    """The median of what is near to the first decile: in plain numbers, five times as fast for so few."""
    own: list[float] = sorted(ink.tolist())
    at, share = divmod(0.1 * (len(own) - 1), 1)
    low, high = own[int(at)], own[min(int(at) + 1, len(own) - 1)]
    near = own[: bisect_right(own, low + (high - low) * share + PRINT_SPREAD)]
    middle = len(near) // 2
    return near[middle] if len(near) % 2 else (near[middle - 1] + near[middle]) / 2


def _noise(net: Points, limits: Thresholds) -> float:
    """The spread of the empty cells' ink: of the lower half, twice, as marks are above."""
    low = net[net < limits.empty]
    if len(low) < 3:
        return 1.0
    return float(np.median(np.abs(low - np.median(low))) * 1.4826)


def _answer(net: Points, noise: float, limits: Thresholds) -> Codes:
    margin = max(0.0, limits.noise * noise - limits.empty * 0.6)
    codes = np.full(len(net), UNSURE, dtype=np.int8)
    codes[net < limits.empty] = BLANK
    codes[net > limits.marked + margin] = MARKED
    return codes


def _doubt_stains(codes: Codes, net: Points, inked: Inked, limits: Thresholds) -> None:
    """A stain, a shadow or a stroke beside a cell makes doubtful what a trace in it means."""
    some = net > limits.empty / 2
    darker = inked.paper > limits.paper_darker
    solid = np.where(inked.paper > limits.paper_black, limits.full, limits.solid)
    codes[darker & some & (net < solid)] = UNSURE
    fill = (net >= limits.filled) | (net >= limits.covering * np.maximum(inked.dark, limits.darkness_least))
    spilt = np.where(fill, limits.spilt_fill, limits.spilt_trace) * net
    codes[(inked.outside > np.maximum(limits.outside, spilt)) & some] = UNSURE
    codes[(inked.outside > limits.beside) & (codes == BLANK)] = UNSURE


def _trust_soft(codes: Codes, net: Points, inked: Inked, limits: Thresholds) -> None:
    """Darker all over and nowhere dark: a fold, a shadow or the other side, and no stroke of a pen."""
    printed = inked.dark[(net < limits.empty) & (inked.dark > 0)]
    usual = float(np.median(printed)) if len(printed) else 0.0
    soft = (net > -limits.covered) & (net < limits.soft) & (inked.dark < usual + limits.soft_dark)
    codes[soft & (inked.outside < limits.soft_outside) & (codes == UNSURE)] = BLANK


def _smudges(codes: Codes, net: Points, inked: Inked, prepared: Prepared, limits: Thresholds) -> Whole:
    """Doubtful cells with pale ink without edges, and nothing beside it: the other side, or rubbed out."""
    pale = (net >= limits.smudge_least) & (net < limits.soft)
    asked = np.flatnonzero((codes == UNSURE) & pale & (inked.outside < limits.soft_outside))
    if not len(asked):
        return asked
    return asked[smudged(inked, prepared, asked, np.flatnonzero(codes == BLANK), limits)]


def _doubt_pale(codes: Codes, inked: Inked, limits: Thresholds, *, bent: bool) -> None:
    """What is paler than the card's darker marks was erased, or is none: most of them may have been.

    `bent`: print leaves so much ink that greys are bent further than it tells, as blur has spread it: what is
    a little paler there was a lot paler on paper.
    """
    marked = codes == MARKED
    if not marked.any():
        return
    if bent:
        pale = inked.dark < limits.darkness_bent * float(np.quantile(inked.dark[marked], DARKER))
    else:
        dark = 1 - np.clip(1 - inked.dark, 0, 1) ** (1 / _gamma(inked))
        usual = float(np.quantile(dark[marked], DARKER))
        pale = dark < max(limits.darkness_least, limits.darkness_share * usual)
        pale &= inked.dark < limits.darkness_full
    codes[marked & pale] = UNSURE


def _bold(inked: Inked, prepared: Prepared, blank: Flags, limits: Thresholds) -> Flags:
    """Where black and white print, as blank cells show it, is so bold that smudges are as black as marks."""
    shown = np.where(blank, inked.whole, np.inf)[prepared.near].min(axis=1)
    return np.asarray(np.where(np.isfinite(shown), shown, inked.outlines) > limits.two_tone_bold)


def _gamma(inked: Inked) -> float:
    """How the scanner bent the greys, from the printed grey that every cell bears."""
    return float(np.interp(inked.outlines, PRINTED_INK, GAMMAS))


def _hidden(inked: Inked, limits: Thresholds, *, two_tone: bool) -> Flags:
    """Cells under a blot that is larger than all marks: what looks like paper shows no print."""
    usual = inked.outlines
    if two_tone or usual < limits.print_least:
        return np.asarray(inked.light < limits.light_least)
    return np.asarray(inked.whole < limits.print_seen * usual)


def _drawn_beside(inked: Inked, prepared: Prepared, blank: Flags, limits: Thresholds) -> Flags:
    """Blank cells with a ring around them, or a line at their edge that ends there.

    Folds, streaks and shadows go on: two of the next four blank cells of the row or column have them as well.
    """
    found = inked.ringed > limits.ringed
    for ink, least in ((inked.rim, limits.rim_alone), (inked.outside, limits.beside_alone)):
        shown = np.where(blank, ink, 0.0)
        groups = (np.sort(shown[group[:, 1:]], axis=1) for group in (prepared.in_row, prepared.in_column))
        found |= (ink > least) & (np.maximum(*(group[:, -2] for group in groups)) < limits.goes_on * ink)
    return np.asarray(found & blank)


def _keep(codes: Codes, before: Codes, strokes: Flags) -> None:
    """What was sure before the light was evened stays so, unless something else shows now.

    A stain's end may be as dark as a mark where a shadow's edge lies over it, and is a doubt in even light.
    """
    sure = before != UNSURE
    contrary = sure & (codes != UNSURE) & (codes != before) | strokes & (before == BLANK)
    contrary |= (before == MARKED) & (codes == UNSURE)
    codes[sure] = before[sure]
    codes[contrary] = UNSURE


def _cancel(codes: Codes, net: Points, inked: Inked, limits: Thresholds) -> None:
    """A block over the whole cell; whether it may count is decided with its field. A paler one is a doubt."""
    beyond = (inked.around > limits.block_around) & (inked.paper > limits.block_paper)
    beyond |= inked.sides > limits.block_sides
    codes[(codes == MARKED) & (beyond | (inked.around > limits.block_pale))] = UNSURE
    codes[(inked.around > limits.cancelled) & (net > limits.solid)] = CANCELLED


def _fields(codes: Codes, prepared: Prepared) -> Why | None:
    """A cancelled cell counts beside one sure mark of its field; two marks of one go to a person."""
    why = Why.DOUBTFUL_CELLS if (codes == UNSURE).any() else None
    for number in np.unique(prepared.owner[codes != BLANK]).tolist():
        field, at = prepared.form.fields[number], prepared.firsts[number]
        part = codes[at : at + len(field.cells)]
        marks = int((part == MARKED).sum())
        if (part == CANCELLED).any() and (marks != 1 or field.kind is not Kind.SINGLE):
            part[part == CANCELLED] = UNSURE
            why = why or Why.DOUBTFUL_CELLS
        if field.kind is Kind.MULTIPLE or marks < 2:
            continue
        places = [cell.place for cell, code in zip(field.cells, part, strict=True) if code == MARKED]
        if len(places) != len(set(places)):
            part[part == MARKED] = UNSURE
            why = Why.TWO_MARKS
    return why


def _thin(codes: Codes, net: Points, inked: Inked, limits: Thresholds, scan: Scan) -> bool:
    """Whether any mark of the card is less than a full one: what else was written may have been lost.

    Where outlines, which are darker than pencil, are not all there, every mark has to be quite full, and a
    card without any says nothing. Where nothing of them is left, nothing of pencil beside a pen's marks is:
    so many marks, all of them full, have to say that one strong pen filled the card, empty cells that nothing
    else went over their letters, and fine black print that thin strokes of that pen are not lost.
    """
    marks = net[(codes == MARKED) | (codes == UNSURE)]
    if inked.outlines < limits.two_tone_gone:
        rest = float(net[codes == BLANK].max(initial=0.0))
        one_pen = len(marks) >= limits.one_pen_marks and float(marks.min()) >= limits.one_pen_full
        return not (one_pen and rest <= limits.one_pen_rest and scan.fine())
    lost = inked.outlines < limits.two_tone_print
    least = limits.two_tone_full if lost else limits.two_tone_solid
    return bool((marks < least).any()) or (lost and not len(marks))
