"""Which commands put class units, groups and assignments right, and what is over?"""

from __future__ import annotations

from datetime import date

from dziennik.contracts import classes, people
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.domain.policies.names import polish_sort_key
from dziennik.imports.oneroster.moves import Moves
from dziennik.imports.oneroster.picture import Picture, Seen, UnitSeen
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.steps import REASON, Plan, is_open
from dziennik.imports.oneroster.wanted import (
    Assignment,
    Group,
    Member,
    Span,
    Stay,
    Unit,
    Wanted,
    Year,
)


def plan_classes(wanted: Wanted, picture: Picture, today: date, made: Plan) -> None:
    """Units, then who left them, then who is in them, then groups and teachers."""
    for unit in wanted.units.values():
        _unit(unit, picture, today, made)
    moves = Moves(wanted, picture, today)
    for key, command in moves.endings():
        made.add(*key, "ended", command)
    for stay in moves.in_order(_in_register_order(wanted, picture)):
        _stay(stay, moves, picture, made)
    for group in wanted.groups.values():
        _group(group, picture, made)
    for member in wanted.members.values():
        _member(member, moves, picture, made)
    for assignment in wanted.assignments.values():
        _assignment(assignment, picture, made)


def _unit(unit: Unit, picture: Picture, today: date, made: Plan) -> None:
    seen = picture.units.get(unit.unit_id)
    needs = (f"years:{unit.year.year_id}",)
    if seen is None:
        command = classes.OpenClass(
            class_id=unit.unit_id, year_id=unit.year.year_id, name=unit.name, level=unit.level
        )
        made.add("classes", unit.unit_id, "created", command, place=unit.place, needs=needs)
    elif seen.name.imported and seen.name.news((unit.name, unit.level)):
        rename = classes.RenameClass(class_id=unit.unit_id, name=unit.name, level=unit.level)
        made.add("classes", unit.unit_id, "changed", rename, place=unit.place)
    else:
        made.same("classes")
    if unit.homeroom:
        _homeroom(unit, unit.homeroom, picture, today, made)


def _homeroom(unit: Unit, homeroom: tuple[str, date], picture: Picture, today: date, made: Plan) -> None:
    teacher_id, since = homeroom
    seen = picture.units.get(unit.unit_id)
    before = seen.homeroom if seen else Seen[str]()
    if not before.news(teacher_id):
        made.same("homeroom_teachers")
        return
    if before.now and since == unit.year.starts:
        # A successor without a day of beginning follows when the file says so.
        since = unit.year.clip(today)
    since = max(since, picture.role_since(teacher_id, Role.TEACHER))
    command = classes.AppointHomeroomTeacher(class_id=unit.unit_id, teacher_id=teacher_id, since=since)
    made.add(
        "homeroom_teachers",
        unit.unit_id,
        "changed" if before.now else "created",
        command,
        place=unit.place,
        needs=(f"classes:{unit.unit_id}", f"people:{teacher_id}"),
    )


def _in_register_order(wanted: Wanted, picture: Picture) -> list[Stay]:
    """By class, then as a register lists its pupils: by the Polish alphabet."""

    def order(stay: Stay) -> tuple[str, str, str, str]:
        person = wanted.people.get(stay.pupil_id)
        seen = picture.persons.get(stay.pupil_id)
        name = ("", "")
        if person and person.row:
            name = (person.row.given_names, person.row.family_name)
        elif seen and seen.name.now:
            name = seen.name.now
        return stay.unit_id, polish_sort_key(name[1]), polish_sort_key(name[0]), stay.pupil_id

    return sorted(wanted.stays.values(), key=order)


def _stay(stay: Stay, moves: Moves, picture: Picture, made: Plan) -> None:
    unit_id, pupil_id, since = stay.unit_id, stay.pupil_id, moves.since(stay)
    year = moves.year(stay)
    seen = picture.units.get(unit_id)
    made.span(
        "enrolments",
        f"{unit_id}/{pupil_id}",
        Span(since, stay.span.until),
        seen.stays.get(pupil_id) if seen else None,
        lambda day: classes.EnrolPupil(class_id=unit_id, pupil_id=pupil_id, since=day),
        lambda day: moves.ending(unit_id, pupil_id, day, year),
        stay.place,
        (f"classes:{unit_id}", f"people:{pupil_id}", f"roles:{pupil_id}/pupil"),
    )


def _group(group: Group, picture: Picture, made: Plan) -> None:
    if picture.group_owner(group.group_id):
        made.same("groups")
        return
    command: Command
    if group.interclass:
        command = classes.FormInterclassGroup(
            group_id=group.group_id,
            year_id=group.year.year_id,
            name=group.name,
            class_ids=group.class_ids,
        )
    else:
        command = classes.FormGroup(class_id=group.owner, group_id=group.group_id, name=group.name)
    needs = tuple(f"classes:{class_id}" for class_id in group.class_ids)
    made.add("groups", group.group_id, "created", command, place=group.place, needs=needs)


