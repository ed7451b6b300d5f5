"""Which files of the archive belong to the school as a whole: its facts, people, hours, tables?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from io import BytesIO
from itertools import chain, groupby

from dziennik.archive.attached import Gone, ReadFile, write_attached
from dziennik.archive.books import write_book
from dziennik.archive.class_files import BOOK_FORMAT, FileOf, erased_in
from dziennik.archive.editions import Edition, OtherRegister
from dziennik.archive.entitlement import covered, year_entitlement
from dziennik.archive.events import FactFiles
from dziennik.archive.exporting import validate_as
from dziennik.archive.messages import attached_to, write_messages, year_messages
from dziennik.archive.naming import people_in, persons
from dziennik.archive.source import Facts
from dziennik.archive.statistics import SCHOOL_HEAD, table
from dziennik.contracts import streams
from dziennik.contracts.envelope import Recorded


@dataclass(frozen=True, slots=True)
class SchoolDone:
    """What was written, whose texts could not be shown any more, and which files."""

    files: list[FileOf]
    erased: set[str]
    gone: list[Gone]


def write_school(
    events: FactFiles,
    people: Iterable[str],
    rows: Sequence[dict[str, str]],
    read: ReadFile = lambda _: None,
) -> SchoolDone:
    """Write them. `people`: whom the classes name; `rows`: of the table of statistics; `read`: files that
    came with messages.
    """
    journal, edition, draft = events.journal, events.edition, events.draft
    files = [FileOf("data/statistics.csv", "statistics"), FileOf("data/facts/school.jsonl", "facts")]
    head = SCHOOL_HEAD
    draft.add("data/statistics.csv", table(head, [[row[name] for name in head] for row in rows]))
    named = set(people)
    events.write("data/facts/school.jsonl", _told(_school_facts(journal, edition), named))
    hours = _hours(journal, edition)
    if hours:
        named |= {value for each in hours for value in people_in(each)}
        known = [one for part in persons(journal, sorted(named), edition.cut_off) for one in part]
        draft.add("data/hours.xml", _book("hours", edition, hours, known))
        files.append(FileOf("data/hours.xml", "hours", BOOK_FORMAT))
    files += _cards(events, named)
    if edition.format.entitlement:
        files += _entitlement(events, named)
    for register in edition.registers:
        if not register.restricted:
            files += _register(events, register, named)
    messages = year_messages(journal, edition)
    written, erased = write_messages(events, messages, named)
    files += written
    gone: list[Gone] = []
    if edition.format.attachments:
        attached, gone = write_attached(draft, attached_to(messages), read)
        files += attached
    everybody = chain.from_iterable(persons(journal, sorted(named), edition.cut_off))
    events.write("data/facts/people.jsonl", _seen(everybody, erased))
    files.append(FileOf("data/facts/people.jsonl", "facts"))
    return SchoolDone(files, erased, gone)


def _cards(events: FactFiles, named: set[str]) -> list[FileOf]:
    """Cards on paper that were issued to the year's classes and groups: read as what, decided, applied; and
    that they were printed or spoilt, which is told of many at once.
    """
    journal, edition = events.journal, events.edition
    units = {one.class_id for one in edition.classes} | set(edition.groups)
    facts: list[Recorded] = []
    for _, history in groupby(journal.scan("card/", until_position=edition.cut_off), lambda one: one.stream):
        first, *later = history
        if getattr(first.fact, "unit_id", None) in units:
            facts += (first, *later)
    if facts and edition.format.entitlement:
        ours = {each.stream.removeprefix("card/") for each in facts}
        stock = journal.load(streams.CARD_STOCK, until_position=edition.cut_off)
        facts += [each for each in stock if ours.intersection(getattr(each.fact, "card_ids", ()))]
    places = ("data/cards.xml", "data/facts/cards.jsonl")
    return _book_and_facts("cards", places, facts, events, named) if facts else []


def _entitlement(events: FactFiles, named: set[str]) -> list[FileOf]:
    facts = year_entitlement(events.journal, events.edition)
    named |= {person for each in facts for person in covered(each)}
    places = ("data/entitlement.xml", "data/facts/entitlement.jsonl")
    return _book_and_facts("entitlement", places, facts, events, named) if facts else []


def _register(events: FactFiles, register: OtherRegister, named: set[str]) -> list[FileOf]:
    """A register beside those of the classes."""
    prefix = streams.class_year(register.unit_id)
    facts = list(events.journal.scan(prefix, until_position=events.edition.cut_off))
    folder = f"data/registers/{register.slug}"
    places = (f"{folder}/book-1.xml", f"{folder}/facts.jsonl")
    return _book_and_facts("other-register", places, facts, events, named)


def _book_and_facts(
    kind: str, places: tuple[str, str], facts: list[Recorded], events: FactFiles, named: set[str]
) -> list[FileOf]:
    """Entries as a book, and themselves; whom they name is put among `named`."""
    own = {value for each in facts for value in people_in(each)}
    named |= own
    known = [one for part in persons(events.journal, sorted(own), events.edition.cut_off) for one in part]
    events.draft.add(places[0], _book(kind, events.edition, facts, known))
    events.write(places[1], _by_position(facts))
    return [FileOf(places[0], kind, BOOK_FORMAT), FileOf(places[1], "facts")]


def _school_facts(journal: Facts, edition: Edition) -> Iterator[Recorded]:
    """The school's streams and the year's that are no class's, by position."""
    year, until = edition.year.year_id, edition.cut_off
    single = [streams.SCHOOL, streams.school_calendar(year), streams.councils(year), streams.archives(year)]
    single.append(streams.closed_year(year))
    loaded: list[Iterable[Recorded]] = [journal.load(stream, until_position=until) for stream in single]
    for group_id in edition.groups:
        prefix = streams.class_year(group_id)
        loaded.append(_by_position(journal.scan(prefix, until_position=until)))
    loaded.append(_by_position(journal.scan(f"staff/{year}/", until_position=until)))
    plans = journal.scan("curriculum/", until_position=until)
    loaded.append(_by_position(each for each in plans if getattr(each.fact, "year_id", None) == year))
    return merge(*loaded, key=lambda each: each.position)


def _by_position(facts: Iterable[Recorded]) -> list[Recorded]:
    return sorted(facts, key=lambda each: each.position)


def _told(facts: Iterable[Recorded], named: set[str]) -> Iterator[Recorded]:
    """The same facts; whom they name is put among `named`."""
    for each in facts:
        named.update(people_in(each))
        yield each


def _seen(facts: Iterable[Recorded], erased: set[str]) -> Iterator[Recorded]:
    """The same facts; whose texts are lost is put among `erased`."""
    for each in facts:
        erased.update(erased_in([each]))
        yield each


def _hours(journal: Facts, edition: Edition) -> list[Recorded]:
    prefix = f"staff/{edition.year.year_id}/"
    return list(journal.scan(prefix, until_position=edition.cut_off))


def _book(kind: str, edition: Edition, entries: Sequence[Recorded], people: Sequence[Recorded]) -> bytes:
    parts: dict[str, list[Recorded]] = {}
    for each in entries:
        parts.setdefault(each.stream, []).append(each)
    out = BytesIO()
    write_book(kind, edition.year.year_id, edition.cut_off, parts, people, out)
    validate_as(out.getvalue(), BOOK_FORMAT)
    return out.getvalue()
