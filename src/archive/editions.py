"""Which edition of a year's archive is to be written: as of which position, of which classes, after which
others?

An edition follows from facts alone: the school's, the year's, and those that earlier editions left (ADR
0124).
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dziennik.archive.formats import plain
from dziennik.archive.gathering import reached, registers
from dziennik.archive.source import Facts
from dziennik.archive.year_formats import LATEST, YearFormat, format_of
from dziennik.contracts import streams
from dziennik.contracts.archives import ArchiveSigned, ArchiveWritten
from dziennik.contracts.classes import ClassOpened, ClassRenamed, InterclassGroupFormed
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.registers import RESTRICTED, RegisterOpened
from dziennik.contracts.school import (
    SchoolFounded,
    SchoolRenamed,
    SchoolYearClosed,
    SchoolYearOpened,
)

WARSAW = ZoneInfo("Europe/Warsaw")


class NoSuchYear(LookupError):
    """The school has no school year of that id, name or starting year."""


class YearOpen(ValueError):
    """The year is not closed: what is written now could not be its archive."""


class NoSuchEdition(LookupError):
    """No such edition was written."""


@dataclass(frozen=True, slots=True)
class ClassOfYear:
    """A class, where it lies in the bag, and the interclass groups that it has a part in."""

    class_id: str
    name: str
    slug: str
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherRegister:
    """A register beside those of the classes. A `restricted` one is named in the archive and not written."""

    unit_id: str
    name: str
    slug: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """What an archive is made from: nothing else may enter it."""

    school_id: str
    school: str
    city: str | None
    school_number: str | None
    year: SchoolYearOpened
    closed: SchoolYearClosed
    number: int
    cut_off: int
    as_of: datetime
    classes: tuple[ClassOfYear, ...]
    groups: tuple[str, ...]
    registers: tuple[OtherRegister, ...]
    earlier: tuple[ArchiveWritten, ...]
    format: YearFormat
    # Root of the Merkle tree over the stored facts up to the cut-off (RFC 6962), where the school has a log.
    root: bytes | None = None
    # The log's signed note over that root. It lies beside the payload: another key signs otherwise.
    checkpoint: str | None = None

    def vouched(self) -> list[str]:
        """What a print says of the log, for people: nothing where the school has none."""
        if self.root is None:
            return []
        root = b64encode(self.root).decode()
        return [f"Dziennik zdarzeń do pozycji {self.cut_off}, korzeń drzewa skrótów (RFC 6962): {root}"]

    def name(self) -> str:
        """The bag's name: ASCII, lower case, nothing to quote."""
        return f"{plain(self.school_id)}_{plain(self.year.name)}_{self.format.name}_edition-{self.number}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the journal knows of a year's archives, by number of edition."""

    written: dict[int, Recorded]
    signed: dict[int, ArchiveSigned]

    def edition(self, number: int) -> ArchiveWritten:
        """Raises NoSuchEdition."""
        found = self.written.get(number)
        if found is None or not isinstance(found.fact, ArchiveWritten):
            raise NoSuchEdition(f"there is no edition {number}")
        return found.fact

    def last(self) -> int:
        """0: nothing was written yet."""
        return max(self.written, default=0)


def kept(journal: Facts, year_id: str) -> Kept:
    """The editions that were written and signed."""
    written: dict[int, Recorded] = {}
    signed: dict[int, ArchiveSigned] = {}
    for each in journal.load(streams.archives(year_id)):
        if isinstance(each.fact, ArchiveWritten):
            written[each.fact.edition] = each
        elif isinstance(each.fact, ArchiveSigned):
            signed[each.fact.edition] = each.fact
    return Kept(written, signed)


def find_year(journal: Facts, wanted: str) -> SchoolYearOpened:
    """By id, by name ("2025/2026"), or by the year it began in ("2025"). Raises NoSuchYear."""
    years = [each.fact for each in journal.load(streams.SCHOOL) if isinstance(each.fact, SchoolYearOpened)]
    for year in years:
        if wanted in (year.year_id, year.name):
            return year
    begun = [year for year in years if str(year.starts.year) == wanted]
    if len(begun) == 1:
        return begun[0]
    raise NoSuchYear(", ".join(year.name for year in years))


