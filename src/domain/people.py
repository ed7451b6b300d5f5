"""What may be decided about people: who they are, their roles, and whose child is whose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from dziennik.contracts import people as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.privacy import PersonErased
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import PersonId
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.policies.pesel import is_pesel
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` to `until`, both included; None: open."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


ALL_POWERS = tuple(said.ParentalPower)


class Rights(Span, frozen=True, kw_only=True):
    """What a parent holds over a pupil."""

    guardianship: said.Guardianship
    powers: tuple[said.ParentalPower, ...] = ALL_POWERS

    def allows(self, power: said.ParentalPower, day: date) -> bool:
        """Whether that day the rights hold the power."""
        return power in self.powers and self.covers(day)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person as decisions need it; `names` is None until registered."""

    names: tuple[str, str] | None = None
    details: said.PersonalDetailsRecorded | None = None
    contact: said.ContactDetailsRecorded | None = None
    roles: Mapping[Role, tuple[Span, ...]] = {}
    parents: Mapping[PersonId, tuple[Rights, ...]] = {}
    account_id: str | None = None
    erased: frozenset[str] = frozenset()  # classes of keys that were destroyed

    def parent_may(self, parent_id: PersonId | None, power: said.ParentalPower, day: date) -> bool:
        """Whether somebody holds that power over this pupil on that day."""
        return any(held.allows(power, day) for held in self.parents.get(parent_id or "", ()))

    def is_a(self, role: Role, day: date) -> bool:
        """Whether the person holds the role on that day."""
        return any(span.covers(day) for span in self.roles.get(role, ()))


S = TypeVar("S", bound=Span)
evolve: Evolution[Person] = Evolution()


def person(person_id: PersonId) -> Stream[Person]:
    """The stream of a person."""
    return Stream(streams.person(person_id), Person(), evolve)


@evolve.on(said.PersonRegistered)
def _registered(state: Person, fact: said.PersonRegistered) -> Person:
    return replace(state, names=(fact.given_names, fact.family_name))


@evolve.on(said.PersonRenamed)
def _renamed(state: Person, fact: said.PersonRenamed) -> Person:
    return replace(state, names=(fact.given_names, fact.family_name))


@evolve.on(said.PersonalDetailsRecorded)
def _detailed(state: Person, fact: said.PersonalDetailsRecorded) -> Person:
    return replace(state, details=fact)


@evolve.on(said.ContactDetailsRecorded)
def _contacted(state: Person, fact: said.ContactDetailsRecorded) -> Person:
    return replace(state, contact=fact)


@evolve.on(said.RoleTaken)
def _role_taken(state: Person, fact: said.RoleTaken) -> Person:
    """Who comes back after an erasure gets new keys, which have not been destroyed."""
    spans = (*state.roles.get(fact.role, ()), Span(since=fact.since))
    return replace(state, roles=put(state.roles, fact.role, spans), erased=frozenset())


@evolve.on(said.RoleLeft)
def _role_left(state: Person, fact: said.RoleLeft) -> Person:
    *earlier, last = state.roles[fact.role]
    spans = (*earlier, replace(last, until=fact.until))
    return replace(state, roles=put(state.roles, fact.role, spans))


@evolve.on(said.ParentalRightsGranted)
def _rights_granted(state: Person, fact: said.ParentalRightsGranted) -> Person:
    held = Rights(since=fact.since, guardianship=fact.guardianship)
    rights = (*state.parents.get(fact.parent_id, ()), held)
    return replace(state, parents=put(state.parents, fact.parent_id, rights))


@evolve.on(said.ParentalRightsEnded)
def _rights_ended(state: Person, fact: said.ParentalRightsEnded) -> Person:
    *earlier, last = state.parents[fact.parent_id]
    rights = (*earlier, replace(last, until=fact.until))
    return replace(state, parents=put(state.parents, fact.parent_id, rights))


@evolve.on(said.ParentalRightsLimited)
def _rights_limited(state: Person, fact: said.ParentalRightsLimited) -> Person:
    return _from_then_on(state, fact, fact.powers)


@evolve.on(said.ParentalRightsRestored)
def _rights_restored(state: Person, fact: said.ParentalRightsRestored) -> Person:
    return _from_then_on(state, fact, ALL_POWERS)


def _from_then_on(
    state: Person,
    fact: said.ParentalRightsLimited | said.ParentalRightsRestored,
    powers: tuple[said.ParentalPower, ...],
) -> Person:
    """What was held until the day before, and what is held from that day on."""
    *earlier, last = state.parents[fact.parent_id]
    before = [replace(last, until=fact.since - timedelta(days=1))] if last.since < fact.since else []
    rights = (*earlier, *before, replace(last, since=fact.since, powers=powers))
    return replace(state, parents=put(state.parents, fact.parent_id, rights))


