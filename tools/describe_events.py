"""Write docs/events.md, the catalogue of facts, from their docstrings: `python -m tools.describe_events`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import msgspec

from dziennik.contracts.facts import GRADE_SHEETS, REGISTER, Fact
from dziennik.contracts.registry import CONTEXTS, FACTS, UPCASTS

PLACE = Path(__file__).parents[1] / "docs" / "events.md"

# Where facts of a context stand (contracts/streams.py); single facts that stand elsewhere below.
STREAMS = {
    "school": "school",
    "people": "person/{person}",
    "classes": "year/{unit}/register",
    "lessons": "year/{unit}/lesson/{lesson}",
    "attendance": "year/{unit}/lesson/{lesson}",
    "grades": "year/{class}/grades/{subject}/{pupil}",
    "imports": "import/{import}",
    "access": "account/{account}",
    "accounts": "access/{person}",
    "audits": "mandates/{auditor}",
    "classification": "year/{unit}/classification",
    "disputes": "year/{class}/dispute/{dispute}",
    "behaviour": "year/{class}/behaviour/{pupil}",
    "councils": "councils/{year}",
    "calendar": "year/{unit}/calendar",
    "curriculum": "curriculum/{plan}",
    "staff": "staff/{year}/{teacher}",
    "finals": "year/{class}/finals",
    "descriptive": "year/{class}/descriptive/{pupil}",
    "registers": "year/{unit}/details",
    "movement": "year/{class}/register",
    "studies": "year/{class}/study/{pupil}",
    "stays": "year/{unit}/stay/{day}.{pupil}",
    "earlier_grades": "year/{class}/earlier/{pupil}",
    "counselling": "year/{unit}/counselling/{entry}",
    "absences": "year/{class}/absences",
    "cards": "card/{card}",
    "archives": "archive/{year}",
    "privacy": "privacy",
    "messages": "thread/{thread}",
    "board": "board/{announcement}",
    "notifications": "notifications/{person}",
    "entitlement": "commerce/entitlement",
    "offers": "offers",
    "agreement": "commerce/agreement",
    "purchases": "purchase/{order}",
    "bundles": "bundle/{bundle}",
    "loyalty": "commerce/loyalty",
    "bank": "bank/{statement}",
    "invoices": "invoices/{year}",
}
ELSEWHERE = {
    "messages.message_rules_set.1": "messages/rules",
    "messages.recipient_group_formed.1": "messages/group/{group}",
    "messages.group_members_changed.1": "messages/group/{group}",
    "messages.recipient_group_dissolved.1": "messages/group/{group}",
    "messages.message_read.1": "mailbox/{person}/{thread}",
    "messages.out_of_office_announced.1": "mailbox/{person}",
    "messages.out_of_office_ended.1": "mailbox/{person}",
    "messages.quiet_hours_set.1": "mailbox/{person}",
    "accounts.account_rules_set.1": "accounts",
    "bank.statement_imported.1": "bank",
    "invoices.seller_described.1": "invoices",
    "privacy.person_erased.1": "person/{person}",
    "board.board_rules_set.1": "board",
    "board.reading_confirmed.1": "board/{announcement}/read/{person}",
    "access.entries_looked_at.1": "looks/{school}/{time}",
    "cards.stock_granted.1": "cards/stock",
    "cards.cards_printed.1": "cards/stock",
    "cards.cards_spoilt.1": "cards/stock",
    "cards.scan_received.1": "scan/{scan}",
    "cards.page_set_aside.1": "scan/{scan}",
    "cards.page_named.1": "scan/{scan}",
    "curriculum.plan_assigned.1": "year/{unit}/curriculum",
    "curriculum.plan_taken_away.1": "year/{unit}/curriculum",
    "calendar.calendar_rules_set.1": "calendar/{year}",
    "calendar.free_days_declared.1": "calendar/{year}",
    "calendar.free_days_withdrawn.1": "calendar/{year}",
    "calendar.day_changed.1": "calendar/{year}",
    "calendar.day_restored.1": "calendar/{year}",
    "calendar.feed_issued.1": "feed/{feed}",
    "calendar.feed_revoked.1": "feed/{feed}",
    "stays.collector_authorised.1": "year/{unit}/collectors/{pupil}",
    "stays.leaving_alone_allowed.1": "year/{unit}/collectors/{pupil}",
    "stays.authorisation_withdrawn.1": "year/{unit}/collectors/{pupil}",
    "earlier_grades.rule_set.1": "earlier/{year}",
    "registers.register_opened.1": "year/{unit}/register",
    "absences.absence_rules_set.1": "school",
    "behaviour.behaviour_rules_set.1": "school",
    "staff.staff_rules_set.1": "school",
    "classification.year_correction_permitted.1": "closed/{year}",
    "movement.movement_rules_set.1": "school",
    "descriptive.descriptive_rules_set.1": "school",
    "classification.classification_rules_set.1": "school",
    "grades.column_opened.1": "year/{unit}/column/{column}",
    "grades.column_changed.1": "year/{unit}/column/{column}",
    "grades.column_publication_set.1": "year/{unit}/column/{column}",
}

_NULL = " | None"

HEAD = """\
# The facts of the register

