"""Stays of a register and of a child with what became of them, and who may collect it."""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import stays as said
from dziennik.contracts import streams
from dziennik.contracts.stays import DepartureKind
from dziennik.projections import stays
from dziennik.projections.as_of import as_of
from dziennik.projections.rows import View
from dziennik.projections.stays import STAYS
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, NOWAK, History, a_school
from tests.projections.listed import Listed

NEXT = FIRST + timedelta(days=1)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [STAYS], journal.position())


def arrived(unit_id: str, pupil_id: str, on: date, number: int, clock: str) -> said.PupilArrived:
    return said.PupilArrived(unit_id=unit_id, pupil_id=pupil_id, on=on, number=number, at=clock)


def test_stays_in_the_order_of_time_with_what_became_of_them(common: str) -> None:
    history = a_school()
    adas = streams.stays("care", FIRST, "ada")
    history.tell(
        adas,
        arrived("care", "ada", FIRST, 1, "13:00"),
        said.PupilDeparted(
            unit_id="care",
            pupil_id="ada",
            on=FIRST,
            number=1,
            at="15:00",
            kind=DepartureKind.WITH_PARENT,
            collector_id="parent",
        ),
        said.StayCorrected(
            unit_id="care",
            pupil_id="ada",
            on=FIRST,
            number=1,
            was_arrived="13:00",
            arrived="12:30",
            reason="zegar",
            was_departed="15:00",
            departed="15:10",
        ),
        arrived("care", "ada", FIRST, 2, "16:00"),
        said.StayStruckOut(unit_id="care", pupil_id="ada", on=FIRST, number=2, reason="inne dziecko"),
    )
    history.tell(streams.stays("care", FIRST, "bo"), arrived("care", "bo", FIRST, 1, "12:00"))
    history.tell(streams.stays("care", NEXT, "ada"), arrived("care", "ada", NEXT, 1, "11:00"))
    history.tell(streams.stays("pre", FIRST, "cy"), arrived("pre", "cy", FIRST, 1, "07:00"))
    view = view_of(history)
    everybody = stays.of_register(view, "care", FIRST, FIRST)
    assert [(row.pupil_id, row.number) for row in everybody] == [("bo", 1), ("ada", 1), ("ada", 2)]
    there, over, struck = everybody
    assert (there.departed, there.received_by) == (None, NOWAK.person)
    assert (over.arrived, over.departed, over.kind, over.collector_id, over.given_by) == (
        "12:30",
        "15:10",
        DepartureKind.WITH_PARENT,
        "parent",
        NOWAK.person,
    )
    assert [(c.arrived, c.departed, c.reason) for c in over.changes] == [("13:00", "15:00", "zegar")]
    assert struck.struck_out == "inne dziecko"
    assert [row.on for row in stays.of_pupil(view, "ada", FIRST, NEXT)] == [FIRST, FIRST, NEXT]
    agree(common, STAYS, history)


def test_who_may_collect_a_child(common: str) -> None:
    history = a_school()
    stream = streams.collectors("care", "ada")
    history.tell(
        stream,
        said.CollectorAuthorised(
            collector_id="u1", unit_id="care", pupil_id="ada", since=FIRST, name="babcia"
        ),
        said.LeavingAloneAllowed(collector_id="u2", unit_id="care", pupil_id="ada", since=FIRST),
        said.AuthorisationWithdrawn(collector_id="u1", unit_id="care", pupil_id="ada", until=NEXT),
    )
    other = said.LeavingAloneAllowed(collector_id="u1", unit_id="care", pupil_id="bo", since=FIRST)
    history.tell(streams.collectors("care", "bo"), other)
    found = stays.collectors(view_of(history), "care", "ada")
    assert [(row.collector_id, row.name, row.until, row.authorised_by) for row in found] == [
        ("u1", "babcia", NEXT, NOWAK.person),
        ("u2", None, None, NOWAK.person),
    ]
    assert [row.pupil_id for row in stays.collectors_of_pupil(view_of(history), "bo")] == ["bo"]
    agree(common, STAYS, history)
