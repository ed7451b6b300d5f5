"""Who teaches what to whom: which classes of the file are a whole unit's, which a group's?

A scheduled class whose pupils are exactly those of one unit is taught to the unit. Fewer: to a
group of the unit. Pupils of several units: to an interclass group. What an earlier import laid
out in one way stays so while the pupils still come from the same unit, because lessons and
grades hang on it (ADR 0042).
"""

from __future__ import annotations

from dataclasses import dataclass

from dziennik.imports.oneroster.homes import Homes, Taught
from dziennik.imports.oneroster.ids import after
from dziennik.imports.oneroster.picture import AGAIN, Picture
from dziennik.imports.oneroster.rows import EnrolmentRow, LineItemRow
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.wanted import Assignment, Group, Member, Span, Wanted


@dataclass(frozen=True, slots=True)
class Layout:
    """The unit that owns a class's lessons, and the group, unless it is the whole unit."""

    owner: str
    group_id: str | None


def want_teaching(
    part: Slice, taught: dict[str, Taught], homes: Homes, picture: Picture, wanted: Wanted
) -> dict[str, list[Assignment]]:
    """Groups, members and assignments into `wanted`; answers the assignments of each class."""
    graded = {row.class_id for row in part.tables["lineItems"].values() if isinstance(row, LineItemRow)}
    found: dict[str, list[Assignment]] = {}
    teaching = _Teaching(part, homes, picture, wanted)
    for class_id, one in taught.items():
        if one.row.homeroom:
            # A homeroom is a subject of its own only where grades are given in it (behaviour).
            layout = Layout(class_id, None)
            teachers = one.teachers if class_id in graded else {}
        else:
            layout = teaching.lay_out(one)
            teachers = one.teachers
        found[class_id] = [teaching.assign(one, layout, *item) for item in teachers.items()]
    return found


class _Teaching:
    def __init__(self, part: Slice, homes: Homes, picture: Picture, wanted: Wanted) -> None:
        self._part = part
        self._homes = homes
        self._picture = picture
        self._wanted = wanted

    def lay_out(self, one: Taught) -> Layout:
        """Settle whose the class is, and note the group with its members if there is one."""
        home = {eid: self._home(one, row) for eid, row in one.pupils.items()}
        units = {unit for unit in home.values() if unit}
        own = self._part.ids.group(one.class_id)
        before = self._picture.group_owner(own)
        if len(units) > 1 or (before == own and self._fits(before, units)):
            return self._group(one, None, home)
        unit = min(units) if units else self._homes.unit_by_code(one)
        pupils = {row.user for row in one.pupils.values()}
        whole = not pupils or pupils == self._homes.members(unit) or self._whole_before(one, unit)
        if whole and before != unit:
            return Layout(unit, None)
        return self._group(one, unit, home)

    def assign(self, one: Taught, layout: Layout, enrolment_id: str, row: EnrolmentRow) -> Assignment:
        """One teacher of the class."""
        span = one.year.span(row.begins, row.ends)
        assignment = Assignment(
            assignment_id=self._assignment_id(enrolment_id, layout, span),
            unit_id=layout.owner,
            group_id=layout.group_id,
            subject_id=self._wanted_subject(one),
            teacher_id=row.user,
            span=span,
            place=self._part.place("enrollments", enrolment_id),
        )
        self._wanted.assignments[assignment.assignment_id] = assignment
        return assignment

    def _assignment_id(self, enrolment_id: str, layout: Layout, span: Span) -> str:
        """A new layout, or a beginning after an import's ending, is a new assignment."""
        assignment_id = enrolment_id
        while known := self._picture.assignment(assignment_id):
            here = (known.unit_id, known.group_id) == (layout.owner, layout.group_id)
            ended = known.span.imported and known.span.imported.until and span.until is None
            if here and not ended:
                break
            assignment_id = after(assignment_id, AGAIN)
        return assignment_id

    def _wanted_subject(self, one: Taught) -> str:
        return self._wanted.subjects[one.row.course].subject_id

    def _home(self, one: Taught, row: EnrolmentRow) -> str | None:
        since = one.year.span(row.begins, row.ends).since
        return self._homes.unit_on(one.year, row.user, since)

    def _whole_before(self, one: Taught, unit: str) -> bool:
        known = [self._picture.assignment(enrolment_id) for enrolment_id in one.teachers]
        return any(seen and seen.unit_id == unit and seen.group_id is None for seen in known)

    def _group(self, one: Taught, unit: str | None, home: dict[str, str | None]) -> Layout:
        group_id = self._group_id(one, unit, {name for name in home.values() if name})
        owner = unit or group_id
        self._wanted.groups[group_id] = Group(
            group_id=group_id,
            owner=owner,
            name=one.row.title,
            year=one.year,
            class_ids=tuple(sorted({name for name in home.values() if name})),
            place=self._part.place("classes", one.class_id),
        )
        for enrolment_id, row in one.pupils.items():
            class_id = home[enrolment_id]
            if class_id:
                self._join(one, Layout(owner, group_id), class_id, enrolment_id, row)
        return Layout(owner, group_id)

    def _group_id(self, one: Taught, unit: str | None, units: set[str]) -> str:
        """The class's id, unless a group that cannot serve any more bears it."""
        group_id = self._part.ids.group(one.class_id)
        while owner := self._picture.group_owner(group_id):
            if owner == unit or (unit is None and owner == group_id and self._fits(owner, units)):
                break
            group_id = after(group_id, AGAIN)
        return group_id

    def _fits(self, interclass: str, units: set[str]) -> bool:
        """An interclass group takes pupils of the classes it was formed from, and no others."""
        return units <= set(self._picture.units[interclass].class_ids)

    def _join(self, one: Taught, layout: Layout, class_id: str, enrolment_id: str, row: EnrolmentRow) -> None:
        key = (layout.group_id or "", row.user)
        stay = self._wanted.stays.get((class_id, row.user))
        span = one.year.span(row.begins, row.ends)
        if stay and stay.span.since > span.since:
            span = Span(stay.span.since, span.until)
        if key not in self._wanted.members or span.until is None:
            place = self._part.place("enrollments", enrolment_id)
            self._wanted.members[key] = Member(key[0], layout.owner, class_id, row.user, span, place)