Everything the register knows, it knows from these facts. They are stored under the names given here, for ever
(`src/contracts/facts.py`), with the surroundings of `src/contracts/envelope.py`: position, stream, version,
who, in which role, when, and why. How each is stored, to the byte: `tests/contracts/golden`; as JSON Schema:
`src/contracts/schemas/events.json`.

**Personal** fields are encrypted with the key of the person whom the fact is about, of the class in brackets
(none: `register`), and read as `\N{SYMBOL FOR NULL}` once that key has been destroyed. Fields marked
*optional* may be missing in what is stored.

This file is written by `python -m tools.describe_events`; change the docstrings instead.
"""


def describe() -> str:
    """The whole document."""
    return "\n".join(line for part in _parts() for line in part).rstrip() + "\n"


def _parts() -> Iterator[Iterator[str]]:
    yield iter([HEAD])
    for context in CONTEXTS:
        yield _context(context)


def _context(module: ModuleType) -> Iterator[str]:
    name = module.__name__.rpartition(".")[2]
    facts = {key: fact for key, fact in FACTS.items() if key.partition(".")[0] == name}
    if not facts:
        return
    yield f"## {name.capitalize()}"
    yield ""
    yield _first_paragraph(module)
    yield ""
    for key, fact in facts.items():
        yield from _fact(key, fact, ELSEWHERE.get(key, STREAMS[name]))


def _fact(name: str, fact: type[Fact], stream: str) -> Iterator[str]:
    yield f"### {fact.__name__}"
    yield ""
    yield f"`{name}` in `{stream}`"
    yield ""
    yield _meaning(fact)
    yield ""
    older = [old for old, (newer, _) in UPCASTS.items() if newer == name]
    if older:
        yield f"Read from older shapes too: {', '.join(f'`{old}`' for old in older)}."
        yield ""
    yield "| field | type | |"
    yield "|---|---|---|"
    for field in msgspec.structs.fields(fact):
        yield f"| `{field.name}` | {_type(fact, field.name)} | {_marks(fact, field)} |"
    yield ""


def _meaning(thing: type[Fact]) -> str:
    """The docstring on lines of its own length."""
    return inspect.cleandoc(thing.__doc__ or "")


def _first_paragraph(module: ModuleType) -> str:
    return inspect.cleandoc(module.__doc__ or "").replace("``", "`")


def _type(fact: type[Fact], field: str) -> str:
    """The annotation as it is written in the source, without the null of optional fields."""
    return f"`{_written(fact, field).removesuffix(_NULL)}`"


def _written(fact: type[Fact], field: str) -> str:
    return str(inspect.get_annotations(fact)[field])


def _marks(fact: type[Fact], field: msgspec.structs.FieldInfo) -> str:
    marks = [_personal(fact, field.name)] if field.name in fact.personal_fields else []
    if field.name == fact.person_field and fact.personal_fields:
        marks.append("whose key encrypts")
    if not field.required:
        marks.append("*optional*")
    elif _written(fact, field.name).endswith(_NULL):
        marks.append("or null")
    return ", ".join(marks)


def _personal(fact: type[Fact], field: str) -> str:
    """The mark, with the class of keys where it is not the register's."""
    if field in fact.sheet_fields:
        return f"**personal** ({GRADE_SHEETS}{'' if fact.on_sheet is Fact.on_sheet else ', when annual'})"
    return "**personal**" + ("" if fact.key_class == REGISTER else f" ({fact.key_class})")


def main() -> None:
    """Write the file."""
    PLACE.write_text(describe(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
