"""Rules of one year change no number of another, and a closed year's rules do not change at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dziennik.contracts import classes, school, streams
from dziennik.contracts.behaviour import BehaviourRulesSet
from dziennik.contracts.behaviour_commands import SetBehaviourRules
from dziennik.contracts.classification import (
    YEAR_CLOSED,
    ClassificationRulesSet,
    SetClassificationRules,
    YearMethod,
)
from dziennik.contracts.commands import Command
from dziennik.contracts.facts import Fact
from dziennik.contracts.staff import SetStaffRules, StaffRulesSet
from dziennik.contracts.values import RetakeRule, ScaleMark, Term
from dziennik.domain.policies.defaults import USUAL_ATTENDANCE, USUAL_CLASSIFICATION, USUAL_GRADING
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from dziennik.domain.policies.usual_staff import USUAL_STAFF
from dziennik.projections import attendance, behaviour, gradebook, staff_hours, year_results
from dziennik.projections.as_of import as_of
from dziennik.projections.models import MODELS
from dziennik.projections.rows import Span, View
from tests.domain.register import REGISTER
from tests.domain.sentence import at
from tests.domain.sentence import given as told
from tests.projections.histories import LAST_STEP, OFFICE, PUPILS, History, Year
from tests.projections.histories import given as grade
from tests.projections.listed import Listed

small = st.integers(1, 6).map(Decimal)
gradings = st.builds(
    lambda plus, remark, retakes, places: replace(
        USUAL_GRADING,
        plus=plus / 10,
        retakes=retakes,
        places=places,
        counted_remarks=(ScaleMark(mark="np", value=remark),),
    ),
    small,
    small,
    st.sampled_from(RetakeRule),
    st.integers(0, 4),
)
classifications = st.builds(
    lambda method, carried, risk: replace(
        USUAL_CLASSIFICATION,
        method=method,
        carried_weight=carried,
        at_risk_below=risk,
        term_weights=(carried,),
    ),
    st.sampled_from(YearMethod),
    small,
    small,
)
attendances = st.integers(0, 4).map(
    lambda places: replace(
        USUAL_ATTENDANCE, counted_present=USUAL_ATTENDANCE.counted_present[:1], places=places
    )
)
behaviours = st.integers(0, 200).map(lambda start: replace(USUAL_BEHAVIOUR, start=start))
staffs = small.map(lambda counts: replace(USUAL_STAFF, lesson_counts=counts, signed_only=False))


def setting(year_id: str) -> st.SearchStrategy[Fact]:
    """Any rules, set for the year."""
    return st.one_of(
        gradings.map(lambda rules: school.GradingRulesSet(year_id=year_id, rules=rules)),
        attendances.map(lambda rules: school.AttendanceRulesSet(year_id=year_id, rules=rules)),
        classifications.map(lambda rules: ClassificationRulesSet(year_id=year_id, rules=rules)),
        behaviours.map(lambda rules: BehaviourRulesSet(year_id=year_id, rules=rules)),
        staffs.map(lambda rules: StaffRulesSet(year_id=year_id, rules=rules)),
    )


def numbers(history: History) -> list[object]:
    """All that is reckoned about year Y, explanations and rule versions included."""
    journal = Listed("s", history.recorded)
    view: View = as_of(journal, MODELS, journal.position())
    found: list[object] = []
    for unit in "AB":
        rules = year_results.rules_of_class(view, unit)
        assert rules is not None
        found += year_results.results(gradebook.class_cells(view, unit), rules)
        found += gradebook.class_cells(view, unit)
        found += year_results.class_end(view, unit)
        for pupil in PUPILS[unit]:
            found.append(attendance.percentage(view, pupil, "Y"))
            row = behaviour.of_pupil(view, pupil, {unit})
            of_year = behaviour.rules_of(view, "Y")
            found.append(behaviour.points_of(row.notes, of_year, rules.terms, date(2027, 6, 25)))
    return [*found, *staff_hours.sums(view, "Y", Span(date(2026, 9, 1), date(2027, 8, 31)))]


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.integers(0, LAST_STEP), min_size=10, max_size=40),
    changes=st.lists(setting("Z"), min_size=1, max_size=5),
)
def test_rules_of_another_year_change_no_number_of_this_one(steps: list[int], changes: list[Fact]) -> None:
    history = Year().live(steps)
    term = Term(term_id="t1", name="I", starts=date(2026, 9, 1), ends=date(2027, 6, 25))
    history.tell(
        streams.SCHOOL,
        school.TermsSet(year_id="Y", terms=(term,)),
        school.SchoolYearOpened(
            year_id="Z", name="2027/2028", starts=date(2027, 9, 1), ends=date(2028, 8, 31)
        ),
        school.GradingRulesSet(year_id="Z", rules=USUAL_GRADING),
        school.AttendanceRulesSet(year_id="Z", rules=USUAL_ATTENDANCE),
        actor=OFFICE,
    )
    history.tell(streams.unit("N"), classes.ClassOpened(class_id="N", year_id="Z", name="5a", level=5))
    history.tell(*grade("next", "4+", unit="N"))
    before = numbers(history)
    assert before
    history.tell(streams.SCHOOL, *changes, actor=OFFICE)
    assert numbers(history) == before


def test_rules_of_this_year_do_change_its_numbers() -> None:
    """What the property above would look like if it did not hold."""
    history = Year().live([])
    history.tell(*grade("g1", "4+"))
    before = numbers(history)
    rules = replace(USUAL_GRADING, plus=Decimal("0.1"))
    history.tell(streams.SCHOOL, school.GradingRulesSet(year_id="Y", rules=rules), actor=OFFICE)
    assert numbers(history) != before


commands = st.one_of(
    gradings.map(lambda rules: school.SetGradingRules(year_id="y2026", rules=rules)),
    attendances.map(lambda rules: school.SetAttendanceRules(year_id="y2026", rules=rules)),
    classifications.filter(lambda rules: rules.method is not YearMethod.WEIGHTED_TERMS).map(
        lambda rules: SetClassificationRules(year_id="y2026", rules=rules)
    ),
    behaviours.map(lambda rules: SetBehaviourRules(year_id="y2026", rules=rules)),
    staffs.map(lambda rules: SetStaffRules(year_id="y2026", rules=rules)),
)


@settings(max_examples=50, deadline=None)
@given(command=commands)
def test_a_closed_years_rules_do_not_change(command: Command) -> None:
    closed = at(
        streams.SCHOOL,
        school.SchoolYearClosed(year_id="y2026", on=date(2027, 6, 30), class_ids=("4a", "4b")),
    )
    told(REGISTER, closed).when(command).refused(YEAR_CLOSED, "year_id", year="2026/2027")
