"""When may a person's data be erased? Once nobody is obliged to keep them, and not before.

Each class of keys has a term of its own (policies/retention.py): contacts and messages end with the person's
time at the school, the register's texts five years later, what stands on a grade sheet after fifty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from dziennik.contracts import privacy as said
from dziennik.contracts import streams
from dziennik.contracts.facts import CONTACTS, GRADE_SHEETS, MESSAGES, REGISTER
from dziennik.contracts.people import NO_SUCH_PERSON
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import PersonId
from dziennik.domain.evolving import Evolution
from dziennik.domain.people import Person, person
from dziennik.domain.policies import retention
from dziennik.domain.policies.retention import USUAL_RETENTION
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.school import SCHOOL
from dziennik.domain.world import Asked, Decision, Entry, States, Stream, World


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
    for field, least, most in (
        ("register_years", retention.LEAST, retention.MOST),
        ("grade_sheet_years", retention.LEAST_SHEETS, retention.MOST_SHEETS),
    ):
        if not least <= getattr(command.rules, field) <= most:
            return said.YEARS_UNSOUND(least=least, most=most, field=f"rules.{field}")
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
    until = terms_of(world, command.person_id, asked.today)
    chosen = ((CONTACTS, command.contacts_only), (MESSAGES, command.messages_only))
    wanted = tuple([one for one, asked_for in chosen if asked_for])
    whole = not wanted
    if whole:
        wanted = (CONTACTS, MESSAGES, REGISTER)
        refused = _fault_in_time(command, until, asked.today)
        if refused:
            return refused
        if not until or asked.today >= until[GRADE_SHEETS]:
            wanted = (*wanted, GRADE_SHEETS)
    left = tuple(one for one in wanted if one not in known.erased)
    if not left:
        return []
    allowed_from = max((until[one] for one in left), default=None) if whole and until else None
    erased = said.PersonErased(
        person_id=command.person_id, key_classes=left, basis=command.basis, allowed_from=allowed_from
    )
    return [Entry(streams.person(command.person_id), erased)]


def _fault_in_roles(known: Person, today: date) -> Refusal | None:
    for role, spans in known.roles.items():
        if any(span.until is None or span.until >= today for span in spans):
            return said.STILL_AT_SCHOOL(role=role.value, field="person_id")
    return None


def _fault_in_time(command: said.ErasePerson, until: Mapping[str, date], today: date) -> Refusal | None:
    if not until:
        return None
    if today < until[REGISTER]:
        return said.MUST_BE_KEPT(possible=until[REGISTER], field="person_id")
    if command.sheets_under_register and today < until[GRADE_SHEETS]:
        return said.SHEETS_UNDER_REGISTER(possible=until[GRADE_SHEETS], field="person_id")
    return None


def terms_of(states: States, person_id: PersonId, today: date) -> Mapping[str, date]:
    """From when on what is said of the person may go, by class of keys and by today's rules.

    Empty for who never was anything, and for who still is something: nobody knows yet.
    """
    known = states[person(person_id)]
    spans = [span for held in known.roles.values() for span in held]
    days = [span.until for span in spans if span.until]
    if not days or len(days) < len(spans):
        return {}
    last = max(days)
    return retention.terms(last, _year_end(states, last), frozenset(known.roles), _rules(states, today))


def kept_until(world: World, last: date, today: date) -> date:
    """From when on what the register says of that day's school year may go, by today's rules."""
    return retention.erasable_from(_year_end(world, last), _rules(world, today))


def _rules(states: States, today: date) -> said.RetentionRules:
    return states[RETENTION].on(today)


def _year_end(states: States, last: date) -> date:
    years = [year.ends for year in states[SCHOOL].years.values() if year.starts <= last <= year.ends]
    return max(years, default=last)
