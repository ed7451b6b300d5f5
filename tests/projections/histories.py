"""Facts for tests of read models: a small school told by hand, and random but possible years of it.

The school: year Y with classes A and B (two pupils each: Ada and Bo in A, Cy and Di in B), teachers Nowak
(mathematics in both, homeroom of A) and Lis (Polish in A), an interclass group G for English, Ada's parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import (
    attendance,
    classes,
    classification,
    disputes,
    finals,
    grades,
    lessons,
    people,
    school,
    streams,
)
from dziennik.contracts.envelope import Actor, Origin, Recorded, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.people import Guardianship
from dziennik.contracts.values import (
    AttendanceKind,
    AttendanceRules,
    AttendanceType,
    GradeCategory,
    GradeKind,
    GradingRules,
    ScaleMark,
    TimetableSlot,
)
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION
from tests.projections.absence_histories import miss
from tests.projections.archive_histories import archive
from tests.projections.behaviour_histories import behave
from tests.projections.board_histories import announce
from tests.projections.calendar_histories import CalendarYear
from tests.projections.card_histories import use_cards
from tests.projections.commerce_histories import trade
from tests.projections.descriptive_histories import assess
from tests.projections.lesson_histories import CurriculumYear, changes, varied
from tests.projections.letting_in_histories import let_in
from tests.projections.message_histories import write
from tests.projections.movement_histories import go
from tests.projections.register_histories import keep
from tests.projections.staff_histories import work

START = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
FIRST = date(2026, 9, 1)
NOWAK = Actor(account="acc-nowak", role=Role.TEACHER, person="nowak")
OFFICE = Actor(account="acc-office", role=Role.ADMINISTRATOR)

GRADING = GradingRules(
    scale=tuple([ScaleMark(mark=str(number), value=Decimal(number)) for number in range(1, 7)]),
    plus=Decimal("0.5"),
    minus=Decimal("-0.25"),
    remarks=("np", "bz"),
    categories=(
        GradeCategory(category_id="test", name="Sprawdzian", symbol="S", weight=Decimal(3)),
        GradeCategory(category_id="oral", name="Odpowiedź", symbol="O", weight=Decimal(1)),
    ),
)
OTHER_GRADING = GradingRules(
    scale=GRADING.scale,
    plus=Decimal("0.33"),
    minus=Decimal("-0.33"),
    remarks=GRADING.remarks,
    categories=GRADING.categories,
)
KINDS = (
    AttendanceKind.ABSENT,
    AttendanceKind.ABSENT_EXCUSED,
    AttendanceKind.LATE,
    AttendanceKind.SCHOOL_REASON,
    AttendanceKind.RELEASED,
)
ATTENDANCE = AttendanceRules(
    types=tuple(
        [
            AttendanceType(type_id=kind.value, symbol=kind.value[0], name=kind.value, kind=kind)
            for kind in KINDS
        ]
    ),
    counted_present=(
        AttendanceKind.PRESENT,
        AttendanceKind.LATE,
        AttendanceKind.LATE_EXCUSED,
        AttendanceKind.SCHOOL_REASON,
    ),
    left_out=(AttendanceKind.RELEASED,),
)
PUPILS = {"A": ("ada", "bo"), "B": ("cy", "di")}
NAMES = {
    "ada": ("Ada", "Żak"),
    "bo": ("Bo", "Łoś"),
    "cy": ("Cy", "Zając"),
    "di": ("Di", "Ćma"),
    "nowak": ("Jan", "Nowak"),
    "lis": ("Ewa", "Lis"),
    "parent": ("Ola", "Żak"),
}


class History:
    """Facts with positions, versions and times, as a journal would have recorded them."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self._versions: dict[str, int] = {}

    def tell(self, stream: str, *facts: Fact, actor: Actor = NOWAK) -> History:
        """Record facts; each a minute after the one before."""
        for fact in facts:
            position = len(self.recorded) + 1
            version = self._versions[stream] = self._versions.get(stream, 0) + 1
            origin = Origin(
                command_id=f"command-{position}",
                actor=actor,
                recorded_at=START + timedelta(minutes=position),
            )
            self.recorded.append(
                Recorded(position=position, stream=stream, version=version, origin=origin, fact=fact)
            )
        return self

    def at(self, position: int) -> datetime:
        """When the fact at a position was recorded."""
        return self.recorded[position - 1].origin.recorded_at


