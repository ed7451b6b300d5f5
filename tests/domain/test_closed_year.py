"""What may be corrected after a year was closed? What the director permitted this person, until that day."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from dziennik.contracts import curriculum, streams
from dziennik.contracts.classification import (
    YEAR_CLOSED,
    YEAR_NOT_CLOSED,
    CorrectionPermitted,
    PermitCorrection,
    PermitYearCorrection,
    YearBook,
    YearCorrectionPermitted,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.movement import MovementRules, SetMovementRules
from dziennik.contracts.school import DATES_REVERSED, NO_SUCH_YEAR, SchoolYearClosed
from dziennik.contracts.staff import SetStaffRules
from dziennik.domain.policies.usual_staff import USUAL_STAFF
from dziennik.domain.world import Entry
from tests.domain import test_behaviour_grades as conduct
from tests.domain import test_curriculum as plans
from tests.domain import test_earlier_grades as earlier
from tests.domain import test_registers as registers
from tests.domain import test_staff as staff
from tests.domain.other_registers import REGISTERS
from tests.domain.register import LIS, NOWAK, OFFICE, REGISTER
from tests.domain.sentence import DIRECTOR, TODAY, at, given

CLOSED = at(streams.SCHOOL, SchoolYearClosed(year_id="y2026", on=TODAY, class_ids=("4a",)))
PERMIT = PermitYearCorrection(
    permit_id="z1",
    year_id="y2026",
    book=YearBook.HOURS,
    person_id="nowak",
    until=TODAY,
    what="godziny z czerwca",
    reason="błąd w sumie",
    legal_basis="zarządzenie 4/2027",
)


def permitted(book: YearBook = YearBook.HOURS, person_id: str = "nowak", until: date = TODAY) -> Entry:
    return at(
        streams.closed_year("y2026"),
        YearCorrectionPermitted(
            permit_id="z1",
            year_id="y2026",
            book=book,
            person_id=person_id,
            until=until,
            what="godziny z czerwca",
            reason="błąd w sumie",
            legal_basis="zarządzenie 4/2027",
        ),
    )


def in_unit(unit_id: str, person_id: str = "nowak") -> Entry:
    return at(
        streams.classification(unit_id),
        CorrectionPermitted(
            permit_id="z1",
            unit_id=unit_id,
            person_id=person_id,
            until=TODAY,
            what="pomyłka",
            reason="pomyłka",
            legal_basis="zarządzenie",
        ),
    )


def test_the_director_permits_a_correction_of_a_closed_years_book() -> None:
    given(REGISTER, CLOSED).when(PERMIT).then(permitted())
    given(REGISTER, CLOSED, permitted()).when(PERMIT).nothing()
    given(REGISTER, CLOSED).when(PERMIT, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(REGISTER).when(PERMIT).refused(YEAR_NOT_CLOSED, "year_id")
    given(REGISTER, CLOSED).when(replace(PERMIT, year_id="y1")).refused(NO_SUCH_YEAR, "year_id")
    for field in ("what", "reason", "legal_basis"):
        given(REGISTER, CLOSED).when(replace(PERMIT, **{field: " "})).refused(REASON_MISSING, field)
    yesterday = TODAY.replace(day=TODAY.day - 1)
    given(REGISTER, CLOSED).when(replace(PERMIT, until=yesterday)).refused(DATES_REVERSED, "until")


def test_hours_are_corrected_by_whom_the_director_permitted() -> None:
    past = (*staff.PAST, staff.ENTERED, CLOSED)
    given(past).when(staff.CORRECT, by=NOWAK).refused(YEAR_CLOSED, "year_id")
    given(past, permitted()).when(staff.CORRECT, by=NOWAK).then(staff.CORRECTED)
    given(past, permitted()).when(staff.STRIKE, by=NOWAK).then(staff.STRUCK)
    for other in (
        permitted(YearBook.PLANS),
        permitted(person_id="lis"),
        permitted(until=TODAY.replace(day=TODAY.day - 1)),
        in_unit("4a"),
    ):
        given(past, other).when(staff.CORRECT, by=NOWAK).refused(YEAR_CLOSED, "year_id")


def test_resolutions_and_plans_are_books_of_their_own() -> None:
    repealed = (*REGISTER, conduct.RESOLVED, CLOSED)
    resolutions = permitted(YearBook.RESOLUTIONS, "director")
    given(repealed).when(conduct.REPEAL).refused(YEAR_CLOSED, "year_id")
    given(repealed, permitted(person_id="director")).when(conduct.REPEAL).refused(YEAR_CLOSED, "year_id")
    given(repealed, resolutions).when(conduct.REPEAL).then(conduct.REPEALED)
    rename = curriculum.RenamePlan(plan_id="rm", name="Polski", level=4)
    drawn = (*REGISTER, plans.DRAWN, CLOSED)
    given(drawn, permitted()).when(rename, by=NOWAK).refused(YEAR_CLOSED, "year_id")
    renamed = curriculum.PlanRenamed(plan_id="rm", year_id="y2026", name="Polski", level=4)
    given(drawn, permitted(YearBook.PLANS)).when(rename, by=NOWAK).then(at(plans.STREAM, renamed))


@pytest.mark.parametrize(
    "command",
    [
        SetStaffRules(year_id="y2026", rules=replace(USUAL_STAFF, signed_only=False)),
        SetMovementRules(year_id="y2026", rules=MovementRules(renumber_days=14)),
    ],
)
@pytest.mark.parametrize("book", YearBook)
def test_nobody_can_permit_to_change_the_rules_of_a_closed_year(command: Command, book: YearBook) -> None:
    given(REGISTER, CLOSED, permitted(book, "director")).when(command, by=DIRECTOR).refused(
        YEAR_CLOSED, "year_id"
    )


def test_grades_of_another_school_are_corrected_by_permit_of_the_class() -> None:
    past = (*earlier.PAST, *earlier.RECORDED, CLOSED)
    given(past).when(earlier.STRIKE, by=NOWAK).refused(YEAR_CLOSED, "unit_id")
    given(past, permitted()).when(earlier.STRIKE, by=NOWAK).refused(YEAR_CLOSED, "unit_id")
    given(past, in_unit("4a")).when(earlier.STRIKE, by=NOWAK).then(earlier.STRUCK)


def test_another_registers_entries_are_corrected_by_permit_of_that_register() -> None:
    past = (*REGISTERS, CLOSED)
    permit = PermitCorrection(
        permit_id="z1",
        unit_id="care",
        person_id="lis",
        until=TODAY,
        what="pomyłka",
        reason="pomyłka",
        legal_basis="zarządzenie",
    )
    given(past).when(permit).then(in_unit("care", "lis"))
    given(past).when(registers.ADD, by=LIS).refused(YEAR_CLOSED, "unit_id")
    for other in (in_unit("4a", "lis"), in_unit("care", "nowak"), permitted(person_id="lis")):
        given(past, other).when(registers.ADD, by=LIS).refused(YEAR_CLOSED, "unit_id")
    given(past, in_unit("care", "lis")).when(registers.ADD, by=LIS).then(registers.added("care", "4a"))
