"""The rules for how people want to be reached, who may write to whom, and groups of the school's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dziennik.contracts import message_commands as orders
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.people import NO_SUCH_PERSON
from dziennik.contracts.refusals import Refusal
from dziennik.domain.message_state import RULES, mailbox, recipient_group
from dziennik.domain.people import person
from dziennik.domain.policies.plain_text import plain, plain_line
from dziennik.domain.policies.quiet_hours import is_sound
from dziennik.domain.policies.usual_messages import STAFF, WRITING
from dziennik.domain.recipients import MOST_NAMED, held_roles, is_staff
from dziennik.domain.rulebook import DIRECTOR, OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, World


@decides(orders.SetMessageRules, by=DIRECTOR)
def _set_rules(world: World, command: orders.SetMessageRules, asked: Asked) -> Decision:
    if command.since < asked.today:
        return orders.SINCE_PAST(today=asked.today, field="since")
    fault = _fault_in_rules(command.rules)
    if fault:
        return fault
    dated = world[RULES].dated
    if dated and dated[-1] == (command.since, command.rules):
        return []
    return [Entry(streams.MESSAGE_RULES, said.MessageRulesSet(since=command.since, rules=command.rules))]


def _fault_in_rules(rules: said.MessageRules) -> Refusal | None:
    pairs = Counter(f"{one.sender.value} → {one.recipient.value}" for one in rules.recipients)
    kinds = Counter(f"{one.sender.value} → {one.audience.value}" for one in rules.audiences)
    for told, field in ((pairs, "rules.recipients"), (kinds, "rules.audiences")):
        twice = next((what for what, times in told.items() if times > 1), None)
        if twice:
            return orders.RULES_UNSOUND(what=twice, field=field)
    roles = {role for one in rules.recipients for role in (one.sender, one.recipient)}
    for role in sorted((roles | {one.sender for one in rules.audiences}) - WRITING):
        return orders.RULES_UNSOUND(what=role.value, field="rules.recipients")
    if not 1 <= rules.family_limit <= MOST_NAMED:
        return orders.LIMIT_UNSOUND(most=MOST_NAMED, field="rules.family_limit")
    return None


@decides(orders.FormRecipientGroup, by=OFFICE)
def _form_group(world: World, command: orders.FormRecipientGroup, _: Asked) -> Decision:
    formed = said.RecipientGroupFormed(
        group_id=command.group_id,
        kind=command.kind,
        name=plain_line(command.name),
        member_ids=tuple(dict.fromkeys(command.member_ids)),
    )
    if not formed.name:
        return TEXT_MISSING(at="name", field="name")
    known = world[recipient_group(command.group_id)]
    if known.formed:
        same = (known.name, known.member_ids) == (formed.name, formed.member_ids)
        return [] if same else orders.ID_TAKEN(field="group_id")
    fault = _fault_in_members(world, command.member_ids, "member_ids")
    return fault or [Entry(streams.recipient_group(command.group_id), formed)]


@decides(orders.ChangeGroupMembers, by=OFFICE)
def _change_group(world: World, command: orders.ChangeGroupMembers, _: Asked) -> Decision:
    group = world[recipient_group(command.group_id)]
    if group.name is None:
        return orders.NO_SUCH_GROUP(group=command.group_id, field="group_id")
    for place, who in enumerate(command.left_ids):
        if who not in group.member_ids:
            return orders.NOT_A_MEMBER(person=who, field=f"left_ids[{place}]")
    stay = [who for who in group.member_ids if who not in command.left_ids]
    joined = tuple([who for who in dict.fromkeys(command.joined_ids) if who not in stay])
    fault = _fault_in_members(world, joined, "joined_ids")
    if fault:
        return fault
    if len(stay) + len(joined) > MOST_NAMED:
        return orders.TOO_MANY_RECIPIENTS(limit=MOST_NAMED, field="joined_ids")
    left = tuple(dict.fromkeys(command.left_ids))
    if not joined and not left:
        return []
    changed = said.GroupMembersChanged(group_id=command.group_id, joined_ids=joined, left_ids=left)
    return [Entry(streams.recipient_group(command.group_id), changed)]


@decides(orders.DissolveRecipientGroup, by=OFFICE)
def _dissolve_group(world: World, command: orders.DissolveRecipientGroup, _: Asked) -> Decision:
    group = world[recipient_group(command.group_id)]
    if not group.formed:
        return orders.NO_SUCH_GROUP(group=command.group_id, field="group_id")
    if group.name is None:
        return []
    dissolved = said.RecipientGroupDissolved(group_id=command.group_id)
    return [Entry(streams.recipient_group(command.group_id), dissolved)]


def _fault_in_members(world: World, ids: Iterable[str], field: str) -> Refusal | None:
    wanted = list(ids)
    if len(wanted) > MOST_NAMED:
        return orders.TOO_MANY_RECIPIENTS(limit=MOST_NAMED, field=field)
    for place, known in enumerate(world.many([person(who) for who in wanted])):
        if known.names is None:
            return NO_SUCH_PERSON(person=wanted[place], field=f"{field}[{place}]")
    return None


@decides(orders.AnnounceOutOfOffice, by=frozenset(STAFF))
def _announce(world: World, command: orders.AnnounceOutOfOffice, asked: Asked) -> Decision:
    who = asked.actor.person
    if who is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    first = max(command.starts, asked.today)
    if command.ends < first:
        return orders.ENDS_BEFORE_START(starts=first, ends=command.ends, field="ends")
    text = plain(command.text)
    if not text:
        return TEXT_MISSING(at="text", field="text")
    if command.instead_id is not None:
        instead = held_roles(world[person(command.instead_id)], asked.today)
        if command.instead_id == who or not is_staff(instead):
            return orders.RECIPIENT_NOT_ALLOWED(recipient=command.instead_id, field="instead_id")
    announced = said.OutOfOfficeAnnounced(
        person_id=who,
        starts=command.starts,
        ends=command.ends,
        text=text,
        instead_id=command.instead_id,
    )
    return [Entry(streams.mailbox(who), announced)]


@decides(orders.EndOutOfOffice, by=frozenset(STAFF))
def _end(world: World, command: orders.EndOutOfOffice, asked: Asked) -> Decision:
    who = asked.actor.person or ""
    away = world[mailbox(who)].away
    if away is None or away[0] != command.starts or away[1] < asked.today:
        return []
    return [Entry(streams.mailbox(who), said.OutOfOfficeEnded(person_id=who))]


@decides(orders.SetQuietHours, by=WRITING)
def _set_quiet(world: World, command: orders.SetQuietHours, asked: Asked) -> Decision:
    who = asked.actor.person
    if who is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    if not is_sound(command.hours):
        return orders.HOURS_UNSOUND(field="hours")
    if world[mailbox(who)].quiet == command.hours:
        return []
    return [Entry(streams.mailbox(who), said.QuietHoursSet(person_id=who, hours=command.hours))]
