"""A sequence of random commands is a year of a school: opened, then lived through the register's door.

One school lives many such years, one after the other, on one journal: making a school costs as much as
living a year of it. A disagreement ends that school; what is tried afterwards begins with a new one.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import psycopg

from dziennik.app import System
from dziennik.application.register import Accepted, Register
from dziennik.contracts import classes, people, registers, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Origin, Role
from dziennik.contracts.people import Guardianship
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.registers import RegisterKind
from dziennik.contracts.values import Term
from dziennik.domain.policies.defaults import USUAL_PERIODS
from dziennik.projections.models import MODELS
from dziennik.projections.places import ensure
from dziennik.projections.work import SchoolWork
from dziennik.settings import Settings
from tests.campaign import (
    moves,
    moves_absences,
    moves_behaviour,
    moves_calendar,
    moves_curriculum,
    moves_disputes,
    moves_exempting,
    moves_grades,
    moves_lessons,
    moves_movement,
    moves_opening,
    moves_pedagogue,
    moves_planning,
    moves_staff,
    moves_structure,
    moves_year,
)
from tests.campaign.comparing import Witness
from tests.campaign.plain import SUBJECTS, TEACHERS, Plain, Thing

# All contexts' moves: a new context is one more line here.
LOADED = (
    moves_structure,
    moves_lessons,
    moves_grades,
    moves_behaviour,
    moves_calendar,
    moves_year,
    moves_disputes,
    moves_absences,
    moves_movement,
    moves_staff,
    moves_curriculum,
    moves_pedagogue,
    moves_exempting,
    moves_opening,
    moves_planning,
)
OFFICE = Actor(account="office", role=Role.SYSTEM, channel=Channel.SYSTEM)
BEFORE = datetime(1999, 8, 1, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")
YEARS = 40  # that one school lives before the next one is founded
BATCHES = (25, 150, 1000)  # facts that a follower takes at a time

# One step of a sequence: which move, and the seed of its random choices.
Step = tuple[int, int]


class Disagreement(AssertionError):
    """The register and the plain model do not agree."""


class Campaign:
    """Lives sequences and counts what became of their commands."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._life: Life | None = None
        self.sequences = self.facts = 0
        self.accepted: Counter[str] = Counter()  # by command
        self.refused: Counter[str] = Counter()  # by code
        self.nothing = 0

    def live(self, steps: Sequence[Step], seed: int) -> None:
        """Live one sequence as the next year of a school: of every third the last steps are after its end.

        Raises Disagreement, or AssertionError with what was compared at the end.
        """
        life, self._life = self._life, None
        if life is None or life.years == YEARS:
            if life is not None:
                life.end()
            life = Life(self._system)
        try:
            self._lived(life, steps, seed)
        except BaseException:
            life.close()
            raise
        self._life = life

    def end(self) -> None:
        """Compare the school that is lived in once more, as a whole."""
        life, self._life = self._life, None
        if life is not None:
            life.end()

    def _lived(self, life: Life, steps: Sequence[Step], seed: int) -> None:
        life.begin(seed)
        ends = len(steps) * 2 // 3 if seed % 3 == 0 else None
        for place, (number, chosen) in enumerate(steps):
            if place == ends:
                for attempt in moves_year.ending(life.plain):
                    self._try(life, attempt)
            self._step(life, moves.MOVES[number], chosen)
        life.follow(BATCHES[seed % len(BATCHES)])
        life.witness.agrees(life.plain)
        self.sequences += 1
        self.facts += life.plain.facts

    def _step(self, life: Life, move: moves.Move, chosen: int) -> None:
        try:
            attempt = move(life.plain, Random(chosen))
        except moves.NothingThere:
            return
        if attempt is not None:
            self._try(life, attempt)

    def _try(self, life: Life, attempt: moves.Attempt) -> None:
        codes = moves.expected(life.plain, attempt)
        outcome = life.register.execute(attempt.command, actor=attempt.as_actor())
        if isinstance(outcome, Refusal):
            self.refused[outcome.code] += 1
            if outcome.code not in codes:
                raise Disagreement(
                    f"{attempt.command} by {attempt.actor}: {outcome}, not {codes or 'accepted'}"
                )
            return
        if codes:
            raise Disagreement(f"{attempt.command} by {attempt.actor}: {outcome}, not {codes}")
        if attempt.facts is not None and outcome.facts != attempt.facts:
            raise Disagreement(f"{attempt.command}: {outcome.facts} facts, not {attempt.facts}")
        if outcome.facts:
            self.accepted[attempt.command.command_name] += 1
            life.plain.facts += outcome.facts
            attempt.then()
        else:
            self.nothing += 1


