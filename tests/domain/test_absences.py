"""What may be decided about absences known beforehand, and what does a roll call take from them?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import msgspec
import pytest
from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.absence_commands import (
    ALREADY_PAST,
    EXEMPTION_ENDS,
    EXEMPTION_OVERLAPS,
    ID_TAKEN,
    NO_PUPILS,
    NO_SUCH_ANNOUNCEMENT,
    NO_SUCH_EXEMPTION,
    NO_SUCH_SCHOOL_ABSENCE,
    NO_TYPE_OF_KIND,
    NOT_OF_AGE,
    NOT_YOUR_CLASS,
    NOT_YOUR_PUPIL,
    NOT_YOURS_TO_DECIDE,
    OUTSIDE_TERMS,
    TOO_MANY_TOLD,
    AnnounceAbsence,
    ArrangeSchoolAbsence,
    CancelSchoolAbsence,
    EndExemption,
    GrantExemption,
    PupilOfClass,
    SetAbsenceRules,
    WithdrawAnnouncement,
)
from dziennik.contracts.absences import (
    AbsenceAnnounced,
    AbsenceRules,
    AbsenceScope,
    AnnouncementWithdrawn,
    AwayFor,
    ExemptionEnded,
    ExemptionGranted,
    ExemptionMode,
    SchoolAbsenceArranged,
    SchoolAbsenceCancelled,
)
from dziennik.contracts.attendance import (
    CallRoll,
    PrefilledFrom,
    PrefilledMark,
    ReleaseRecorded,
    RollMark,
    RollPrefilled,
)
from dziennik.contracts.classes import NO_SUCH_CLASS, NOT_ENROLLED, OUTSIDE_YEAR, PupilLeft
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING, Command
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.movement import ClassChanged
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.school import (
    DATES_REVERSED,
    NO_SUCH_SUBJECT,
    NO_SUCH_YEAR,
    RULES_UNSOUND,
    AttendanceRulesSet,
)
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE
from dziennik.domain.policies.usual_absences import USUAL_ABSENCES
from dziennik.domain.world import Entry
from tests.domain.absence_story import (
    BOBR,
    ENGLISH,
    ETHICS,
    MOTHER,
    NOTED,
    PAST,
    POLISH,
    POLISH_2,
    RIGHTS_ENDED,
    THE_DAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    absent,
    called,
    corrected,
    in_lesson,
    of_4a,
    of_4b,
    rules,
)
from tests.domain.register import JUNE, LIS, NOWAK, OFFICE, PUPIL, enrolled
from tests.domain.sentence import DIRECTOR, at, given

ABSENT, EXCUSED = AttendanceKind.ABSENT, AttendanceKind.ABSENT_EXCUSED
AWAY, RELEASED = AttendanceKind.SCHOOL_REASON, AttendanceKind.RELEASED
CALL = CallRoll(unit_id="4a", lesson_id=POLISH)
ALL_CALLED = called(POLISH, "cma", "bobr")

ANNOUNCE = AnnounceAbsence(
    announcement_id="n1", class_id="4a", pupil_id="cma", scope=THE_DAY, reason="wizyta u lekarza"
)
ANNOUNCED_FACT = AbsenceAnnounced(
    announcement_id="n1",
    class_id="4a",
    pupil_id="cma",
    announced_by="mother",
    scope=THE_DAY,
    reason="wizyta u lekarza",
)
ANNOUNCED = of_4a(ANNOUNCED_FACT)
NOT_AFTER_ALL = of_4a(AnnouncementWithdrawn(announcement_id="n1", pupil_id="cma"))
TAKE_BACK = WithdrawAnnouncement(class_id="4a", announcement_id="n1")


def prefilled(lesson: str, *marks: tuple[str, PrefilledFrom, str]) -> Entry:
    """Which marks were left as proposed, and where they came from."""
    told = [PrefilledMark(pupil_id=pupil, source=source, source_id=key) for pupil, source, key in marks]
    return in_lesson(lesson, RollPrefilled(lesson_id=lesson, marks=tuple(told)))


def released(lesson: str, pupil_id: str) -> Entry:
    fact = ReleaseRecorded(lesson_id=lesson, pupil_id=pupil_id, type_id="released", kind=RELEASED)
    return in_lesson(lesson, fact)


def test_an_absence_is_announced_by_a_parent_or_a_pupil_of_age() -> None:
    given(PAST).when(ANNOUNCE, by=MOTHER, today=WEDNESDAY).then(ANNOUNCED)
    given(PAST, ANNOUNCED).when(ANNOUNCE, by=MOTHER, today=WEDNESDAY).nothing()
    other = replace(ANNOUNCE, reason="inaczej")
    given(PAST, ANNOUNCED).when(other, by=MOTHER, today=WEDNESDAY).refused(ID_TAKEN, "announcement_id")
    own = replace(ANNOUNCE, pupil_id="bobr")
    given(PAST).when(own, by=BOBR, today=WEDNESDAY).then(
        of_4a(replace(ANNOUNCED_FACT, pupil_id="bobr", announced_by="bobr"))
    )
    given(PAST).when(own, by=BOBR, today=TUESDAY).refused(NOT_OF_AGE, "pupil_id")
    given(PAST).when(own, by=MOTHER, today=WEDNESDAY).refused(NOT_YOUR_PUPIL, "pupil_id")
    given(PAST, RIGHTS_ENDED).when(ANNOUNCE, by=MOTHER, today=WEDNESDAY).refused(NOT_YOUR_PUPIL, "pupil_id")
    given(PAST).when(ANNOUNCE, by=NOWAK, today=WEDNESDAY).refused(NOT_YOURS_TO_DO)


def test_a_family_announces_so_many_absences_of_a_year() -> None:
    known = [of_4a(replace(ANNOUNCED_FACT, announcement_id=f"x{number}")) for number in range(400)]
    given(PAST, known).when(ANNOUNCE, by=MOTHER, today=WEDNESDAY).refused(
        TOO_MANY_TOLD, "pupil_id", count=400
    )
    given(PAST, known[1:]).when(ANNOUNCE, by=MOTHER, today=WEDNESDAY).then(ANNOUNCED)


def test_what_is_past_is_excused_not_announced() -> None:
    given(PAST).when(ANNOUNCE, by=MOTHER, today=THURSDAY).refused(ALREADY_PAST, "scope.starts", on=WEDNESDAY)
    given(PAST).when(replace(ANNOUNCE, reason=" "), by=MOTHER).refused(TEXT_MISSING, "reason")
    given(PAST).when(replace(ANNOUNCE, class_id="4b"), by=MOTHER).refused(NOT_ENROLLED, "pupil_id")
    holidays = AbsenceScope(starts=JUNE + timedelta(days=9), ends=JUNE + timedelta(days=9))
    given(PAST).when(replace(ANNOUNCE, scope=holidays), by=MOTHER).refused(OUTSIDE_TERMS, "scope.starts")


def test_an_announcement_is_taken_back() -> None:
    given(PAST, ANNOUNCED).when(TAKE_BACK, by=MOTHER).then(NOT_AFTER_ALL)
    given(PAST, ANNOUNCED, NOT_AFTER_ALL).when(TAKE_BACK, by=MOTHER).nothing()
    given(PAST, ANNOUNCED).when(TAKE_BACK, by=BOBR).refused(NOT_YOUR_PUPIL, "announcement_id")
    given(PAST).when(TAKE_BACK, by=MOTHER).refused(NO_SUCH_ANNOUNCEMENT, "announcement_id")


BY_ANNOUNCEMENT = prefilled(POLISH, ("cma", PrefilledFrom.ANNOUNCEMENT, "n1"))


def test_who_was_announced_is_absent_unless_marked_otherwise() -> None:
    given(PAST, ANNOUNCED).when(CALL, by=NOWAK).then(ALL_CALLED, BY_ANNOUNCEMENT, absent(POLISH, "cma"))
    there = replace(CALL, marks=(RollMark(pupil_id="cma", type_id="present"),))
    given(PAST, ANNOUNCED).when(there, by=NOWAK).then(ALL_CALLED)
    given(PAST, ANNOUNCED, NOT_AFTER_ALL).when(CALL, by=NOWAK).then(ALL_CALLED)
    another_hour = of_4a(replace(ANNOUNCED_FACT, scope=replace(THE_DAY, periods=(2,))))
    given(PAST, another_hour).when(CALL, by=NOWAK).then(ALL_CALLED)
    given(PAST, ANNOUNCED, ALL_CALLED, BY_ANNOUNCEMENT, absent(POLISH, "cma")).when(CALL, by=NOWAK).nothing()


def test_the_year_may_let_an_announcement_excuse() -> None:
    trusting = rules(replace(USUAL_ABSENCES, announced_as=EXCUSED))
    given(PAST, trusting, ANNOUNCED).when(CALL, by=NOWAK).then(
        ALL_CALLED, BY_ANNOUNCEMENT, absent(POLISH, "cma", EXCUSED)
    )


def away(class_id: str, *pupils: str) -> SchoolAbsenceArranged:
    return SchoolAbsenceArranged(
        absence_id="w1",
        class_id=class_id,
        away_for=AwayFor.TRIP,
        name="Wycieczka do Krakowa",
        scope=THE_DAY,
        pupils=pupils,
    )


def who(class_id: str, pupil_id: str) -> PupilOfClass:
    return PupilOfClass(class_id=class_id, pupil_id=pupil_id)


ARRANGE = ArrangeSchoolAbsence(
    absence_id="w1",
    away_for=AwayFor.TRIP,
    name="Wycieczka do Krakowa",
    scope=THE_DAY,
    pupils=(who("4a", "cma"), who("4b", "zajac"), who("4a", "bobr")),
)
OF_4A, OF_4B = of_4a(away("4a", "cma", "bobr")), of_4b(away("4b", "zajac"))


def test_a_trip_is_arranged_for_pupils_of_several_classes_at_once() -> None:
    given(PAST).when(ARRANGE, by=LIS).then(OF_4A, OF_4B)  # who teaches in both
    given(PAST, OF_4A, OF_4B).when(ARRANGE, by=LIS).nothing()
    given(PAST, OF_4A, OF_4B).when(replace(ARRANGE, name="Muzeum"), by=LIS).refused(ID_TAKEN, "absence_id")
    given(PAST).when(ARRANGE, by=NOWAK).refused(NOT_YOUR_CLASS, "pupils[1].class_id", unit="4b")
    given(PAST).when(ARRANGE, by=MOTHER).refused(NOT_YOURS_TO_DO)


def test_all_that_is_wrong_with_a_trip_is_told_at_once() -> None:
    wrong = replace(ARRANGE, pupils=(*ARRANGE.pupils, who("4a", "los"), who("4b", "nobody"), who("9z", "x")))
    decision = given(PAST).when(wrong, by=DIRECTOR).decision
    assert isinstance(decision, Refusal)
    told = [(each.code, each.field) for each in (decision, *decision.others)]
    assert told == [
        (NOT_ENROLLED.code, "pupils[3].pupil_id"),
        (NOT_ENROLLED.code, "pupils[4].pupil_id"),
        (NO_SUCH_CLASS.code, "pupils[5].class_id"),
    ]
    given(PAST).when(replace(ARRANGE, pupils=()), by=LIS).refused(NO_PUPILS, "pupils")
    twice = replace(ARRANGE, pupils=(who("4a", "cma"), who("4a", "cma")))
    given(PAST).when(twice, by=LIS).refused(NO_PUPILS, "pupils")
    given(PAST).when(replace(ARRANGE, name=""), by=LIS).refused(TEXT_MISSING, "name")


def test_absences_recorded_before_become_reasons_of_the_school() -> None:
    marks = (
        called(POLISH, "cma", "bobr"), absent(POLISH, "cma"),
        called(ETHICS, "bobr", "zajac"), *NOTED, absent(ETHICS, "zajac", EXCUSED), absent(ETHICS, "bobr"),
    )  # fmt: skip
    trip = "Wycieczka do Krakowa"
    given(PAST, marks).when(ARRANGE, by=LIS).then(
        OF_4A,
        corrected(POLISH, "cma", ABSENT, AWAY, trip),
        corrected(ETHICS, "bobr", ABSENT, AWAY, trip),
        OF_4B,
        corrected(ETHICS, "zajac", EXCUSED, AWAY, trip),
    )


def test_who_is_away_counts_as_away_for_the_school() -> None:
    filled = prefilled(
        POLISH, ("cma", PrefilledFrom.SCHOOL_ABSENCE, "w1"), ("bobr", PrefilledFrom.SCHOOL_ABSENCE, "w1")
    )
    given(PAST, OF_4A).when(CALL, by=NOWAK).then(
        ALL_CALLED, filled, absent(POLISH, "cma", AWAY), absent(POLISH, "bobr", AWAY)
    )
    ethics = CallRoll(unit_id="ethics", lesson_id=ETHICS)
    only_zajac = prefilled(ETHICS, ("zajac", PrefilledFrom.SCHOOL_ABSENCE, "w1"))
    given(PAST, NOTED, OF_4B).when(ethics, by=LIS).then(
        called(ETHICS, "bobr", "zajac"), only_zajac, absent(ETHICS, "zajac", AWAY)
    )


CANCEL = CancelSchoolAbsence(absence_id="w1", class_id="4a", reason="gorączka", pupils=("cma",))
CMA_BACK = of_4a(SchoolAbsenceCancelled(absence_id="w1", class_id="4a", pupils=("cma",), reason="gorączka"))


def test_a_trip_is_cancelled_for_some_or_for_all() -> None:
    given(PAST, OF_4A).when(CANCEL, by=NOWAK).then(CMA_BACK)
    given(PAST, OF_4A, CMA_BACK).when(CANCEL, by=NOWAK).nothing()
    bobr_too = SchoolAbsenceCancelled(absence_id="w1", class_id="4a", pupils=("bobr",), reason="gorączka")
    given(PAST, OF_4A, CMA_BACK).when(replace(CANCEL, pupils=None), by=NOWAK).then(of_4a(bobr_too))
    given(PAST, OF_4A, CMA_BACK).when(CALL, by=NOWAK).then(
        ALL_CALLED,
        prefilled(POLISH, ("bobr", PrefilledFrom.SCHOOL_ABSENCE, "w1")),
        absent(POLISH, "bobr", AWAY),
    )


def test_only_a_trip_that_there_is_is_cancelled_with_a_reason() -> None:
    given(PAST).when(CANCEL, by=NOWAK).refused(NO_SUCH_SCHOOL_ABSENCE, "absence_id")
    given(PAST, OF_4A).when(replace(CANCEL, pupils=("zajac",)), by=NOWAK).refused(
        NO_SUCH_SCHOOL_ABSENCE, "pupils[0]"
    )
    given(PAST, OF_4A).when(replace(CANCEL, reason=""), by=NOWAK).refused(REASON_MISSING, "reason")
    given(PAST, OF_4B).when(replace(CANCEL, class_id="4b"), by=NOWAK).refused(NOT_YOUR_CLASS, "class_id")


GRANT = GrantExemption(
    exemption_id="x1",
    class_id="4a",
    pupil_id="cma",
    subject_id="pol",
    since=TUESDAY,
    until=THURSDAY,
    mode=ExemptionMode.RELEASED,
    basis="decyzja dyrektora 12/2026",
)
EXEMPT_FACT = ExemptionGranted(
    exemption_id="x1",
    class_id="4a",
    pupil_id="cma",
    subject_id="pol",
    since=TUESDAY,
    until=THURSDAY,
    mode=ExemptionMode.RELEASED,
    basis="decyzja dyrektora 12/2026",
)
EXEMPT = of_4a(EXEMPT_FACT)


def test_an_exemption_is_granted_by_director_and_homeroom_teacher() -> None:
    given(PAST).when(GRANT, by=DIRECTOR).then(EXEMPT)
    given(PAST).when(GRANT, by=NOWAK).then(EXEMPT)
    given(PAST, EXEMPT).when(GRANT, by=NOWAK).nothing()
    given(PAST, EXEMPT).when(replace(GRANT, basis="inna"), by=NOWAK).refused(ID_TAKEN, "exemption_id")
    given(PAST).when(GRANT, by=LIS).refused(NOT_YOURS_TO_DECIDE, "class_id")
    given(PAST).when(GRANT, by=PUPIL).refused(NOT_YOURS_TO_DO)


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"until": date(2026, 10, 12)}, DATES_REVERSED, "since"),
        ({"until": date(2027, 9, 1)}, OUTSIDE_YEAR, "until"),
        ({"subject_id": "chess"}, NO_SUCH_SUBJECT, "subject_id"),
        ({"pupil_id": "zajac"}, NOT_ENROLLED, "pupil_id"),
        ({"class_id": "ethics"}, NO_SUCH_CLASS, "class_id"),
        ({"basis": " "}, TEXT_MISSING, "basis"),
    ],
)
def test_an_exemption_is_sound(change: dict[str, object], reason: object, field: str) -> None:
    given(PAST).when(replace(GRANT, **change), by=DIRECTOR).refused(reason, field)  # type: ignore[arg-type]


def test_exemptions_from_a_subject_do_not_overlap() -> None:
    again = replace(GRANT, exemption_id="x2", since=THURSDAY, until=THURSDAY)
    given(PAST, EXEMPT).when(again, by=NOWAK).refused(
        EXEMPTION_OVERLAPS, "since", since=TUESDAY, until=THURSDAY
    )
    for other in (replace(again, subject_id="en"), replace(again, pupil_id="bobr")):
        assert not isinstance(given(PAST, EXEMPT).when(other, by=NOWAK).decision, Refusal)
    shortened = of_4a(
        ExemptionEnded(exemption_id="x1", pupil_id="cma", until=WEDNESDAY, reason="wyzdrowiała")
    )
    assert not isinstance(given(PAST, EXEMPT, shortened).when(again, by=NOWAK).decision, Refusal)


END = EndExemption(class_id="4a", exemption_id="x1", until=WEDNESDAY, reason="wyzdrowiała")


def test_an_exemption_ends_earlier_and_never_later() -> None:
    ended = of_4a(ExemptionEnded(exemption_id="x1", pupil_id="cma", until=WEDNESDAY, reason="wyzdrowiała"))
    given(PAST, EXEMPT).when(END, by=NOWAK).then(ended)
    given(PAST, EXEMPT, ended).when(END, by=NOWAK).nothing()
    for day in (date(2026, 10, 12), date(2026, 10, 16)):
        given(PAST, EXEMPT).when(replace(END, until=day), by=NOWAK).refused(
            EXEMPTION_ENDS, "until", since=TUESDAY, until=THURSDAY
        )
    given(PAST, EXEMPT).when(replace(END, reason=""), by=NOWAK).refused(REASON_MISSING, "reason")
    given(PAST, EXEMPT).when(END, by=LIS).refused(NOT_YOURS_TO_DECIDE, "class_id")
    given(PAST).when(END, by=NOWAK).refused(NO_SUCH_EXEMPTION, "exemption_id")


def test_who_is_exempt_is_released_not_asked_or_stays() -> None:
    filled = prefilled(POLISH, ("cma", PrefilledFrom.EXEMPTION, "x1"))
    given(PAST, EXEMPT).when(CALL, by=NOWAK).then(ALL_CALLED, filled, released(POLISH, "cma"))
    not_asked = of_4a(replace(EXEMPT_FACT, mode=ExemptionMode.NOT_ASKED))
    given(PAST, not_asked).when(CALL, by=NOWAK).then(called(POLISH, "bobr"))
    given(PAST, not_asked, called(POLISH, "bobr")).when(CALL, by=NOWAK).nothing()
    stays = of_4a(replace(EXEMPT_FACT, mode=ExemptionMode.STAYS))
    given(PAST, stays).when(CALL, by=NOWAK).then(ALL_CALLED)
    other_subject = of_4a(replace(EXEMPT_FACT, subject_id="en"))
    given(PAST, other_subject).when(CALL, by=NOWAK).then(ALL_CALLED)
    over = of_4a(replace(EXEMPT_FACT, until=TUESDAY))
    given(PAST, over).when(CALL, by=NOWAK).then(ALL_CALLED)


def test_what_is_known_of_a_pupil_goes_along_into_another_class() -> None:
    """Zając came from 4b to 4a on Tuesday; 4b knows of an exemption, 4a does not."""
    moved = (
        at(streams.unit("4b"), PupilLeft(class_id="4b", pupil_id="zajac", until=date(2026, 10, 12))),
        at(
            streams.unit("4a"),
            ClassChanged(
                pupil_id="zajac", from_class_id="4b", to_class_id="4a", on=TUESDAY, reason="przeprowadzka"
            ),
        ),
        enrolled("4a", "zajac", 3, TUESDAY),
    )
    exempt = of_4b(replace(EXEMPT_FACT, class_id="4b", pupil_id="zajac"))
    everyone = called(POLISH, "cma", "bobr", "zajac")
    given(PAST, moved, exempt).when(CALL, by=NOWAK).then(
        everyone, prefilled(POLISH, ("zajac", PrefilledFrom.EXEMPTION, "x1")), released(POLISH, "zajac")
    )
    given(PAST, moved).when(CALL, by=NOWAK).then(everyone)


def test_who_need_not_be_there_is_asked_when_marked_or_named() -> None:
    not_asked = of_4a(replace(EXEMPT_FACT, mode=ExemptionMode.NOT_ASKED))
    here = replace(CALL, marks=(RollMark(pupil_id="cma", type_id="present"),))
    given(PAST, not_asked).when(here, by=NOWAK).then(ALL_CALLED)
    named = replace(CALL, pupils=("cma", "bobr"))
    given(PAST, not_asked).when(named, by=NOWAK).then(ALL_CALLED)


def test_the_narrowest_counts() -> None:
    filled = prefilled(
        POLISH, ("cma", PrefilledFrom.EXEMPTION, "x1"), ("bobr", PrefilledFrom.SCHOOL_ABSENCE, "w1")
    )
    given(PAST, ANNOUNCED, OF_4A, EXEMPT).when(CALL, by=NOWAK).then(
        ALL_CALLED, filled, released(POLISH, "cma"), absent(POLISH, "bobr", AWAY)
    )


def test_another_lesson_and_another_class_are_not_prefilled() -> None:
    given(PAST, EXEMPT, ANNOUNCED).when(replace(CALL, lesson_id=ENGLISH), by=LIS).then(
        called(ENGLISH, "bobr")
    )
    tuesday = of_4a(replace(ANNOUNCED_FACT, scope=AbsenceScope(starts=TUESDAY, ends=TUESDAY)))
    given(PAST, tuesday).when(replace(CALL, lesson_id=POLISH_2), by=NOWAK).then(
        called(POLISH_2, "cma", "bobr")
    )


def test_the_usual_rules_never_change_because_years_without_rules_of_their_own_live_by_them() -> None:
    digest = sha256(msgspec.json.encode(USUAL_ABSENCES)).hexdigest()
    assert digest[:16] == "53c473a098b21fc5"


SET = SetAbsenceRules(year_id="y2026", rules=replace(USUAL_ABSENCES, excuse_within_days=7))


def test_the_director_sets_the_years_rules() -> None:
    given(PAST).when(SET).then(rules(SET.rules))
    given(PAST, rules(SET.rules)).when(SET).nothing()
    given(PAST).when(SET, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given(PAST).when(replace(SET, year_id="y1999")).refused(NO_SUCH_YEAR, "year_id")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (AbsenceRules(excuse_within_days=-1), "rules.excuse_within_days"),
        (AbsenceRules(excuse_within_days=367), "rules.excuse_within_days"),
        (AbsenceRules(missed_in_a_row=0), "rules.missed_in_a_row"),
        (AbsenceRules(hours_not_excused=0), "rules.hours_not_excused"),
        (AbsenceRules(presence_after=0), "rules.presence_after"),
        (AbsenceRules(least_presence=Decimal(0)), "rules.least_presence"),
        (AbsenceRules(least_presence=Decimal(101)), "rules.least_presence"),
        (AbsenceRules(announced_as=AttendanceKind.PRESENT), "rules.announced_as"),
    ],
)
def test_rules_are_sound(wrong: AbsenceRules, field: str) -> None:
    given(PAST).when(replace(SET, rules=wrong)).refused(RULES_UNSOUND, field)


def without(kind: AttendanceKind) -> Entry:
    """The school has no attendance type of that kind."""
    types = tuple([each for each in USUAL_ATTENDANCE.types if each.kind is not kind])
    fact = AttendanceRulesSet(year_id="y2026", rules=replace(USUAL_ATTENDANCE, types=types))
    return at(streams.SCHOOL, fact)


@pytest.mark.parametrize(
    ("command", "kind", "field"),
    [
        (replace(SET, rules=AbsenceRules(announced_as=EXCUSED)), EXCUSED, "rules.announced_as"),
        (GRANT, RELEASED, "mode"),
        (ARRANGE, AWAY, "away_for"),
    ],
)
def test_what_is_to_be_marked_has_a_type(command: Command, kind: AttendanceKind, field: str) -> None:
    given(PAST, without(kind)).when(command).refused(NO_TYPE_OF_KIND, field, kind=kind.value)
