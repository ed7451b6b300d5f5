"""What may be decided about the school itself: its years, terms, subjects and dated rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from dziennik.contracts import school as said
from dziennik.contracts import streams
from dziennik.contracts.absences import AbsenceRules, AbsenceRulesSet
from dziennik.contracts.behaviour import BehaviourRules, BehaviourRulesSet
from dziennik.contracts.classification import ClassificationRules, ClassificationRulesSet
from dziennik.contracts.commands import CHANGED_SINCE
from dziennik.contracts.descriptive import DescriptiveRules, DescriptiveRulesSet
from dziennik.contracts.facts import Fact
from dziennik.contracts.movement import MovementRules, MovementRulesSet
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.staff import StaffRules, StaffRulesSet
from dziennik.contracts.values import AttendanceRules, GradingRules, LessonPeriod, Term
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.policies.defaults import (
    USUAL_ATTENDANCE,
    USUAL_CLASSIFICATION,
    USUAL_GRADING,
    USUAL_MOVEMENT,
)
from dziennik.domain.policies.soundness import fault_in_attendance, fault_in_grading, fault_in_periods
from dziennik.domain.policies.usual_absences import USUAL_ABSENCES
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from dziennik.domain.policies.usual_descriptive import USUAL_DESCRIPTIVE
from dziennik.domain.policies.usual_staff import USUAL_STAFF
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """A school year; the `..._version` count how often its rules were set."""

    year_id: str
    name: str
    starts: date
    ends: date
    terms: tuple[Term, ...] = ()
    periods: tuple[LessonPeriod, ...] = ()
    grading: GradingRules = USUAL_GRADING
    grading_version: int = 0
    attendance: AttendanceRules = USUAL_ATTENDANCE
    attendance_version: int = 0
    classification: ClassificationRules = USUAL_CLASSIFICATION
    classification_version: int = 0
    behaviour: BehaviourRules = USUAL_BEHAVIOUR
    behaviour_version: int = 0
    staff: StaffRules = USUAL_STAFF
    staff_version: int = 0
    descriptive: DescriptiveRules = USUAL_DESCRIPTIVE
    descriptive_version: int = 0
    absences: AbsenceRules = USUAL_ABSENCES
    absences_version: int = 0
    movement: MovementRules = USUAL_MOVEMENT
    movement_version: int = 0
    closed_on: date | None = None

    def term_on(self, day: date) -> Term | None:
        """The term that the day belongs to."""
        return next((term for term in self.terms if term.starts <= day <= term.ends), None)


class School(msgspec.Struct, frozen=True, kw_only=True):
    """The school as decisions need it; `name` is None until it is founded."""

    name: str | None = None
    short_name: str = ""
    years: Mapping[str, Year] = {}
    subjects: Mapping[str, tuple[str, str]] = {}


evolve: Evolution[School] = Evolution()
SCHOOL: Stream[School] = Stream(streams.SCHOOL, School(), evolve)


@evolve.on(said.SchoolFounded)
def _founded(state: School, fact: said.SchoolFounded) -> School:
    return replace(state, name=fact.name, short_name=fact.short_name)


@evolve.on(said.SchoolRenamed)
def _renamed(state: School, fact: said.SchoolRenamed) -> School:
    return replace(state, name=fact.name, short_name=fact.short_name)


@evolve.on(said.SchoolYearOpened)
def _opened(state: School, fact: said.SchoolYearOpened) -> School:
    year = Year(year_id=fact.year_id, name=fact.name, starts=fact.starts, ends=fact.ends)
    return replace(state, years=put(state.years, fact.year_id, year))


@evolve.on(said.TermsSet)
def _terms_set(state: School, fact: said.TermsSet) -> School:
    return _with(state, replace(state.years[fact.year_id], terms=fact.terms))


@evolve.on(said.LessonPeriodsSet)
def _periods_set(state: School, fact: said.LessonPeriodsSet) -> School:
    return _with(state, replace(state.years[fact.year_id], periods=fact.periods))


@evolve.on(said.GradingRulesSet)
def _grading_set(state: School, fact: said.GradingRulesSet) -> School:
    year = state.years[fact.year_id]
    return _with(state, replace(year, grading=fact.rules, grading_version=year.grading_version + 1))


@evolve.on(said.AttendanceRulesSet)
def _attendance_set(state: School, fact: said.AttendanceRulesSet) -> School:
    year = state.years[fact.year_id]
    return _with(state, replace(year, attendance=fact.rules, attendance_version=year.attendance_version + 1))


@evolve.on(ClassificationRulesSet)
def _classification_set(state: School, fact: ClassificationRulesSet) -> School:
    year = state.years[fact.year_id]
    version = year.classification_version + 1
    return _with(state, replace(year, classification=fact.rules, classification_version=version))


@evolve.on(BehaviourRulesSet)
def _behaviour_set(state: School, fact: BehaviourRulesSet) -> School:
    year = state.years[fact.year_id]
    return _with(state, replace(year, behaviour=fact.rules, behaviour_version=year.behaviour_version + 1))


@evolve.on(StaffRulesSet)
def _staff_set(state: School, fact: StaffRulesSet) -> School:
    year = state.years[fact.year_id]
    return _with(state, replace(year, staff=fact.rules, staff_version=year.staff_version + 1))


@evolve.on(MovementRulesSet)
def _movement_set(state: School, fact: MovementRulesSet) -> School:
    year = state.years[fact.year_id]
    return _with(state, replace(year, movement=fact.rules, movement_version=year.movement_version + 1))


@evolve.on(AbsenceRulesSet)
def _absences_set(state: School, fact: AbsenceRulesSet) -> School:
    year = state.years[fact.year_id]
    return _with(state, replace(year, absences=fact.rules, absences_version=year.absences_version + 1))


@evolve.on(DescriptiveRulesSet)
def _descriptive_set(state: School, fact: DescriptiveRulesSet) -> School:
    year = state.years[fact.year_id]
    version = year.descriptive_version + 1
    return _with(state, replace(year, descriptive=fact.rules, descriptive_version=version))


@evolve.on(said.SchoolYearClosed)
def _year_closed(state: School, fact: said.SchoolYearClosed) -> School:
    return _with(state, replace(state.years[fact.year_id], closed_on=fact.on))


@evolve.on(said.SubjectIntroduced)
def _introduced(state: School, fact: said.SubjectIntroduced) -> School:
    return replace(state, subjects=put(state.subjects, fact.subject_id, (fact.name, fact.short_name)))


@evolve.on(said.SubjectRenamed)
def _subject_renamed(state: School, fact: said.SubjectRenamed) -> School:
    return replace(state, subjects=put(state.subjects, fact.subject_id, (fact.name, fact.short_name)))


def _with(state: School, year: Year) -> School:
    return replace(state, years=put(state.years, year.year_id, year))


def _entries(*facts: Fact) -> list[Entry]:
    return [Entry(streams.SCHOOL, fact) for fact in facts]


def year_of(world: World, year_id: str) -> Year | Refusal:
    """The year, or why there is none."""
    school = world[SCHOOL]
    if school.name is None:
        return said.NOT_FOUNDED()
    return school.years.get(year_id) or said.NO_SUCH_YEAR(year=year_id, field="year_id")


@decides(said.FoundSchool, by=OFFICE)
def _found(world: World, command: said.FoundSchool, _: Asked) -> Decision:
    school = world[SCHOOL]
    if school.name is None:
        return _entries(said.SchoolFounded(**msgspec.structs.asdict(command)))
    if (school.name, school.short_name) == (command.name, command.short_name):
        return []
    return said.ALREADY_FOUNDED(name=school.name, field="name")


@decides(said.RenameSchool, by=OFFICE)
def _rename(world: World, command: said.RenameSchool, _: Asked) -> Decision:
    school = world[SCHOOL]
    if school.name is None:
        return said.NOT_FOUNDED()
    if (school.name, school.short_name) == (command.name, command.short_name):
        return []
    return _entries(said.SchoolRenamed(name=command.name, short_name=command.short_name))


def fault_in_terms(terms: Sequence[Term], starts: date, ends: date) -> Refusal | None:
    """Terms lie in the year, one after the other, each under an id of its own."""
    for place, term in enumerate(terms):
        if term.starts > term.ends:
            at = f"terms[{place}].starts"
            return said.DATES_REVERSED(starts=term.starts, ends=term.ends, field=at)
        if term.starts < starts or term.ends > ends:
            return said.TERM_OUTSIDE_YEAR(term=term.name, field=f"terms[{place}]")
    for first, second in pairwise(sorted(terms, key=lambda term: term.starts)):
        if second.starts <= first.ends:
            return said.TERMS_OVERLAP(first=first.name, second=second.name, field="terms")
    if len({term.term_id for term in terms}) < len(terms):
        return said.RULES_UNSOUND(what="term_id", field="terms")
    return None


@decides(said.SetTerms, by=OFFICE)
def _set_terms(world: World, command: said.SetTerms, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.terms == command.terms:
        return []
    fault = fault_in_terms(command.terms, year.starts, year.ends)
    if fault is None and command.seen not in (None, year.terms):
        return _changed("terms", command.seen or (), year.terms)
    return fault or _entries(said.TermsSet(year_id=year.year_id, terms=command.terms))


@decides(said.SetLessonPeriods, by=OFFICE)
def _set_periods(world: World, command: said.SetLessonPeriods, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.periods == command.periods:
        return []
    fault = fault_in_periods(command.periods)
    if fault is None and command.seen not in (None, year.periods):
        return _changed("periods", command.seen or (), year.periods)
    return fault or _entries(said.LessonPeriodsSet(year_id=year.year_id, periods=command.periods))


def _changed(
    what: str, seen: tuple[Term | LessonPeriod, ...], now: tuple[Term | LessonPeriod, ...]
) -> Refusal:
    """Somebody else set other ones meanwhile (ADR 0086)."""
    texts = (", ".join(map(_told, parts)) for parts in (seen, now))
    changed = CHANGED_SINCE(seen=next(texts), now=next(texts), field="seen")
    return beside(changed, streams.SCHOOL, what, str(now))


def _told(part: Term | LessonPeriod) -> str:
    """ "I okres 2026-09-01-2027-01-31", "3 09:50-10:35"."""
    return f"{part.name if isinstance(part, Term) else part.number} {part.starts}-{part.ends}"


@decides(said.IntroduceSubject, by=OFFICE)
def _introduce(world: World, command: said.IntroduceSubject, _: Asked) -> Decision:
    school = world[SCHOOL]
    if school.name is None:
        return said.NOT_FOUNDED()
    known = school.subjects.get(command.subject_id)
    if known:
        same = known == (command.name, command.short_name)
        return [] if same else said.SUBJECT_EXISTS(name=known[0], field="subject_id")
    return _entries(said.SubjectIntroduced(**msgspec.structs.asdict(command)))


@decides(said.RenameSubject, by=OFFICE)
def _rename_subject(world: World, command: said.RenameSubject, _: Asked) -> Decision:
    known = world[SCHOOL].subjects.get(command.subject_id)
    if known is None:
        return said.NO_SUCH_SUBJECT(subject=command.subject_id, field="subject_id")
    if known == (command.name, command.short_name):
        return []
    return _entries(said.SubjectRenamed(**msgspec.structs.asdict(command)))


@decides(said.SetGradingRules, by=DIRECTOR)
def _set_grading(world: World, command: said.SetGradingRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.grading == command.rules:
        return []
    fault = fault_in_grading(command.rules, "rules")
    return fault or _entries(said.GradingRulesSet(year_id=year.year_id, rules=command.rules))


@decides(said.SetAttendanceRules, by=DIRECTOR)
def _set_attendance(world: World, command: said.SetAttendanceRules, _: Asked) -> Decision:
    year = year_of(world, command.year_id)
    if isinstance(year, Refusal):
        return year
    if year.attendance == command.rules:
        return []
    fault = fault_in_attendance(command.rules, "rules")
    return fault or _entries(said.AttendanceRulesSet(year_id=year.year_id, rules=command.rules))