def _member(member: Member, moves: Moves, picture: Picture, made: Plan) -> None:
    seen = picture.units.get(member.owner)
    key = (member.group_id, member.pupil_id)
    stay = moves.stay_since(member)
    made.span(
        "group_members",
        f"{member.group_id}/{member.pupil_id}",
        Span(max(member.span.since, stay), member.span.until),
        seen.members.get(key) if seen else None,
        lambda day: classes.JoinGroup(
            unit_id=member.owner,
            group_id=member.group_id,
            class_id=member.class_id,
            pupil_id=member.pupil_id,
            since=day,
        ),
        lambda day: classes.LeaveGroup(
            unit_id=member.owner, group_id=member.group_id, pupil_id=member.pupil_id, until=day
        ),
        member.place,
        (f"groups:{member.group_id}", f"enrolments:{member.class_id}/{member.pupil_id}"),
    )


def _assignment(one: Assignment, picture: Picture, made: Plan) -> None:
    seen = picture.assignment(one.assignment_id)
    begun = picture.role_since(one.teacher_id, Role.TEACHER)
    group = () if one.group_id is None else (f"groups:{one.group_id}",)
    made.span(
        "assignments",
        one.assignment_id,
        Span(max(one.span.since, begun), one.span.until),
        seen.span if seen else None,
        lambda day: classes.AssignTeaching(
            assignment_id=one.assignment_id,
            unit_id=one.unit_id,
            subject_id=one.subject_id,
            teacher_id=one.teacher_id,
            since=day,
            group_id=one.group_id,
        ),
        lambda day: classes.EndTeaching(unit_id=one.unit_id, assignment_id=one.assignment_id, until=day),
        one.place,
        (f"classes:{one.unit_id}", f"people:{one.teacher_id}", f"subjects:{one.subject_id}", *group),
    )


def plan_endings(part: Slice, wanted: Wanted, picture: Picture, today: date, made: Plan) -> None:
    """What earlier imports began and nothing in the file speaks for any more.

    Only in the years the file speaks of. Rows that were skipped as bad keep what they stand for.
    """
    for unit_id, unit in sorted(picture.units.items()):
        year = wanted.years.get(unit.year_id)
        if year:
            _ended_in_unit(unit_id, unit, year, wanted, part, today, made)
    for person_id in sorted(picture.persons):
        if person_id not in part.bad.get("users", set()):
            _ended_of_person(person_id, picture, wanted, part, today, made)


def _ended_in_unit(
    unit_id: str, unit: UnitSeen, year: Year, wanted: Wanted, part: Slice, today: date, made: Plan
) -> None:
    for (group_id, pupil_id), seen in sorted(unit.members.items()):
        stays = unit_id == group_id or (unit_id, pupil_id) in wanted.stays
        if is_open(seen) and seen.now and stays and (group_id, pupil_id) not in wanted.members:
            until = max(year.clip(today), seen.now.since)
            leave = classes.LeaveGroup(unit_id=unit_id, group_id=group_id, pupil_id=pupil_id, until=until)
            made.add("group_members", f"{group_id}/{pupil_id}", "ended", leave)
    for assignment_id, one in sorted(unit.assignments.items()):
        if is_open(one.span) and one.span.now and assignment_id not in wanted.assignments:
            day = part.deleted.get("enrollments", {}).get(assignment_id) or today
            until = max(year.clip(day), one.span.now.since)
            end = classes.EndTeaching(unit_id=unit_id, assignment_id=assignment_id, until=until)
            place = part.place("enrollments", assignment_id)
            made.add("assignments", assignment_id, "ended", end, place=place)


def _ended_of_person(
    person_id: str, picture: Picture, wanted: Wanted, part: Slice, today: date, made: Plan
) -> None:
    seen = picture.persons[person_id]
    person = wanted.people.get(person_id)
    day = part.deleted.get("users", {}).get(person_id) or today
    place = part.place("users", person_id)
    for parent_id, right in sorted(seen.rights.items()):
        if is_open(right) and right.now and (person_id, parent_id) not in wanted.rights:
            end = people.EndParentalRights(
                pupil_id=person_id, parent_id=parent_id, until=max(day, right.now.since), basis=REASON
            )
            made.add("parental_rights", f"{person_id}/{parent_id}", "ended", end, place=place)
    for role, held in sorted(seen.roles.items()):
        if is_open(held) and held.now and (person is None or role not in person.roles):
            leave = people.LeaveRole(person_id=person_id, role=role, until=max(day, held.now.since))
            made.add("roles", f"{person_id}/{role}", "ended", leave, place=place)