class Life:
    """One school and the year it is in."""

    def __init__(self, system: System) -> None:
        self.school_id = f"campaign-{uuid.uuid4().hex[:12]}"
        system.found(self.school_id)
        self.register = Register(system.journals.school(self.school_id), now=self._now)
        self.witness = Witness(system, self.school_id)
        self.years = 0
        self.plain = Plain(0)
        # What a follower does for a school, on one connection as a follower has it.
        self._connection = psycopg.connect(system.conninfo, autocommit=True, prepare_threshold=2)
        ensure(self._connection, self.school_id, MODELS)
        journal, progress = self.register.journal, system.read_models.progress
        self._work = SchoolWork(self._connection, journal, MODELS, progress)
        self._write(_founding(self.school_id), BEFORE)

    def _now(self) -> datetime:
        return datetime.combine(self.plain.today, time(12), tzinfo=WARSAW).astimezone(UTC)

    def begin(self, seed: int) -> None:
        """Open the next year with its classes and people."""
        self.years += 1
        self.plain = Plain(self.years, earlier_plans=self.plain.plans)
        rng = Random(seed)
        self.plain.retakes = rng.choice(("better", "better", "latest", "both", "average"))
        self.plain.late_counts = rng.random() < 0.7
        self.plain.facts = self._write(opening(self.plain), self._now())

    def follow(self, batch: int) -> None:
        """Take the read models to the journal's head, so many facts at a time."""
        while self._work.step(batch):
            pass

    def end(self) -> None:
        """Compare everything once more, with all of the journal folded anew."""
        try:
            self.witness.rebuilt()
        finally:
            self.close()

    def close(self) -> None:
        """Nothing more happens at this school."""
        self._connection.close()

    def _write(self, commands: Iterable[Command], at: datetime) -> int:
        batch = self.register.batch()
        for command in commands:
            decided = batch.decide(command, actor=OFFICE, at=at)
            assert not isinstance(decided, Refusal), (command, decided)
        done = batch.write(Origin(command_id=str(uuid.uuid4()), actor=OFFICE, recorded_at=at))
        assert isinstance(done, Accepted), done
        return done.facts


def _founding(school_id: str) -> Iterator[Command]:
    yield school.FoundSchool(school_id=school_id, name="Szkoła próbna", short_name="SP")
    for key in SUBJECTS:
        yield school.IntroduceSubject(subject_id=key, name=key, short_name=key)
    staff = {"d": Role.DIRECTOR, "m": Role.ADMINISTRATOR, **dict.fromkeys(TEACHERS, Role.TEACHER)}
    for who, role in staff.items():
        yield _person(who, role, Plain(0))


def _person(who: str, role: Role, m: Plain) -> Command:
    since = m.starts.replace(month=8, day=1)
    return people.RegisterPerson(
        person_id=who, given_names="Jan", family_name="Nowak", since=since, roles=(role,)
    )


def opening(m: Plain) -> Iterator[Command]:
    """The year as every sequence finds it; what is told to the register is told to the plain model."""
    m.people = {"d": "director", "m": "administrator", **dict.fromkeys(TEACHERS, "teacher")}
    terms = tuple(
        [Term(term_id=term, name=term, starts=first, ends=last) for term, (first, last) in m.terms.items()]
    )
    yield school.OpenSchoolYear(
        year_id=m.named("y"), name=m.named("rok"), starts=m.starts, ends=m.ends, terms=terms,
        periods=USUAL_PERIODS, grading=moves_structure.grading(m), attendance=moves_structure.attending(m),
    )  # fmt: skip
    for who in ("a1", "a2", "a3", "b1", "b2", "x"):
        m.people[m.named(who)] = "pupil"
        yield _person(m.named(who), Role.PUPIL, m)
    for who in ("pa", "pb"):
        m.people[m.named(who)] = "parent"
        yield _person(m.named(who), Role.PARENT, m)
    for child, parent in (("a1", "pa"), ("b1", "pb")):
        right: Thing = {"pupil": m.named(child), "parent": m.named(parent), "since": m.starts, "until": None}
        m.rights.append(right)
        yield people.GrantParentalRights(
            pupil_id=right["pupil"],
            parent_id=right["parent"],
            guardianship=Guardianship.PARENT,
            since=m.starts,
        )
    yield from _classes(m)
    yield from _groups(m)


