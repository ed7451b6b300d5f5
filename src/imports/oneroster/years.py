"""Which school years and terms do the sessions make, and to which year does a class belong?

A year is a session of type schoolYear; a session without a parent belongs to the one around its
days. Where a supplier has terms only, those that share the column schoolYear make one. Terms are
the sessions of type term or semester directly below the year; grading periods lie within terms and
are told by their dates.
"""

from __future__ import annotations

from dziennik.contracts.values import Term
from dziennik.imports.oneroster.picture import Picture
from dziennik.imports.oneroster.rows import ClassRow, CourseRow, SessionRow
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.wanted import Year


class Calendar:
    """The years of one school's part of a file, by the id of their session."""

    def __init__(self, part: Slice, picture: Picture) -> None:
        self._part = part
        self._sessions: dict[str, SessionRow] = {
            key: row for key, row in part.tables["academicSessions"].items() if isinstance(row, SessionRow)
        }
        self._courses = part.tables["courses"]
        self._year_of = {key: self._root(key) for key in self._sessions}
        used = self._used()
        self.years: dict[str, Year] = {}
        for key in sorted(set(self._year_of.values())):
            if not used or key in used:
                self.years[key] = _adopted(self._year(key), picture)

    def year_of(self, row: ClassRow) -> tuple[str, Year] | None:
        """The session id and the year of a class: by its terms, its course, or the only one."""
        for session in (*row.terms, *self._course_years(row)):
            key = self._year_of.get(session)
            if key in self.years:
                return key, self.years[key]
        if len(self.years) == 1:
            return next(iter(self.years.items()))
        return None

    def _course_years(self, row: ClassRow) -> tuple[str, ...]:
        course = self._courses.get(row.course)
        return (course.year,) if isinstance(course, CourseRow) and course.year else ()

    def _used(self) -> set[str]:
        """The years that this school's classes lie in; empty when it has no classes."""
        used: set[str] = set()
        for row in self._part.tables["classes"].values():
            if isinstance(row, ClassRow):
                sessions = (*row.terms, *self._course_years(row))
                used |= {self._year_of[session] for session in sessions if session in self._year_of}
        return used

    def _root(self, key: str) -> str:
        """The year above a session. Loops were refused when the file was checked."""
        at, steps = key, 0
        while self._sessions[at].type != "schoolYear" and steps <= len(self._sessions):
            parent = self._sessions[at].parent
            if parent is None or parent not in self._sessions:
                return self._year_around(self._sessions[at]) or self._part.ids.derived(
                    "year", self._sessions[at].school_year or at
                )
            at, steps = parent, steps + 1
        return at

    def _year_around(self, row: SessionRow) -> str | None:
        """The school year in whose days a session without a parent lies."""
        for key, year in sorted(self._sessions.items()):
            if year.type == "schoolYear" and year.starts <= row.starts and row.ends <= year.ends:
                return key
        return None

    def _year(self, key: str) -> Year:
        inside = {k: row for k, row in self._sessions.items() if self._year_of[k] == key}
        top = inside.get(key)
        first = min(row.starts for row in inside.values())
        last = max(row.ends for row in inside.values())
        starts, ends = (top.starts, top.ends) if top else (first, last)
        name = top.title if top else f"{first.year}/{last.year}"
        terms = tuple(
            Term(term_id=k, name=row.title, starts=row.starts, ends=row.ends)
            for k, row in sorted(inside.items(), key=lambda item: (item[1].starts, item[0]))
            if row.type in ("term", "semester") and (row.parent == key or row.parent not in inside)
        )
        whole = Term(term_id=self._part.ids.derived("term", key), name=name, starts=starts, ends=ends)
        place = self._part.place("academicSessions", key)
        return Year(key, name, starts, ends, terms or (whole,), place)


def _adopted(year: Year, picture: Picture) -> Year:
    """A year that the register opened itself and that these days fall into is that year."""
    if year.year_id in picture.years:
        return year
    for year_id, seen in sorted(picture.years.items()):
        if seen.starts <= year.ends and year.starts <= seen.ends:
            terms = picture.terms[year_id].now or () if year_id in picture.terms else ()
            return Year(year_id, seen.name, seen.starts, seen.ends, terms, year.place, own=False)
    return year
