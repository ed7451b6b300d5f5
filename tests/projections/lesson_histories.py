"""What may happen to curriculum plans and lessons, for random years: each chance is one thing."""

from __future__ import annotations

from msgspec.structs import replace

from dziennik.contracts import curriculum, lessons, streams
from dziennik.contracts.curriculum import FromPlan, PlanItem
from dziennik.contracts.facts import Fact

UNITS = ("A", "B", "G")


def items(*numbers: int) -> tuple[PlanItem, ...]:
    """Items that bear these numbers as ids."""
    return tuple([PlanItem(item_id=str(n), topic=f"Temat {n}", hours=1 + n % 3) for n in numbers])


def varied(held: lessons.LessonHeld, chance: int) -> lessons.LessonHeld:
    """The same lesson, about items of a plan, with a co-teacher, in a room, as part of something."""
    there = lessons.LessonRef(unit_id="B", lesson_id=held.lesson_id.replace("-A", "-B"))
    return replace(
        held,
        topic=None if chance % 5 == 0 else held.topic,
        plan=FromPlan(plan_id="rm0", items=("1", "2")[: 1 + chance % 2]) if chance % 3 else None,
        co_teachers=("lis",) if chance % 4 == 0 else (),
        room="12" if chance % 3 == 0 else None,
        continues=held.lesson_id if chance % 7 == 0 else None,
        together=(there,) if chance % 6 == 0 else (),
    )


def changes(lesson: lessons.LessonHeld, chance: int) -> tuple[Fact, ...]:
    """What becomes of a lesson that was held: another topic, another teacher, a signature."""
    signed = lessons.LessonSigned(lesson_id=lesson.lesson_id, teacher_id=("nowak", "lis")[chance % 2])
    named = FromPlan(plan_id="rm0", items=("3",)) if chance % 2 else None
    topic: Fact = lessons.TopicCorrected(
        lesson_id=lesson.lesson_id, was="Ułamki", topic=f"Temat {chance}", reason="literówka", plan=named
    )
    if chance % 3 == 0:
        topic = lessons.TopicRecorded(lesson_id=lesson.lesson_id, topic=f"Temat {chance}", plan=named)
    if chance % 4 == 1 and "lis" not in lesson.co_teachers:
        return lessons.CoTeacherRecorded(lesson_id=lesson.lesson_id, teacher_id="lis"), topic, signed
    return topic, signed


class CurriculumYear:
    """The plans of a random year: which there are, and which assignments follow one."""

    def __init__(self) -> None:
        self._plans: list[str] = []
        self._followed: dict[str, str] = {}

    def happens(self, chance: int) -> list[tuple[str, Fact]]:
        """The facts of one step, each with its stream."""
        steps = (self._draw_up, self._assign, self._revise, self._assign, self._rename, self._end)
        if not self._plans:
            return self._draw_up(chance)
        return steps[chance % len(steps)](chance // len(steps))

    def _draw_up(self, chance: int) -> list[tuple[str, Fact]]:
        plan_id = f"rm{len(self._plans)}"
        drawn = curriculum.PlanDrawnUp(
            plan_id=plan_id,
            year_id="YX"[chance % 2],
            subject_id=("mat", "pol")[chance // 2 % 2],
            name=f"Rozkład {chance}",
            items=items(1, 2, 3),
            copied_from=self._plans[-1] if self._plans else None,
        )
        self._plans.append(plan_id)
        return [(streams.curriculum_plan(plan_id), drawn)]

    def _some(self, chance: int) -> str:
        return self._plans[chance % len(self._plans)]

    def _assign(self, chance: int) -> list[tuple[str, Fact]]:
        unit, plan_id = UNITS[chance % 3], self._some(chance // 3)
        assignment = {"G": "eng-G"}.get(unit, f"mat-{unit}")
        self._followed[assignment] = plan_id
        fact = curriculum.PlanAssigned(unit_id=unit, assignment_id=assignment, plan_id=plan_id)
        return [(streams.unit_curriculum(unit), fact)]

    def _revise(self, chance: int) -> list[tuple[str, Fact]]:
        plan_id = self._some(chance)
        kept = items(*([2, 1], [3, 4], [1, 2, 3, 5])[chance % 3])
        return [
            (
                streams.curriculum_plan(plan_id),
                curriculum.PlanRevised(plan_id=plan_id, year_id="Y", items=kept),
            )
        ]

    def _rename(self, chance: int) -> list[tuple[str, Fact]]:
        plan_id = self._some(chance)
        fact = curriculum.PlanRenamed(plan_id=plan_id, year_id="Y", name=f"Inny {chance}", level=chance % 8)
        return [(streams.curriculum_plan(plan_id), fact)]

    def _end(self, chance: int) -> list[tuple[str, Fact]]:
        if chance % 2 and self._followed:
            assignment = sorted(self._followed)[chance % len(self._followed)]
            unit = assignment.rpartition("-")[2]
            away = curriculum.PlanTakenAway(
                unit_id=unit,
                assignment_id=assignment,
                plan_id=self._followed.pop(assignment),
                reason="pomyłka",
            )
            return [(streams.unit_curriculum(unit), away)]
        plan_id = self._some(chance)
        gone = curriculum.PlanWithdrawn(plan_id=plan_id, year_id="Y", reason="nowa podstawa")
        return [(streams.curriculum_plan(plan_id), gone)]
