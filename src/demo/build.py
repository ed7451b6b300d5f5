"""How is the demo school built? Through commands, like every school; ADRs 0043 and 0044.

The plan follows from size and seed, and so does every command id: a build that was killed goes on where it
stopped, and one that is complete is recognised by its last command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time

from dziennik.application.register import Register
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Origin, Role
from dziennik.contracts.people import EndParentalRights
from dziennik.contracts.refusals import Refusal
from dziennik.demo import office
from dziennik.demo.absences import absences_of
from dziennik.demo.announcing import Announcements
from dziennik.demo.assessing import Gradebook
from dziennik.demo.beside import Beside
from dziennik.demo.chance import Chance
from dziennik.demo.conduct import Conduct
from dziennik.demo.contract import bought
from dziennik.demo.council import YearEnd
from dziennik.demo.days import SchoolYear, Step, actor_of, moment
from dziennik.demo.excusing import Excuses
from dziennik.demo.extra_hours import ExtraHours
from dziennik.demo.hours import hours_of
from dziennik.demo.logins import DemoSummary, OpenAccount, logins_of, summary_of
from dziennik.demo.people import People, people_of
from dziennik.demo.planning import plans
from dziennik.demo.posting import postings
from dziennik.demo.sizes import Size
from dziennik.demo.structure import Year, repeats, years_of
from dziennik.demo.timetable import Hours, swapped, timetable_of
from dziennik.demo.writing import Letters

# (steps done, steps in all or None while unknown, what is being done)
Progress = Callable[[int, int, str], None]

OFFICE = Actor(account="demo", role=Role.SYSTEM, channel=Channel.SYSTEM)
FIRST = "school"


class DemoRefused(RuntimeError):
    """A rule refused a command of the demo school: the generator and the rules disagree."""


class NotTheDemo(RuntimeError):
    """The school under the demo's id was founded by somebody else: nothing is written into it."""

    def __init__(self, school_id: str) -> None:
        super().__init__(
            f"The school “{school_id}” is not the demo school. Choose another data folder or database.\n"
            f"Szkoła „{school_id}” nie jest szkołą pokazową. Wybierz inny folder danych albo inną bazę."
        )


@dataclass(slots=True)
class Plan:
    """The whole demo school before it is built."""

    size: Size
    chance: Chance
    people: People
    years: list[Year]
    timetables: dict[str, dict[date, Hours]]


def plan_of(size: Size) -> Plan:
    """The plan of a size: quick, and the same for the same seed."""
    chance = Chance(size.seed)
    people = people_of(size, chance)
    years = years_of(size, people, chance)
    timetables = {}
    for year in years:
        hours = timetable_of(year, chance.of("timetable", year.name))
        timetables[year.name] = {year.starts: hours}
        half = year.terms[1].starts
        if year.until >= half:
            timetables[year.name][half] = swapped(hours)
    return Plan(size, chance, people, years, timetables)


def build(
    register: Register,
    size: Size,
    *,
    open_account: OpenAccount,
    secret: bytes,
    progress: Progress | None = None,
) -> DemoSummary:
    """Build the school of that size, or go on building it, or find it complete.

    `register` is that of `size.school_id`; `secret` is the installation's, the demo passwords follow from
    it. Raises NotTheDemo (nothing was written, no account opened) or DemoRefused; faults of the database pass
    through. Once complete, no account is touched any more: its people may have changed their passwords.
    """
    plan = plan_of(size)
    writer = _Writer(register, plan)
    writer.check()
    logins = logins_of(plan.people, plan.years, size, secret)
    if not writer.known("complete"):
        for login in logins:  # the people who can log in act with their real accounts from the start
            login.person.account_id = open_account(login.login, login.password)
        _write(writer, plan, progress)
    return summary_of(plan.years, size, logins)


def _write(writer: _Writer, plan: Plan, progress: Progress | None) -> None:
    days = sum(len(year.days()) for year in plan.years)
    done = 0
    for what, step in steps_of(plan):
        writer.write(step)
        if what is not None and progress:
            done += 1
            progress(done, days, what)