def a_school() -> History:
    """The school on its first day."""
    history = History()
    history.tell(
        streams.SCHOOL,
        school.SchoolFounded(school_id="s", name="Szkoła nr 1", short_name="SP1", city="Łódź"),
        school.SchoolYearOpened(year_id="Y", name="2026/2027", starts=FIRST, ends=date(2027, 8, 31)),
        school.GradingRulesSet(year_id="Y", rules=GRADING),
        school.AttendanceRulesSet(year_id="Y", rules=ATTENDANCE),
        *[
            school.SubjectIntroduced(subject_id=subject, name=name, short_name=subject)
            for subject, name in (("mat", "Matematyka"), ("pol", "Język polski"), ("eng", "Język angielski"))
        ],
        actor=OFFICE,
    )
    for person, (given, family) in NAMES.items():
        role = (
            Role.TEACHER if person in {"nowak", "lis"} else Role.PARENT if person == "parent" else Role.PUPIL
        )
        history.tell(
            streams.person(person),
            people.PersonRegistered(person_id=person, given_names=given, family_name=family),
            people.RoleTaken(person_id=person, role=role, since=FIRST),
            actor=OFFICE,
        )
    history.tell(
        streams.person("ada"),
        people.ParentalRightsGranted(
            pupil_id="ada", parent_id="parent", guardianship=Guardianship.PARENT, since=FIRST
        ),
    )
    history.tell(streams.person("nowak"), people.AccountLinked(person_id="nowak", account_id="acc-nowak"))
    history.tell(streams.person("parent"), people.AccountLinked(person_id="parent", account_id="acc-parent"))
    for unit, level in (("A", 4), ("B", 5)):
        history.tell(
            streams.unit(unit),
            classes.ClassOpened(class_id=unit, year_id="Y", name=f"{level}{unit.lower()}", level=level),
            *[
                classes.PupilEnrolled(class_id=unit, pupil_id=pupil, since=FIRST, number=number)
                for number, pupil in enumerate(PUPILS[unit], 1)
            ],
            _assigned(f"mat-{unit}", unit, "mat", "nowak"),
            actor=OFFICE,
        )
    history.tell(
        streams.unit("A"),
        classes.HomeroomTeacherAppointed(class_id="A", teacher_id="nowak", since=FIRST),
        _assigned("pol-A", "A", "pol", "lis"),
        classes.GroupFormed(class_id="A", group_id="A1", name="grupa 1"),
        classes.TimetableSet(
            unit_id="A",
            valid_from=FIRST,
            slots=(TimetableSlot(weekday=1, period=2, assignment_id="mat-A", room="12"),),
        ),
        actor=OFFICE,
    )
    history.tell(
        streams.column("A", "col"),
        grades.ColumnOpened(
            column_id="col",
            unit_id="A",
            assignment_id="mat-A",
            subject_id="mat",
            title="Ułamki",
            category_id="test",
            weight=Decimal(3),
            on=FIRST,
        ),
    )
    history.tell(
        streams.unit("G"),
        classes.InterclassGroupFormed(group_id="G", year_id="Y", name="angielski", class_ids=("A", "B")),
        classes.PupilJoinedGroup(group_id="G", class_id="A", pupil_id="ada", since=FIRST),
        classes.PupilJoinedGroup(group_id="G", class_id="B", pupil_id="cy", since=FIRST),
        _assigned("eng-G", "G", "eng", "lis"),
        actor=OFFICE,
    )
    return history


def _assigned(assignment: str, unit: str, subject: str, teacher: str) -> classes.TeachingAssigned:
    return classes.TeachingAssigned(
        assignment_id=assignment, unit_id=unit, subject_id=subject, teacher_id=teacher, since=FIRST
    )


