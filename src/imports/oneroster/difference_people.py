"""Which commands put people, their roles and parental rights right?"""

from __future__ import annotations

from datetime import date

from dziennik.contracts import people
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import ERASED
from dziennik.imports.oneroster.picture import DETAILS, PersonSeen, Picture
from dziennik.imports.oneroster.rows import DemographicRow, PersonRow
from dziennik.imports.oneroster.steps import REASON, Plan
from dziennik.imports.oneroster.wanted import Person, Right, Wanted


def plan_people(wanted: Wanted, picture: Picture, today: date, made: Plan) -> None:
    """Everybody first: rights need both sides."""
    for person in wanted.people.values():
        seen = picture.persons.get(person.person_id)
        if seen is None or seen.name.now is None:
            _register(person, made, today)
        elif seen.name.now[1] == ERASED:
            made.same("people")
        else:
            _put_right(person, seen, made)
        _roles(person, seen, made)
    for right in wanted.rights.values():
        _right(right, picture, made)


def _register(person: Person, made: Plan, today: date) -> None:
    row = person.row
    if row is None:
        return
    since = min((span.since for span in person.roles.values()), default=today)
    commands: list[Command] = [
        people.RegisterPerson(
            person_id=person.person_id,
            given_names=row.given_names,
            family_name=row.family_name,
            since=since,
        )
    ]
    if row.email or row.phone:
        commands.append(
            people.RecordContactDetails(person_id=person.person_id, email=row.email, phone=row.phone)
        )
    details = _details(person.person_id, person.demographic, PersonSeen())
    commands += [details] if details else []
    made.add("people", person.person_id, "created", *commands, place=person.place)


def _put_right(person: Person, seen: PersonSeen, made: Plan) -> None:
    commands: list[Command] = []
    if person.row:
        commands += _names(person.person_id, person.row, seen)
        commands += _contact(person.person_id, person.row, seen)
    details = _details(person.person_id, person.demographic, seen)
    commands += [details] if details else []
    if commands:
        made.add("people", person.person_id, "changed", *commands, place=person.place)
    else:
        made.same("people")


def _names(person_id: str, row: PersonRow, seen: PersonSeen) -> list[Command]:
    if not seen.name.news((row.given_names, row.family_name)):
        return []
    return [
        people.RenamePerson(
            person_id=person_id, given_names=row.given_names, family_name=row.family_name, reason=REASON
        )
    ]


def _contact(person_id: str, row: PersonRow, seen: PersonSeen) -> list[Command]:
    email, phone = seen.email.merged(row.email), seen.phone.merged(row.phone)
    if (email, phone) == (seen.email.now, seen.phone.now):
        return []
    return [people.RecordContactDetails(person_id=person_id, email=email, phone=phone)]


def _details(person_id: str, row: DemographicRow | None, seen: PersonSeen) -> Command | None:
    """All details at once, because recording replaces: those the file is silent on stay."""
    if row is None:
        return None
    said = {
        "birth_date": row.birth_date.isoformat() if row.birth_date else None,
        "birth_place": row.birth_place,
        "sex": row.sex,
    }
    now = {name: seen.details[name].now for name in DETAILS}
    new = {name: seen.details[name].merged(said[name]) if name in said else now[name] for name in now}
    if new == now:
        return None
    born = new["birth_date"]
    return people.RecordPersonalDetails(
        person_id=person_id,
        birth_date=date.fromisoformat(born) if born else None,
        birth_place=new["birth_place"],
        national_id=new["national_id"],
        sex=new["sex"],
        address=new["address"],
    )


def _roles(person: Person, seen: PersonSeen | None, made: Plan) -> None:
    needs = (f"people:{person.person_id}",)
    for role, span in person.roles.items():

        def begin(day: date, role: Role = role) -> Command:
            return people.TakeRole(person_id=person.person_id, role=role, since=day)

        def end(day: date, role: Role = role) -> Command:
            return people.LeaveRole(person_id=person.person_id, role=role, until=day)

        held = seen.roles.get(role) if seen else None
        key = f"{person.person_id}/{role}"
        made.span("roles", key, span, held, begin, end, person.place, needs)


def _right(right: Right, picture: Picture, made: Plan) -> None:
    pupil, parent = right.pupil_id, right.parent_id
    seen = picture.persons.get(pupil)
    held = seen.rights.get(parent) if seen else None
    key = f"{pupil}/{parent}"
    grant = people.GrantParentalRights(
        pupil_id=pupil, parent_id=parent, guardianship=right.guardianship, since=right.since
    )
    needs = (f"people:{pupil}", f"people:{parent}", f"roles:{parent}/parent", f"roles:{pupil}/pupil")
    if held is None or held.now is None:
        made.add("parental_rights", key, "created", grant, place=right.place, needs=needs)
    elif held.now.until and held.imported and held.imported.until:
        # Ended by an import and listed again. Ended by the school (a court order) stays ended.
        made.add("parental_rights", key, "changed", grant, place=right.place, needs=needs)
    else:
        made.same("parental_rights")
