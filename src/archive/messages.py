"""What was written in a school year: threads, recipients, read times, reports, by the rules of their days.

A message belongs to the year in which it was sent; what became of it, and the subject of its thread, go with
it. Where the school's rules of that day leave texts out of archives, everything else is there (ADR 0164).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Final

from msgspec.structs import replace

from dziennik.archive.books import write_book
from dziennik.archive.class_files import BOOK_FORMAT, FileOf, erased_in
from dziennik.archive.editions import WARSAW, Edition
from dziennik.archive.events import FactFiles
from dziennik.archive.exporting import validate_as
from dziennik.archive.html import html
from dziennik.archive.naming import people_in, persons
from dziennik.archive.readable import NOTHING, Names, Readable, Section, Table, instant, text
from dziennik.archive.register import ClassRegister, Person
from dziennik.archive.source import Facts
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED, Fact
from dziennik.contracts.people import PersonRegistered, PersonRenamed

MOST_NAMED: Final = 20  # recipients who are told by name on a page
WITHHELD: Final = ""  # where the school's rules leave a text out
WITHHELD_TEXT: Final = "[treści nie archiwizuje się]"
MONTHS: Final = (
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień",
    "październik", "listopad", "grudzień",
)  # fmt: skip
AUDIENCES: Final = {
    said.AudienceKind.CLASS_PARENTS: "rodzice oddziału",
    said.AudienceKind.CLASS_PUPILS: "uczniowie oddziału",
    said.AudienceKind.CLASS_TEACHERS: "nauczyciele oddziału",
    said.AudienceKind.PUPIL_PARENTS: "rodzice ucznia:",
    said.AudienceKind.ALL_TEACHERS: "wszyscy nauczyciele",
    said.AudienceKind.ALL_PARENTS: "wszyscy rodzice",
    said.AudienceKind.ALL_PUPILS: "wszyscy uczniowie",
    said.AudienceKind.OFFICE: "dyrekcja i sekretariat",
    said.AudienceKind.GROUP: "grupa:",
}
_OF_MESSAGES = (said.MessageRead, said.MessageWithdrawn, said.AbuseReported, said.AbuseReportSettled)
_OF_PEOPLE = (said.OutOfOfficeAnnounced, said.OutOfOfficeEnded, said.QuietHoursSet)

Key = tuple[str, str]


def write_messages(
    events: FactFiles, facts: Sequence[Recorded], named: set[str]
) -> tuple[list[FileOf], set[str]]:
    """Write the year's messages as a book, as facts and as pages by month; which files, and whose texts are
    erased. `facts`: of year_messages; `named`: gets whom they name."""
    edition, draft = events.edition, events.draft
    if not any(isinstance(each.fact, said.MessageSent) for each in facts):
        return [], set()
    own = {person for each in facts for person in people_in(each)}
    named |= own
    known = [one for part in persons(events.journal, sorted(own), edition.cut_off) for one in part]
    out = BytesIO()
    parts: dict[str, list[Recorded]] = {}
    for each in facts:
        parts.setdefault(each.stream, []).append(each)
    write_book("messages", edition.year.year_id, edition.cut_off, dict(sorted(parts.items())), known, out)
    validate_as(out.getvalue(), BOOK_FORMAT)
    draft.add("data/messages/messages.xml", out.getvalue())
    events.write("data/messages/facts.jsonl", facts)
    files = [
        FileOf("data/messages/messages.xml", "messages", BOOK_FORMAT),
        FileOf("data/messages/facts.jsonl", "facts"),
    ]
    for month, page in _pages(edition, facts, known):
        path = f"data/messages/{month}.html"
        draft.add(path, html(page))
        files.append(FileOf(path, "readable"))
    return files, set(erased_in(facts))


def attached_to(facts: Iterable[Recorded]) -> Iterator[Attached]:
    """The files that came with a year's messages, but for those whose texts stay out of archives."""
    told = list(facts)
    rules = Rules(told)
    for each in told:
        if isinstance(each.fact, said.MessageSent) and rules.archive(each):
            yield from each.fact.attachments


def year_messages(journal: Facts, edition: Edition) -> list[Recorded]:
    """The facts, by position, without the texts that the rules of their days leave out."""
    until = edition.cut_off
    threads = list(journal.scan("thread/", until_position=until))
    sent = {
        (each.fact.thread_id, each.fact.message_id): each
        for each in threads
        if isinstance(each.fact, said.MessageSent) and _is_of(edition, each)
    }
    rules = list(journal.load(streams.MESSAGE_RULES, until_position=until))
    kept = Rules(rules)
    in_year = {thread_id for thread_id, _ in sent}
    opened = [
        each
        for each in threads
        if isinstance(each.fact, said.ThreadOpened) and each.fact.thread_id in in_year
    ]
    after = [each for each in threads if isinstance(each.fact, _OF_MESSAGES) and _key(each.fact) in sent]
    boxes = list(journal.scan("mailbox/", until_position=until))
    receipts = [each for each in boxes if isinstance(each.fact, _OF_MESSAGES) and _key(each.fact) in sent]
    wishes = [each for each in boxes if isinstance(each.fact, _OF_PEOPLE) and _is_of(edition, each)]
    groups = list(journal.scan("messages/group/", until_position=until))
    found = [*sent.values(), *opened, *after, *receipts, *wishes]
    told = [each if kept.archive(each) else _without_texts(each) for each in found]
    return sorted([*told, *rules, *groups], key=lambda each: each.position)


