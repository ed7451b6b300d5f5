"""By what does the reader judge? Every number it uses, and why it is that number.

Lengths are millimetres on the card; ink is a share of black inside a cell (0 paper, 1 black), with
the print's own ink taken off. Numbers come from `bench/omr_corpus`; ADR 0102 tells how.
"""

from __future__ import annotations

import msgspec


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """How sure is sure. Whoever changes one runs the corpus again."""

    # Finding ------------------------------------------------------------------------------------------------
    # Markers are looked for in a picture of this height: 5 px a module of an A4 page, and detection is fast.
    search_px: int = 1170
    # With more lone wrong pixels (black, white) than this share they are replaced by the median around them;
    # print has half as many. With more wrong ones than `thickly` all are, and thin outlines go, too.
    speckled: float = 0.0012
    thickly: float = 0.04
    # Pictures with a side of fewer pixels show no card.
    smallest: int = 100
    # The part of the page's sides that a corner window takes: shift 4 % and 3 degrees stay inside.
    window: float = 0.24
    # A marker whose corners lie further off the common plane belongs to another card, or the paper is folded.
    marker_off: float = 2.0
    # Where only two markers are left, at least this share of the timing marks of each side has to be there: a
    # side that is not on the picture shows none, a blot or a hole hides one or two of twelve.
    traced: float = 0.8
    # Flattened pictures have this many pixels a millimetre: 0.17 mm is a third of a pen's stroke.
    per_mm: int = 6
    # Scans are shrunk by whole numbers while they stay finer than this (px a mm): noise is averaged.
    finest: float = 5.5
    # Coarser than this (px a mm) no cell is sure: hairlines are thinner than half a pixel. 75 dpi are 2.95.
    coarsest: float = 2.6

    # Waves --------------------------------------------------------------------------------------------------
    # How far from its place a timing mark is looked for.
    timing_reach: float = 2.1
    # A timing mark that stands further off its neighbours is not one (a stain, a stroke).
    timing_jump: float = 0.45
    # With fewer of the marks found than this share the page's shape is not known.
    timing_found: float = 0.6
    # Waves beyond this are not made good well enough, unless the outlines of empty cells show that they are.
    wave_most: float = 1.2
    # Of a cell and the eight around it so many have to be empty, and this share of those has to lie right.
    outlines_least: int = 3
    outlines_there: float = 0.7
    # An outline is so much darker (of the contrast) than what is beside it: sharp ones 0.1 to 0.3.
    outline_deep: float = 0.05

    # Identity -----------------------------------------------------------------------------------------------
    # Cells of the strip this near to the middle between black and white may be either; so many are tried both
    # ways against the tag: 2^4 tries make a wrong identity one in a million.
    strip_clear: float = 0.16
    strip_tried: int = 4

    # Ink ----------------------------------------------------------------------------------------------------
    # Below: nothing was marked. A point of a pencil leaves 0.05, an erased mark 0.02 to 0.15.
    empty: float = 0.045
    # So much lighter than its own print, and something lies over the cell.
    covered: float = 0.06
    # What is so much lighter than the paper beside it has ink all around, and does not show print as it is.
    encircled: float = 0.02
    # Above, and dark: marked. Ticks leave 0.2 to 0.4, crosses 0.3 to 0.5, fills 0.6 to 1.
    marked: float = 0.24
    # Up to this much ink a cell is empty if its darkest tenth is hardly darker than print: a pen stroke of so
    # little ink would be thin and dark. Not where ink is around.
    soft: float = 0.10
    soft_dark: float = 0.13
    soft_outside: float = 0.22
    # As much ink is no mark if it has no edges although outlines are sharp: 0.25 to 0.4 are, 0.09 after a
    # blur of 1 px. Blurred, a smudge is so pale at most; its edges are this share of that (of the other
    # side's marks 0.17 to 0.33, of strokes, dots and pale pencil 0.4 and more), and over letters it is no
    # darker than this many times that (short hairlines 2.4).
    smudge_least: float = 0.03
    smudge_sharp: float = 0.15
    smudge_most: float = 0.13
    smudge_edge: float = 0.34
    smudge_over: float = 2.2
    # An empty cell's darkest tenth is that of its print, give or take this, or so many deviations: hairlines
    # and small points stand out, even if they leave less ink than `empty`. They are small, so much darker
    # than the whole cell; they leave some ink; and streaks and creases go on outside of the cell.
    stroke_dark: float = 0.06
    stroke_deviations: float = 4.0
    stroke_small: float = 2.25
    stroke_ink: float = 0.012
    stroke_outside: float = 0.012
    stroke_through: float = 0.7
    # Far darker than print, and hardly any ink is enough: a short dash upon a letter.
    point_dark: float = 0.20
    point_deviations: float = 8.0
    point_ink: float = 0.007
    # Where a cell is so much darker than its print, or by a deviation, lines are looked for that print does
    # not explain. Empty cells show lines of up to 0.06 more than their median, or 4 deviations on noisy
    # photographs; hairlines 0.2 to 0.7 (7 to 25 deviations), and 0.1 where fewer than 3 px are left of a mm.
    track_dark: float = 0.07
    track_gap: float = 1.0
    track_least: float = 0.08
    track_deviations: float = 4.5
    track_ink: float = 0.010
    # Outlines of a black and white picture that was made smaller are 0.06 darker, and show lines of 0.17.
    # They leave 0.02 of ink; a hairline as pale (on a soft picture) leaves 0.04.
    track_grey: float = 0.05
    track_grey_ink: float = 0.03
    track_grey_least: float = 0.12
    # Folds show lines of 0.26, and leave 0.14 of that and more beside the cell; strokes less than 0.06.
    track_through: float = 0.13
    # So dark a line is asked about even if something is beside it.
    track_sure: float = 0.31
    track_sure_deviations: float = 10.0
    # Paper this much brighter than paper is noise, or was sharpened: print is as black as strokes then, and
    # what is white around them takes their ink away. Lines are looked for everywhere.
    restless: float = 0.03
    restless_deviations: float = 5.0
    # What sharpens noise sharpens print: a line is so much darker, and by as much more, up to the most.
    restless_least: float = 0.045
    restless_most: float = 0.15
    # Coarse scans (below `finest`) are judged so, too; if noise makes darker lines, no cell is empty.
    track_hidden: float = 0.15
    # Above, paper that is darker beside does not matter: it is a fill.
    solid: float = 0.40
    # From here on a mark is a fill, which may go over the edge; below it is a stroke, which has an end.
    filled: float = 0.40
    # A pale fill covers more of the cell than this, whatever its darkness; a blurred stroke half of that.
    covering: float = 0.62
    # Both bounds move apart by so many deviations of the empty cells' ink.
    noise: float = 4.0
    # Nobody knows what is beneath noise larger than this.
    noise_most: float = 0.045
    # A mark less dark than this share of the card's other marks was erased, or is a stain.
    darkness_share: float = 0.72
    # So black, though, nothing is paler: where greys are bent, 0.997 and 0.9999 look like two pens.
    darkness_full: float = 0.99
    # Where gamma and blur have spread print so far that it leaves more than `print_most`, a smudge of 0.38 is
    # 0.89 of a pen's black.
    darkness_bent: float = 0.93
    # The same for a mark alone on its card: pencil is 0.3 to 0.6, what a rubber leaves 0.05 to 0.2.
    darkness_least: float = 0.27
    # The paper beside a cell is this much (of the contrast) darker than around: stain, shadow, a stroke.
    paper_darker: float = 0.10
    # Where that is so much, ink may be a dark stain's that ends there, unless it is fuller than this.
    paper_black: float = 0.45
    full: float = 0.70
    # Ink around a cell, in one of eight directions, that makes a trace in it doubtful: a passing line,
    outside: float = 0.14
    # unless it is less than this share of the ink inside: of a stroke's, of a fill's. A fill set 0.8 mm off
    # spills 0.73; a blot or a fill between two cells more than it leaves inside.
    spilt_trace: float = 0.50
    spilt_fill: float = 0.78
    # Ink around an empty cell that may be a mark set beside it.
    beside: float = 0.30
    # Less is a doubt, too, beside a cell or at its edge, unless so large a share of it is there at two of the
    # next four blank cells of its row or column: folds and streaks go on.
    beside_alone: float = 0.10
    rim_alone: float = 0.07
    goes_on: float = 0.30
    # This much ink, beside the print's, all around an empty cell: somebody drew a ring around it. Pens leave
    # 0.1 to 0.2, pale pencil on the outline 0.037; noise of everyday scans 0.012.
    ringed: float = 0.03
    # All around this much inked: a mark was taken back (ADR 0101).
    cancelled: float = 0.60
    # So much, and a mark may have been taken back with a pen that is not black, or with a block too small:
    # those leave 0.08 to 0.6, and 0.33 and more of black beside it. One of 8,000 fills had 0.04; a sixth of
    # the fills that go over the edge have more.
    block_pale: float = 0.06
    block_around: float = -0.06
    block_paper: float = 0.25
    # Set beside the cell it leaves two sides white and blackens the others, by 0.35 and more (1,051 blocks).
    # Of 1,965 fills that go over the edge two leave 0.3, of 48,000 others those under dirt.
    block_sides: float = 0.25
    # No letter leaves so much more ink than the others do.
    print_apart: float = 0.10
    # Nor is any letter this much darker than the others (0.03 on clean scans): a hairline down a whole column
    # is by 0.10 to 0.19. A broad, pale line leaves this much more ink (letters 0.008), and is a bit darker.
    alike_dark: float = 0.06
    alike_deviations: float = 3.0
    alike_ink: float = 0.02
    # The print's own ink inside: more than this means that nearly all cells with that print are marked,
    print_most: float = 0.10
    # unless all of them have the same, give or take this: dark outlines (gamma 4 and a blur) leave 0.19 with
    # a deviation below 0.0017; what people do to cells, stains and the other side are never that even.
    print_steady: float = 0.002
    print_blurred: float = 0.20

    # Light --------------------------------------------------------------------------------------------------
    # Nothing that people write on cells is as wide as this (mm) to all sides, blocks over two of them side by
    # side included: what is dark and larger is a shadow.
    light_wide: float = 12.0
    # The ring of a cup: so wide at least, and going on for so long (mm) outside of cells.
    band_wide: float = 0.9
    band_long: float = 10.0
    # Darker than this is nobody's dirt, and less than `band_seen` of light is none.
    band_deep: float = 0.55
    band_seen: float = 0.03
    # Cups have these radii; rings lie so near to a circle and reach so far from it (mm); so much of a ring is
    # seen where it can be, and so much of a whole turn in all.
    ring_least: float = 20.0
    ring_most: float = 50.0
    ring_near: float = 1.5
    ring_wide: float = 5.0
    ring_there: float = 0.75
    ring_arc: float = 0.3
    ring_faint: float = 0.01
    # A cell under a ring is empty if its darkest tenth is no darker than that of print.
    ring_over: float = 0.05
    # One is marked if without the ring it is full, and fuller than the ring would leave it, were it still
    # there: of black, which is no deeper than 0.9 of white, it takes so many times what it takes of white.
    ring_blacker: float = 1.1
    ring_more: float = 0.1
    # A streak takes so much light off in each eighth of the picture and so much in all, give or take so much:
    # dirt on the glass 0.1 to 0.6 with a spread of 0.1 on a noisy scan, columns without any 0.03.
    streak_part: float = 0.03
    streak_least: float = 0.05
    streak_spread: float = 0.15
    # A crease takes at least this share of the light off along three quarters of its way, and at most so much
    # (pencil more). Its light divided by its depth makes it so wide (mm): 0.7 when sharp, pencil is thinner,
    # felt pens, which cross out whole rows, broader. Edges so soft make it 2.5 times as wide as its light
    # deviates from the middle; a stroke's edges 3 times and more.
    crease_least: float = 0.05
    crease_deep: float = 0.36
    crease_thin: float = 0.62
    crease_wide: float = 1.0
    crease_soft: float = 2.8
    # Light can be evened, and marks compared, where black is the same share of white everywhere: not if greys
    # were shifted after a shadow fell on the card. What was rubbed out is darker there than pencil elsewhere.
    black_spread: float = 0.12
    # An empty cell shows this share of the print that the others show, or it is hidden.
    print_seen: float = 0.3
    # Where the others show less (0.07 are printed, 0.045 are left by a median), print tells nothing; paper
    # does, if it is brighter than this share of the card's.
    print_least: float = 0.03
    light_least: float = 0.5

    # The card -----------------------------------------------------------------------------------------------
    # More doubtful cells than this share, and the whole card goes to a person.
    doubtful: float = 0.10
    # Black this near to white: nothing on the page can be told from the paper.
    contrast_least: float = 0.10
    # A page with less ink than this is blank.
    blank_page: float = 0.0015
    # With fewer greys among the ink than this share a scan is black and white: light pencil is lost then ...
    two_tone: float = 0.10
    # (where even a touch of an outline is black, a little more ink is none) ...
    two_tone_empty: float = 0.058
    # ... and marks thinner than this on it say that the card was not filled with a strong pen.
    two_tone_solid: float = 0.47
    # With less ink of outline and letter than this (0.07 and more are printed) marks have to be fuller still.
    two_tone_print: float = 0.05
    two_tone_full: float = 0.58
    # Letters are lost as well then, so that one which is seen was written over: 0.026 and more of ink.
    letter_black: float = 0.015
    # With more ink of outlines than this around a cell everything darker than 0.2 of black is black (0.094 at
    # the middle between black and white, 0.15 to 0.17 at 0.8 of white): so is what a rubber leaves.
    two_tone_bold: float = 0.155
    # With less than this nothing of outlines is left, and a card says something only if so many marks are so
    # full: fills leave 0.69 and more on a fax; of 2,000 mixed cards that had lost a mark, those with so many
    # marks left had one with less than 0.5.
    two_tone_gone: float = 0.01
    one_pen_marks: int = 12
    one_pen_full: float = 0.65
    # What pencil draws over a printed letter turns black: an empty cell of such a scan shows no ink at all,
    # and 58 of 61 that had lost a mark more than this.
    one_pen_rest: float = 0.006
    # Thin black at either end of the line at the card's foot (mm2): 25 to 31 are printed. Where blur leaves
    # less than this, the palest ticks are lost, too. And beside rows names are there as evenly as this.
    fine_least: float = 15.0
    fine_evenly: float = 0.7


HOUSE = Thresholds()
