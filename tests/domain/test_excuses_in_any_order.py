"""Whatever comes first, an absence that an accepted excuse covers ends excused, and no other does.

Random days of Bóbr, who is in the class, its English group and ethics with 4b: rolls are called and carried
over, marks corrected, excuses accepted and rejected. A plain model says what he was at each lesson.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from dziennik.contracts.absence_commands import AcceptExcuse, RejectExcuse, SubmitExcuse
from dziennik.contracts.absences import AbsenceScope
from dziennik.contracts.attendance import CallRoll, CarryOverRoll, CorrectAttendance, RollMark
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import lesson_id
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import AttendanceKind
from dziennik.domain.lessons import lesson
from dziennik.domain.rulebook import decide
from dziennik.domain.world import Asked, Past
from tests.domain.absence_story import BOBR, OF_AGE, RIGHTS, UNITS, held
from tests.domain.register import REGISTER
from tests.domain.sentence import DIRECTOR, TODAY

DAYS = (date(2026, 10, 12), date(2026, 10, 13))
HOURS = {1: "pol-4a", 2: "en-4a", 3: "eth", 4: "pol-4a"}
KINDS = {
    "present": AttendanceKind.PRESENT,
    "absent": AttendanceKind.ABSENT,
    "late": AttendanceKind.LATE,
    "absent-excused": AttendanceKind.ABSENT_EXCUSED,
    "school-reason": AttendanceKind.SCHOOL_REASON,
}
EXCUSED = {
    AttendanceKind.ABSENT: AttendanceKind.ABSENT_EXCUSED,
    AttendanceKind.LATE: AttendanceKind.LATE_EXCUSED,
}
CAME = {AttendanceKind.LATE, AttendanceKind.LATE_EXCUSED}

Place = tuple[date, int]
PLACES = st.tuples(st.sampled_from(DAYS), st.sampled_from(sorted(HOURS)))
MARKS = st.sampled_from(sorted(KINDS))
SCOPES = st.tuples(
    st.sampled_from([DAYS, DAYS[:1], DAYS[1:]]), st.sets(st.sampled_from(sorted(HOURS)), max_size=2)
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("roll"), PLACES, MARKS),
        st.tuples(st.just("carry"), PLACES, MARKS),
        st.tuples(st.just("correct"), PLACES, MARKS),
        st.tuples(st.just("excuse"), SCOPES, st.sampled_from(["accept", "accept", "reject", "leave"])),
    ),
    max_size=20,
)


class Both:
    """The rules on their facts, and the plain model beside them."""

    def __init__(self) -> None:
        self.facts: defaultdict[str, list[Fact]] = defaultdict(list)
        lessons = [held(HOURS[hour], hour, day) for day in DAYS for hour in HOURS]
        for entry in (*REGISTER, RIGHTS, OF_AGE, *lessons):
            self.facts[entry.stream].append(entry.fact)
        self.kinds: dict[Place, AttendanceKind] = {}
        self.accepted: list[AbsenceScope] = []
        self.excuses = 0

    def roll(self, place: Place, type_id: str) -> None:
        mark = RollMark(pupil_id="bobr", type_id=type_id)
        call = CallRoll(unit_id=_unit(place), lesson_id=_lesson(place), marks=(mark,))
        if self._given(call) and place not in self.kinds:
            self.kinds[place] = self._seen(place, KINDS[type_id])

    def carry(self, place: Place, _: str) -> None:
        earlier = [hour for day, hour in self.kinds if day == place[0] and hour < place[1]]
        done = self._given(CarryOverRoll(unit_id=_unit(place), lesson_id=_lesson(place)))
        if done and place not in self.kinds:
            before = self.kinds[place[0], max(earlier)] if earlier else AttendanceKind.PRESENT
            self.kinds[place] = self._seen(place, AttendanceKind.PRESENT if before in CAME else before)

    def correct(self, place: Place, type_id: str) -> None:
        command = CorrectAttendance(
            unit_id=_unit(place), lesson_id=_lesson(place), pupil_id="bobr", type_id=type_id, reason="pomyłka"
        )
        if self._given(command):
            by_hand = self.kinds[place] in EXCUSED.values()  # who turns an excused mark means it
            self.kinds[place] = KINDS[type_id] if by_hand else self._seen(place, KINDS[type_id])

    def excuse(self, asked: tuple[tuple[date, ...], set[int]], outcome: str) -> None:
        days, hours = asked
        periods = tuple(sorted(hours)) if len(days) == 1 else ()
        scope = AbsenceScope(starts=days[0], ends=days[-1], periods=periods)
        self.excuses += 1
        key = f"e{self.excuses}"
        submit = SubmitExcuse(excuse_id=key, class_id="4a", pupil_id="bobr", scope=scope, text="chory")
        assert self._given(submit, BOBR)
        if outcome == "accept":
            assert self._given(AcceptExcuse(class_id="4a", excuse_id=key))
            self.accepted.append(scope)
            self.kinds = {
                place: EXCUSED.get(kind, kind) if scope.covers(*place) else kind
                for place, kind in self.kinds.items()
            }
        elif outcome == "reject":
            assert self._given(RejectExcuse(class_id="4a", excuse_id=key, reason="nie"))

    def recorded(self) -> dict[Place, AttendanceKind]:
        """What the facts say of each lesson whose roll was called."""
        world, found = Past(self.facts), {}
        for place in [(day, hour) for day in DAYS for hour in HOURS]:
            state = world[lesson(_unit(place), _lesson(place))]
            if state.asked is not None:
                found[place] = state.marks.get("bobr", (None, AttendanceKind.PRESENT, None))[1]
        return found

    def _seen(self, place: Place, kind: AttendanceKind) -> AttendanceKind:
        covered = any(scope.covers(*place) for scope in self.accepted)
        return EXCUSED.get(kind, kind) if covered else kind

    def _given(self, command: Command, by: Actor = DIRECTOR) -> bool:
        asked = Asked(actor=by, at=datetime(2026, 10, 15, 9, tzinfo=UTC), today=TODAY)
        decision = decide(Past(self.facts), command, asked)
        if isinstance(decision, Refusal):
            return False
        for entry in decision:
            self.facts[entry.stream].append(entry.fact)
        return True


def _lesson(place: Place) -> str:
    return lesson_id(*place, HOURS[place[1]])


def _unit(place: Place) -> str:
    return UNITS[HOURS[place[1]]]


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_facts_and_the_plain_model_agree(steps: list[tuple[str, object, str]]) -> None:
    both = Both()
    for what, where, how in steps:
        getattr(both, what)(where, how)
        assert both.recorded() == both.kinds


def test_the_steps_reach_what_they_are_about() -> None:
    both = Both()
    both.roll((DAYS[0], 1), "absent")
    both.carry((DAYS[0], 3), "")
    both.excuse((DAYS[:1], set()), "accept")
    both.roll((DAYS[0], 4), "late")
    both.correct((DAYS[0], 1), "absent")
    assert both.recorded() == both.kinds
    assert both.kinds == {
        (DAYS[0], 1): AttendanceKind.ABSENT,
        (DAYS[0], 3): AttendanceKind.ABSENT_EXCUSED,
        (DAYS[0], 4): AttendanceKind.LATE_EXCUSED,
    }
