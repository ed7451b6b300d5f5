"""Who may write to whom today, and who is meant by an audience? By the school's dated rules, default deny."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from dziennik.contracts import message_commands as orders
from dziennik.contracts.envelope import Role
from dziennik.contracts.messages import Audience, AudienceKind, MessageRules, Reach
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Refusal
from dziennik.domain.message_state import RULES, recipient_group
from dziennik.domain.people import Person, person
from dziennik.domain.placing import units_of_year
from dziennik.domain.policies.usual_messages import FAMILY, STAFF, WRITING
from dziennik.domain.school import SCHOOL
from dziennik.domain.units import Unit, unit
from dziennik.domain.world import Asked, World

# One message; a school of 1,600 people is written to at once, four such schools are not.
MOST_RECIPIENTS: Final = 5_000
# Named one by one, by whoever is not bound by the families' limit.
MOST_NAMED: Final = 500
MOST_AUDIENCES: Final = 50

_OF_CLASS = (AudienceKind.CLASS_PARENTS, AudienceKind.CLASS_PUPILS, AudienceKind.CLASS_TEACHERS)
_OF_SCHOOL: dict[AudienceKind, tuple[Role, ...]] = {
    AudienceKind.ALL_TEACHERS: (Role.TEACHER,),
    AudienceKind.ALL_PARENTS: (Role.PARENT,),
    AudienceKind.ALL_PUPILS: (Role.PUPIL,),
    AudienceKind.OFFICE: (Role.DIRECTOR, Role.ADMINISTRATOR),
}


class Reaching:
    """Whom somebody reaches today, in the role in which they write."""

    def __init__(self, world: World, asked: Asked) -> None:
        self._world = world
        self._today = asked.today
        self.role = asked.actor.role
        self.person_id = asked.actor.person or ""
        self.version, self.rules = rules_on(world, asked.today)
        self._known_ties: Ties | None = None

    def named(self, ids: Sequence[str], allowed: Iterable[str] = ()) -> Refusal | None:
        """Why one of these people cannot be written to; `allowed` can in any case, while they are here."""
        for place, (who, known) in enumerate(
            zip(ids, self._world.many([person(who) for who in ids]), strict=True)
        ):
            here = held_roles(known, self._today)
            if not here or (who not in allowed and not self._reaches(who, here)):
                return orders.RECIPIENT_NOT_ALLOWED(recipient=who, field=f"recipient_ids[{place}]")
        return None

    def audience(self, audience: Audience, field: str) -> list[str] | Refusal:
        """Who is meant by it today, or why it cannot be written to."""
        if (audience.target_id is None) is not (audience.kind in _OF_SCHOOL):
            return orders.AUDIENCE_UNSOUND(kind=audience.kind.value, field=field)
        members = self._members(audience) if self.allows(audience) else None
        return orders.AUDIENCE_NOT_ALLOWED(field=field) if members is None else members

    def allows(self, audience: Audience) -> bool:
        """Whether the rules let somebody write to such an audience, whoever is in it."""
        rule = next(
            (one for one in self.rules.audiences if (one.sender, one.audience) == (self.role, audience.kind)),
            None,
        )
        return rule is not None and (rule.reach is Reach.ANYBODY or self._is_own(audience))

    def _reaches(self, who: str, here: frozenset[Role]) -> bool:
        rules = [one for one in self.rules.recipients if one.sender is self.role and one.recipient in here]
        if any(one.reach is Reach.ANYBODY for one in rules):
            return True
        return any(self._ties.tied(self.person_id, self.role, who, one.recipient) for one in rules)

    def _members(self, audience: Audience) -> list[str] | None:
        """None: there is no such class, pupil or group today."""
        kind, target_id = audience.kind, audience.target_id
        if target_id is None:
            return self._of_school(frozenset(_OF_SCHOOL[kind]))
        if kind in _OF_CLASS:
            return self._of_class(kind, self._world[unit(target_id)])
        if kind is AudienceKind.PUPIL_PARENTS:
            known = self._world[person(target_id)]
            return parents_on(known, self._today) if known.is_a(Role.PUPIL, self._today) else None
        group = self._world[recipient_group(target_id)]
        if group.name is None:
            return None
        people = self._world.many([person(who) for who in group.member_ids])
        return [
            who for who, known in zip(group.member_ids, people, strict=True) if held_roles(known, self._today)
        ]

    def _of_school(self, roles: frozenset[Role]) -> list[str]:
        names = self._world.names("person/", "person0")
        ids = [name.partition("/")[2] for name in names]
        people = self._world.many([person(who) for who in ids])
        return [
            who
            for who, known in zip(ids, people, strict=True)
            if not roles.isdisjoint(held_roles(known, self._today))
        ]

    def _of_class(self, kind: AudienceKind, state: Unit) -> list[str] | None:
        # Other registers are none of everybody's business: who is in a pedagogue's would be told by this.
        if state.name is None or state.kind is not None:
            return None
        if kind is AudienceKind.CLASS_TEACHERS:
            return sorted(self._ties.teachers(state.unit_id))
        pupils = pupils_of(state, self._today)
        if kind is AudienceKind.CLASS_PUPILS:
            return pupils
        known = self._world.many([person(who) for who in pupils])
        return list(dict.fromkeys(who for one in known for who in parents_on(one, self._today)))

    def _is_own(self, audience: Audience) -> bool:
        target_id = audience.target_id
        if target_id is None:
            return False
        if audience.kind is AudienceKind.GROUP:
            return self.person_id in self._world[recipient_group(target_id)].member_ids
        if audience.kind is AudienceKind.PUPIL_PARENTS:
            return self._ties.tied(self.person_id, self.role, target_id, Role.PUPIL)
        return target_id in self._ties.of(self.person_id, self.role)

    @property
    def _ties(self) -> Ties:
        if self._known_ties is None:
            self._known_ties = Ties(self._world, self._today)
        return self._known_ties


class Ties:
    """Which classes and groups tie whom to whom on a day."""

    def __init__(self, world: World, today: date) -> None:
        self._world = world
        self._today = today
        years = world[SCHOOL].years.values()
        year = next((one for one in years if one.starts <= today <= one.ends), None)
        units = units_of_year(world, year.year_id) if year else []
        self._units = [state for state in units if state.kind is None]

    def tied(self, one: str, one_role: Role, other: str, other_role: Role) -> bool:
        """Whether some class or group is of both; a pupil and a parent only if it is the parent's child."""
        if {one_role, other_role} == {Role.PARENT, Role.PUPIL}:
            pupil, parent = (one, other) if one_role is Role.PUPIL else (other, one)
            return parent in parents_on(self._world[person(pupil)], self._today)
        return not self.of(one, one_role).isdisjoint(self.of(other, other_role))

    def of(self, person_id: str, role: Role) -> set[str]:
        """The classes and groups of somebody in a role."""
        return {state.unit_id for state in self._units if self._belongs(state, person_id, role)}

    def teachers(self, unit_id: str) -> set[str]:
        """Who teaches the class or group, itself or in a group of several classes, or is its homeroom
        teacher."""
        found: set[str] = set()
        for state in self._units:
            if state.unit_id == unit_id or unit_id in state.class_ids:
                found |= {one.teacher_id for one in state.assignments.values() if one.covers(self._today)}
            if state.unit_id == unit_id and (homeroom := state.homeroom_teacher(self._today)):
                found.add(homeroom)
        return found

    def _belongs(self, state: Unit, person_id: str, role: Role) -> bool:
        if role in STAFF:
            return person_id in self.teachers(state.unit_id)
        pupils = pupils_of(state, self._today)
        if role is Role.PUPIL:
            return person_id in pupils
        known = self._world.many([person(who) for who in pupils])
        return any(person_id in parents_on(one, self._today) for one in known)