class Rules:
    """Whether texts of a day go into archives."""

    def __init__(self, recorded: Iterable[Recorded]) -> None:
        facts = [each.fact for each in recorded]
        self._dated = [(one.since, one.rules) for one in facts if isinstance(one, said.MessageRulesSet)]

    def archive(self, each: Recorded) -> bool:
        """By the rules of the day on which it was recorded; the usual ones say yes."""
        day = _day(each)
        found = [rules.texts_in_archive for since, rules in self._dated if since <= day]
        return found[-1] if found else True


def _day(each: Recorded) -> date:
    return each.origin.recorded_at.astimezone(WARSAW).date()


def _is_of(edition: Edition, each: Recorded) -> bool:
    return edition.year.starts <= _day(each) <= edition.year.ends


def _key(fact: Fact) -> Key:
    return getattr(fact, "thread_id", ""), getattr(fact, "message_id", "")


def _without_texts(each: Recorded) -> Recorded:
    fact = each.fact
    texts = {name: WITHHELD for name in fact.personal_fields if getattr(fact, name) != ERASED}
    return replace(each, fact=replace(fact, **texts)) if texts else each


def _pages(
    edition: Edition, facts: Sequence[Recorded], known: Iterable[Recorded]
) -> Iterator[tuple[str, Readable]]:
    """(month, page), in the order of months."""
    register = ClassRegister(class_id="", cut_off=edition.cut_off)
    for each in known:
        if isinstance(each.fact, PersonRegistered | PersonRenamed):
            register.people.setdefault(each.fact.person_id, Person()).names.append(each)
    letters = _Letters(facts, Names(register), {one.class_id: one.name for one in edition.classes})
    months: dict[str, list[Recorded]] = {}
    for each in facts:
        if isinstance(each.fact, said.MessageSent):
            months.setdefault(f"{_day(each):%Y-%m}", []).append(each)
    for month, sent in sorted(months.items()):
        title = f"Wiadomości, {MONTHS[int(month[5:]) - 1]} {month[:4]}"
        lines = [edition.school, f"Rok szkolny {edition.year.name}, {len(sent)} wiadomości."]
        yield month, Readable(title, lines, [letters.section(sent)])


class _Letters:
    """How messages are told to somebody who reads a page."""

    def __init__(self, facts: Iterable[Recorded], names: Names, classes: Mapping[str, str]) -> None:
        self._names = names
        self._targets = dict(classes)  # and groups: what an audience is named after
        self._subjects: dict[str, str] = {}
        self._read: dict[Key, int] = {}
        self._withdrawn: dict[Key, Recorded] = {}
        for each in facts:
            fact = each.fact
            if isinstance(fact, said.ThreadOpened):
                self._subjects[fact.thread_id] = fact.subject
            elif isinstance(fact, said.RecipientGroupFormed):
                self._targets[fact.group_id] = fact.name
            elif isinstance(fact, said.MessageRead):
                self._read[_key(fact)] = self._read.get(_key(fact), 0) + 1
            elif isinstance(fact, said.MessageWithdrawn):
                self._withdrawn[_key(fact)] = each

    def section(self, sent: Sequence[Recorded]) -> Section:
        head = ("Wysłano", "Nadawca", "Adresaci", "Temat", "Treść", "Uwagi")
        rows = [self._row(each, each.fact) for each in sent if isinstance(each.fact, said.MessageSent)]
        table = Table("Wiadomości w kolejności wysłania", head, rows, (10, 12, 18, 14, 36, 10))
        return Section("wiadomosci", "Wiadomości", (), (table,))

    def _row(self, each: Recorded, fact: said.MessageSent) -> tuple[str, ...]:
        return (
            instant(each.origin.recorded_at),
            self._names.author(each),
            self._recipients(fact),
            _shown(self._subjects.get(fact.thread_id)),
            _shown(fact.body),
            "; ".join(self._notes(fact)) or NOTHING,
        )

    def _recipients(self, fact: said.MessageSent) -> str:
        """Audiences, and people by name as far as they fit; how many they are."""
        if not fact.audiences and len(fact.recipient_ids) <= MOST_NAMED:
            return "; ".join(map(self._names.of, fact.recipient_ids))
        told = [self._audience(one) for one in fact.audiences]
        told += map(self._names.of, fact.named_ids[:MOST_NAMED])
        return f"{'; '.join(told)} (osób: {len(fact.recipient_ids)})"

    def _audience(self, audience: said.Audience) -> str:
        target_id = audience.target_id
        if target_id is None:
            return AUDIENCES[audience.kind]
        return f"{AUDIENCES[audience.kind]} {self._targets.get(target_id) or self._names.of(target_id)}"

    def _notes(self, fact: said.MessageSent) -> Iterator[str]:
        read = self._read.get(_key(fact), 0)
        yield f"przeczytało: {read} z {len(fact.recipient_ids)}"
        if fact.importance is said.Importance.HIGH:
            yield "ważna"
        if fact.attachments:
            yield f"załączniki: {len(fact.attachments)}"
        withdrawn = self._withdrawn.get(_key(fact))
        if withdrawn:
            yield f"wycofana {instant(withdrawn.origin.recorded_at)}"


def _shown(content: str | None) -> str:
    return WITHHELD_TEXT if content == WITHHELD else text(content)
