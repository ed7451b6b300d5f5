"""Everything that the register says about a person, for that person (GDPR art. 15).

From the facts, not from read models: all in which the person's id stands, in order, with when and by whom
they were recorded. Other people's ids in lists (who was asked at a roll call) are left out; of what the
person recorded about others only how much is told. Each text says under which class of keys it lies, and the
report until when texts of each class are kept (ADR 0136).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from dziennik.application.kept_texts import classes_by_field
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import CONTACTS, FACTS, GRADE_SHEETS, KEY_CLASSES, MESSAGES, REGISTER
from dziennik.journal.journal import Journal
from dziennik.journal.outcomes import Undecodable

PAGE = 5_000
WORDS = {
    CONTACTS: "kontakty / contacts",
    MESSAGES: "wiadomości / messages",
    REGISTER: "dziennik / register",
    GRADE_SHEETS: "arkusz ocen / grade sheet",
}
OTHERS = "(inna osoba / another person)"


class Said(msgspec.Struct, frozen=True):
    """One fact about the person."""

    position: int
    recorded_at: str
    fact: str
    meaning: str
    by_role: str
    channel: str
    content: dict[str, Any]
    kept_as: dict[str, str]


class Kept(msgspec.Struct, frozen=True):
    """Until when texts of a class are kept. `erasable_from`: None while the person belongs to the school, or
    when they never held a role, whose texts may go at once. `erased`: the keys were destroyed.
    """

    key_class: str
    erasable_from: date | None
    texts: int
    erased: bool


class AccessReport(msgspec.Struct, frozen=True):
    """What is known of a person up to a position. `recorded`: facts that the person recorded, by kind."""

    school: str
    person_id: str
    until: int
    about: tuple[Said, ...]
    recorded: dict[str, int]
    kept: tuple[Kept, ...]


def access_report(
    journal: Journal, person_id: str, terms: Mapping[str, date], erased: frozenset[str]
) -> AccessReport:
    """The report as of now. `terms`: from when on texts of each class may go (domain/privacy.py)."""
    classes = classes_by_field(journal, person_id)
    about: list[Said] = []
    recorded: Counter[str] = Counter()
    after = 0
    while page := journal.follow(after, PAGE):
        after = page[-1].position
        for one in page:
            if isinstance(one, Undecodable):
                continue
            plain: dict[str, Any] = msgspec.to_builtins(one.fact)
            if one.stream.split("/")[-1] == person_id or _names(plain, person_id):
                about.append(_said(one, _own(plain, person_id), classes.get(one.position, {})))
            elif one.origin.actor.person == person_id:
                recorded[one.fact.fact_name] += 1
    texts = Counter(key_class for fields in classes.values() for key_class in fields.values())
    kept = tuple(Kept(one, terms.get(one), texts[one], one in erased) for one in KEY_CLASSES)
    return AccessReport(
        journal.school_id, person_id, after, tuple(about), dict(sorted(recorded.items())), kept
    )


def _names(value: Any, person_id: str) -> bool:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return any(_names(part, person_id) for part in value.values())
    if isinstance(value, list | tuple):
        return any(_names(part, person_id) for part in value)
    return bool(value == person_id)


def _own(value: Any, person_id: str) -> Any:  # noqa: ANN401
    """The content without other people who stand in lists beside the person."""
    if isinstance(value, dict):
        return {name: _own(part, person_id) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        if person_id in value:
            return [part if part == person_id else OTHERS for part in value]
        return [_own(part, person_id) for part in value]
    return value


def _said(recorded: Recorded, content: dict[str, Any], kept_as: dict[str, str]) -> Said:
    actor = recorded.origin.actor
    name = recorded.fact.fact_name
    return Said(
        position=recorded.position,
        recorded_at=recorded.origin.recorded_at.isoformat(),
        fact=name,
        meaning=" ".join((FACTS[name].__doc__ or "").split()),
        by_role=actor.role.value,
        channel=actor.channel.value,
        content=content,
        kept_as=kept_as,
    )


def readable(report: AccessReport) -> str:
    """The report for people."""
    lines = [
        f"Szkoła / school: {report.school}",
        f"Osoba / person: {report.person_id}",
        f"Stan na pozycję / as of position: {report.until}",
        "",
        "Jak długo / until when:",
        *(_until(kept) for kept in report.kept),
        "",
        f"Zapisy o tej osobie / what is said about the person ({len(report.about)}):",
    ]
    for said in report.about:
        lines += [
            "",
            f"{said.recorded_at}  {said.fact}  ({said.by_role}, {said.channel})  #{said.position}",
            f"    {said.meaning}",
            *(f"    {name}: {value}{_kept_as(said, name)}" for name, value in said.content.items()),
        ]
    lines += ["", "Zapisy tej osoby o innych / what the person recorded about others:"]
    lines += [f"    {name}: {count}" for name, count in report.recorded.items()] or ["    0"]
    return "\n".join(lines) + "\n"


def _kept_as(said: Said, field: str) -> str:
    return f"  [{WORDS[said.kept_as[field]]}]" if field in said.kept_as else ""


def _until(kept: Kept) -> str:
    if kept.erased:
        when = "usunięto / erased"
    elif kept.erasable_from:
        when = f"można usunąć od / can be erased from {kept.erasable_from}"
    else:
        when = "dopóki osoba należy do szkoły / while the person belongs to the school"
    return f"    {WORDS[kept.key_class]} ({kept.texts}): {when}"
