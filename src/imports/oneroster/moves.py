"""Who is in another class than before, since when, and in which order is that told?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from dziennik.contracts import classes
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.imports.oneroster.picture import Picture, Seen
from dziennik.imports.oneroster.steps import REASON, begins_again, is_open
from dziennik.imports.oneroster.wanted import Member, Span, Stay, Wanted, Year

DAY = timedelta(days=1)


class Moves:
    """Who is no longer in a unit, and since when those who moved are in another one."""

    def __init__(self, wanted: Wanted, picture: Picture, today: date) -> None:
        self._wanted = wanted
        self._picture = picture
        self._today = today
        self._stays: defaultdict[tuple[str, str], list[Stay]] = defaultdict(list)
        for stay in wanted.stays.values():
            self._stays[self.year(stay).year_id, stay.pupil_id].append(stay)
        # By year and pupil: the units left, with the first day there.
        self._left: defaultdict[tuple[str, str], list[tuple[str, date]]] = defaultdict(list)
        for unit_id, unit in sorted(picture.units.items()):
            year = wanted.years.get(unit.year_id)
            if year is None:
                continue
            for pupil_id, seen in unit.stays.items():
                if is_open(seen) and seen.now and (unit_id, pupil_id) not in wanted.stays:
                    self._left[year.year_id, pupil_id].append((unit_id, seen.now.since))
        # The first day of a new grade, by unit and pupil: they were there by then.
        self._graded: dict[tuple[str, str], date] = {}
        for grade in wanted.grades.values():
            if grade.grade_id not in picture.grades:
                key = (grade.class_id, grade.pupil_id)
                self._graded[key] = min(grade.on, self._graded.get(key, grade.on))

    def since(self, stay: Stay) -> date:
        """The first day of a stay.

        For one who moves and has no day it is that of the import, or of the first grade there; it is
        never a day on which the pupil was in the former class already.
        """
        year = self.year(stay)
        known = self._known(stay)
        if known and known.now and not self._begins(stay):
            return max(stay.span.since, known.now.since)
        begun = max(stay.span.since, self._picture.role_since(stay.pupil_id, Role.PUPIL))
        left = self._left.get((year.year_id, stay.pupil_id))
        if not left:
            return begun
        if stay.span.since == year.starts:
            graded = self._graded.get((stay.unit_id, stay.pupil_id), self._today)
            begun = max(begun, year.clip(min(graded, self._today)))
        return max(begun, *(since + DAY for _, since in left))

    def in_order(self, stays: list[Stay]) -> list[Stay]:
        """Who leaves a class first, then a pupil's classes as they follow: one at a time (ADR 0082)."""

        def turn(stay: Stay) -> tuple[bool, date]:
            if not self._begins(stay):
                return False, date.min
            known = self._known(stay)
            until = known.now.until if known and known.now else None
            return True, max(self.since(stay), until + DAY) if until else self.since(stay)

        turns: defaultdict[tuple[str, str], list[tuple[tuple[bool, date], str]]] = defaultdict(list)
        for stay in stays:
            turns[self.year(stay).year_id, stay.pupil_id].append((turn(stay), stay.unit_id))
        place = {
            (unit_id, pupil_id): number
            for (_, pupil_id), each in turns.items()
            for number, (_, unit_id) in enumerate(sorted(each))
        }
        return sorted(stays, key=lambda stay: place[stay.unit_id, stay.pupil_id])

    def ending(self, unit_id: str, pupil_id: str, until: date, year: Year) -> Command:
        """The end of a stay; whoever goes on in another class keeps the places in other registers."""
        follows = any(
            stay.unit_id != unit_id and (stay.span.until is None or stay.span.until > until)
            for stay in self._stays[year.year_id, pupil_id]
        )
        return classes.EndEnrolment(
            class_id=unit_id, pupil_id=pupil_id, until=until, reason=REASON, class_follows=follows
        )

    def _known(self, stay: Stay) -> Seen[Span] | None:
        seen = self._picture.units.get(stay.unit_id)
        return seen.stays.get(stay.pupil_id) if seen else None

    def _begins(self, stay: Stay) -> bool:
        """Whether the pupil is to be enrolled there now, for the first time or again."""
        known = self._known(stay)
        return known is None or known.now is None or begins_again(stay.span, known)

    def stay_since(self, member: Member) -> date:
        """Since when the member of a group is in the class they come from."""
        stay = self._wanted.stays.get((member.class_id, member.pupil_id))
        return self.since(stay) if stay else member.span.since

    def endings(self) -> list[tuple[tuple[str, str], Command]]:
        """Groups first: nobody is in a group of a unit that they left."""
        found: list[tuple[tuple[str, str], Command]] = []
        for (year_id, pupil_id), units in sorted(self._left.items()):
            for unit_id, since in units:
                year = self._wanted.years[year_id]
                found += self._leaving(unit_id, pupil_id, self._until(year, pupil_id, since), year)
        return found

    def _leaving(
        self, unit_id: str, pupil_id: str, until: date, year: Year
    ) -> Iterator[tuple[tuple[str, str], Command]]:
        for (group_id, member), seen in sorted(self._picture.units[unit_id].members.items()):
            if member == pupil_id and seen.now and is_open(seen):
                day = max(until, seen.now.since)
                yield (
                    ("group_members", f"{group_id}/{pupil_id}"),
                    classes.LeaveGroup(unit_id=unit_id, group_id=group_id, pupil_id=pupil_id, until=day),
                )
        yield (("enrolments", f"{unit_id}/{pupil_id}"), self.ending(unit_id, pupil_id, until, year))

    def _until(self, year: Year, pupil_id: str, since: date) -> date:
        fresh = [self.since(stay) for stay in self._stays[year.year_id, pupil_id] if self._begins(stay)]
        return max(since, min(fresh) - DAY if fresh else year.clip(self._today))

    def year(self, stay: Stay) -> Year:
        return self._wanted.units[stay.unit_id].year
