"""What does the office enter: school, people, classes, teaching, timetables, moves?

Each function gives commands in the order they are to be given.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from dziennik.contracts import (
    audits,
    calendar_commands,
    classes,
    classification,
    earlier_grades,
    movement,
    people,
    school,
)
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.demo.chance import Chance
from dziennik.demo.curriculum import SUBJECTS
from dziennik.demo.people import People, Person, Pupil
from dziennik.demo.rules import ATTENDANCE, GRADING, PERIODS, classifying
from dziennik.demo.school_days import breaks
from dziennik.demo.sizes import SCHOOL_NAME, Size
from dziennik.demo.structure import ClassPlan, Place, Year, groups_of, repeats
from dziennik.demo.timetable import Hours, slots_of

EMPLOYED = date(2020, 9, 1)
FORMER_SCHOOL = "Szkoła Podstawowa nr 4 w Zgierzu"
NEXT_SCHOOL = "Szkoła Podstawowa nr 2 w Kutnie"
BROUGHT = (("mat", "4", 5), ("mat", "3+", 3), ("pol", "5-", 5), ("ang", "4+", 3))  # subject, grade, weight
YEARS_OF_AUDIT = 5


def founding(size: Size) -> Iterator[Command]:
    """The school and its subjects."""
    yield school.FoundSchool(
        school_id=size.school_id,
        name=SCHOOL_NAME,
        short_name="SP 1",
        city="Brzozów Łęgowy",
    )


def subjects(chance: Chance) -> Iterator[Command]:
    for subject in SUBJECTS:
        yield school.IntroduceSubject(
            subject_id=subject_id(chance, subject.key), name=subject.name, short_name=subject.short_name
        )


def subject_id(chance: Chance, key: str) -> str:
    return chance.id("subject", key)


def opening(year: Year, *, first: bool) -> Iterator[Command]:
    """The year with its terms; bells and rules are set in the first one and taken over afterwards."""
    yield school.OpenSchoolYear(
        year_id=year.year_id,
        name=year.name,
        starts=year.starts,
        ends=year.ends,
        terms=year.terms,
        periods=PERIODS if first else None,
        grading=GRADING if first else None,
        attendance=ATTENDANCE if first else None,
    )
    if first:
        yield classification.SetClassificationRules(year_id=year.year_id, rules=classifying(year))
    yield from free_days(year)


def free_days(year: Year) -> Iterator[Command]:
    """Holidays and breaks of the year, each run of days at once."""
    for first, last in breaks(year.starts, year.terms[-1].ends, year.closed):
        yield calendar_commands.DeclareFreeDays(
            free_id=f"{year.year_id}.{first}",
            year_id=year.year_id,
            name="Przerwa w zajęciach" if (last - first).days > 1 else "Dzień wolny od zajęć",
            starts=first,
            ends=last,
        )


def staff(everybody: People) -> Iterator[Command]:
    """Director, secretary, teachers."""
    yield from _person(everybody.director, EMPLOYED, Role.DIRECTOR)
    yield from _person(everybody.secretary, EMPLOYED, Role.ADMINISTRATOR)
    yield from _person(everybody.auditor, EMPLOYED, Role.AUDITOR)
    for teacher in everybody.teachers:
        yield from _person(teacher.person, EMPLOYED, Role.TEACHER)


def _person(one: Person, since: date, role: Role, *, linked: bool = True) -> Iterator[Command]:
    yield people.RegisterPerson(
        person_id=one.person_id, given_names=one.given, family_name=one.family, since=since, roles=(role,)
    )
    if one.email or one.phone:
        yield people.RecordContactDetails(person_id=one.person_id, email=one.email, phone=one.phone)
    if linked and role is not Role.AUDITOR:
        yield link(one)


def mandates(everybody: People, year: Year) -> Iterator[Command]:
    """The auditor may look at the whole school this year and, for whoever tries it later, the next ones."""
    for later in range(YEARS_OF_AUDIT):
        first, last = (day.replace(year=day.year + later) for day in (year.starts, year.ends))
        yield audits.IssueMandate(
            mandate_id=f"audit-{first.year}",
            auditor_id=everybody.auditor.person_id,
            since=first,
            until=last,
            reason="Kontrola dokumentacji przebiegu nauczania",
        )


def link(one: Person) -> Command:
    return people.LinkAccount(person_id=one.person_id, account_id=one.account_id)


def family(pupil: Pupil, since: date) -> Iterator[Command]:
    """A pupil with their parents; the second parent has no account yet, so there are letters to print."""
    child = pupil.person
    yield from _person(child, since, Role.PUPIL)
    yield people.RecordPersonalDetails(
        person_id=child.person_id,
        birth_date=pupil.born,
        birth_place=pupil.birth_place,
        sex="K" if child.female else "M",
        address=child.address,
    )
    for parent in pupil.parents:
        yield from _person(parent, since, Role.PARENT, linked=parent is pupil.parents[0])
        yield people.RecordPersonalDetails(person_id=parent.person_id, address=parent.address)
        yield people.GrantParentalRights(
            pupil_id=child.person_id,
            parent_id=parent.person_id,
            guardianship=people.Guardianship.PARENT,
            since=since,
        )


def class_unit(unit: ClassPlan, year: Year) -> Iterator[Command]:
    """A class with its pupils of the first day, its groups and who is in them."""
    yield classes.OpenClass(class_id=unit.class_id, year_id=year.year_id, name=unit.name, level=unit.level)
    yield classes.AppointHomeroomTeacher(
        class_id=unit.class_id, teacher_id=unit.homeroom.person.person_id, since=year.starts
    )
    for group in unit.groups.values():
        if group.unit_id == unit.class_id:
            yield classes.FormGroup(class_id=unit.class_id, group_id=group.group_id, name=group.name)
    for place in unit.places:
        if place.since == year.starts:
            yield enrolment(unit, place)


def promotion(unit: ClassPlan, before: ClassPlan, year: Year, earlier: Year) -> Iterator[Command]:
    """The class opened from the year before, with its groups; who repeats, and a new homeroom teacher."""
    yield classification.PromoteClass(
        from_class_id=before.class_id,
        class_id=unit.class_id,
        year_id=year.year_id,
        name=unit.name,
        level=unit.level,
        by_name=True,
        groups=True,
    )
    if unit.homeroom is not before.homeroom:
        yield classes.AppointHomeroomTeacher(
            class_id=unit.class_id, teacher_id=unit.homeroom.person.person_id, since=year.starts
        )
    for place in unit.places:
        if repeats(place.pupil) and place.since == year.starts:
            yield repetition(unit, place, earlier)


def repetition(unit: ClassPlan, place: Place, earlier: Year) -> Command:
    """Whoever was not promoted is in the next class of the same level."""
    former = next(one for one in earlier.classes if any(p.pupil is place.pupil for p in one.places))
    return movement.RepeatYear(
        from_class_id=former.class_id,
        class_id=unit.class_id,
        pupil_id=place.pupil.person.person_id,
        since=place.since,
        number=place.number,
    )


def coming(year: Year, unit: ClassPlan, place: Place) -> Iterator[Command]:
    """A pupil comes during the year: out of another class, or from another school; then into the groups."""
    pupil_id = place.pupil.person.person_id
    left = _left(year, place)
    if left:
        yield movement.ChangeClass(
            from_class_id=left[0].class_id,
            to_class_id=unit.class_id,
            pupil_id=pupil_id,
            on=place.since,
            reason=left[1].reason or "",
            number=place.number,
        )
    else:
        yield movement.TransferIn(
            class_id=unit.class_id,
            pupil_id=pupil_id,
            since=place.since,
            school=FORMER_SCHOOL,
            number=place.number,
        )
    # A group that draws from both classes is not left by whoever goes from one to the other.
    kept = {group.group_id for group in groups_of(left[0], place.pupil)} if left else set()
    yield from (one for one in joining(unit, place) if one.group_id not in kept)


def _left(year: Year, place: Place) -> tuple[ClassPlan, Place] | None:
    """The class in which the pupil was before in that year, and the place there."""
    places = [(unit, one) for unit in year.classes for one in unit.places if one.pupil is place.pupil]
    return next(((unit, one) for unit, one in places if one.until and one.until < place.since), None)


def brought(unit: ClassPlan, place: Place, chance: Chance) -> Command:
    """The grades on the sheet of the school that a pupil comes from."""
    pupil_id = place.pupil.person.person_id
    return earlier_grades.RecordEarlierGrades(
        class_id=unit.class_id,
        pupil_id=pupil_id,
        school=FORMER_SCHOOL,
        grades=tuple(
            [
                earlier_grades.EarlierGrade(
                    grade_id=chance.id("brought", pupil_id, number),
                    subject_id=subject_id(chance, key),
                    value=value,
                    on=place.since - timedelta(days=30 + 7 * number),
                    weight=Decimal(weight),
                )
                for number, (key, value, weight) in enumerate(BROUGHT)
            ]
        ),
    )


def enrolment(unit: ClassPlan, place: Place) -> Command:
    return classes.EnrolPupil(
        class_id=unit.class_id,
        pupil_id=place.pupil.person.person_id,
        since=place.since,
        number=place.number,
    )


def shared_groups(year: Year, before: Year | None) -> Iterator[Command]:
    """Interclass groups, those of the year before carried over."""
    for place, group in enumerate(year.shared):
        if before:
            yield classification.CarryOverGroup(
                from_group_id=before.shared[place].group_id,
                group_id=group.group_id,
                year_id=year.year_id,
                name=group.name,
                class_ids=group.class_ids,
            )
            continue
        yield classes.FormInterclassGroup(
            group_id=group.group_id, year_id=year.year_id, name=group.name, class_ids=group.class_ids
        )


def joining(unit: ClassPlan, place: Place) -> Iterator[classes.JoinGroup]:
    """The pupil's groups."""
    for group in groups_of(unit, place.pupil):
        yield classes.JoinGroup(
            unit_id=group.unit_id,
            group_id=group.group_id,
            class_id=unit.class_id,
            pupil_id=place.pupil.person.person_id,
            since=place.since,
        )


