"""Is the school that was lived through over HTTP the one that was built through commands?

Fact by fact, moments and streams too, and row by row in every read model. Accounts are the installation's:
they are told by whose they are. Who wrote is compared by person; the office's machine, which founds the demo
and begins its staff, is over HTTP the director, or the command line.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import msgspec

from dziennik.app import System
from dziennik.application.register import Register
from dziennik.contracts.envelope import Recorded, Role
from dziennik.contracts.people import AccountLinked
from dziennik.demo.build import build
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections.models import MODELS
from dziennik.projections.rebuild import folded
from tests.lived.school import Living

EVERYTHING = 10_000_000
# Where in the journal a fact lies (within a step that is told otherwise), and that it came over the API.
PLACES = frozenset({"position", "channel"})


def compared(living: Living, dsn: str) -> tuple[int, int]:
    """How many facts and rows both hold, once the same plan is carried out through commands in the database
    `dsn`. Raises AssertionError.
    """
    size = living.plan.size
    journals = Journals(dsn, keyring=Keyring(bytes(32)))
    try:
        built = journals.create_school(size.school_id)
        build(Register(built), size, open_account=_account, secret=bytes(32))
        living.system.follower.run_once(size.school_id)
        return same_facts(living.system.journals.school(size.school_id), built), same_rows(
            living.system, built
        )
    finally:
        journals.close()


def _account(login: str, _: str) -> str:
    return f"account-{login.partition('@')[0]}"


def facts(journal: Journal) -> list[Recorded]:
    """All that was recorded."""
    return journal.read(0, EVERYTHING)


def same_facts(lived: Journal, built: Journal) -> int:
    """How many facts both hold. Raises AssertionError at the first that differs.

    Stream by stream: the demo writes a step at once, the facts of each stream together.
    """
    ours, theirs = _streams(lived), _streams(built)
    assert ours.keys() == theirs.keys(), ours.keys() ^ theirs.keys()
    for stream, told in ours.items():
        for one, other in zip_longest(told, theirs[stream]):
            assert one == other, (stream, one, other)
    assert lived.position() == built.position()
    return lived.position()


def _streams(journal: Journal) -> dict[str, list[tuple[Any, ...]]]:
    recorded = facts(journal)
    owners = _owners(recorded)
    streams: dict[str, list[tuple[Any, ...]]] = {}
    for each in recorded:
        streams.setdefault(each.stream, []).append(_told(each, owners))
    return streams


def _owners(recorded: list[Recorded]) -> dict[str, str]:
    """Whose each account is."""
    linked = [each.fact for each in recorded if isinstance(each.fact, AccountLinked)]
    return {fact.account_id: f"account of {fact.person_id}" for fact in linked}


def _told(one: Recorded, owners: dict[str, str]) -> tuple[Any, ...]:
    actor = one.origin.actor
    # What the machine wrote in one school the director or the command line did in the other.
    by = None if actor.role in (Role.SYSTEM, Role.DIRECTOR) else (actor.person, actor.role)
    fact = _named(msgspec.to_builtins(one.fact), owners)
    return one.version, one.fact.fact_name, fact, one.origin.recorded_at, by


def _named(value: Any, owners: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
    """The value with every account told by its owner."""
    if isinstance(value, dict):
        return {_named(key, owners): _named(part, owners) for key, part in value.items() if key not in PLACES}
    if isinstance(value, list | tuple):
        return [_named(part, owners) for part in value]
    return owners.get(value, value) if isinstance(value, str) else value


def same_rows(lived: System, built: Journal) -> int:
    """How many rows all read models hold, the same as folded of what was built. Raises AssertionError."""
    ours = lived.journals.school(built.school_id)
    owners = _owners(facts(ours)), _owners(facts(built))
    rows = 0
    with lived.read_models.view(built.school_id) as view:
        for model in MODELS:
            expected = folded(built, model, built.position())
            for table in model.tables:
                found = _listed(view.find(table.row), owners[0])
                wanted = _listed(expected.find(table.row), owners[1])
                assert found == wanted, (table.name, _first(found, wanted))
                rows += len(found)
    return rows


def _listed(rows: list[Any], owners: dict[str, str]) -> list[Any]:
    """In an order that does not hang on ids of accounts."""
    named = [_named(msgspec.to_builtins(row), owners) for row in rows]
    return sorted(named, key=msgspec.json.encode)


def _first(ours: list[Any], theirs: list[Any]) -> tuple[Any, Any]:
    return next((pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1]), (None, None))
