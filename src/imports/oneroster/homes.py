"""To which class unit (oddział) does each pupil belong?

OneRoster has no class units: a class there is a subject taught to somebody (ADR 0042). A
homeroom class is a unit and its pupils are enrolled in it. Without homeroom enrolment a pupil
belongs to the classCode that most of the pupil's scheduled classes of the year bear; of equals
to one that looks like a class ("4b", not "ang"), then to the one with more pupils, then to the
first by alphabet. Classes without a code count by title.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec

from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.oneroster.rows import ClassRow, EnrolmentRow, RoleRow
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.wanted import Span, Stay, Unit, Year
from dziennik.imports.oneroster.years import Calendar

Rows = dict[str, EnrolmentRow]

# Begins with a year of study and a letter or two: "4b", "1 TI", "IIa", "4b matematyka".
CLASS = re.compile(r"(\d{1,2}|[IVX]{1,4})\s?[^\W\d]{1,3}(?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class Taught:
    """A class of the file with its year and, by enrolment id, its pupils and teachers."""

    class_id: str
    row: ClassRow
    year_key: str
    year: Year
    pupils: Rows
    teachers: Rows

    @property
    def code(self) -> str:
        return self.row.code or self.row.title


def taught_classes(part: Slice, calendar: Calendar, faults: Faults) -> dict[str, Taught]:
    """Every class whose year can be told, by id."""
    found: dict[str, Taught] = {}
    for class_id, row in sorted(part.tables["classes"].items()):
        # A class whose course is deleted is over with it.
        if not isinstance(row, ClassRow) or row.course not in part.tables["courses"]:
            continue
        year = calendar.year_of(row)
        if year is None:
            place = part.place("classes", class_id)
            faults.add(reasons.NO_YEAR, place, column="termSourcedIds", value=row.title)
            continue
        found[class_id] = Taught(class_id, row, *year, {}, {})
    begun = _role_beginnings(part)
    users = part.tables["users"]
    for enrolment_id, row in sorted(part.tables["enrollments"].items()):
        # Whoever is deleted is enrolled no more, even where the enrolment itself still stands.
        if isinstance(row, EnrolmentRow) and row.class_id in found and row.user in users:
            if row.begins is None and (row.user, row.role) in begun:
                row = msgspec.structs.replace(row, begins=begun[row.user, row.role])
            if row.role == "student":
                found[row.class_id].pupils[enrolment_id] = row
            elif row.role == "teacher":
                found[row.class_id].teachers[enrolment_id] = row
    return found


def _role_beginnings(part: Slice) -> dict[tuple[str, str], date]:
    """Since when somebody is at the school: enrolments without a day of their own begin then."""
    found: dict[tuple[str, str], date] = {}
    for row in part.tables["roles"].values():
        if isinstance(row, RoleRow) and row.begins:
            key = (row.user, row.role)
            found[key] = min(found.get(key, row.begins), row.begins)
    return found


class Homes:
    """The class units of the file and who is in them, when."""

    def __init__(self, part: Slice, taught: dict[str, Taught]) -> None:
        self._part = part
        self._taught = taught
        self.units: dict[str, Unit] = {}
        self._homeroom_by_code = {
            (one.year.year_id, one.code): one.class_id for one in taught.values() if one.row.homeroom
        }
        # By year and pupil, in the order of time.
        self._stays: defaultdict[tuple[str, str], list[Stay]] = defaultdict(list)
        self._members: defaultdict[str, set[str]] = defaultdict(set)
        self._homerooms()
        self._by_code()
        for pupil, stays in self._stays.items():
            self._stays[pupil] = _one_after_another(stays)

    def stays(self) -> Iterable[Stay]:
        """All stays, unit by unit and pupil by pupil."""
        every = [stay for stays in self._stays.values() for stay in stays]
        return sorted(every, key=lambda stay: (stay.unit_id, stay.pupil_id))

    def members(self, unit_id: str) -> set[str]:
        """Whoever is or was in the unit."""
        return self._members[unit_id]

    def unit_on(self, year: Year, pupil_id: str, on: date, *, among: Set[str] = frozenset()) -> str | None:
        """The pupil's unit on a day, if possible one of `among`.

        Before the first stay or after the last it is the nearest one's.
        """
        stays = self._stays.get((year.year_id, pupil_id), [])
        stays = [stay for stay in stays if stay.unit_id in among] or stays
        begun = [stay for stay in stays if stay.span.since <= on]
        nearest = begun[-1:] or stays[:1]
        return nearest[0].unit_id if nearest else None

    def unit_by_code(self, taught: Taught) -> str:
        """The unit that bears the code of this class; it is opened if nobody is in it yet."""
        homeroom = self._homeroom_by_code.get((taught.year.year_id, taught.code))
        if homeroom:
            return homeroom
        unit_id = self._part.ids.derived("unit", f"{taught.year_key}/{taught.code}")
        if unit_id not in self.units:
            self.units[unit_id] = self._unit(unit_id, taught)
        return unit_id

    def _unit(self, unit_id: str, taught: Taught) -> Unit:
        place = self._part.place("classes", taught.class_id)
        homeroom = _main_teacher(taught) if taught.row.homeroom else None
        return Unit(unit_id, taught.year, taught.code, _level(taught), place, homeroom)

    def _homerooms(self) -> None:
        for taught in self._taught.values():
            if taught.row.homeroom:
                self.units[taught.class_id] = self._unit(taught.class_id, taught)
                by_pupil: defaultdict[str, Rows] = defaultdict(dict)
                for enrolment_id, row in taught.pupils.items():
                    by_pupil[row.user][enrolment_id] = row
                for pupil_id, rows in by_pupil.items():
                    self._enrol(taught.class_id, taught.year, pupil_id, rows)

    def _by_code(self) -> None:
        """Those without a homeroom class."""
        by_pupil: defaultdict[tuple[str, str], list[tuple[Taught, str]]] = defaultdict(list)
        sizes: Counter[tuple[str, str]] = Counter()
        for taught in self._taught.values():
            if taught.row.homeroom:
                continue
            sizes[taught.year.year_id, taught.code] += len(taught.pupils)
            for enrolment_id, row in taught.pupils.items():
                if (taught.year.year_id, row.user) not in self._stays:
                    by_pupil[taught.year.year_id, row.user].append((taught, enrolment_id))
        for (year_id, pupil_id), attended in sorted(by_pupil.items(), key=lambda item: item[0]):
            votes = Counter(taught.code for taught, _ in attended)
            code = min(
                votes, key=lambda name: (-votes[name], not CLASS.match(name), -sizes[year_id, name], name)
            )
            chosen = [(taught, eid) for taught, eid in attended if taught.code == code]
            unit_id = self.unit_by_code(chosen[0][0])
            rows = {eid: taught.pupils[eid] for taught, eid in chosen}
            self._enrol(unit_id, chosen[0][0].year, pupil_id, rows)

    def _enrol(self, unit_id: str, year: Year, pupil_id: str, rows: Rows) -> None:
        """One stay, from the first of these enrolments to the end of the last."""
        spans = [year.span(row.begins, row.ends) for row in rows.values()]
        untils = [span.until for span in spans]
        last = None if None in untils else max(until for until in untils if until)
        span = Span(min(span.since for span in spans), last)
        place = self._part.place("enrollments", next(iter(rows)))
        self._stays[year.year_id, pupil_id].append(Stay(unit_id, pupil_id, span, place))
        self._members[unit_id].add(pupil_id)


def _one_after_another(stays: list[Stay]) -> list[Stay]:
    """In the order of time; a class that was left gives way: the next one begins on the day after."""
    found: list[Stay] = []
    for stay in sorted(stays, key=lambda each: (each.span.since, each.span.until or date.max, each.unit_id)):
        span, before = stay.span, found[-1].span.until if found else None
        if before and span.since <= before and (span.until is None or span.until > before):
            stay = replace(stay, span=Span(before + timedelta(days=1), span.until))
        found.append(stay)
    return found


def _main_teacher(taught: Taught) -> tuple[str, date] | None:
    """The homeroom teacher: the primary one, else the first by day and id, still in office."""
    rows = sorted(
        taught.teachers.items(),
        key=lambda item: (
            item[1].ends is not None,
            not item[1].primary,
            item[1].begins or taught.year.starts,
            item[0],
        ),
    )
    if not rows:
        return None
    row = rows[0][1]
    return row.user, taught.year.span(row.begins, row.ends).since


def _level(taught: Taught) -> int | None:
    """The year of study: of the column grades, else the digits that the code begins with."""
    for text in (taught.row.grades or "", taught.code):
        found = re.match(r"\s*0*(\d{1,2})", text)
        if found:
            return int(found.group(1))
    return None
