"""A year is opened from the one before: rules, classes, groups, teaching and timetables are carried over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import classification as said
from dziennik.contracts import streams
from dziennik.contracts.absences import AbsenceRulesSet
from dziennik.contracts.behaviour import BehaviourRulesSet
from dziennik.contracts.calendar import CalendarRules, CalendarRulesSet
from dziennik.contracts.classes import (
    GROUP_EXISTS,
    NO_SUCH_CLASS,
    ClassOpened,
    GroupFormed,
    HomeroomTeacherAppointed,
    InterclassGroupFormed,
    PupilEnrolled,
    PupilJoinedGroup,
    TeachingAssigned,
    TimetableSet,
)
from dziennik.contracts.classification import (
    CarryOverGroup,
    ClassificationRulesSet,
    Outcome,
    PromoteClass,
    PromotionDecided,
    carried_id,
)
from dziennik.contracts.descriptive import DescriptiveRulesSet
from dziennik.contracts.earlier_grades import EarlierGradesRule, RuleSet
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.movement import MovementRules, MovementRulesSet
from dziennik.contracts.people import RoleLeft
from dziennik.contracts.school import NO_SUCH_YEAR, OpenSchoolYear, SchoolYearOpened
from dziennik.contracts.staff import StaffRulesSet
from dziennik.contracts.values import Term, TimetableSlot
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION
from dziennik.domain.policies.usual_absences import USUAL_ABSENCES
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from dziennik.domain.policies.usual_descriptive import USUAL_DESCRIPTIVE
from dziennik.domain.policies.usual_staff import USUAL_STAFF
from dziennik.domain.rulebook import decide
from dziennik.domain.world import Asked, Entry, Past
from tests.domain.register import (
    AUGUST,
    JUNE,
    NEXT_YEAR,
    OFFICE,
    REGISTER,
    SCHOOL,
    SEPTEMBER,
)
from tests.domain.sentence import at, given

NEXT = at(
    streams.SCHOOL,
    SchoolYearOpened(year_id="y2027", name="2027/2028", starts=NEXT_YEAR, ends=date(2028, 8, 31)),
)
SLOTS = (
    TimetableSlot(weekday=1, period=1, assignment_id="pol-4a", room="12"),
    TimetableSlot(weekday=2, period=3, assignment_id="en-4a"),
)
TIMETABLE = at(streams.unit("4a"), TimetableSet(unit_id="4a", valid_from=SEPTEMBER, slots=SLOTS))


def decided(class_id: str, pupil_id: str, outcome: Outcome = Outcome.PROMOTED) -> Entry:
    fact = PromotionDecided(
        class_id=class_id, pupil_id=pupil_id, outcome=outcome, rule_version=0, average=Decimal(4)
    )
    return at(streams.classification(class_id), fact)


PAST = (
    *REGISTER,
    TIMETABLE,
    decided("4a", "cma"),
    decided("4a", "bobr"),
    decided("4b", "zajac"),
    NEXT,
)
PROMOTE = PromoteClass(from_class_id="4a", class_id="5a", year_id="y2027", name="5a")
BARE = (
    at(streams.unit("5a"), ClassOpened(class_id="5a", year_id="y2027", name="5a", level=5)),
    at(streams.unit("5a"), HomeroomTeacherAppointed(class_id="5a", teacher_id="nowak", since=NEXT_YEAR)),
)


def in_5a(*facts: Fact) -> list[Entry]:
    return [at(streams.unit("5a"), fact) for fact in facts]


def enrolled(*pupils: str) -> list[Entry]:
    return in_5a(
        *[
            PupilEnrolled(class_id="5a", pupil_id=pupil, since=NEXT_YEAR, number=number)
            for number, pupil in enumerate(pupils, 1)
        ]
    )


def test_the_register_may_be_numbered_anew_by_the_polish_alphabet() -> None:
    # Ćma had number 1 and Bóbr number 2: B comes before Ć.
    given(PAST).when(replace(PROMOTE, by_name=True), by=OFFICE, today=AUGUST).then(
        *BARE, *enrolled("bobr", "cma")
    )


def test_groups_go_on_with_their_pupils() -> None:
    group = carried_id("5a", "group", 1)
    assert group == "5a.group-1"
    given(PAST).when(replace(PROMOTE, groups=True), by=OFFICE, today=AUGUST).then(
        *BARE,
        *enrolled("cma", "bobr"),
        *in_5a(
            GroupFormed(class_id="5a", group_id=group, name="angielski"),
            PupilJoinedGroup(group_id=group, class_id="5a", pupil_id="bobr", since=NEXT_YEAR),
        ),
    )


def test_a_group_called_after_its_class_follows_its_name_and_leaves_behind_who_repeats() -> None:
    named = at(streams.unit("4a"), GroupFormed(class_id="4a", group_id="4a-pe", name="4a chłopcy"))
    repeats = decided("4a", "bobr", Outcome.REPEATS)
    given(PAST, named, repeats).when(replace(PROMOTE, groups=True), by=OFFICE, today=AUGUST).then(
        *BARE,
        *enrolled("cma"),
        *in_5a(
            GroupFormed(class_id="5a", group_id="5a.group-1", name="angielski"),
            GroupFormed(class_id="5a", group_id="5a.group-2", name="5a chłopcy"),
        ),
    )


def assigned(place: int, subject: str, teacher: str, group: str | None = None) -> Fact:
    return TeachingAssigned(
        assignment_id=carried_id("5a", "teaching", place),
        unit_id="5a",
        subject_id=subject,
        teacher_id=teacher,
        since=NEXT_YEAR,
        group_id=group,
    )


def timetable(*slots: TimetableSlot) -> Fact:
    return TimetableSet(unit_id="5a", valid_from=NEXT_YEAR, slots=slots)


def test_teaching_and_its_hours_go_on() -> None:
    whole = replace(PROMOTE, groups=True, teaching=True, timetable=True)
    given(PAST).when(whole, by=OFFICE, today=AUGUST).then(
        *BARE,
        *enrolled("cma", "bobr"),
        *in_5a(
            GroupFormed(class_id="5a", group_id="5a.group-1", name="angielski"),
            PupilJoinedGroup(group_id="5a.group-1", class_id="5a", pupil_id="bobr", since=NEXT_YEAR),
            assigned(1, "pol", "nowak"),
            assigned(2, "en", "lis", "5a.group-1"),
            timetable(
                replace(SLOTS[0], assignment_id="5a.teaching-1"),
                replace(SLOTS[1], assignment_id="5a.teaching-2"),
            ),
        ),
    )


def test_what_has_no_teacher_or_group_any_more_is_not_carried_over() -> None:
    wanted = replace(PROMOTE, teaching=True, timetable=True)
    monday = replace(SLOTS[0], assignment_id="5a.teaching-1")
    given(PAST).when(wanted, by=OFFICE, today=AUGUST).then(
        *BARE, *enrolled("cma", "bobr"), *in_5a(assigned(1, "pol", "nowak"), timetable(monday))
    )
    gone = at(streams.person("nowak"), RoleLeft(person_id="nowak", role=Role.TEACHER, until=AUGUST))
    given(PAST, gone).when(wanted, by=OFFICE, today=AUGUST).then(BARE[0], *enrolled("cma", "bobr"))
    given(PAST).when(replace(PROMOTE, timetable=True), by=OFFICE, today=AUGUST).then(
        *BARE, *enrolled("cma", "bobr")
    )


CARRY = CarryOverGroup(
    from_group_id="ethics", group_id="ethics5", year_id="y2027", name="Etyka", class_ids=("5a", "5b")
)


def opened(*commands: PromoteClass) -> list[Entry]:
    """What promoting these classes gives."""
    found: list[Entry] = []
    for command in commands:
        streams_: dict[str, list[Fact]] = {}
        for entry in (*PAST, *found):
            streams_.setdefault(entry.stream, []).append(entry.fact)
        decision = decide(Past(streams_), command, Asked(actor=OFFICE, at=None, today=AUGUST))  # type: ignore[arg-type]
        assert isinstance(decision, list)
        found += decision
    return found


BOTH = opened(PROMOTE, replace(PROMOTE, from_class_id="4b", class_id="5b", name="5b"))


def in_ethics(*facts: Fact) -> list[Entry]:
    return [at(streams.unit("ethics5"), fact) for fact in facts]


def test_an_interclass_group_is_formed_anew_with_who_is_there() -> None:
    formed = InterclassGroupFormed(group_id="ethics5", year_id="y2027", name="Etyka", class_ids=("5a", "5b"))
    joined = [
        PupilJoinedGroup(group_id="ethics5", class_id=class_id, pupil_id=pupil, since=NEXT_YEAR)
        for pupil, class_id in (("bobr", "5a"), ("zajac", "5b"))
    ]
    given(PAST, BOTH).when(CARRY, by=OFFICE, today=AUGUST).then(*in_ethics(formed, *joined))
    taught = TeachingAssigned(
        assignment_id="ethics5.teaching-1",
        unit_id="ethics5",
        subject_id="eth",
        teacher_id="lis",
        since=NEXT_YEAR,
        group_id="ethics5",
    )
    given(PAST, BOTH).when(replace(CARRY, teaching=True), by=OFFICE, today=AUGUST).then(
        *in_ethics(formed, *joined, taught)
    )


def test_an_interclass_group_is_carried_once_and_into_classes_of_the_year() -> None:
    wrong = replace(CARRY, class_ids=("5a", "4b"))
    given(PAST, BOTH).when(wrong, by=OFFICE, today=AUGUST).refused(NO_SUCH_CLASS, "class_ids[1]", unit="4b")
    given(PAST, BOTH).when(replace(CARRY, class_ids=()), by=OFFICE).refused(NO_SUCH_CLASS, "class_ids")
    given(PAST, BOTH).when(replace(CARRY, from_group_id="4a"), by=OFFICE).refused(
        NO_SUCH_CLASS, "from_group_id"
    )
    given(PAST, BOTH).when(replace(CARRY, year_id="y2026"), by=OFFICE).refused(
        said.NOT_THE_NEXT_YEAR, "year_id"
    )
    given(PAST, BOTH).when(replace(CARRY, year_id="y1999"), by=OFFICE).refused(NO_SUCH_YEAR, "year_id")
    given(PAST, BOTH).when(replace(CARRY, group_id="ethics"), by=OFFICE).refused(
        GROUP_EXISTS, "group_id", name="Etyka"
    )


OPEN = OpenSchoolYear(
    year_id="y2027",
    name="2027/2028",
    starts=NEXT_YEAR,
    ends=date(2028, 8, 31),
    terms=(Term(term_id="t3", name="I", starts=NEXT_YEAR, ends=date(2028, 1, 31)),),
)
HONOURS = replace(
    USUAL_CLASSIFICATION,
    honours_average=Decimal(5),
    due=(said.ProposalsDue(term_id=None, on=JUNE),),
)
OWN_RULES = (
    at(streams.SCHOOL, ClassificationRulesSet(year_id="y2026", rules=HONOURS)),
    at(streams.SCHOOL, BehaviourRulesSet(year_id="y2026", rules=replace(USUAL_BEHAVIOUR, start=150))),
    at(streams.SCHOOL, StaffRulesSet(year_id="y2026", rules=USUAL_STAFF)),
    at(streams.SCHOOL, DescriptiveRulesSet(year_id="y2026", rules=USUAL_DESCRIPTIVE)),
    at(streams.SCHOOL, AbsenceRulesSet(year_id="y2026", rules=USUAL_ABSENCES)),
    at(streams.SCHOOL, MovementRulesSet(year_id="y2026", rules=MovementRules(renumber_days=14))),
    at(
        streams.earlier_grades_rule("y2026"),
        RuleSet(year_id="y2026", rule=EarlierGradesRule(counted=False)),
    ),
    at(
        streams.school_calendar("y2026"),
        CalendarRulesSet(year_id="y2026", rules=CalendarRules(limits=())),
    ),
)


def opening_of(*past: Entry, command: OpenSchoolYear = OPEN) -> list[Fact]:
    """What opening the year records beyond the five things that every year has."""
    streams_: dict[str, list[Fact]] = {}
    for entry in past:
        streams_.setdefault(entry.stream, []).append(entry.fact)
    decision = decide(Past(streams_), command, Asked(actor=OFFICE, at=None, today=AUGUST))  # type: ignore[arg-type]
    assert isinstance(decision, list)
    return [entry.fact for entry in decision][5:]


def test_rules_that_the_director_had_set_are_taken_over_without_their_days() -> None:
    assert opening_of(*SCHOOL, *OWN_RULES) == [
        ClassificationRulesSet(year_id="y2027", rules=replace(HONOURS, due=())),
        BehaviourRulesSet(year_id="y2027", rules=replace(USUAL_BEHAVIOUR, start=150)),
        StaffRulesSet(year_id="y2027", rules=USUAL_STAFF),
        DescriptiveRulesSet(year_id="y2027", rules=USUAL_DESCRIPTIVE),
        AbsenceRulesSet(year_id="y2027", rules=USUAL_ABSENCES),
        MovementRulesSet(year_id="y2027", rules=MovementRules(renumber_days=14)),
        CalendarRulesSet(year_id="y2027", rules=CalendarRules(limits=())),
        RuleSet(year_id="y2027", rule=EarlierGradesRule(counted=False)),
    ]
    assert opening_of(*SCHOOL) == []


def test_rules_that_do_not_fit_the_new_terms_are_not_taken_over() -> None:
    two = replace(HONOURS, method=said.YearMethod.WEIGHTED_TERMS, term_weights=(Decimal(1), Decimal(2)))
    past = (*SCHOOL, at(streams.SCHOOL, ClassificationRulesSet(year_id="y2026", rules=two)))
    assert opening_of(*past) == []  # the new year has one term
