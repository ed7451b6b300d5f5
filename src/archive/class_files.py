"""Which files does a class have in the archive, and what are they made from?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from dziennik.archive.bagging import Draft
from dziennik.archive.books import is_correction, write_book
from dziennik.archive.editions import ClassOfYear, Edition
from dziennik.archive.entries import further_entries
from dziennik.archive.events import FactFiles
from dziennik.archive.exporting import validate, validate_as
from dziennik.archive.folding import HANDLERS, fold_class_year
from dziennik.archive.gathering import gather_facts
from dziennik.archive.html import html
from dziennik.archive.page import is_erased
from dziennik.archive.pdf import pdf
from dziennik.archive.reading import read
from dziennik.archive.source import Facts
from dziennik.archive.statistics import class_statistics
from dziennik.archive.writing import write_2
from dziennik.contracts import streams
from dziennik.contracts.envelope import Recorded

CLASS_FORMAT: Final = "class-register-2"
BOOK_FORMAT: Final = "book-1"


@dataclass(frozen=True, slots=True)
class FileOf:
    """A file of the archive as the index describes it."""

    path: str
    kind: str
    format: str | None = None
    class_id: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class ClassDone:
    """What was written for a class: small beside what the class holds. `leaves`: as in FactFiles."""

    files: tuple[FileOf, ...]
    people: frozenset[str]
    erased: frozenset[str]
    statistics: dict[str, str]
    leaves: dict[int, bytes]


def write_class(journal: Facts, edition: Edition, of: ClassOfYear, draft: Draft) -> ClassDone:
    """Write all files of one class into the draft. What is written is checked against its schema first."""
    cut_off, year_id = edition.cut_off, edition.year.year_id
    facts = gather_facts(journal, of.class_id, of.shared, cut_off, year_id=year_id)
    register = fold_class_year(facts, of.class_id, cut_off=cut_off)
    further = further_entries(facts, register, HANDLERS)
    folder = f"data/classes/{of.slug}"
    buffer = BytesIO()
    write_2(register, further, buffer, limits=edition.format.limits)
    validate(buffer.getvalue(), 2)
    draft.add(f"{folder}/{CLASS_FORMAT}.xml", buffer.getvalue())
    document = read(register, further, limits=edition.format.limits)
    document = replace(document, lines=[*document.lines, *edition.vouched()])
    draft.add(f"{folder}/register.html", html(document))
    draft.add(f"{folder}/register.pdf", pdf(document, tagged=edition.format.tagged))
    rows, table = class_statistics(register)
    draft.add(f"{folder}/statistics.csv", table)
    people = [each for each in facts if each.stream.startswith("person/")]
    own = sorted(_own(facts, of.class_id), key=lambda each: each.position)
    draft.add(f"{folder}/corrections.xml", _corrections(edition, own, people))
    events = FactFiles(journal, edition, draft)
    events.write(f"{folder}/facts.jsonl", own)
    files = (
        FileOf(f"{folder}/{CLASS_FORMAT}.xml", "class-register", CLASS_FORMAT, of.class_id),
        FileOf(f"{folder}/register.html", "readable", None, of.class_id),
        FileOf(f"{folder}/register.pdf", "printable", None, of.class_id),
        FileOf(f"{folder}/statistics.csv", "statistics", None, of.class_id),
        FileOf(f"{folder}/corrections.xml", "corrections", BOOK_FORMAT, of.class_id),
        FileOf(f"{folder}/facts.jsonl", "facts", None, of.class_id),
    )
    named = frozenset(each.stream.removeprefix("person/") for each in people)
    return ClassDone(files, named, frozenset(erased_in(facts)), rows, events.leaves)


def _own(facts: list[Recorded], class_id: str) -> Iterator[Recorded]:
    return (each for each in facts if streams.unit_of(each.stream) == class_id)


def _corrections(edition: Edition, own: list[Recorded], people: list[Recorded]) -> bytes:
    parts: dict[str, list[Recorded]] = {}
    for each in own:
        if is_correction(each):
            parts.setdefault(each.stream, []).append(each)
    out = BytesIO()
    write_book("corrections", edition.year.year_id, edition.cut_off, dict(sorted(parts.items())), people, out)
    validate_as(out.getvalue(), BOOK_FORMAT)
    return out.getvalue()


def erased_in(facts: Iterable[Recorded]) -> Iterator[str]:
    """Ids of persons some of whose texts can be read no more, because their key was destroyed."""
    for each in facts:
        if is_erased(each.fact):
            yield str(getattr(each.fact, each.fact.person_field or "", ""))