def rules_on(world: World, day: date) -> tuple[int, MessageRules]:
    """The school's rules of a day and their number."""
    return world[RULES].on(day)


def held_roles(known: Person, today: date) -> frozenset[Role]:
    """In which roles somebody has a mailbox today; none: they cannot be written to."""
    if known.names is None:
        return frozenset()
    return frozenset(role for role in WRITING if known.is_a(role, today))


def is_staff(roles: frozenset[Role]) -> bool:
    """Whether one of the roles is the school's own."""
    return not roles.isdisjoint(STAFF)


def is_family(role: Role) -> bool:
    """Whether it is a parent's or pupil's role."""
    return role in FAMILY


def parents_on(pupil: Person, today: date) -> list[str]:
    """Who that day may be told about the pupil: a court may have left them nothing but the name."""
    told = ParentalPower.INFORMATION
    return [who for who, held in pupil.parents.items() if any(one.allows(told, today) for one in held)]


def pupils_of(state: Unit, today: date) -> list[str]:
    """Who is in the class or group that day."""
    if not state.is_class and state.unit_id not in state.groups:
        return []
    return state.roll(None if state.is_class else state.unit_id, today)


def addressed(
    reaching: Reaching, ids: Sequence[str], audiences: Sequence[Audience], allowed: Iterable[str] = ()
) -> list[str] | Refusal:
    """All who are to get a message, each once and the sender never, or the first who cannot."""
    limit = reaching.rules.family_limit if is_family(reaching.role) else MOST_NAMED
    if len(ids) > limit:
        return orders.TOO_MANY_RECIPIENTS(limit=limit, field="recipient_ids")
    if len(audiences) > MOST_AUDIENCES:
        return orders.TOO_MANY_RECIPIENTS(limit=MOST_AUDIENCES, field="audiences")
    fault = reaching.named(ids, allowed)
    if fault:
        return fault
    found = list(ids)
    for place, audience in enumerate(audiences):
        members = reaching.audience(audience, f"audiences[{place}]")
        if isinstance(members, Refusal):
            return members
        found += members
    unlike = list(_unlike(found, reaching.person_id))
    if not unlike:
        return orders.NO_RECIPIENTS(field="recipient_ids")
    if len(unlike) > MOST_RECIPIENTS:
        return orders.TOO_MANY_RECIPIENTS(limit=MOST_RECIPIENTS, field="audiences")
    return unlike


def _unlike(ids: Iterable[str], sender_id: str) -> Iterator[str]:
    return (who for who in dict.fromkeys(ids) if who != sender_id)
