"""Which files of the archive belong to the school as a whole: its facts, people, hours, tables?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from io import BytesIO
from itertools import chain, groupby

from dziennik.archive.bagging import Draft
from dziennik.archive.books import write_book
from dziennik.archive.class_files import BOOK_FORMAT, FileOf, erased_in
from dziennik.archive.editions import Edition, OtherRegister
from dziennik.archive.events import FactFiles
from dziennik.archive.exporting import validate_as
from dziennik.archive.messages import write_messages
from dziennik.archive.naming import people_in, persons
from dziennik.archive.source import Facts
from dziennik.archive.statistics import SCHOOL_HEAD, table
from dziennik.contracts import streams
from dziennik.contracts.envelope import Recorded


def write_school(
    journal: Facts,
    edition: Edition,
    draft: Draft,
    events: FactFiles,
    people: Iterable[str],
    rows: Sequence[dict[str, str]],
) -> tuple[list[FileOf], set[str]]:
    """Write them; which they are, and who of the people was erased. `people`: whom the classes name."""
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
    files += _cards(journal, edition, draft, events, named)
    for register in edition.registers:
        if not register.restricted:
            files += _register(journal, edition, register, draft, events, named)
    written, erased = write_messages(journal, edition, draft, events, named)
    files += written
    everybody = chain.from_iterable(persons(journal, sorted(named), edition.cut_off))
    events.write("data/facts/people.jsonl", _seen(everybody, erased))
    files.append(FileOf("data/facts/people.jsonl", "facts"))
    return files, erased


def _cards(
    journal: Facts, edition: Edition, draft: Draft, events: FactFiles, named: set[str]
) -> list[FileOf]:
    """Cards on paper that were issued to the year's classes and groups: read as what, decided, applied."""
    units = {one.class_id for one in edition.classes} | set(edition.groups)
    facts: list[Recorded] = []
    for _, history in groupby(journal.scan("card/", until_position=edition.cut_off), lambda one: one.stream):
        first, *later = history
        if getattr(first.fact, "unit_id", None) in units:
            facts += (first, *later)
    if not facts:
        return []
    own = {value for each in facts for value in people_in(each)}
    named |= own
    known = [one for part in persons(journal, sorted(own), edition.cut_off) for one in part]
    draft.add("data/cards.xml", _book("cards", edition, facts, known))
    events.write("data/facts/cards.jsonl", _by_position(facts))
    return [FileOf("data/cards.xml", "cards", BOOK_FORMAT), FileOf("data/facts/cards.jsonl", "facts")]


def _register(
    journal: Facts,
    edition: Edition,
    register: OtherRegister,
    draft: Draft,
    events: FactFiles,
    named: set[str],
) -> list[FileOf]:
    """A register beside those of the classes: as a book, and its facts."""
    facts = list(journal.scan(streams.class_year(register.unit_id), until_position=edition.cut_off))
    own = {value for each in facts for value in people_in(each)}
    named |= own
    known = [one for part in persons(journal, sorted(own), edition.cut_off) for one in part]
    place = f"data/registers/{register.slug}"
    draft.add(f"{place}/book-1.xml", _book("other-register", edition, facts, known))
    events.write(f"{place}/facts.jsonl", _by_position(facts))
    return [
        FileOf(f"{place}/book-1.xml", "other-register", BOOK_FORMAT),
        FileOf(f"{place}/facts.jsonl", "facts"),
    ]


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
