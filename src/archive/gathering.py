"""Which of the journal's facts does a class register need?

The school's stream, all of the class-year in one range scan, the streams of interclass groups, and the
persons whom these name: the class's pupils, their parents, teachers, and authors of entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dziennik.archive.entries import PEOPLE
from dziennik.archive.folding import fold_class_year, interclass_groups
from dziennik.archive.register import ClassRegister
from dziennik.archive.source import Facts
from dziennik.contracts import streams
from dziennik.contracts.classes import ClassOpened, ClassRenamed, PupilEnrolled
from dziennik.contracts.curriculum import PlanAssigned
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.people import ParentalRightsGranted
from dziennik.contracts.school import SchoolYearOpened

# Fields of facts that hold the id of a teacher.
TEACHERS = ("teacher_id", "instead_of")


class BeyondHead(ValueError):
    """The cut-off has not been reached: what is recorded later would change such an archive."""


def gather_class_year(journal: Facts, class_id: str, until_position: int | None = None) -> ClassRegister:
    """The register of a class as of a position (default: the head). Raises NoSuchClassYear, BeyondHead."""
    cut_off = reached(journal, until_position)
    shared = interclass_groups(registers(journal), class_id)
    return fold_class_year(gather_facts(journal, class_id, shared, cut_off), class_id, cut_off=cut_off)


def reached(journal: Facts, until_position: int | None) -> int:
    """The cut-off: that position, or the head. Raises BeyondHead."""
    head = journal.position()
    if until_position is not None and until_position > head:
        raise BeyondHead(f"position {until_position} is beyond the head, {head}")
    return head if until_position is None else until_position


def gather_facts(
    journal: Facts,
    class_id: str,
    shared: Iterable[str],
    cut_off: int,
    *,
    year_id: str | None = None,
) -> list[Recorded]:
    """All facts of a class register; `shared`: its interclass groups; `year_id`: the year's streams too."""
    facts = journal.load(streams.SCHOOL, until_position=cut_off)
    facts += journal.scan(streams.class_year(class_id), until_position=cut_off)
    for group_id in shared:
        facts += journal.scan(streams.class_year(group_id), until_position=cut_off)
    people: tuple[str, ...] = TEACHERS
    if year_id is not None:
        people = (*TEACHERS, *PEOPLE)
        for stream in (streams.school_calendar(year_id), streams.councils(year_id)):
            facts += journal.load(stream, until_position=cut_off)
        followed = dict.fromkeys(each.fact.plan_id for each in facts if isinstance(each.fact, PlanAssigned))
        for plan_id in followed:
            facts += journal.load(streams.curriculum_plan(plan_id), until_position=cut_off)
    return facts + _persons(journal, facts, class_id, people, cut_off)


def _persons(
    journal: Facts, facts: Iterable[Recorded], class_id: str, people: Sequence[str], cut_off: int
) -> list[Recorded]:
    """The persons' facts; their authors are persons in turn, so this goes on until nobody is missing."""
    pupils = {f.pupil_id for f in _enrolled(facts) if f.class_id == class_id}
    wanted = pupils | set(_named(facts, people))
    known: set[str] = set()
    found: list[Recorded] = []
    while missing := sorted(wanted - known):
        known |= wanted
        loaded = journal.load_many([streams.person(person_id) for person_id in missing])
        fresh = [each for history in loaded.values() for each in history if each.position <= cut_off]
        found += fresh
        wanted |= set(_named(fresh, people))
        wanted |= {
            each.fact.parent_id
            for each in fresh
            if isinstance(each.fact, ParentalRightsGranted) and each.fact.pupil_id in pupils
        }
    return found


def _enrolled(facts: Iterable[Recorded]) -> Iterator[PupilEnrolled]:
    return (each.fact for each in facts if isinstance(each.fact, PupilEnrolled))


def _named(facts: Iterable[Recorded], people: Sequence[str]) -> Iterator[str]:
    """Authors, and whom the fields `people` name."""
    for each in facts:
        actor = each.origin.actor
        named = (actor.person, actor.on_behalf_of, *(getattr(each.fact, field, None) for field in people))
        yield from (person_id for person_id in named if person_id)


def find_class(journal: Facts, name_or_id: str, year: str | None = None) -> list[tuple[str, str, str]]:
    """Classes of that id or name: (class id, class name, name of the school year), newest year last.

    `year` is a year's id, or its name such as "2025/2026".
    """
    school = (each.fact for each in journal.load(streams.SCHOOL))
    years = {fact.year_id: fact for fact in school if isinstance(fact, SchoolYearOpened)}
    names: dict[str, str] = {}
    of_year: dict[str, SchoolYearOpened] = {}
    for each in registers(journal):
        fact = each.fact
        if isinstance(fact, ClassOpened):
            of_year[fact.class_id] = years[fact.year_id]
        if isinstance(fact, ClassOpened | ClassRenamed):
            names[fact.class_id] = fact.name
    return [
        (class_id, name, of_year[class_id].name)
        for class_id, name in sorted(names.items(), key=lambda item: (of_year[item[0]].starts, item[0]))
        if name_or_id in (class_id, name)
        and year in (None, of_year[class_id].year_id, of_year[class_id].name)
    ]


def registers(journal: Facts) -> Iterator[Recorded]:
    """The register streams of all classes and interclass groups: a few facts per pupil, no lessons."""
    units = [streams.unit(unit_id) for unit_id in journal.below("year/")]
    return (each for history in journal.load_many(units).values() for each in history)