def new_edition(journal: Facts, year: SchoolYearOpened) -> Edition:
    """The next edition: the first as of the end of the year's last day, or of its closing if that came later;
    a further one as of now. Raises YearOpen.
    """
    number = kept(journal, year.year_id).last() + 1
    closing = _closing(journal.load(streams.SCHOOL), year.year_id)
    if closing is None:
        raise YearOpen(year.name)
    at_end = journal.position_at(end_of(year) - timedelta(microseconds=1))
    cut_off = max(at_end, closing.position) if number == 1 else journal.position()
    return edition(journal, year, number, cut_off)


def end_of(year: SchoolYearOpened) -> datetime:
    """The instant at which the year's last day is over in the school."""
    return datetime.combine(year.ends + timedelta(days=1), time(), WARSAW)


def edition(
    journal: Facts, year: SchoolYearOpened, number: int, cut_off: int, version: int = LATEST
) -> Edition:
    """An edition as of a position, in a version of the format.

    Raises YearOpen when the year was not closed by then, BeyondHead, UnknownFormat.
    """
    reached(journal, cut_off)
    school = journal.load(streams.SCHOOL, until_position=cut_off)
    closing = _closing(school, year.year_id)
    if closing is None or not isinstance(closing.fact, SchoolYearClosed):
        raise YearOpen(year.name)
    founded = next(each.fact for each in school if isinstance(each.fact, SchoolFounded))
    named = [each.fact for each in school if isinstance(each.fact, SchoolFounded | SchoolRenamed)]
    facts = [each for each in registers(journal) if each.position <= cut_off]
    earlier = (each.fact for each in kept(journal, year.year_id).written.values())
    return Edition(
        school_id=founded.school_id,
        school=named[-1].name,
        city=founded.city,
        school_number=founded.number,
        year=year,
        closed=closing.fact,
        number=number,
        cut_off=cut_off,
        as_of=journal.recorded_at(cut_off),
        classes=_classes(facts, year.year_id),
        groups=tuple(one.group_id for one in _shared(facts) if one.year_id == year.year_id),
        registers=_others(facts, year.year_id),
        earlier=tuple(one for one in earlier if isinstance(one, ArchiveWritten) and one.edition < number),
        format=format_of(version),
    )


def _closing(school: Iterable[Recorded], year_id: str) -> Recorded | None:
    found = None
    for each in school:
        if isinstance(each.fact, SchoolYearClosed) and each.fact.year_id == year_id:
            found = each
    return found


def _shared(facts: Iterable[Recorded]) -> list[InterclassGroupFormed]:
    return [each.fact for each in facts if isinstance(each.fact, InterclassGroupFormed)]


def _classes(facts: list[Recorded], year_id: str) -> tuple[ClassOfYear, ...]:
    """By name; two classes whose names are spelled alike in ASCII get a number."""
    names: dict[str, str] = {}
    for each in facts:
        fact = each.fact
        if not isinstance(fact, ClassOpened | ClassRenamed):
            continue
        if fact.class_id in names or getattr(fact, "year_id", None) == year_id:
            names[fact.class_id] = fact.name
    shared = _shared(facts)
    return tuple(
        ClassOfYear(class_id, name, slug, tuple(one.group_id for one in shared if class_id in one.class_ids))
        for class_id, name, slug in _with_slugs(names)
    )


def _others(facts: list[Recorded], year_id: str) -> tuple[OtherRegister, ...]:
    opened = [each.fact for each in facts if isinstance(each.fact, RegisterOpened)]
    of_year = {one.unit_id: one for one in opened if one.year_id == year_id}
    return tuple(
        OtherRegister(unit_id, name, slug, of_year[unit_id].kind in RESTRICTED)
        for unit_id, name, slug in _with_slugs({key: one.name for key, one in of_year.items()})
    )


def _with_slugs(names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Id, name, and the name in plain ASCII, by name; of those spelled alike the later ones get a number."""
    used: Counter[str] = Counter()
    for unit_id, name in sorted(names.items(), key=lambda item: (item[1], item[0])):
        slug = plain(name)
        used[slug] += 1
        yield unit_id, name, slug if used[slug] == 1 else f"{slug}-{used[slug]}"
