"""The rule for a new school year: its rules on record, those of the latest year where none are given."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dziennik.contracts import school as said
from dziennik.contracts import streams
from dziennik.contracts.absences import AbsenceRulesSet
from dziennik.contracts.behaviour import BehaviourRulesSet
from dziennik.contracts.calendar import CalendarRulesSet
from dziennik.contracts.classification import ClassificationRulesSet
from dziennik.contracts.descriptive import DescriptiveRulesSet
from dziennik.contracts.earlier_grades import RuleSet as EarlierGradesRuleSet
from dziennik.contracts.facts import Fact
from dziennik.contracts.movement import MovementRulesSet
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.staff import StaffRulesSet
from dziennik.contracts.values import GradingRules
from dziennik.domain.calendar_state import year_calendar
from dziennik.domain.earlier_grades import rule_of
from dziennik.domain.policies.defaults import USUAL_EARLIER_GRADES, USUAL_PERIODS
from dziennik.domain.policies.soundness import (
    fault_in_attendance,
    fault_in_classification,
    fault_in_grading,
    fault_in_periods,
)
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.school import SCHOOL, School, Year, fault_in_terms
from dziennik.domain.world import Asked, Decision, Entry, World

# A slip of the pen (2206 for 2026) would be planned for, day by day, ever after.
MOST_DAYS, FIRST, LAST = 400, 1900, 2199
BLANK = Year(year_id="", name="", starts=date.min, ends=date.min, periods=USUAL_PERIODS)


@decides(said.OpenSchoolYear, by=OFFICE)
def _open_year(world: World, command: said.OpenSchoolYear, _: Asked) -> Decision:
    school = world[SCHOOL]
    if school.name is None:
        return said.NOT_FOUNDED()
    known = school.years.get(command.year_id)
    if known:
        same = (known.name, known.starts, known.ends) == (command.name, command.starts, command.ends)
        return [] if same else said.YEAR_EXISTS(name=known.name, field="year_id")
    fault = _fault_in_year(school, command)
    if fault:
        return fault
    last = max(school.years.values(), key=lambda year: year.starts, default=BLANK)
    facts = [*_opening(last, command), *_taken_over(last, command)]
    of_school = [Entry(streams.SCHOOL, fact) for fact in facts]
    return [*of_school, *_elsewhere(world, last.year_id, command.year_id)] if last.year_id else of_school


def _fault_in_year(school: School, command: said.OpenSchoolYear) -> Refusal | None:
    if command.starts > command.ends:
        return said.DATES_REVERSED(starts=command.starts, ends=command.ends, field="starts")
    days = (command.ends - command.starts).days + 1
    if days > MOST_DAYS or not FIRST <= command.starts.year <= LAST:
        told = {"limit": MOST_DAYS, "first": FIRST, "last": LAST}
        return said.YEAR_UNSOUND(starts=command.starts, ends=command.ends, **told, field="ends")
    for year in school.years.values():
        if command.starts <= year.ends and year.starts <= command.ends:
            return said.YEARS_OVERLAP(name=year.name, field="starts")
    return (
        fault_in_terms(command.terms, command.starts, command.ends)
        or (fault_in_periods(command.periods) if command.periods else None)
        or (fault_in_grading(command.grading, "grading") if command.grading else None)
        or (fault_in_attendance(command.attendance, "attendance") if command.attendance else None)
    )


def _opening(last: Year, command: said.OpenSchoolYear) -> list[Fact]:
    """The year with what every year has: given rules, else the latest year's, else the usual."""
    year_id = command.year_id
    return [
        said.SchoolYearOpened(year_id=year_id, name=command.name, starts=command.starts, ends=command.ends),
        said.TermsSet(year_id=year_id, terms=command.terms),
        said.LessonPeriodsSet(year_id=year_id, periods=command.periods or last.periods),
        said.GradingRulesSet(year_id=year_id, rules=command.grading or last.grading),
        said.AttendanceRulesSet(year_id=year_id, rules=command.attendance or last.attendance),
    ]


def _taken_over(last: Year, command: said.OpenSchoolYear) -> list[Fact]:
    """Rules that the director had set beyond the usual ones.

    Days when grades are due are of their year. Rules of classification that do not fit the new scale or
    terms are not taken over: the usual ones hold until the director sets others.
    """
    year_id = command.year_id
    facts: list[Fact] = []
    if last.classification_version and not _misfit(last, command.grading or last.grading, command):
        facts.append(ClassificationRulesSet(year_id=year_id, rules=replace(last.classification, due=())))
    if last.behaviour_version:
        facts.append(BehaviourRulesSet(year_id=year_id, rules=last.behaviour))
    if last.staff_version:
        facts.append(StaffRulesSet(year_id=year_id, rules=last.staff))
    if last.descriptive_version:
        facts.append(DescriptiveRulesSet(year_id=year_id, rules=last.descriptive))
    if last.absences_version:
        facts.append(AbsenceRulesSet(year_id=year_id, rules=last.absences))
    if last.movement_version:
        facts.append(MovementRulesSet(year_id=year_id, rules=last.movement))
    return facts


def _misfit(last: Year, grading: GradingRules, command: said.OpenSchoolYear) -> bool:
    rules = replace(last.classification, due=())
    return fault_in_classification(rules, grading, [term.term_id for term in command.terms]) is not None


def _elsewhere(world: World, last_id: str, year_id: str) -> list[Entry]:
    """Rules set beyond the usual ones that stand in streams of their own."""
    entries: list[Entry] = []
    calendar = world[year_calendar(last_id)]
    if calendar.rules_version:
        fact = CalendarRulesSet(year_id=year_id, rules=calendar.rules)
        entries.append(Entry(streams.school_calendar(year_id), fact))
    earlier = world[rule_of(last_id)]
    if earlier != USUAL_EARLIER_GRADES:
        entries.append(Entry(rule_of(year_id).name, EarlierGradesRuleSet(year_id=year_id, rule=earlier)))
    return entries