def given(
    grade_id: str,
    value: str,
    *,
    pupil: str = "ada",
    unit: str = "A",
    subject: str = "mat",
    weight: str = "1",
    day: date = FIRST,
    improves: str | None = None,
) -> tuple[str, grades.GradeGiven]:
    """A current grade and its stream."""
    fact = grades.GradeGiven(
        grade_id=grade_id,
        class_id=unit,
        subject_id=subject,
        pupil_id=pupil,
        assignment_id=f"{subject}-{unit}",
        teacher_id="nowak",
        kind=GradeKind.CURRENT,
        value=value,
        category_id="oral",
        weight=Decimal(weight),
        on=day,
        improves=improves,
    )
    return streams.grades(unit, subject, pupil), fact


def held(
    unit: str, day: date, period: int, subject: str = "mat", topic: str | None = "Ułamki"
) -> lessons.LessonHeld:
    """A lesson of the unit's assignment in that subject."""
    assignment = f"{subject}-{unit}"
    return lessons.LessonHeld(
        unit_id=unit,
        lesson_id=lessons.lesson_id(day, period, assignment),
        on=day,
        period=period,
        assignment_id=assignment,
        subject_id=subject,
        teacher_id="nowak",
        topic=topic,
    )


# What may happen in a step of a Year, frequent things twice; a step is 1000 x action + chance.
ACTIONS = (
    "_give",
    "_give",
    "_retake",
    "_correct",
    "_strike_out",
    "_hold",
    "_hold",
    "_call_roll",
    "_call_roll",
    "_correct_mark",
    "_topic",
    "_cancel",
    "_change_rules",
    "_move_pupil",
    "_substitute",
    "_end_year",
    "_publish",
    "_count",
    "_ask",
    "_behave",
    "_behave",
    "_plan",
    "_plan",
    "_curriculum",
    "_work",
    "_work",
    "_assess",
    "_finish",
    "_keep",
    "_go",
    "_miss",
    "_miss",
    "_use_cards",
    "_archive",
    "_announce",
    "_trade",
    "_write",
    "_write",
    "_let_in",
    "_let_in",
)
LAST_STEP = 1000 * len(ACTIONS) - 1


