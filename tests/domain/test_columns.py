"""What may be decided about columns of the gradebook, and about grades in them?"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.classes import (
    NOT_ENROLLED,
    OUTSIDE_YEAR,
)
from dziennik.contracts.grades import (
    COLUMN_EXISTS,
    NO_SUCH_CATEGORY,
    NO_SUCH_COLUMN,
    NOT_A_COLOUR,
    NOT_YOUR_ASSIGNMENT,
    POINTS_OUT_OF_RANGE,
    PUPIL_TWICE,
    VALUE_OFF_SCALE,
    WEIGHT_OUT_OF_RANGE,
    ColumnChanged,
    ColumnPublicationSet,
    FillColumn,
    GradeEntry,
    SetColumnPublication,
)
from tests.domain.gradebook import (
    BOBRS,
    CHANGE,
    COLUMN,
    COLUMN_FACT,
    CORRECT,
    DAY,
    FILL,
    FRIDAY,
    GIVE,
    IN_COLUMN,
    IN_COLUMN_FACT,
    OPEN,
    POINTS_COLUMN,
    entry,
    of_cma,
)
from tests.domain.register import LIS, NEXT_YEAR, NOWAK, OCTOBER
from tests.domain.sentence import at, given


def test_a_column_is_opened_with_its_categorys_weight() -> None:
    given(DAY).when(OPEN, by=NOWAK).then(COLUMN)
    given(DAY).when(replace(OPEN, weight=Decimal("1.5")), by=NOWAK).then(
        at(streams.column("4a", "k1"), replace(COLUMN_FACT, weight=Decimal("1.5")))
    )
    given(DAY).when(replace(OPEN, out_of=Decimal(15)), by=NOWAK).then(POINTS_COLUMN)
    given(DAY, COLUMN).when(OPEN, by=NOWAK).nothing()
    given(DAY, COLUMN).when(replace(OPEN, title="Test"), by=NOWAK).refused(
        COLUMN_EXISTS, "column_id", title="Dyktando"
    )


def test_a_column_may_be_opened_for_a_day_to_come() -> None:
    given(DAY).when(replace(OPEN, on=FRIDAY), by=NOWAK).then(
        at(streams.column("4a", "k1"), replace(COLUMN_FACT, on=FRIDAY))
    )


def test_a_column_makes_sense() -> None:
    given(DAY).when(replace(OPEN, category_id="x"), by=NOWAK).refused(
        NO_SUCH_CATEGORY, "category_id", category="x"
    )
    for weight in ("-1", "100.01"):
        given(DAY).when(replace(OPEN, weight=Decimal(weight)), by=NOWAK).refused(
            WEIGHT_OUT_OF_RANGE, "weight", weight=weight, limit=100
        )
    for out_of in (0, -15):
        given(DAY).when(replace(OPEN, out_of=Decimal(out_of)), by=NOWAK).refused(
            POINTS_OUT_OF_RANGE, "out_of", value=out_of, out_of="∞"
        )


def test_a_column_is_changed() -> None:
    changed = at(
        streams.column("4a", "k1"),
        ColumnChanged(column_id="k1", title="Dyktando 1", category_id="test", weight=Decimal(5), on=FRIDAY),
    )
    given(DAY, COLUMN).when(CHANGE, by=NOWAK).then(changed)
    given(DAY, COLUMN, changed).when(CHANGE, by=NOWAK).nothing()
    given(DAY).when(CHANGE, by=NOWAK).refused(NO_SUCH_COLUMN, "column_id", column="k1")
    given(DAY, COLUMN).when(CHANGE, by=LIS).refused(NOT_YOUR_ASSIGNMENT, "assignment_id")
    given(DAY, COLUMN).when(replace(CHANGE, category_id="x"), by=NOWAK).refused(
        NO_SUCH_CATEGORY, "category_id"
    )
    given(DAY, COLUMN).when(replace(CHANGE, on=NEXT_YEAR), by=NOWAK).refused(OUTSIDE_YEAR, "on")


def test_a_grade_in_a_column_is_of_its_category_weight_and_day() -> None:
    given(DAY, COLUMN).when(IN_COLUMN, by=NOWAK).then(of_cma(IN_COLUMN_FACT))
    given(DAY, COLUMN).when(replace(IN_COLUMN, on=OCTOBER, weight=Decimal(1)), by=NOWAK).then(
        of_cma(replace(IN_COLUMN_FACT, on=OCTOBER, weight=Decimal(1)))
    )


def test_a_column_is_of_the_assignment() -> None:
    given(DAY).when(IN_COLUMN, by=NOWAK).refused(NO_SUCH_COLUMN, "column_id", column="k1")
    given(DAY, COLUMN).when(replace(IN_COLUMN, assignment_id="en-4a"), by=LIS).refused(
        NO_SUCH_COLUMN, "column_id"
    )


def test_points_lie_within_the_columns() -> None:
    for value in ("15/15", "0/15"):
        given(DAY, POINTS_COLUMN).when(replace(IN_COLUMN, value=value), by=NOWAK).then(
            of_cma(replace(IN_COLUMN_FACT, value=value))
        )
    for value in ("16/15", "10/20"):
        given(DAY, POINTS_COLUMN).when(replace(IN_COLUMN, value=value), by=NOWAK).refused(
            POINTS_OUT_OF_RANGE, "value", value=value, out_of=15
        )
    given(DAY).when(replace(GIVE, value="0/0"), by=NOWAK).refused(POINTS_OUT_OF_RANGE, "value")


def test_a_column_is_filled_at_once() -> None:
    given(DAY, COLUMN).when(FILL, by=NOWAK).then(of_cma(IN_COLUMN_FACT), BOBRS)
    given(DAY, COLUMN, of_cma(IN_COLUMN_FACT)).when(FILL, by=NOWAK).then(BOBRS)
    given(DAY, COLUMN, of_cma(IN_COLUMN_FACT), BOBRS).when(FILL, by=NOWAK).nothing()
    given(DAY, COLUMN).when(replace(FILL, grades=()), by=NOWAK).nothing()


def test_a_column_is_filled_wholly_or_not_at_all() -> None:
    def filled(second: GradeEntry) -> FillColumn:
        return replace(FILL, grades=(entry("g1", "cma", "4+"), second))

    given(DAY, COLUMN).when(filled(entry("g2", "bobr", "7")), by=NOWAK).refused(
        VALUE_OFF_SCALE, "grades[1].value", value="7"
    )
    given(DAY, COLUMN).when(filled(entry("g2", "zajac", "5")), by=NOWAK).refused(
        NOT_ENROLLED, "grades[1].pupil_id"
    )
    given(DAY, COLUMN).when(filled(entry("g2", "cma", "5")), by=NOWAK).refused(
        PUPIL_TWICE, "grades[1].pupil_id", pupil="cma"
    )
    given(DAY).when(FILL, by=NOWAK).refused(NO_SUCH_COLUMN, "column_id")
    given(DAY, COLUMN).when(FILL, by=LIS).refused(NOT_YOUR_ASSIGNMENT, "grades[0].assignment_id")


def test_a_correction_stays_within_the_columns_points_too() -> None:
    scored = of_cma(replace(IN_COLUMN_FACT, value="12/15"))
    correct = replace(CORRECT, grade_id=IN_COLUMN_FACT.grade_id, value="16/20")
    given(DAY, POINTS_COLUMN, scored).when(correct, by=NOWAK).refused(
        POINTS_OUT_OF_RANGE, "value", value="16/20", out_of=15
    )


PUBLISH = SetColumnPublication(unit_id="4a", column_id="k1", on=FRIDAY)
LATER = at(streams.column("4a", "k1"), ColumnPublicationSet(column_id="k1", on=FRIDAY))
AT_ONCE = at(streams.column("4a", "k1"), ColumnPublicationSet(column_id="k1"))


def test_a_column_is_published_on_a_later_day() -> None:
    given(DAY, COLUMN).when(PUBLISH, by=NOWAK).then(LATER)
    given(DAY, COLUMN, LATER).when(PUBLISH, by=NOWAK).nothing()
    given(DAY, COLUMN, LATER).when(replace(PUBLISH, on=None), by=NOWAK).then(AT_ONCE)
    given(DAY, COLUMN).when(replace(PUBLISH, on=None), by=NOWAK).nothing()


def test_only_who_teaches_there_publishes() -> None:
    given(DAY, COLUMN).when(PUBLISH, by=LIS).refused(NOT_YOUR_ASSIGNMENT, "assignment_id")
    given(DAY).when(PUBLISH, by=NOWAK).refused(NO_SUCH_COLUMN, "column_id", column="k1")
    given(DAY, COLUMN).when(replace(PUBLISH, on=NEXT_YEAR), by=NOWAK).refused(OUTSIDE_YEAR, "on")


def test_a_column_has_a_colour_of_its_own_and_counts_or_not() -> None:
    own = replace(COLUMN_FACT, colour="#007000", counted=False)
    opened = at(streams.column("4a", "k1"), own)
    given(DAY).when(replace(OPEN, colour="#007000", counted=False), by=NOWAK).then(opened)
    given(DAY).when(replace(OPEN, colour="green"), by=NOWAK).refused(NOT_A_COLOUR, "colour", colour="green")
    given(DAY, opened).when(replace(CHANGE, colour="#00700"), by=NOWAK).refused(NOT_A_COLOUR, "colour")
    changed = ColumnChanged(
        column_id="k1",
        title="Dyktando 1",
        category_id="test",
        weight=Decimal(5),
        on=FRIDAY,
        colour="#007000",
        counted=False,
    )
    given(DAY, opened).when(CHANGE, by=NOWAK).then(at(streams.column("4a", "k1"), changed))
    given(DAY, opened).when(replace(CHANGE, colour="#c00000", counted=True), by=NOWAK).then(
        at(streams.column("4a", "k1"), replace(changed, colour="#c00000", counted=True))
    )