@evolve.on(said.AccountLinked)
def _linked(state: Person, fact: said.AccountLinked) -> Person:
    return replace(state, account_id=fact.account_id)


@evolve.on(PersonErased)
def _erased(state: Person, fact: PersonErased) -> Person:
    return replace(state, erased=state.erased | set(fact.key_classes))


def fault_in_role(world: World, person_id: PersonId, role: Role, day: date, field: str) -> Refusal | None:
    """Why this person cannot be taken as a `role` on that day, or None."""
    known = world[person(person_id)]
    if known.names is None:
        return said.NO_SUCH_PERSON(person=person_id, field=field)
    if not known.is_a(role, day):
        return said.NOT_IN_ROLE(person=person_id, role=role.value, on=day, field=field)
    return None


# Roles that nobody may hand out above their own: the office would make itself director.
HANDED_OUT_BY_THE_DIRECTOR = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR})
_NEVER = frozenset({Role.SYSTEM})
# The provider's people are let in by the provider alone: no school makes itself its own provider.
_BY_PROVIDER = frozenset({Role.OPERATOR})


def _fault_in_granting(roles: Iterable[Role], asked: Asked, *, taking: bool = True) -> Refusal | None:
    """Auditors are let in by the director (DOMAIN section 5), and so is whoever runs the office.

    The provider's people come by the provider, and the school may shut them out.
    """
    for role in roles:
        above = role in HANDED_OUT_BY_THE_DIRECTOR and asked.actor.role not in DIRECTOR
        foreign = taking and role in _BY_PROVIDER and asked.actor.role is not Role.SYSTEM
        if above or foreign or role in _NEVER:
            return NOT_YOURS_TO_DO(role=asked.actor.role.value, field="role")
    return None


def _on(person_id: PersonId, facts: Sequence[Fact]) -> list[Entry]:
    return [Entry(streams.person(person_id), fact) for fact in facts]


def _last(spans: Sequence[S]) -> S | None:
    return spans[-1] if spans else None


@decides(said.RegisterPerson, by=OFFICE)
def _register(world: World, command: said.RegisterPerson, asked: Asked) -> Decision:
    fault = _fault_in_granting(command.roles, asked)
    if fault:
        return fault
    known = world[person(command.person_id)]
    named = (command.given_names, command.family_name)
    if known.names is not None and known.names != named:
        return said.PERSON_EXISTS(field="person_id")
    facts: list[Fact] = []
    if known.names is None:
        facts.append(
            said.PersonRegistered(
                person_id=command.person_id,
                given_names=command.given_names,
                family_name=command.family_name,
            )
        )
    for role in dict.fromkeys(command.roles):
        last = _last(known.roles.get(role, ()))
        if last is None or (last.until is not None and last.until < command.since):
            facts.append(said.RoleTaken(person_id=command.person_id, role=role, since=command.since))
    return _on(command.person_id, facts)


@decides(said.RenamePerson, by=OFFICE)
def _rename(world: World, command: said.RenamePerson, _: Asked) -> Decision:
    known = world[person(command.person_id)]
    if known.names is None:
        return said.NO_SUCH_PERSON(person=command.person_id, field="person_id")
    if known.names == (command.given_names, command.family_name):
        return []
    return _on(command.person_id, [said.PersonRenamed(**msgspec.structs.asdict(command))])


@decides(said.RecordPersonalDetails, by=OFFICE)
def _record_details(world: World, command: said.RecordPersonalDetails, _: Asked) -> Decision:
    known = world[person(command.person_id)]
    if known.names is None:
        return said.NO_SUCH_PERSON(person=command.person_id, field="person_id")
    if command.national_id is not None and not is_pesel(command.national_id):
        return said.NATIONAL_ID_WRONG(field="national_id")
    born = command.birth_date.isoformat() if command.birth_date else None
    fact = said.PersonalDetailsRecorded(**{**msgspec.structs.asdict(command), "birth_date": born})
    return [] if fact == known.details else _on(command.person_id, [fact])


@decides(said.RecordContactDetails, by=OFFICE)
def _record_contact(world: World, command: said.RecordContactDetails, _: Asked) -> Decision:
    known = world[person(command.person_id)]
    if known.names is None:
        return said.NO_SUCH_PERSON(person=command.person_id, field="person_id")
    fact = said.ContactDetailsRecorded(**msgspec.structs.asdict(command))
    return [] if fact == known.contact else _on(command.person_id, [fact])


@decides(said.TakeRole, by=OFFICE)
def _take_role(world: World, command: said.TakeRole, asked: Asked) -> Decision:
    fault = _fault_in_granting((command.role,), asked)
    if fault:
        return fault
    known = world[person(command.person_id)]
    if known.names is None:
        return said.NO_SUCH_PERSON(person=command.person_id, field="person_id")
    last = _last(known.roles.get(command.role, ()))
    if last and (last.until is None or last.until >= command.since):
        if last.since == command.since and last.until is None:
            return []
        return said.ALREADY_IN_ROLE(
            person=command.person_id, role=command.role.value, since=last.since, field="role"
        )
    return _on(command.person_id, [said.RoleTaken(**msgspec.structs.asdict(command))])