class Year:
    """A year that goes on by steps; each number picks one of the things that are possible."""

    def __init__(self) -> None:
        self.history = a_school()
        self._grades: list[tuple[str, grades.GradeGiven, str]] = []  # stream, fact, value now
        self._struck: set[str] = set()
        self._lessons: list[lessons.LessonHeld] = []
        self._rolls: dict[str, dict[str, AttendanceKind]] = {}
        self._closed: set[str] = set()
        self._calendar = CalendarYear()
        self._plans = CurriculumYear()

    def live(self, steps: Sequence[int]) -> History:
        """Go through the steps; those that are impossible just now do nothing."""
        for step in steps:
            action, chance = divmod(step, 1000)
            getattr(self, ACTIONS[action % len(ACTIONS)])(chance)
        return self.history

    def _give(
        self, chance: int, improves: grades.GradeGiven | None = None, column_id: str | None = None
    ) -> None:
        unit = "AB"[chance % 2]
        pupil = PUPILS[unit][chance // 2 % 2]
        subject = ("mat", "pol")[chance // 4 % 2]
        if improves is not None:
            unit, pupil, subject = improves.class_id, improves.pupil_id, improves.subject_id
        value = ("5", "4+", "3-", "np", "1")[chance % 5]
        grade_id = f"g{len(self._grades)}"
        stream, fact = given(
            grade_id,
            value,
            pupil=pupil,
            unit=unit,
            subject=subject,
            weight=str(1 + chance % 3),
            day=FIRST + timedelta(days=chance % 40),
            improves=improves.grade_id if improves else None,
        )
        fact = replace(fact, column_id=column_id)
        self._grades.append((stream, fact, value))
        self.history.tell(stream, fact)

    def _behave(self, chance: int) -> None:
        behave(self.history, chance)

    def _finish(self, chance: int) -> None:
        """A subject ends in a class or does not after all; a pupil brings a grade along."""
        grade = finals.FinalGradeCarried(
            class_id="A",
            pupil_id=("ada", "bo")[chance % 2],
            subject_id="eng",
            value=str(1 + chance % 6),
            year="2025/2026",
        )
        facts: tuple[Fact, ...] = (
            finals.CompletionWithdrawn(class_id="A", subject_id="mat", reason="pomyłka"),
            grade,
            finals.SubjectCompleted(class_id="A", subject_id="mat"),
        )
        self.history.tell(streams.finals("A"), facts[chance % 3])

    def _assess(self, chance: int) -> None:
        assess(self.history, chance)

    def _work(self, chance: int) -> None:
        work(self.history, chance)

    def _go(self, chance: int) -> None:
        go(self.history, chance)

    def _keep(self, chance: int) -> None:
        keep(self.history, chance)

    def _archive(self, chance: int) -> None:
        archive(self.history, chance)

    def _announce(self, chance: int) -> None:
        announce(self.history, chance)

    def _let_in(self, chance: int) -> None:
        let_in(self.history, chance)

    def _trade(self, chance: int) -> None:
        trade(self.history, chance)

    def _write(self, chance: int) -> None:
        write(self.history, chance)

    def _use_cards(self, chance: int) -> None:
        use_cards(self.history, chance)

    def _plan(self, chance: int) -> None:
        for stream, fact in self._calendar.happens(chance):
            self.history.tell(stream, fact)

    def _curriculum(self, chance: int) -> None:
        for stream, fact in self._plans.happens(chance):
            self.history.tell(stream, fact)

    def _retake(self, chance: int) -> None:
        improved = {fact.improves for _, fact, _ in self._grades}
        free = [fact for _, fact, _ in self._grades if fact.grade_id not in improved]
        if free:
            self._give(chance, improves=free[chance % len(free)])

    def _correct(self, chance: int) -> None:
        if self._grades:
            index = chance % len(self._grades)
            stream, fact, was = self._grades[index]
            value = "6" if was != "6" else "2"
            self._grades[index] = (stream, fact, value)
            self.history.tell(
                stream,
                grades.GradeCorrected(
                    grade_id=fact.grade_id, pupil_id=fact.pupil_id, was=was, value=value, reason="pomyłka"
                ),
            )

    def _strike_out(self, chance: int) -> None:
        standing = [(stream, fact) for stream, fact, _ in self._grades if fact.grade_id not in self._struck]
        if standing:
            stream, fact = standing[chance % len(standing)]
            self._struck.add(fact.grade_id)
            self.history.tell(
                stream,
                grades.GradeStruckOut(grade_id=fact.grade_id, pupil_id=fact.pupil_id, reason="nie ten uczeń"),
            )

    def _hold(self, chance: int) -> None:
        unit, subject = (("A", "mat"), ("B", "mat"), ("A", "pol"), ("G", "eng"))[chance % 4]
        fact = varied(held(unit, FIRST + timedelta(days=chance % 60), 1 + chance % 7, subject), chance)
        if fact.lesson_id not in {lesson.lesson_id for lesson in self._lessons}:
            self._lessons.append(fact)
            self.history.tell(streams.lesson(unit, fact.lesson_id), fact)

    def _call_roll(self, chance: int) -> None:
        free = [
            lesson
            for lesson in self._lessons
            if lesson.lesson_id not in self._rolls and lesson.lesson_id not in self._closed
        ]
        if not free:
            return
        lesson = free[chance % len(free)]
        pupils = {"G": ("ada", "cy")}.get(lesson.unit_id) or PUPILS[lesson.unit_id]
        marks = {pupils[chance % 2]: KINDS[chance % len(KINDS)]} if chance % 3 else {}
        self._rolls[lesson.lesson_id] = dict.fromkeys(pupils, AttendanceKind.PRESENT) | marks
        self.history.tell(
            streams.lesson(lesson.unit_id, lesson.lesson_id),
            attendance.RollCalled(lesson_id=lesson.lesson_id, pupils=pupils),
            *[mark_of(lesson.lesson_id, pupil, kind) for pupil, kind in marks.items()],
        )

    def _correct_mark(self, chance: int) -> None:
        rolls = [lesson for lesson in self._lessons if lesson.lesson_id in self._rolls]
        if not rolls:
            return
        lesson = rolls[chance % len(rolls)]
        kinds = self._rolls[lesson.lesson_id]
        pupil = sorted(kinds)[chance % len(kinds)]
        was, now = kinds[pupil], (AttendanceKind.PRESENT, *KINDS)[chance % 6]
        if was is now or lesson.lesson_id in self._closed:
            return
        kinds[pupil] = now
        self.history.tell(
            streams.lesson(lesson.unit_id, lesson.lesson_id),
            attendance.AttendanceCorrected(
                lesson_id=lesson.lesson_id,
                pupil_id=pupil,
                was_type_id=was.value,
                was_kind=was,
                type_id=now.value,
                kind=now,
                reason="spóźniony autobus",
            ),
        )

    def _topic(self, chance: int) -> None:
        open_ones = [lesson for lesson in self._lessons if lesson.lesson_id not in self._closed]
        if open_ones:
            lesson = open_ones[chance % len(open_ones)]
            self.history.tell(
                streams.lesson(lesson.unit_id, lesson.lesson_id),
                *changes(lesson, chance),
            )

    def _cancel(self, chance: int) -> None:
        open_ones = [lesson for lesson in self._lessons if lesson.lesson_id not in self._closed]
        if open_ones and chance % 3 == 0:
            lesson = open_ones[chance % len(open_ones)]
            self._closed.add(lesson.lesson_id)
            self.history.tell(
                streams.lesson(lesson.unit_id, lesson.lesson_id),
                lessons.LessonCancelled(
                    unit_id=lesson.unit_id,
                    lesson_id=lesson.lesson_id,
                    on=lesson.on,
                    period=lesson.period,
                    assignment_id=lesson.assignment_id,
                    subject_id=lesson.subject_id,
                    reason="pomyłka",
                ),
            )

    def _substitute(self, chance: int) -> None:
        fact = held("A", FIRST + timedelta(days=60 + chance % 60), 1 + chance % 7)
        self.history.tell(
            streams.lesson("A", fact.lesson_id),
            lessons.SubstitutionArranged(
                unit_id="A",
                lesson_id=fact.lesson_id,
                on=fact.on,
                period=fact.period,
                assignment_id=fact.assignment_id,
                teacher_id="lis",
                instead_of="nowak",
                reason="choroba",
            ),
        )

    def _end_year(self, chance: int) -> None:
        """Whatever belongs to the end of a year, one at a time."""
        pupil, outcome = ("ada", "bo")[chance % 2], tuple(classification.Outcome)[chance % 6]
        facts: tuple[Fact, ...] = (
            classification.PromotionDecided(
                class_id="A", pupil_id=pupil, outcome=outcome, rule_version=1, average=Decimal("4.5")
            ),
            classification.RegisterClosed(class_id="A", on=FIRST, gaps=chance % 3, reason="brak ocen"),
            classification.CorrectionPermitted(
                permit_id=f"z{chance % 4}",
                unit_id="A",
                person_id="nowak",
                until=FIRST + timedelta(days=chance % 30),
                what="ocena",
                reason="pomyłka",
                legal_basis="art. 44n",
            ),
        )
        self.history.tell(streams.classification("A"), facts[chance % len(facts)])
        if chance % 3 == 0:
            permitted = classification.YearCorrectionPermitted(
                permit_id=f"y{chance % 4}",
                year_id="Y",
                book=tuple(classification.YearBook)[chance % 3],
                person_id="nowak",
                until=FIRST + timedelta(days=chance % 30),
                what="godziny",
                reason="pomyłka",
                legal_basis="zarządzenie",
            )
            self.history.tell(streams.closed_year("Y"), permitted)
        if chance % 5 == 0:
            rules = replace(USUAL_CLASSIFICATION, conditional=chance % 3)
            self.history.tell(
                streams.SCHOOL, classification.ClassificationRulesSet(year_id="Y", rules=rules), actor=OFFICE
            )
        if chance % 7 == 0:
            closed = school.SchoolYearClosed(year_id="Y", on=FIRST, class_ids=("A", "B"))
            self.history.tell(streams.SCHOOL, closed, actor=OFFICE)

    def _miss(self, chance: int) -> None:
        miss(self.history, chance)

    def _publish(self, chance: int) -> None:
        on = FIRST + timedelta(days=chance % 50) if chance % 4 else None
        self.history.tell(streams.column("A", "col"), grades.ColumnPublicationSet(column_id="col", on=on))

    def _count(self, chance: int) -> None:
        """The column is given a grade, or says otherwise whether it counts."""
        column, category = streams.column("A", "col"), ("oral", "test")[chance % 2]
        changed = grades.ColumnChanged(
            column_id="col",
            title=f"Ułamki {chance}",
            category_id=category,
            weight=Decimal(3),
            on=FIRST,
            colour="#c00000",
            counted=(None, True, False, True)[chance % 4],
        )
        self._give(8 * chance + 2 * (chance % 2), column_id="col")  # of A, in the subject of the column
        self.history.tell(column, changed)

    def _ask(self, chance: int) -> None:
        """A question about an entry, or what becomes of the latest."""
        number = len([1 for each in self.history.recorded if isinstance(each.fact, disputes.QuestionAsked)])
        asked = disputes.QuestionAsked(
            dispute_id=f"q{number}", class_id="A", pupil_id="ada", asked_by="parent", text="Skąd ta ocena?"
        )
        about, pupil = f"q{number - 1}", "ada"
        facts: tuple[Fact, ...] = (
            asked,
            disputes.QuestionAnswered(dispute_id=about, pupil_id=pupil, text=f"Odpowiedź {chance}."),
            disputes.DisputeDecided(
                dispute_id=about, pupil_id=pupil, outcome=disputes.DisputeOutcome.STANDS, text="Zostaje."
            ),
            disputes.QuestionWithdrawn(dispute_id=about, pupil_id=pupil),
        )
        if number == 0 or chance % 4 == 0:
            self.history.tell(streams.dispute("A", asked.dispute_id), asked)
        else:
            self.history.tell(streams.dispute("A", about), facts[chance % 4])

    def _change_rules(self, chance: int) -> None:
        rules = (GRADING, OTHER_GRADING)[chance % 2]
        self.history.tell(streams.SCHOOL, school.GradingRulesSet(year_id="Y", rules=rules), actor=OFFICE)

    def _move_pupil(self, chance: int) -> None:
        unit = "AB"[chance % 2]
        pupil = PUPILS[unit][chance // 2 % 2]
        day = FIRST + timedelta(days=chance % 100)
        self.history.tell(
            streams.unit(unit),
            classes.PupilLeft(class_id=unit, pupil_id=pupil, until=day),
            classes.PupilEnrolled(
                class_id=unit, pupil_id=pupil, since=day + timedelta(days=1), number=1 + chance % 30
            ),
            classes.HomeroomTeacherAppointed(class_id=unit, teacher_id="lis", since=day),
            actor=OFFICE,
        )


def mark_of(lesson_id: str, pupil: str, kind: AttendanceKind) -> Fact:
    """The fact that records such a mark."""
    if kind is AttendanceKind.RELEASED:
        return attendance.ReleaseRecorded(lesson_id=lesson_id, pupil_id=pupil, type_id=kind.value, kind=kind)
    if kind in {AttendanceKind.LATE, AttendanceKind.LATE_EXCUSED}:
        return attendance.LatenessRecorded(
            lesson_id=lesson_id, pupil_id=pupil, type_id=kind.value, kind=kind, minutes=7
        )
    return attendance.AbsenceRecorded(lesson_id=lesson_id, pupil_id=pupil, type_id=kind.value, kind=kind)
