"""Is what no archive can hold, and no average can be reckoned with, refused when it is entered?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from msgspec.structs import replace

from dziennik.contracts.attendance import CallRoll, RollMark
from dziennik.contracts.commands import (
    INVISIBLE_SIGN,
    MALFORMED_ID,
    NUMBER_OUT_OF_RANGE,
    TEXT_MISSING,
    TEXT_TOO_LONG,
    UNWRITABLE_TEXT,
    Command,
)
from dziennik.contracts.facts import ERASED
from dziennik.contracts.grades import GiveGrade
from dziennik.contracts.people import RecordPersonalDetails, RegisterPerson
from dziennik.contracts.school import FoundSchool, IntroduceSubject, SetGradingRules, SetTerms
from dziennik.contracts.values import Term
from dziennik.domain.policies.defaults import USUAL_GRADING
from dziennik.domain.texts import LIMIT, fault_in
from tests.domain.register import FOUNDED, SCHOOL
from tests.domain.sentence import given

SUBJECT = IntroduceSubject(subject_id="pol", name="Język polski", short_name="pol")
GRADE = GiveGrade(
    grade_id="g1", unit_id="4a", class_id="4a", assignment_id="pol-4a", pupil_id="cma", value="4"
)


@pytest.mark.parametrize(
    ("sign", "shown"),
    [
        ("\x00", "U+0000"),
        ("\x0b", "U+000B"),
        ("\x1b", "U+001B"),
        ("\ud83d", "U+D83D"),  # half of an emoji
        ("\ufffe", "U+FFFE"),
        ("\uffff", "U+FFFF"),
        (ERASED, "U+2400"),
    ],
)
def test_what_xml_cannot_carry_is_refused(sign: str, shown: str) -> None:
    given(FOUNDED).when(replace(SUBJECT, name=f"Ję{sign}zyk")).refused(
        UNWRITABLE_TEXT, "name", at="name", character=shown
    )


@pytest.mark.parametrize("text", ["", "\t\r\n", "Zażółć jaźń", "\u0085\u2028", "😀", "\U0010ffff", "]]>&<"])
def test_what_xml_can_carry_is_held(text: str) -> None:
    assert fault_in(RecordPersonalDetails(person_id="p1", address=text)) is None


@generated(st.text())
def test_what_is_accepted_is_xml(text: str) -> None:
    """Character, XML 1.0 section 2.2."""
    if fault_in(replace(SUBJECT, name=text)) is None:
        assert all(
            sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
            for sign in text
        )


def test_a_text_has_an_end() -> None:
    assert fault_in(replace(SUBJECT, name="ż" * LIMIT)) is None
    given(FOUNDED).when(replace(SUBJECT, name="ż" * (LIMIT + 1))).refused(
        TEXT_TOO_LONG, "name", at="name", length=10_001, limit=10_000
    )


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (replace(SUBJECT, subject_id="a/b"), "subject_id"),
        (replace(SUBJECT, subject_id=""), "subject_id"),
        (replace(SUBJECT, subject_id="ż"), "subject_id"),
        (replace(SUBJECT, subject_id="-a"), "subject_id"),
        (replace(SUBJECT, subject_id="a\n"), "subject_id"),
        (replace(SUBJECT, subject_id="a" * 129), "subject_id"),
        (replace(GRADE, improves="g 1"), "improves"),
        (CallRoll(unit_id="4a", lesson_id="l", pupils=("cma", "b b")), "pupils[1]"),
        (
            CallRoll(unit_id="4a", lesson_id="l", marks=(RollMark(pupil_id="a/b", type_id="absent"),)),
            "marks[0].pupil_id",
        ),
    ],
)
def test_ids_are_well_formed_wherever_they_stand(command: Command, field: str) -> None:
    given(SCHOOL).when(command).refused(MALFORMED_ID, field, at=field)


def test_a_national_id_is_no_id_of_ours() -> None:
    assert fault_in(RecordPersonalDetails(person_id="cma", national_id="brak danych")) is None


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity", "1000000", "1E+6", "1E-7"])
def test_numbers_can_be_reckoned_with(number: str) -> None:
    given(SCHOOL).when(replace(GRADE, weight=Decimal(number))).refused(
        NUMBER_OUT_OF_RANGE, "weight", at="weight", number=number
    )


@pytest.mark.parametrize("number", ["0", "-0.25", "999999.999999", "1E+5", "0.000001", "0.00"])
def test_common_numbers_can(number: str) -> None:
    assert fault_in(replace(GRADE, weight=Decimal(number))) is None


def test_numbers_inside_rules_are_looked_at_too() -> None:
    endless = replace(USUAL_GRADING, plus=Decimal("Infinity"))
    given(SCHOOL).when(SetGradingRules(year_id="y2026", rules=endless)).refused(
        NUMBER_OUT_OF_RANGE, "rules.plus"
    )
    heavy = replace(USUAL_GRADING.categories[0], weight=Decimal("NaN"))
    rules = replace(USUAL_GRADING, categories=(heavy,))
    given(SCHOOL).when(SetGradingRules(year_id="y2026", rules=rules)).refused(
        NUMBER_OUT_OF_RANGE, "rules.categories[0].weight"
    )


def test_what_names_something_is_not_blank() -> None:
    for name in ("", "  ", "\u00a0"):
        command = FoundSchool(school_id="sp7", name=name, short_name="SP 7")
        assert fault_in(command) == TEXT_MISSING(field="name", at="name")
    term = Term(term_id="t1", name=" ", starts=date(2026, 9, 1), ends=date(2027, 1, 31))
    assert fault_in(SetTerms(year_id="y", terms=(term,))) == TEXT_MISSING(
        field="terms[0].name", at="terms[0].name"
    )


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\ufeff", "\u3164", "\u2800", "\U000e0041"])
def test_a_persons_name_holds_nothing_that_nobody_sees(sign: str) -> None:
    """Two names that look alike would be two people."""
    command = RegisterPerson(
        person_id="p1", given_names="Jan", family_name=f"No{sign}wak", since=date(2026, 9, 1)
    )
    shown = f"U+{ord(sign):04X}"
    given(FOUNDED).when(command).refused(INVISIBLE_SIGN, "family_name", at="family_name", character=shown)
    assert fault_in(replace(command, family_name="Nowak", given_names=f"Jan{sign}")) is not None
    assert fault_in(RecordPersonalDetails(person_id="p1", address=f"ul. Pro{sign}sta")) is None
