"""What becomes of a card that nothing names, when a person types its printed number?"""

from __future__ import annotations

import numpy as np
import pytest

from dziennik.omr.sheet import TEXTS, CellState, Sheet, SheetState, Why
from dziennik.omr.template import Template
from tests.omr.cards import GRADES, MM, SMALL, Grey, mark, picture, printed, reader

STRIP = np.s_[round(20 * MM) : round(27 * MM), round(61 * MM) : round(148 * MM)]
QR = np.s_[round(12 * MM) : round(33 * MM), round(31 * MM) : round(52 * MM)]
OWN, OTHER = printed(SMALL, 77).identity.card_id, printed(SMALL, 78).identity.card_id


def _nameless(*places: tuple[slice, slice], form: Template = GRADES, shade: int = 128) -> Grey:
    """A card with three marks, without its QR code and with something over these parts of its strip."""
    grey = picture(form)
    for row in (1, 2, 3):
        mark(grey, form, row, "4")
    for place in (QR, *places):
        grey[place] = shade
    return grey


def _named(grey: Grey, number: int = 77, form: Template = GRADES) -> list[Sheet]:
    return reader().read(grey, named=printed(form, number).identity)


def test_a_card_that_nothing_names_is_the_one_that_a_person_says_it_is() -> None:
    (sheet,) = _named(_nameless(STRIP), number=99)
    assert (sheet.state, sheet.card_id) == (SheetState.READ, printed(GRADES, 99).identity.card_id)
    marked = [(cell.row, cell.value) for cell in sheet.cells if cell.state is CellState.MARKED]
    assert marked == [(1, "4"), (2, "4"), (3, "4")]
    assert len(sheet.corners) == 8


@pytest.mark.parametrize("shade", [0, 128, 255], ids=["ink over it", "a stain", "torn off"])
@pytest.mark.parametrize(("since", "until"), [(66, 85), (66, 100), (66, 115), (55, 100), (100, 150)])
def test_what_is_left_of_the_strip_has_to_agree_with_the_number(shade: int, since: int, until: int) -> None:
    gone = np.s_[round(20 * MM) : round(27 * MM), round(since * MM) : round(until * MM)]
    grey = _nameless(gone, shade=shade)
    (unnamed,) = reader().read(grey)  # and is not taken for a card of another school
    assert (unnamed.why, unnamed.card_id) == (Why.NO_IDENTITY, None)
    (sheet,) = _named(grey)
    assert (sheet.state, sheet.card_id) == (SheetState.READ, printed(GRADES).identity.card_id)
    others = [_named(grey, number * 97_654_321 % (1 << 32))[0] for number in range(1, 41)]
    refused = [sheet for sheet in others if sheet.why is Why.OTHER_NUMBER]
    assert len(refused) >= 38  # of 40: a number may agree with the little that is left by chance
    assert {(sheet.state, sheet.card_id, sheet.cells) for sheet in refused} == {
        (SheetState.REFUSED, None, ())
    }


def test_a_card_that_names_itself_is_what_it_says() -> None:
    assert _named(picture(GRADES), number=99) == reader().read(picture(GRADES))


def test_a_number_of_a_card_on_other_paper_is_not_this_cards() -> None:
    (sheet,) = _named(_nameless(STRIP), form=SMALL)
    assert (sheet.why, sheet.card_id, sheet.cells) == (Why.OTHER_NUMBER, None, ())


def _pair(*nameless: int) -> Grey:
    """Two cards on a page, 77 above 78; these of them (0, 1) have neither strip nor QR code."""
    grey = picture(SMALL, pair=True)
    for at in nameless:
        grey[at * 1173 : at * 1173 + round(34 * MM), round(31 * MM) : round(150 * MM)] = 128
    return grey


def test_the_number_is_of_the_one_card_on_the_page_that_does_not_name_itself() -> None:
    assert [sheet.card_id for sheet in _named(_pair(1), 78, SMALL)] == [OWN, OTHER]
    assert [sheet.card_id for sheet in _named(_pair(1), 77, SMALL)] == [OWN, None]  # 77 is the other one


def test_of_several_cards_that_nothing_names_none_takes_the_number() -> None:
    sheets = _named(_pair(0, 1), 77, SMALL)
    assert [(sheet.why, sheet.card_id) for sheet in sheets] == [(Why.SEVERAL_NAMELESS, None)] * 2


@pytest.mark.parametrize("why", [Why.OTHER_NUMBER, Why.SEVERAL_NAMELESS])
def test_whoever_typed_the_number_is_told_why_it_was_not_taken(why: Why) -> None:
    assert all(text.endswith(".") for text in TEXTS[why])
