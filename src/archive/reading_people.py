"""Who is in the class, who teaches it, and when? (s. 8 of the regulation, to be read.)"""

from __future__ import annotations

from collections.abc import Iterator

from dziennik.archive.readable import NOTHING, Names, Section, Table, day, text
from dziennik.archive.register import ClassRegister, History, Person, told
from dziennik.contracts.classes import (
    HomeroomTeacherAppointed,
    PupilEnrolled,
    PupilLeft,
    TeachingAssigned,
    TeachingEnded,
    TimetableSet,
)
from dziennik.contracts.people import (
    ContactDetailsRecorded,
    ParentalPower,
    ParentalRightsEnded,
    ParentalRightsGranted,
    ParentalRightsLimited,
    ParentalRightsRestored,
    PersonalDetailsRecorded,
)
from dziennik.contracts.school import LessonPeriodsSet
from dziennik.contracts.values import TimetableSlot

POWERS = {ParentalPower.INFORMATION: "wgląd", ParentalPower.DECISIONS: "decyzje"}
WEEKDAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")


def people(register: ClassRegister, names: Names, *, limits: bool) -> Iterator[Section]:
    """Homeroom teachers, pupils, parents; `limits` of parents' rights."""
    appointed = [told(each, HomeroomTeacherAppointed) for each in register.homeroom]
    rows = [(names.of(one.teacher_id), day(one.since)) for one in appointed]
    yield Section(
        "wychowawcy",
        "Wychowawcy",
        tables=[Table("Wychowawcy oddziału", ("Nauczyciel", "Od dnia"), rows, (3, 1))],
    )
    yield Section("uczniowie", "Uczniowie", tables=[_pupils(register, names)])
    yield Section("rodzice", "Rodzice i opiekunowie", tables=[_parents(register, names, limits=limits)])


def _pupils(register: ClassRegister, names: Names) -> Table:
    rows = []
    for pupil_id, history in register.enrolments.items():
        details = _details(register.people[pupil_id])
        rows.append(
            (
                names.pupil(pupil_id),
                text(details.birth_date) if details else NOTHING,
                text(details.birth_place) if details else NOTHING,
                _one_line(text(details.address)) if details else NOTHING,
                _belonging(history),
            )
        )
    head = ("Nr i nazwisko", "Data urodzenia", "Miejsce urodzenia", "Adres", "W oddziale")
    return Table("Uczniowie według numerów", head, rows, (5, 2, 3, 5, 4))


def _details(person: Person) -> PersonalDetailsRecorded | None:
    return told(person.details, PersonalDetailsRecorded) if person.details else None


def _one_line(content: str) -> str:
    return ", ".join(content.split("\n"))


def _belonging(history: History) -> str:
    parts = []
    for each in history:
        fact = each.fact
        if isinstance(fact, PupilEnrolled):
            parts.append(f"od {day(fact.since)}")
        elif isinstance(fact, PupilLeft):
            parts.append(f"do {day(fact.until)} ({text(fact.reason)})")
    return "; ".join(parts)


def _parents(register: ClassRegister, names: Names, *, limits: bool) -> Table:
    rows = []
    for pupil_id in register.enrolments:
        for parent_id, rights in register.people[pupil_id].parents.items():
            parent = register.people.get(parent_id, Person())
            details = _details(parent)
            reach = told(parent.contact, ContactDetailsRecorded) if parent.contact else None
            contact = [text(one) for one in (reach.email, reach.phone) if one] if reach else []
            rows.append(
                (
                    names.pupil(pupil_id),
                    names.of(parent_id),
                    _one_line(text(details.address)) if details else NOTHING,
                    ", ".join(contact) or NOTHING,
                    _rights(rights, limits=limits),
                )
            )
    head = ("Uczeń", "Rodzic lub opiekun", "Adres", "E-mail, telefon", "Prawa")
    return Table("Rodzice i opiekunowie", head, rows, (4, 4, 4, 4, 4))


def _rights(history: History, *, limits: bool) -> str:
    parts = []
    for each in history:
        fact = each.fact
        if isinstance(fact, ParentalRightsGranted):
            parts.append(f"od {day(fact.since)}")
        elif isinstance(fact, ParentalRightsEnded):
            parts.append(f"do {day(fact.until)} ({text(fact.basis)})")
        elif limits and isinstance(fact, ParentalRightsLimited):
            powers = ", ".join(POWERS[one] for one in fact.powers)
            left = f"ograniczone do: {powers}" if powers else "zawieszone"
            parts.append(f"od {day(fact.since)} {left} ({text(fact.basis)})")
        elif limits and isinstance(fact, ParentalRightsRestored):
            parts.append(f"od {day(fact.since)} znów pełne ({text(fact.basis)})")
    return "; ".join(parts)


def teaching(register: ClassRegister, names: Names) -> Iterator[Section]:
    """Teachers of each subject, and the weekly timetables as they followed each other."""
    rows = []
    for history in register.assignments.values():
        first, *later = history
        fact = first.fact
        if isinstance(fact, TeachingAssigned):
            ended = [told(each, TeachingEnded).until for each in later]
            subject = register.school.subjects.get(fact.subject_id, (fact.subject_id, ""))[0]
            rows.append(
                (
                    subject,
                    group_name(register, fact.group_id or fact.unit_id),
                    names.of(fact.teacher_id),
                    day(fact.since),
                    day(ended[-1]) if ended else NOTHING,
                )
            )
    head = ("Przedmiot", "Grupa", "Nauczyciel", "Od dnia", "Do dnia")
    yield Section(
        "nauczyciele", "Nauczyciele przedmiotów", tables=[Table("Przydziały", head, rows, (5, 4, 5, 2, 2))]
    )
    yield Section("plan", "Tygodniowe plany lekcji", tables=list(_timetables(register)))


def group_name(register: ClassRegister, unit_id: str) -> str:
    """The name of a group; the whole class has none."""
    group = register.groups.get(unit_id)
    return NOTHING if group is None else str(getattr(group.formed.fact, "name", unit_id))


def _timetables(register: ClassRegister) -> Iterator[Table]:
    periods = told(register.school.periods[-1], LessonPeriodsSet).periods if register.school.periods else ()
    clock = {one.number: f"{one.number}. {one.starts}–{one.ends}" for one in periods}
    for each in register.timetables:
        fact = told(each, TimetableSet)
        slots: dict[tuple[int, int], list[str]] = {}
        for slot in fact.slots:
            slots.setdefault((slot.period, slot.weekday), []).append(_slot(register, slot))
        days = sorted({weekday for _, weekday in slots})
        rows = [
            (
                clock.get(period, str(period)),
                *("; ".join(slots.get((period, one), ())) or NOTHING for one in days),
            )
            for period in sorted({period for period, _ in slots})
        ]
        whose = group_name(register, fact.unit_id)
        caption = f"Plan od {day(fact.valid_from)}" + ("" if whose == NOTHING else f", {whose}")
        head = ("Godzina", *(WEEKDAYS[one - 1] for one in days))
        yield Table(caption, head, rows, (2,) * len(head))


def _slot(register: ClassRegister, slot: TimetableSlot) -> str:
    assigned = register.assignments.get(slot.assignment_id, [])
    fact = assigned[0].fact if assigned else None
    if not isinstance(fact, TeachingAssigned):
        return slot.assignment_id
    subject = register.school.subjects.get(fact.subject_id, ("", fact.subject_id))[1]
    return f"{subject} ({slot.room})" if slot.room else subject
