"""Who are the people, what are they in the school, and whose child is whose?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from dziennik.contracts.envelope import Role
from dziennik.contracts.people import Guardianship
from dziennik.imports.oneroster.homes import Taught
from dziennik.imports.oneroster.picture import Picture
from dziennik.imports.oneroster.rows import RoleRow, UserRow
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.wanted import Person, Right, Span, Wanted

# What the register has a role for. Aides, counsellors, proctors, relatives and a district's or
# system's administrators have none in a class register: they are left alone.
ROLES = {
    "student": Role.PUPIL,
    "teacher": Role.TEACHER,
    "parent": Role.PARENT,
    "guardian": Role.PARENT,
    "administrator": Role.ADMINISTRATOR,
    "siteAdministrator": Role.ADMINISTRATOR,
    "principal": Role.DIRECTOR,
}

Spans = dict[str, dict[Role, Span]]


def want_people(
    part: Slice, taught: dict[str, Taught], picture: Picture, wanted: Wanted, default: date
) -> None:
    """People with their roles, and parental rights, into `wanted`.

    `default` is the day from which on a role without a beginning is held.
    """
    said = dict(_said(part, default))
    spans = _spans(said.values())
    for one in taught.values():
        for table, role in ((one.pupils, Role.PUPIL), (one.teachers, Role.TEACHER)):
            for row in table.values():
                held = spans.setdefault(row.user, {}).setdefault(role, Span(default))
                since = one.year.span(row.begins, row.ends).since
                spans[row.user][role] = Span(min(held.since, since), held.until)
    guardians = {user for user, word, _ in said.values() if word == "guardian"}
    pairs = list(_pairs(part, spans))
    for _, parent_id in pairs:
        spans[parent_id].setdefault(Role.PARENT, Span(default))
    for person_id in sorted(part.tables["users"]):
        _want(part, picture, wanted, person_id, spans.get(person_id, {}))
    for pupil_id, parent_id in pairs:
        if pupil_id in wanted.people and parent_id in wanted.people:
            ground = Guardianship.GUARDIAN if parent_id in guardians else Guardianship.PARENT
            since = max(spans[pupil_id][Role.PUPIL].since, spans[parent_id][Role.PARENT].since)
            place = part.place("users", pupil_id)
            wanted.rights[pupil_id, parent_id] = Right(pupil_id, parent_id, ground, since, place)


def _want(part: Slice, picture: Picture, wanted: Wanted, person_id: str, roles: dict[Role, Span]) -> None:
    row = part.persons.get(person_id)
    if not roles:
        wanted.notes["users_without_role"] += 1
    elif row is None and person_id not in picture.persons:
        wanted.notes["users_without_name"] += 1
    else:
        demographic = part.demographics.get(person_id)
        place = part.place("users", person_id)
        ordered = {role: roles[role] for role in sorted(roles)}
        wanted.people[person_id] = Person(person_id, row, demographic, ordered, place)


def _said(part: Slice, default: date) -> Iterable[tuple[str, tuple[str, str, Span]]]:
    """Every role the file gives somebody: row, user, OneRoster's word, span."""
    users = part.tables["users"]
    for role_id, row in part.tables["roles"].items():
        if isinstance(row, RoleRow) and row.user in users:
            since = row.begins or default
            yield role_id, (row.user, row.role, Span(min(since, row.ends or since), row.ends))
    for user_id, user in users.items():
        if isinstance(user, UserRow) and user.role:
            yield user_id, (user_id, user.role, Span(default))


def _spans(said: Iterable[tuple[str, str, Span]]) -> Spans:
    """Each person's roles in the register, rows that overlap taken together."""
    rows: defaultdict[tuple[str, Role], list[Span]] = defaultdict(list)
    for user_id, word, span in said:
        if word in ROLES:
            rows[user_id, ROLES[word]].append(span)
    spans: Spans = {}
    for (user_id, role), several in rows.items():
        untils = [span.until for span in several]
        last = None if None in untils else max(until for until in untils if until)
        spans.setdefault(user_id, {})[role] = Span(min(span.since for span in several), last)
    return spans


def _pairs(part: Slice, spans: Spans) -> Iterable[tuple[str, str]]:
    """(pupil, parent), each pair once: agents of a pupil, and pupils a parent names as agents."""
    found: set[tuple[str, str]] = set()
    for user_id, row in part.tables["users"].items():
        if not isinstance(row, UserRow):
            continue
        mine = spans.get(user_id, {})
        for agent in row.agents:
            theirs = spans.get(agent, {})
            if Role.PUPIL in mine and Role.PARENT in theirs:
                found.add((user_id, agent))
            elif Role.PARENT in mine and Role.PUPIL in theirs:
                found.add((agent, user_id))
    return sorted(found)