@decides(said.LeaveRole, by=OFFICE)
def _leave_role(world: World, command: said.LeaveRole, asked: Asked) -> Decision:
    fault = _fault_in_granting((command.role,), asked, taking=False)
    if fault:
        return fault
    known = world[person(command.person_id)]
    if known.names is None:
        return said.NO_SUCH_PERSON(person=command.person_id, field="person_id")
    last = _last(known.roles.get(command.role, ()))
    if last and last.until == command.until:
        return []
    if last is None or last.until is not None:
        return said.NOT_IN_ROLE(
            person=command.person_id, role=command.role.value, on=command.until, field="role"
        )
    if command.until < last.since:
        return said.ENDS_BEFORE_START(until=command.until, since=last.since, field="until")
    return _on(command.person_id, [said.RoleLeft(**msgspec.structs.asdict(command))])


@decides(said.GrantParentalRights, by=OFFICE)
def _grant_rights(world: World, command: said.GrantParentalRights, _: Asked) -> Decision:
    if command.pupil_id == command.parent_id:
        return said.OWN_PARENT(field="parent_id")
    pupil, parent = world.many((person(command.pupil_id), person(command.parent_id)))
    for known, who, field in (
        (pupil, command.pupil_id, "pupil_id"),
        (parent, command.parent_id, "parent_id"),
    ):
        if known.names is None:
            return said.NO_SUCH_PERSON(person=who, field=field)
    last = _last(pupil.parents.get(command.parent_id, ()))
    if last and (last.until is None or last.until >= command.since):
        same = last == Rights(since=command.since, guardianship=command.guardianship)
        return [] if same else said.RIGHTS_ALREADY_HELD(since=last.since, field="parent_id")
    return _on(command.pupil_id, [said.ParentalRightsGranted(**msgspec.structs.asdict(command))])


@decides(said.EndParentalRights, by=OFFICE)
def _end_rights(world: World, command: said.EndParentalRights, _: Asked) -> Decision:
    pupil = world[person(command.pupil_id)]
    if pupil.names is None:
        return said.NO_SUCH_PERSON(person=command.pupil_id, field="pupil_id")
    last = _last(pupil.parents.get(command.parent_id, ()))
    if last and last.until == command.until:
        return []
    if last is None or last.until is not None:
        return said.NO_PARENTAL_RIGHTS(field="parent_id")
    if command.until < last.since:
        return said.ENDS_BEFORE_START(until=command.until, since=last.since, field="until")
    return _on(command.pupil_id, [said.ParentalRightsEnded(**msgspec.structs.asdict(command))])


def _open_rights(
    world: World, command: said.LimitParentalRights | said.RestoreParentalRights
) -> Rights | Refusal:
    """The rights that change from that day on."""
    pupil = world[person(command.pupil_id)]
    if pupil.names is None:
        return said.NO_SUCH_PERSON(person=command.pupil_id, field="pupil_id")
    last = _last(pupil.parents.get(command.parent_id, ()))
    if last is None or last.until is not None:
        return said.NO_PARENTAL_RIGHTS(field="parent_id")
    if command.since < last.since:
        return said.ENDS_BEFORE_START(until=command.since, since=last.since, field="since")
    return last


@decides(said.LimitParentalRights, by=OFFICE)
def _limit_rights(world: World, command: said.LimitParentalRights, _: Asked) -> Decision:
    held = _open_rights(world, command)
    if isinstance(held, Refusal):
        return held
    if command.powers not in ((), (said.ParentalPower.INFORMATION,)):
        return said.POWERS_UNSOUND(field="powers")
    if held.powers == command.powers:
        return []
    return _on(command.pupil_id, [said.ParentalRightsLimited(**msgspec.structs.asdict(command))])


@decides(said.RestoreParentalRights, by=OFFICE)
def _restore_rights(world: World, command: said.RestoreParentalRights, _: Asked) -> Decision:
    held = _open_rights(world, command)
    if isinstance(held, Refusal):
        return held
    if held.powers == ALL_POWERS:
        return []
    return _on(command.pupil_id, [said.ParentalRightsRestored(**msgspec.structs.asdict(command))])


@decides(said.LinkAccount, by=OFFICE)
def _link_account(world: World, command: said.LinkAccount, _: Asked) -> Decision:
    known = world[person(command.person_id)]
    if known.names is None:
        return said.NO_SUCH_PERSON(person=command.person_id, field="person_id")
    if known.account_id == command.account_id:
        return []
    if known.account_id is not None:
        return said.ACCOUNT_TAKEN(field="account_id")
    return _on(command.person_id, [said.AccountLinked(**msgspec.structs.asdict(command))])
