"""The notice board as it is shown; and who is addressed, asked from both sides."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from msgspec.structs import replace

from dziennik.contracts import board as said
from dziennik.contracts import classes, people, streams
from dziennik.contracts.board import AudiencePart, BoardAudience, BoardRules
from dziennik.contracts.envelope import Role
from dziennik.domain.policies.audiences import READERS, reached
from dziennik.projections import board, notice_preferences
from dziennik.projections.board import BOARD
from dziennik.projections.notice_preferences import NOTICE_PREFERENCES
from dziennik.projections.people import PEOPLE
from dziennik.projections.rows import MemoryRows, View
from dziennik.projections.standings import addressed, standing
from dziennik.projections.structure import STRUCTURE
from tests.projections.agreement import agree
from tests.projections.board_histories import announce
from tests.projections.histories import FIRST, NAMES, History, a_school

LATER = FIRST + timedelta(days=10)
CLASS = BoardAudience(parts=(AudiencePart(unit_id="A"),))


def view_of(history: History) -> View:
    """What is asked together, folded into one."""
    rows = MemoryRows()
    for model in (STRUCTURE, PEOPLE, BOARD, NOTICE_PREFERENCES):
        model.fold(rows, history.recorded)
    return rows


def posted(
    announcement_id: str, since: date = FIRST, until: date = LATER, by: str = "nowak"
) -> said.AnnouncementPosted:
    return said.AnnouncementPosted(
        announcement_id=announcement_id,
        author_id=by,
        title=f"Ogłoszenie {announcement_id}",
        text="Treść",
        audience=CLASS,
        since=since,
        until=until,
        confirm=True,
    )


def told(*facts: said.AnnouncementPosted) -> History:
    history = a_school()
    for fact in facts:
        history.tell(streams.announcement(fact.announcement_id), fact)
    return history


def test_what_hangs_is_what_has_begun_is_not_over_and_was_not_taken_down() -> None:
    history = told(
        posted("first"), posted("second"), posted("future", since=LATER), posted("over", until=FIRST),
        posted("down"),
    )  # fmt: skip
    history.tell(streams.announcement("down"), said.AnnouncementTakenDown(announcement_id="down", reason="x"))
    view = view_of(history)
    shown = [row.announcement_id for row in board.hanging(view, FIRST + timedelta(days=1))]
    assert shown == ["second", "first"]
    assert [row.announcement_id for row in board.hanging(view, LATER)] == ["future", "second", "first"]
    assert [row.announcement_id for row in board.all_of(view, "nowak")] == [
        "down", "over", "future", "second", "first",
    ]  # fmt: skip
    assert board.all_of(view, "lis") == []


def test_a_correction_keeps_what_was_and_asks_anew() -> None:
    history = told(posted("n"))
    first = len(history.recorded)
    corrected = said.AnnouncementCorrected(
        announcement_id="n",
        author_id="nowak",
        was_title="Ogłoszenie n",
        was_text="Treść",
        was_until=LATER,
        title="Ogłoszenie n",
        text="Inna",
        until=LATER,
        reason="pomyłka",
    )
    history.tell(streams.announcement("n"), corrected)
    row = view_of(history).get(board.Announcement, "n")
    assert row is not None
    assert (row.text, row.edition, row.position) == ("Inna", 1, first)
    assert [(each.was_text, each.by, each.reason) for each in row.corrections] == [
        ("Treść", "nowak", "pomyłka")
    ]
    history.tell(streams.announcement("n"), replace(corrected, again=True))
    row = view_of(history).get(board.Announcement, "n")
    assert row is not None
    assert (row.edition, row.position, row.spoken_of) == (2, first + 2, history.at(first + 2))


def test_rules_of_the_board_hold_from_their_day() -> None:
    history = a_school()
    for since, days in ((LATER, 5), (FIRST, 6), (FIRST, 7)):
        fact = said.BoardRulesSet(since=since, rules=BoardRules(longest_days=days))
        history.tell(streams.BOARD, fact)
    view = view_of(history)
    asked = (FIRST - timedelta(days=1), FIRST, LATER)
    assert [board.rules_on(view, day).longest_days for day in asked] == [366, 7, 5]


def test_whoever_is_addressed_finds_themselves_addressed() -> None:
    """Both ways round, for every audience, every person, and days on which people come and go."""
    history = a_school()
    day = FIRST + timedelta(days=5)
    history.tell(
        streams.unit("A"),
        classes.PupilJoinedGroup(group_id="A1", class_id="A", pupil_id="ada", since=FIRST),
        classes.PupilLeft(class_id="A", pupil_id="ada", until=day),
    )
    history.tell(
        streams.person("ada"),
        people.ParentalRightsEnded(pupil_id="ada", parent_id="parent", until=day, basis="III RC 1/26"),
    )
    view = view_of(history)
    parts = (("A", None), ("A", "A1"), ("B", None), ("G", None), ("G", "G"))
    audiences = [BoardAudience(roles=(role,)) for role in READERS]
    audiences += [
        BoardAudience(parts=(AudiencePart(unit_id=unit, group_id=group),), roles=roles)
        for (unit, group), roles in product(parts, ((), (Role.PARENT,), (Role.TEACHER, Role.PUPIL)))
    ]
    audiences += [BoardAudience(), BoardAudience(parts=tuple(AudiencePart(unit_id=u) for u in "ABG"))]
    reached_at_all = 0
    for audience, on in product(audiences, (FIRST - timedelta(days=1), day, day + timedelta(days=1))):
        expected = {who: reached(audience, standing(view, who, on)) for who in NAMES}
        found = addressed(view, audience, on)
        assert found == {who: roles for who, roles in expected.items() if roles}, (audience, on)
        reached_at_all += len(found)
    assert reached_at_all > 50
    parents = BoardAudience(parts=(AudiencePart(unit_id="A", group_id="A1"),), roles=(Role.PARENT,))
    assert addressed(view, parents, day) == {"parent": {Role.PARENT}}
    assert addressed(view, parents, day + timedelta(days=1)) == {}


def test_built_in_all_ways_it_is_the_same(common: str) -> None:
    history = a_school()
    for chance in range(0, 900, 7):
        announce(history, chance)
    found = agree(common, BOARD, history)
    assert all(found.values())
    chosen = agree(common, NOTICE_PREFERENCES, history)
    assert all(chosen.values())
    assert notice_preferences.of_people(view_of(history), ["parent", "nobody"]).keys() == {"parent"}