def steps_of(plan: Plan) -> Iterator[tuple[str | None, Step]]:
    """All steps by the calendar; with the last step of each school day comes its name."""
    yield from ((None, step) for step in _founding(plan))
    ended: YearEnd | None = None
    for year in plan.years:
        yield from ((None, step) for step in _beginning(plan, year))
        yield from ((None, step) for step in plans(year, plan.chance))
        if ended:  # the new year is made ready while the old one is still open
            yield None, ended.closed()
        life = _life(plan, year)
        yield from _living(plan, year, life, ended)
        ended = None
        if year.until >= year.terms[-1].ends:
            ended = life.end
            yield from ((None, step) for step in ended.registers())
    if ended:
        yield None, ended.closed()
    last = plan.years[-1]
    head = actor_of(plan.people.director, Role.DIRECTOR)
    yield (
        None,
        Step("audit", head, moment(last.until, time(19, 0)), tuple(office.mandates(plan.people, last))),
    )
    # The auditor gets an account when everything is there to be looked at: the mark of a complete build.
    linked = (office.link(plan.people.auditor),)
    yield None, Step("complete", OFFICE, moment(last.until, time(20, 0)), linked)


def _founding(plan: Plan) -> Iterator[Step]:
    chance, day = plan.chance, date(2025, 8, 18)
    yield Step(FIRST, OFFICE, moment(day, time(8, 0)), tuple(office.founding(plan.size)))
    yield Step("staff", OFFICE, moment(day, time(8, 30)), tuple(office.staff(plan.people)))
    head = actor_of(plan.people.director, Role.DIRECTOR)
    yield Step("subjects", head, moment(day, time(9, 0)), tuple(office.subjects(chance)))


