"""Which columns and grades do line items and results make?

A result's score is points out of the line item's maximum ("11/20"); on a line item from 1 to 6
it is a mark. A textScore counts where the school's scale knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from dziennik.contracts.values import GradingRules
from dziennik.domain.policies.grading import is_on_scale, points_of
from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.homes import Homes, Taught
from dziennik.imports.oneroster.ids import after
from dziennik.imports.oneroster.picture import AGAIN, ColumnSeen, Picture
from dziennik.imports.oneroster.rows import LineItemRow, ResultRow
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.wanted import Assignment, Column, Grade, Wanted

# Points are written with at most two places.
HUNDREDTH = Decimal("0.01")

# Remarks for results without a score, if the school's rules have them.
REMARKS = {"exempt": "zw", "not submitted": "np"}


class Marks:
    """Columns and grades of one school's part of a file."""

    def __init__(
        self,
        part: Slice,
        picture: Picture,
        wanted: Wanted,
        rules: Mapping[str, GradingRules],
        faults: Faults,
    ) -> None:
        self._part = part
        self._picture = picture
        self._wanted = wanted
        self._rules = rules
        self._faults = faults
        # Line items whose column stands where the class is no longer taught.
        self._elsewhere: dict[str, Assignment] = {}

    def want_columns(self, taught: dict[str, Taught], assignments: dict[str, list[Assignment]]) -> None:
        """A column for each line item whose class has a teacher."""
        for column_id, row in sorted(self._part.tables["lineItems"].items()):
            if not isinstance(row, LineItemRow) or row.class_id not in taught:
                continue
            place = self._part.place("lineItems", column_id)
            one = taught[row.class_id]
            candidates = assignments[row.class_id]
            if not candidates:
                if place.line:
                    column = "classSourcedId"
                    self._faults.add(reasons.NO_TEACHER, place, column=column, value=one.row.title)
                continue
            chosen = self._assignment(row, one, candidates)
            known = self._picture.columns.get(column_id)
            self._want(column_id, row, known or chosen, place)
            if known and self._taught_as(known) != (chosen.unit_id, chosen.group_id):
                self._elsewhere[column_id] = chosen
                if self._second_id(column_id, chosen) in self._picture.columns:
                    self._column_for(column_id, row)

    def _want(self, column_id: str, row: LineItemRow, owner: Assignment | ColumnSeen, place: Place) -> None:
        self._wanted.columns[column_id] = Column(
            column_id=column_id,
            unit_id=owner.unit_id,
            assignment_id=owner.assignment_id,
            title=row.title,
            category_id=row.category,
            on=row.on,
            out_of=None if _is_mark_scale(row) else row.high,
            place=place,
        )

    def _taught_as(self, column: ColumnSeen) -> tuple[str, str | None] | None:
        seen = self._picture.assignment(column.assignment_id)
        return (seen.unit_id, seen.group_id) if seen else None

    def _column_for(self, item_id: str, row: LineItemRow) -> str:
        """The column for a new grade.

        A column stays where it was opened. When its class has since been laid out anew, what is
        graded from then on stands in a second column, opened when it is needed.
        """
        chosen = self._elsewhere.get(item_id)
        if chosen is None:
            return item_id
        column_id = self._second_id(item_id, chosen)
        if column_id not in self._wanted.columns:
            known = self._picture.columns.get(column_id)
            self._want(column_id, row, known or chosen, self._part.place("lineItems", item_id))
        return column_id

    def _second_id(self, item_id: str, chosen: Assignment) -> str:
        return after(item_id, f"{chosen.unit_id}/{chosen.group_id}")

    def want_grades(self, taught: dict[str, Taught], homes: Homes) -> None:
        """A grade for each result that says something the register can hold."""
        for result_id, result in sorted(self._part.results.items()):
            item = self._part.tables["lineItems"].get(result.line_item)
            if not isinstance(item, LineItemRow) or result.line_item not in self._wanted.columns:
                continue
            one = taught[item.class_id]
            value = self._value(result, item, self._rules[one.year.year_id])
            if value is None:
                continue
            place = self._part.place("results", result_id)
            grade_id = self._grade_id(result_id)
            known = self._picture.grades.get(grade_id)
            column_id = result.line_item if known else self._column_for(result.line_item, item)
            class_id = known.class_id if known else self._class(one, homes, column_id, result)
            if class_id is None:
                column = "studentSourcedId"
                self._faults.add(reasons.NO_CLASS_OF_PUPIL, place, column=column, value=result.pupil)
                continue
            self._wanted.grades[grade_id] = Grade(
                grade_id=grade_id,
                column_id=column_id,
                class_id=class_id,
                pupil_id=result.pupil,
                value=value,
                on=result.on,
                comment=result.comment,
                place=place,
            )

    def want_new_maxima(self) -> None:
        """Points that a delta does not list, in columns that are now out of another maximum."""
        if "results" in self._part.whole:
            return
        named = {*self._part.results, *self._part.deleted.get("results", {})}
        listed = {self._picture.latest_grade(result_id) for result_id in named}
        for grade_id, seen in sorted(self._picture.grades.items()):
            column = self._wanted.columns.get(seen.column_id or "")
            points = points_of(seen.value.imported or "")
            if not column or column.out_of is None or not points or points[1] == column.out_of:
                continue
            if grade_id not in listed:
                self._wanted.grades[grade_id] = Grade(
                    grade_id=grade_id,
                    column_id=column.column_id,
                    class_id=seen.class_id,
                    pupil_id=seen.pupil_id,
                    value=f"{plain(points[0])}/{plain(column.out_of)}",
                    on=column.on,
                    comment=None,
                    place=column.place,
                )

    def _class(self, one: Taught, homes: Homes, column_id: str, result: ResultRow) -> str | None:
        """The pupil's class on that day, of those that the column is for."""
        unit_id = self._wanted.columns[column_id].unit_id
        group = self._wanted.groups.get(unit_id)
        classes = set(group.class_ids) if group else {unit_id}
        return homes.unit_on(one.year, result.pupil, result.on, among=classes)

    def _assignment(self, row: LineItemRow, one: Taught, candidates: list[Assignment]) -> Assignment:
        """The teacher in office on that day, the primary one before others."""
        primary = {teacher.user for teacher in one.teachers.values() if teacher.primary}

        def order(each: Assignment) -> tuple[bool, bool, str, str]:
            in_force = each.span.since <= row.on and (each.span.until is None or row.on <= each.span.until)
            return not in_force, each.teacher_id not in primary, str(each.span.since), each.assignment_id

        return min(candidates, key=order)

    def _value(self, result: ResultRow, item: LineItemRow, rules: GradingRules) -> str | None:
        """The grade as written, or None (and a note) when there is nothing to write."""
        if result.score is not None:
            if item.high is None or _is_mark_scale(item):
                return plain(result.score)
            return f"{plain(result.score)}/{plain(item.high)}"
        if result.text and points_of(result.text) is None and is_on_scale(result.text, rules):
            return result.text
        remark = REMARKS.get(result.status)
        if remark in rules.remarks:
            return remark
        self._wanted.notes[f"results_{result.status.replace(' ', '_')}_without_score"] += 1
        return None

    def _grade_id(self, result_id: str) -> str:
        """A result that comes back after an import struck it out is a grade of its own."""
        grade_id = self._picture.latest_grade(result_id)
        known = self._picture.grades.get(grade_id)
        struck = known and known.value.now is None and known.value.imported is None
        return after(grade_id, AGAIN) if struck else grade_id


def _is_mark_scale(row: LineItemRow) -> bool:
    """From 1 to 6: marks of the Polish scale, not points."""
    return row.low == 1 and row.high == 6


def plain(number: Decimal) -> str:
    """To the hundredth, without exponent and idle zeros: 20.0 is "20", 11.50 is "11.5"."""
    text = f"{number.quantize(HUNDREDTH, ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") or "0"