def leaving(year: Year, unit: ClassPlan, place: Place) -> Iterator[Command]:
    """The pupil leaves the school; whoever goes to another class leaves with the first day there."""
    stays = any(
        one.pupil is place.pupil and one is not place for other in year.classes for one in other.places
    )
    if place.until and not stays:
        yield movement.LeaveSchool(
            class_id=unit.class_id,
            pupil_id=place.pupil.person.person_id,
            until=place.until,
            kind=movement.LeavingKind.TO_ANOTHER_SCHOOL,
            reason=place.reason or "",
            destination=NEXT_SCHOOL,
        )


def teaching(year: Year, chance: Chance) -> Iterator[Command]:
    """Who teaches what."""
    for assignment in year.assignments():
        yield classes.AssignTeaching(
            assignment_id=assignment.assignment_id,
            unit_id=assignment.unit_id,
            subject_id=subject_id(chance, assignment.subject.key),
            teacher_id=assignment.teacher.person.person_id,
            since=year.starts,
            group_id=assignment.group.group_id if assignment.group else None,
        )


def timetables(year: Year, hours: Hours, valid_from: date) -> Iterator[Command]:
    """The weekly timetable of each class and shared group."""
    assignments = year.assignments()
    units = [unit.class_id for unit in year.classes] + [group.unit_id for group in year.shared]
    for unit_id in units:
        slots = slots_of(unit_id, assignments, hours)
        yield classes.SetTimetable(unit_id=unit_id, valid_from=valid_from, slots=slots)