def _beginning(plan: Plan, year: Year) -> Iterator[Step]:
    """August: the year, new pupils, classes, teaching, timetable."""
    head = actor_of(plan.people.director, Role.DIRECTOR)
    desk = actor_of(plan.people.secretary, Role.ADMINISTRATOR)
    day = date(year.starts.year, 8, 20)
    before = next((other for other in plan.years if other.ends < year.starts), None)
    opened = tuple(office.opening(year, first=before is None))
    yield Step(f"{year.name}/year", head, moment(day, time(8, 0)), opened)
    seen = _seen_before(plan, year)
    for number, unit in enumerate(year.classes):
        at = moment(day, time(9 + number // 6, number % 6 * 10))
        new = [p.pupil for p in unit.places if p.since == year.starts and id(p.pupil) not in seen]
        if new:
            families = tuple(command for pupil in new for command in office.family(pupil, year.starts))
            yield Step(f"{year.name}/{unit.name}/people", desk, at, families)
        if unit.before and before:
            made = office.promotion(unit, unit.before, year, before)
        else:
            made = office.class_unit(unit, year)
        yield Step(f"{year.name}/{unit.name}", desk, at, tuple(made))
    at = moment(date(year.starts.year, 8, 27), time(10, 0))
    groups = [*office.shared_groups(year, before)]
    for unit in year.classes:
        for place in unit.places:
            carried_over = unit.before and not repeats(place.pupil)
            if place.since == year.starts and not carried_over:
                groups += office.joining(unit, place)
    yield Step(f"{year.name}/groups", desk, at, tuple(groups))
    teaching = tuple(office.teaching(year, plan.chance))
    yield Step(f"{year.name}/teaching", head, moment(date(year.starts.year, 8, 28), time(9, 0)), teaching)
    table = plan.timetables[year.name][year.starts]
    at = moment(date(year.starts.year, 8, 29), time(9, 0))
    yield Step(f"{year.name}/timetable", head, at, tuple(office.timetables(year, table, year.days()[0])))


def _seen_before(plan: Plan, year: Year) -> set[int]:
    """Pupils (by identity) who were in the school in an earlier year."""
    earlier = [other for other in plan.years if other.starts < year.starts]
    return {id(place.pupil) for other in earlier for unit in other.classes for place in unit.places}


@dataclass(slots=True)
class Life:
    """A year's life: its days, and how it ends."""

    days: SchoolYear
    end: YearEnd
    beside: Beside | None


def _life(plan: Plan, year: Year) -> Life:
    hours = hours_of(year, plan.people, plan.timetables[year.name], plan.chance)
    gradebook, conduct = Gradebook(year, plan.chance), Conduct(year, plan.chance)
    announcements = Announcements(plan.chance)
    announcements.plan(hours)
    absences = absences_of(year, list(hours), plan.chance)
    return Life(
        SchoolYear(
            year,
            plan.chance,
            plan.people.director,
            hours,
            absences,
            gradebook,
            conduct,
            announcements,
            Excuses(year, plan.chance, absences),
            ExtraHours(year, plan.people.teachers, plan.chance),
            Letters(year, plan.people, plan.chance, list(hours)),
        ),
        YearEnd(year, plan.people, plan.chance, gradebook, conduct),
        Beside(year, plan.people, plan.chance, hours) if year is not plan.years[0] else None,
    )


def _living(plan: Plan, year: Year, life: Life, ended: YearEnd | None) -> Iterator[tuple[str | None, Step]]:
    """The year, day by day; `ended` is the year before."""
    days = list(life.days.hours)
    changes = _changes(plan, year)
    for place, day in enumerate(days):
        before = days[place - 1] if place else date.min
        due = [step for on, step in changes if before < on <= day]
        late = ended.aftermath(day) if ended else ()
        beside = life.beside.on(day) if life.beside else ()
        steps = [*due, *late, *life.end.steps(day), *life.days.steps(day), *beside]
        for number, step in enumerate(steps, 1):
            yield (f"{day}" if number == len(steps) else None), step


def _changes(plan: Plan, year: Year) -> list[tuple[date, Step]]:
    """What the office enters during the year, before lessons begin."""
    desk = actor_of(plan.people.secretary, Role.ADMINISTRATOR)
    changes: list[tuple[date, Step]] = []

    def on(day: date, key: str, *commands: Command) -> None:
        step = Step(f"{year.name}/{day}/{key}", desk, moment(day, time(7, 0)), commands)
        changes.append((day, step))

    for unit in year.classes:
        for place in unit.places:
            key = f"{unit.name}/{place.number}"
            leaving = tuple(office.leaving(year, unit, place))
            if place.until and leaving:
                on(place.until, f"{key}/left", *leaving)
            if place.since > year.starts:
                newcomer = place.pupil is unit.cohort.newcomer
                new = office.family(place.pupil, place.since) if newcomer else ()
                on(place.since, f"{key}/came", *new, *office.coming(year, unit, place))
                if newcomer:
                    tutor = actor_of(unit.homeroom.person, Role.TEACHER)
                    sheet = (office.brought(unit, place, plan.chance),)
                    at = moment(place.since, time(7, 0))
                    step = Step(f"{year.name}/{place.since}/{key}/brought", tutor, at, sheet)
                    changes.append((place.since, step))
    if year is plan.years[0]:
        divorced = next(p.pupil for p in year.classes[0].places if len(p.pupil.parents) == 2)
        ruled = min(date(2025, 12, 12), year.until)
        ended = EndParentalRights(
            pupil_id=divorced.person.person_id,
            parent_id=divorced.parents[1].person_id,
            until=ruled,
            basis="wyrok Sądu Okręgowego z 28 listopada 2025 r., sygn. I C 1234/25",
        )
        on(ruled, "court", ended)
    for since, table in list(plan.timetables[year.name].items())[1:]:
        on(since, "timetable", *office.timetables(year, table, since))
    changes += bought(plan.size, plan.years, year, plan.chance)
    for each in postings(year, plan.people, plan.chance):
        at, actor = moment(each.on, time(7, 5)), actor_of(each.who, each.role)
        changes.append((each.on, Step(f"{year.name}/{each.on}/{each.key}", actor, at, each.commands)))
    return sorted(changes, key=lambda change: change[0])


class _Writer:
    """Gives steps to the register; what an earlier build wrote already is passed over."""

    def __init__(self, register: Register, plan: Plan) -> None:
        self._register = register
        self._plan = plan
        self._resuming = register.journal.position() > 0

    def check(self) -> None:
        """Raises NotTheDemo when the school lives, but did not begin with our first step."""
        if self._resuming and not self.known(FIRST):
            raise NotTheDemo(self._plan.size.school_id)

    def known(self, key: str) -> bool:
        """Whether a step is in the journal."""
        return self._register.journal.outcome(self._id(key)) is not None

    def write(self, step: Step) -> None:
        """Carry out one step. Raises DemoRefused."""
        if self._resuming:
            if self.known(step.key):
                return
            self._resuming = False
        batch = self._register.batch()
        for command in step.commands:
            decided = batch.decide(command, actor=step.actor, at=step.at)
            if isinstance(decided, Refusal):
                raise DemoRefused(f"{step.key}: {decided.code} {decided.field} {decided.details} {command}")
        outcome = batch.write(Origin(command_id=self._id(step.key), actor=step.actor, recorded_at=step.at))
        if isinstance(outcome, Refusal):
            raise DemoRefused(f"{step.key}: {outcome.code}")

    def _id(self, key: str) -> str:
        return self._plan.chance.id("step", self._plan.size.name, key)
