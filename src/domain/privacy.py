"""When may a person's data be erased? Once nobody is obliged to keep them, and not before."""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import privacy as said
from dziennik.contracts import streams
from dziennik.contracts.people import NO_SUCH_PERSON
from dziennik.contracts.refusals import Refusal
from dziennik.domain.evolving import Evolution
from dziennik.domain.people import Person, person
from dziennik.domain.policies.retention import LEAST, MOST, USUAL_RETENTION, erasable_from
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.school import SCHOOL
from dziennik.domain.world import Asked, Decision, Entry, Stream, World


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """Rules by the day from which on they hold, in the order in which they were set."""

    dated: tuple[tuple[date, said.RetentionRules], ...] = ()

    def on(self, day: date) -> said.RetentionRules:
        """The rules in force on a day; the usual ones before any were set."""
        found = [rules for since, rules in self.dated if since <= day]
        return found[-1] if found else USUAL_RETENTION


evolve: Evolution[Retention] = Evolution()
RETENTION = Stream(streams.PRIVACY, Retention(), evolve)


@evolve.on(said.RetentionRulesSet)
def _set(state: Retention, fact: said.RetentionRulesSet) -> Retention:
    return replace(state, dated=(*state.dated, (fact.since, fact.rules)))


@decides(said.SetRetentionRules, by=DIRECTOR)
def set_retention_rules(world: World, command: said.SetRetentionRules, _: Asked) -> Decision:
    if not LEAST <= command.rules.register_years <= MOST:
        return said.YEARS_UNSOUND(least=LEAST, most=MOST, field="rules.register_years")
    state = world[RETENTION]
    if state.dated and state.dated[-1] == (command.since, command.rules):
        return []
    return [Entry(streams.PRIVACY, said.RetentionRulesSet(since=command.since, rules=command.rules))]


@decides(said.ErasePerson, by=DIRECTOR)
def erase_person(world: World, command: said.ErasePerson, asked: Asked) -> Decision:
    known = world[person(command.person_id)]
    if known.names is None:
        return NO_SUCH_PERSON(person=command.person_id, field="person_id")
    held = _fault_in_roles(known, asked.today)
    if held:
        return held
    allowed_from = None
    chosen = ((said.CONTACTS, command.contacts_only), (said.MESSAGES, command.messages_only))
    wanted = tuple([one for one, asked_for in chosen if asked_for])
    if not wanted:
        wanted = (said.CONTACTS, said.MESSAGES, said.REGISTER)
        allowed_from = _erasable_from(world, known, asked.today)
        if allowed_from and asked.today < allowed_from:
            return said.MUST_BE_KEPT(possible=allowed_from, field="person_id")
    left = tuple(one for one in wanted if one not in known.erased)
    if not left:
        return []
    erased = said.PersonErased(
        person_id=command.person_id, key_classes=left, basis=command.basis, allowed_from=allowed_from
    )
    return [Entry(streams.person(command.person_id), erased)]


def _fault_in_roles(known: Person, today: date) -> Refusal | None:
    for role, spans in known.roles.items():
        if any(span.until is None or span.until >= today for span in spans):
            return said.STILL_AT_SCHOOL(role=role.value, field="person_id")
    return None


def _erasable_from(world: World, known: Person, today: date) -> date | None:
    """By the person's last day; None for who never was anything."""
    days = [span.until for spans in known.roles.values() for span in spans if span.until]
    return kept_until(world, max(days), today) if days else None


def kept_until(world: World, last: date, today: date) -> date:
    """From when on what the register says of that day's school year may go, by today's rules."""
    years = [year.ends for year in world[SCHOOL].years.values() if year.starts <= last <= year.ends]
    return erasable_from(max(years, default=last), world[RETENTION].on(today))