def _classes(m: Plain) -> Iterator[Command]:
    for letter, level, tutor in (("A", 4, "t1"), ("B", 8, "t2")):
        class_id = m.named(letter)
        m.units[class_id] = {
            "classes": [], "level": level, "places": [], "groups": {}, "taught": {}, "timetables": {},
            "noted": set(),
            "homeroom": [(m.starts, tutor)],
        }  # fmt: skip
        yield classes.OpenClass(class_id=class_id, year_id=m.named("y"), name=letter, level=level)
        yield classes.AppointHomeroomTeacher(class_id=class_id, teacher_id=tutor, since=m.starts)
        here = [who for who in sorted(m.people) if who.startswith(letter.lower())]
        for number, who in enumerate(here, 1):
            place = {"pupil": who, "since": m.starts, "until": None, "number": number}
            m.units[class_id]["places"].append(place)
            yield classes.EnrolPupil(class_id=class_id, pupil_id=who, since=m.starts, number=number)
    yield from _taught(m, "A", (("maths", "t1"), ("polish", "t2")))
    yield from _taught(m, "B", (("maths", "t2"),))


def _taught(
    m: Plain, letter: str, given: Iterable[tuple[str, str]], group: str | None = None
) -> Iterator[Command]:
    unit_id = m.named(letter)
    for subject, teacher in given:
        key = f"{letter}-{subject}.{m.number}" if group in (None, unit_id) else f"{group}-{subject}"
        m.units[unit_id]["taught"][key] = {
            "subject": subject, "teacher": teacher, "group": group, "since": m.starts, "until": None,
        }  # fmt: skip
        yield classes.AssignTeaching(
            assignment_id=key, unit_id=unit_id, subject_id=subject, teacher_id=teacher, since=m.starts,
            group_id=group,
        )  # fmt: skip


def _groups(m: Plain) -> Iterator[Command]:
    """Half of class A learns English apart; girls of both classes have PE together; some are in day care, one
    is helped by the pedagogue.
    """
    half, girls, first, second = m.named("half"), m.named("G"), m.named("A"), m.named("B")
    m.units[first]["groups"][half] = []
    yield classes.FormGroup(class_id=first, group_id=half, name="połowa")
    m.units[girls] = {
        "classes": [first, second], "level": None, "places": [], "groups": {girls: []}, "taught": {},
        "timetables": {}, "noted": set(), "homeroom": [],
    }  # fmt: skip
    yield classes.FormInterclassGroup(
        group_id=girls, year_id=m.named("y"), name="wf", class_ids=(first, second)
    )
    for owner, group, who in ((first, half, "a1"), (girls, girls, "a1"), (girls, girls, "b1")):
        class_id, pupil = m.named(who[0].upper()), m.named(who)
        m.units[owner]["groups"][group].append({"pupil": pupil, "since": m.starts, "until": None})
        yield classes.JoinGroup(
            unit_id=owner, group_id=group, class_id=class_id, pupil_id=pupil, since=m.starts
        )
    yield from _register(m, "S", RegisterKind.DAY_CARE, ("a1", "b2"))
    yield from _register(m, "P", RegisterKind.PEDAGOGUE, ("b1",))
    yield from _taught(m, "S", (("pe", "t4"),), m.named("S"))
    yield from _taught(m, "P", (("polish", "t3"),), m.named("P"))
    yield from _taught(m, "A", (("polish", "t3"),), half)
    yield from _taught(m, "G", (("pe", "t3"),), girls)


def _register(m: Plain, letter: str, kind: RegisterKind, taking_part: Iterable[str]) -> Iterator[Command]:
    key = m.named(letter)
    m.units[key] = {
        "classes": [], "kind": kind.value, "level": None, "places": [], "groups": {key: []}, "taught": {},
        "timetables": {}, "noted": set(), "homeroom": [],
    }  # fmt: skip
    yield registers.OpenRegister(unit_id=key, year_id=m.named("y"), kind=kind, name=kind.value)
    for who in taking_part:
        m.units[key]["groups"][key].append({"pupil": m.named(who), "since": m.starts, "until": None})
        yield registers.AddParticipant(
            unit_id=key, pupil_id=m.named(who), since=m.starts, class_id=m.named(who[0].upper())
        )


@contextmanager
def campaign(dsn: str, data_dir: Path) -> Iterator[Campaign]:
    """A campaign on an empty database."""
    key = bytes(32)
    settings = Settings(
        data_dir, dsn, master_key=key, token_key=key, proof_key=key, push_key=key, proof_dir=data_dir
    )
    system = System(settings, dsn)
    lived = Campaign(system)
    try:
        yield lived
        lived.end()
    finally:
        system.close()
