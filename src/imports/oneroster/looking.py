"""How do the school's facts become the picture?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from dziennik.contracts import classes, grades, people, school, streams
from dziennik.contracts.envelope import Channel, Recorded
from dziennik.contracts.facts import Fact
from dziennik.imports.oneroster.picture import (
    DETAILS,
    AssignmentSeen,
    ColumnSeen,
    GradeSeen,
    Heading,
    PersonSeen,
    Picture,
    Seen,
    UnitSeen,
    YearSeen,
)
from dziennik.imports.oneroster.wanted import Span

F = TypeVar("F", bound=Fact)

_HANDS: dict[type[Fact], Callable[[Picture, Any, str, bool], None]] = {}


def look(picture: Picture, facts: Iterable[Recorded]) -> None:
    """Add facts to the picture, each stream's in its order. Others' facts are passed over."""
    for recorded in facts:
        hand = _HANDS.get(type(recorded.fact))
        if hand:
            by_import = recorded.origin.actor.channel is Channel.IMPORT
            hand(picture, recorded.fact, recorded.stream, by_import)


def _on(
    fact: type[F],
) -> Callable[[Callable[[Picture, F, str, bool], None]], Callable[[Picture, F, str, bool], None]]:
    def keep(hand: Callable[[Picture, F, str, bool], None]) -> Callable[[Picture, F, str, bool], None]:
        _HANDS[fact] = hand
        return hand

    return keep


# --- the school


@_on(school.SchoolFounded)
def _founded(picture: Picture, fact: school.SchoolFounded, _: str, by_import: bool) -> None:
    picture.name.set((fact.name, fact.short_name), by_import)


@_on(school.SchoolRenamed)
def _school_renamed(picture: Picture, fact: school.SchoolRenamed, _: str, by_import: bool) -> None:
    picture.name.set((fact.name, fact.short_name), by_import)


@_on(school.SchoolYearOpened)
def _year(picture: Picture, fact: school.SchoolYearOpened, _: str, by_import: bool) -> None:
    picture.years[fact.year_id] = YearSeen(fact.name, fact.starts, fact.ends, by_import)


@_on(school.TermsSet)
def _terms(picture: Picture, fact: school.TermsSet, _: str, by_import: bool) -> None:
    picture.terms.setdefault(fact.year_id, Seen()).set(fact.terms, by_import)


@_on(school.GradingRulesSet)
def _grading(picture: Picture, fact: school.GradingRulesSet, _: str, by_import: bool) -> None:
    picture.grading[fact.year_id] = fact.rules
    known = picture.categories.setdefault(fact.year_id, {})
    for category in fact.rules.categories:
        said = (category.name, category.weight)
        known.setdefault(category.category_id, Seen()).set(said, by_import)


@_on(school.SubjectIntroduced)
def _subject(picture: Picture, fact: school.SubjectIntroduced, _: str, by_import: bool) -> None:
    picture.subjects.setdefault(fact.subject_id, Seen()).set((fact.name, fact.short_name), by_import)


@_on(school.SubjectRenamed)
def _subject_renamed(picture: Picture, fact: school.SubjectRenamed, _: str, by_import: bool) -> None:
    picture.subjects.setdefault(fact.subject_id, Seen()).set((fact.name, fact.short_name), by_import)


# --- people


def _person(picture: Picture, person_id: str) -> PersonSeen:
    return picture.persons.setdefault(person_id, PersonSeen())


@_on(people.PersonRegistered)
def _registered(picture: Picture, fact: people.PersonRegistered, _: str, by_import: bool) -> None:
    _person(picture, fact.person_id).name.set((fact.given_names, fact.family_name), by_import)


@_on(people.PersonRenamed)
def _renamed(picture: Picture, fact: people.PersonRenamed, _: str, by_import: bool) -> None:
    _person(picture, fact.person_id).name.set((fact.given_names, fact.family_name), by_import)


@_on(people.PersonalDetailsRecorded)
def _details(picture: Picture, fact: people.PersonalDetailsRecorded, _: str, by_import: bool) -> None:
    seen = _person(picture, fact.person_id).details
    for name in DETAILS:
        seen[name].set(getattr(fact, name), by_import)


@_on(people.ContactDetailsRecorded)
def _contact(picture: Picture, fact: people.ContactDetailsRecorded, _: str, by_import: bool) -> None:
    seen = _person(picture, fact.person_id)
    seen.email.set(fact.email, by_import)
    seen.phone.set(fact.phone, by_import)


@_on(people.RoleTaken)
def _role(picture: Picture, fact: people.RoleTaken, _: str, by_import: bool) -> None:
    roles = _person(picture, fact.person_id).roles
    roles.setdefault(fact.role, Seen()).set(Span(fact.since), by_import)


@_on(people.RoleLeft)
def _role_left(picture: Picture, fact: people.RoleLeft, _: str, by_import: bool) -> None:
    _end(_person(picture, fact.person_id).roles.get(fact.role), fact.until, by_import)


@_on(people.ParentalRightsGranted)
def _right(picture: Picture, fact: people.ParentalRightsGranted, _: str, by_import: bool) -> None:
    rights = _person(picture, fact.pupil_id).rights
    rights.setdefault(fact.parent_id, Seen()).set(Span(fact.since), by_import)


@_on(people.ParentalRightsEnded)
def _right_ended(picture: Picture, fact: people.ParentalRightsEnded, _: str, by_import: bool) -> None:
    _end(_person(picture, fact.pupil_id).rights.get(fact.parent_id), fact.until, by_import)


# --- class units


@_on(classes.ClassOpened)
def _opened(picture: Picture, fact: classes.ClassOpened, _: str, by_import: bool) -> None:
    unit = picture.units[fact.class_id] = UnitSeen(fact.year_id)
    unit.name.set((fact.name, fact.level), by_import)


@_on(classes.ClassRenamed)
def _class_renamed(picture: Picture, fact: classes.ClassRenamed, _: str, by_import: bool) -> None:
    picture.units[fact.class_id].name.set((fact.name, fact.level), by_import)


@_on(classes.HomeroomTeacherAppointed)
def _homeroom(picture: Picture, fact: classes.HomeroomTeacherAppointed, _: str, by_import: bool) -> None:
    picture.units[fact.class_id].homeroom.set(fact.teacher_id, by_import)


@_on(classes.PupilEnrolled)
def _enrolled(picture: Picture, fact: classes.PupilEnrolled, _: str, by_import: bool) -> None:
    stays = picture.units[fact.class_id].stays
    stays.setdefault(fact.pupil_id, Seen()).set(Span(fact.since), by_import)


@_on(classes.PupilLeft)
def _left(picture: Picture, fact: classes.PupilLeft, _: str, by_import: bool) -> None:
    _end(picture.units[fact.class_id].stays.get(fact.pupil_id), fact.until, by_import)


@_on(classes.GroupFormed)
def _group(picture: Picture, fact: classes.GroupFormed, _: str, by_import: bool) -> None:
    picture.units[fact.class_id].groups.setdefault(fact.group_id, Seen()).set(fact.name, by_import)


@_on(classes.InterclassGroupFormed)
def _interclass(picture: Picture, fact: classes.InterclassGroupFormed, _: str, by_import: bool) -> None:
    unit = picture.units[fact.group_id] = UnitSeen(fact.year_id, fact.class_ids)
    unit.groups.setdefault(fact.group_id, Seen()).set(fact.name, by_import)


@_on(classes.PupilJoinedGroup)
def _joined(picture: Picture, fact: classes.PupilJoinedGroup, stream: str, by_import: bool) -> None:
    unit = picture.units.get(streams.unit_of(stream) or "")
    if unit:
        key = (fact.group_id, fact.pupil_id)
        unit.members.setdefault(key, Seen()).set(Span(fact.since), by_import)


@_on(classes.PupilLeftGroup)
def _left_group(picture: Picture, fact: classes.PupilLeftGroup, stream: str, by_import: bool) -> None:
    unit = picture.units.get(streams.unit_of(stream) or "")
    if unit:
        _end(unit.members.get((fact.group_id, fact.pupil_id)), fact.until, by_import)


@_on(classes.TeachingAssigned)
def _assigned(picture: Picture, fact: classes.TeachingAssigned, _: str, by_import: bool) -> None:
    seen: Seen[Span] = Seen()
    seen.set(Span(fact.since), by_import)
    assignments = picture.units[fact.unit_id].assignments
    assignments[fact.assignment_id] = AssignmentSeen(fact.unit_id, fact.group_id, seen)


@_on(classes.TeachingEnded)
def _teaching_ended(picture: Picture, fact: classes.TeachingEnded, stream: str, by_import: bool) -> None:
    unit = picture.units.get(streams.unit_of(stream) or "")
    known = unit.assignments.get(fact.assignment_id) if unit else None
    _end(known.span if known else None, fact.until, by_import)


# --- grades


@_on(grades.ColumnOpened)
def _column(picture: Picture, fact: grades.ColumnOpened, _: str, by_import: bool) -> None:
    seen: Seen[Heading] = Seen()
    seen.set(Heading(fact.title, fact.category_id, fact.on, fact.out_of), by_import)
    picture.columns[fact.column_id] = ColumnSeen(fact.unit_id, fact.assignment_id, seen)


@_on(grades.ColumnChanged)
def _column_changed(picture: Picture, fact: grades.ColumnChanged, _: str, by_import: bool) -> None:
    heading = Heading(fact.title, fact.category_id, fact.on, fact.out_of)
    picture.columns[fact.column_id].heading.set(heading, by_import)


@_on(grades.GradeGiven)
def _grade(picture: Picture, fact: grades.GradeGiven, _: str, by_import: bool) -> None:
    seen: Seen[str] = Seen()
    seen.set(fact.value, by_import)
    picture.grades[fact.grade_id] = GradeSeen(
        fact.class_id, fact.subject_id, fact.pupil_id, fact.column_id, seen
    )


@_on(grades.GradeCorrected)
def _corrected(picture: Picture, fact: grades.GradeCorrected, _: str, by_import: bool) -> None:
    picture.grades[fact.grade_id].value.set(fact.value, by_import)


@_on(grades.GradeStruckOut)
def _struck(picture: Picture, fact: grades.GradeStruckOut, _: str, by_import: bool) -> None:
    picture.grades[fact.grade_id].value.set(None, by_import)


def _end(seen: Seen[Span] | None, until: date, by_import: bool) -> None:
    if seen and seen.now:
        seen.set(Span(seen.now.since, until), by_import)
