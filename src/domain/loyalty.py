"""The rules for rewards and points: once per account and school year, by double entry, never below nought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import chain

import msgspec
from msgspec.structs import asdict, replace

from dziennik.contracts import loyalty as said
from dziennik.contracts import streams
from dziennik.contracts.agreement import NO_CONTRACT
from dziennik.contracts.cards import StockGranted
from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.loyalty import Book, EntryKind, RewardChoice
from dziennik.contracts.offers import PointsKind
from dziennik.domain.agreement import AGREEMENT
from dziennik.domain.bundles import PROVIDER
from dziennik.domain.evolving import Evolution, put
from dziennik.domain.people import person
from dziennik.domain.policies.rewards import (
    Lot,
    expiry,
    fault_in_rewards,
    is_active,
    moved,
    over,
    rules_on,
    valid,
    without,
)
from dziennik.domain.rulebook import OFFICE, decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

_MOST = 10_000  # pieces


class Loyalty(msgspec.Struct, frozen=True, kw_only=True):
    """Rules, choices by school year, who was rewarded in which year, points that are left, what was spent."""

    rules: tuple[said.RewardRules, ...] = ()
    choices: Mapping[str, RewardChoice] = {}
    rewarded: Mapping[str, frozenset[str]] = {}
    grants: frozenset[str] = frozenset()
    lots: tuple[Lot, ...] = ()
    spent: Mapping[str, said.RewardSpent] = {}
    reversed_: frozenset[str] = frozenset()


_evolve: Evolution[Loyalty] = Evolution()
LOYALTY: Stream[Loyalty] = Stream(streams.LOYALTY, Loyalty(), _evolve)


@_evolve.on(said.RewardRulesSet)
def _rules_set(state: Loyalty, fact: said.RewardRulesSet) -> Loyalty:
    return replace(state, rules=(*state.rules, fact.rules))


@_evolve.on(said.RewardChosen)
def _chosen(state: Loyalty, fact: said.RewardChosen) -> Loyalty:
    return replace(state, choices=put(state.choices, fact.school_year, fact.choice))


@_evolve.on(said.RewardGranted)
def _granted(state: Loyalty, fact: said.RewardGranted) -> Loyalty:
    known = state.rewarded.get(fact.school_year, frozenset())
    rewarded = put(state.rewarded, fact.school_year, known | set(fact.account_ids))
    return replace(state, rewarded=rewarded, grants=state.grants | {fact.grant_id})


@_evolve.on(said.PointsPosted)
def _posted(state: Loyalty, fact: said.PointsPosted) -> Loyalty:
    lots = state.lots
    for posting in fact.postings:
        if posting.book is not Book.BALANCE:
            continue
        if posting.points > 0 and fact.expires is not None:
            lots = (*lots, Lot(kind=posting.kind, points=posting.points, expires=fact.expires))
        elif fact.entry is EntryKind.EXPIRE:
            lots = tuple([lot for lot in lots if lot.kind is not posting.kind or lot.expires >= fact.on])
        else:
            lots = without(lots, posting.kind, -posting.points, fact.on)
    return replace(state, lots=lots)


@_evolve.on(said.RewardSpent)
def _spent(state: Loyalty, fact: said.RewardSpent) -> Loyalty:
    return replace(state, spent=put(state.spent, fact.spend_id, fact))


@_evolve.on(said.SpendingReversed)
def _unspent(state: Loyalty, fact: said.SpendingReversed) -> Loyalty:
    return replace(state, reversed_=state.reversed_ | {fact.spend_id})


def _on(*facts: Fact) -> list[Entry]:
    return [Entry(streams.LOYALTY, fact) for fact in facts]


@decides(said.SetRewardRules, by=PROVIDER)
def _set_rules(world: World, command: said.SetRewardRules, asked: Asked) -> Decision:
    state = world[LOYALTY]
    if command.rules in state.rules:
        return []
    last = max((one.since for one in state.rules), default=date.min)
    early = command.rules.since < asked.today and asked.actor.role is not Role.SYSTEM
    if early or command.rules.since <= last:
        return said.RULES_FOR_THE_PAST(since=command.rules.since, after=last, field="rules.since")
    return fault_in_rewards(command.rules) or _on(said.RewardRulesSet(rules=command.rules))


@decides(said.ChooseReward, by=OFFICE)
def _choose(world: World, command: said.ChooseReward, _: Asked) -> Decision:
    if not command.school_year.strip():
        return TEXT_MISSING(at="school_year", field="school_year")
    if world[LOYALTY].choices.get(command.school_year) is command.choice:
        return []
    return _on(said.RewardChosen(**asdict(command)))


@decides(said.GrantRewards, by=PROVIDER)
def _grant(world: World, command: said.GrantRewards, asked: Asked) -> Decision:
    state = world[LOYALTY]
    if command.grant_id in state.grants:
        return []
    if not command.school_year.strip():
        return TEXT_MISSING(at="school_year", field="school_year")
    if not world[AGREEMENT].holds_on(asked.today):
        return NO_CONTRACT(on=asked.today, field="school_year")
    rules = rules_on(state.rules, asked.today)
    already = state.rewarded.get(command.school_year, frozenset())
    parents = world.many([person(account.parent_id) for account in command.accounts])
    fresh: list[str] = []
    for place, (account, parent) in enumerate(zip(command.accounts, parents, strict=True)):
        if parent.account_id != account.account_id or not parent.is_a(Role.PARENT, asked.today):
            return said.NOT_A_PARENT(
                account=account.account_id, on=asked.today, field=f"accounts[{place}].account_id"
            )
        if account.account_id not in already and is_active(rules.active, account, asked.today):
            fresh.append(account.account_id)
    fresh = list(dict.fromkeys(fresh))
    return _reward(command, state, rules, fresh, asked) if fresh else []


def _reward(
    command: said.GrantRewards, state: Loyalty, rules: said.RewardRules, accounts: list[str], asked: Asked
) -> list[Entry]:
    choice = state.choices.get(command.school_year, RewardChoice.CARDS)
    in_cards = choice is RewardChoice.CARDS
    cards = rules.cards * len(accounts) if in_cards else 0
    granted = said.RewardGranted(
        grant_id=command.grant_id,
        school_year=command.school_year,
        account_ids=tuple(accounts),
        choice=choice,
        rule_since=rules.since,
        cards=cards,
        on=asked.today,
    )
    if in_cards:
        basis = f"aktywne konta rodziców {command.school_year}: {len(accounts)} × {rules.cards}"
        stock = StockGranted(grant_id=command.grant_id, count=cards, basis=basis)
        return [*_on(granted), *([Entry(streams.CARD_STOCK, stock)] if cards else [])]
    each = {PointsKind.HARDWARE: rules.hardware_points, PointsKind.PLUS: rules.plus_points}
    sides = [
        moved(kind, points * len(accounts), off=Book.ISSUED, onto=Book.BALANCE)
        for kind, points in each.items()
        if points
    ]
    posted = said.PointsPosted(
        entry_id=command.grant_id,
        entry=EntryKind.GRANT,
        postings=tuple(chain.from_iterable(sides)),
        on=asked.today,
        expires=expiry(asked.today, rules),
    )
    return _on(granted, posted) if sides else _on(granted)


@decides(said.SpendPoints, by=OFFICE | PROVIDER)
def _spend(world: World, command: said.SpendPoints, asked: Asked) -> Decision:
    state, item = world[LOYALTY], command.item
    spent = said.RewardSpent(spend_id=command.spend_id, item=item, count=command.count, on=asked.today)
    known = state.spent.get(command.spend_id)
    if known:
        same = (known.item, known.count) == (item, command.count)
        return [] if same else said.SPENDING_EXISTS(spending=command.spend_id, field="spend_id")
    if not 0 < command.count <= _MOST:
        return said.COUNT_UNSOUND(most=_MOST, field="count")
    needed = item.points * command.count
    balance = valid(state.lots, item.points_kind, asked.today)
    if needed < 1 or balance < needed:
        return said.NOT_ENOUGH_POINTS(
            balance=balance, kind=item.points_kind.value, needed=needed, field="count"
        )
    posted = said.PointsPosted(
        entry_id=command.spend_id,
        entry=EntryKind.SPEND,
        postings=moved(item.points_kind, needed, off=Book.BALANCE, onto=Book.SPENT),
        on=asked.today,
    )
    entries = _on(spent, posted)
    if item.cards:
        stock = StockGranted(
            grant_id=command.spend_id, count=item.cards * command.count, basis=f"punkty: {item.name}"
        )
        entries.append(Entry(streams.CARD_STOCK, stock))
    return entries


@decides(said.ReverseSpending, by=PROVIDER)
def _unspend(world: World, command: said.ReverseSpending, asked: Asked) -> Decision:
    state = world[LOYALTY]
    spent = state.spent.get(command.spend_id)
    if spent is None:
        return said.NO_SUCH_SPENDING(spending=command.spend_id, field="spend_id")
    if command.spend_id in state.reversed_:
        return []
    if not command.reason.strip():
        return TEXT_MISSING(at="reason", field="reason")
    if spent.item.cards:
        return said.CARDS_STAY(field="spend_id")
    posted = said.PointsPosted(
        entry_id=command.spend_id,
        entry=EntryKind.REVERSE,
        postings=moved(
            spent.item.points_kind, spent.item.points * spent.count, off=Book.SPENT, onto=Book.BALANCE
        ),
        on=asked.today,
        expires=expiry(asked.today, rules_on(state.rules, asked.today)),
    )
    return _on(said.SpendingReversed(**asdict(command), on=asked.today), posted)


@decides(said.ExpirePoints, by=PROVIDER)
def _expire(world: World, _: said.ExpirePoints, asked: Asked) -> Decision:
    lost = over(world[LOYALTY].lots, asked.today)
    if not lost:
        return []
    sides = [moved(kind, points, off=Book.BALANCE, onto=Book.EXPIRED) for kind, points in lost.items()]
    posted = said.PointsPosted(
        entry_id=f"expired-{asked.today.isoformat()}",
        entry=EntryKind.EXPIRE,
        postings=tuple(chain.from_iterable(sides)),
        on=asked.today,
    )
    return _on(posted)
