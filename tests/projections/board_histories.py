"""Random but possible announcements and confirmations, and what people choose to be told of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from dziennik.contracts import board, notifications, streams
from dziennik.contracts.board import AudiencePart, BoardAudience
from dziennik.contracts.envelope import Role
from dziennik.contracts.notifications import Delivery, KindPreference, NoticeKind, Preferences

if TYPE_CHECKING:
    from tests.projections.histories import History

FIRST = date(2026, 9, 1)
AUDIENCES = (
    BoardAudience(),
    BoardAudience(parts=(AudiencePart(unit_id="A"),), roles=(Role.PARENT,)),
    BoardAudience(parts=(AudiencePart(unit_id="G"), AudiencePart(unit_id="B"))),
)


def announce(history: History, chance: int) -> None:
    """One thing on the board: posted, put right, confirmed, taken down; or a rule, or a preference."""
    posted = [each.fact for each in history.recorded if isinstance(each.fact, board.AnnouncementPosted)]
    down = {
        e.fact.announcement_id for e in history.recorded if isinstance(e.fact, board.AnnouncementTakenDown)
    }
    hanging = [fact for fact in posted if fact.announcement_id not in down]
    step, rest = chance % 6, chance // 6
    if step == 0 or not hanging:
        return _post(history, f"n{len(posted)}", rest)
    fact = hanging[rest % len(hanging)]
    stream = streams.announcement(fact.announcement_id)
    if step == 1:
        history.tell(stream, _corrected(history, fact, rest))
    elif step == 2:
        history.tell(stream, board.AnnouncementTakenDown(announcement_id=fact.announcement_id, reason="po"))
    elif step == 3:
        reader = ("ada", "parent", "lis")[rest % 3]
        confirmed = board.ReadingConfirmed(
            announcement_id=fact.announcement_id, person_id=reader, edition=1 + rest % 2
        )
        history.tell(streams.reading(fact.announcement_id, reader), confirmed)
    elif step == 4:
        rules = board.BoardRules(teachers_to_school=bool(rest % 2), longest_days=1 + rest % 90)
        since = FIRST + timedelta(days=rest % 5)
        history.tell(streams.BOARD, board.BoardRulesSet(since=since, rules=rules))
    else:
        _choose(history, ("parent", "ada")[rest % 2], rest)
    return None


def _post(history: History, announcement_id: str, chance: int) -> None:
    since = FIRST + timedelta(days=chance % 40)
    fact = board.AnnouncementPosted(
        announcement_id=announcement_id,
        author_id=("nowak", "lis")[chance % 2],
        title=f"Ogłoszenie {chance}",
        text="Treść",
        audience=AUDIENCES[chance % 3],
        since=since,
        until=since + timedelta(days=chance % 20),
        confirm=bool(chance % 2),
    )
    history.tell(streams.announcement(announcement_id), fact)


def _corrected(history: History, fact: board.AnnouncementPosted, chance: int) -> board.AnnouncementCorrected:
    latest: board.AnnouncementPosted | board.AnnouncementCorrected = fact
    for each in history.recorded:
        said = each.fact
        if isinstance(said, board.AnnouncementCorrected) and said.announcement_id == fact.announcement_id:
            latest = said
    return board.AnnouncementCorrected(
        announcement_id=fact.announcement_id,
        author_id=fact.author_id,
        was_title=latest.title,
        was_text=latest.text,
        was_until=latest.until,
        title=latest.title,
        text=f"Treść {chance}",
        until=latest.until + timedelta(days=chance % 3),
        reason="pomyłka",
        again=bool(chance % 2),
    )


def _choose(history: History, person_id: str, chance: int) -> None:
    kinds = (KindPreference(kind=NoticeKind.GRADE, by_mail=(Delivery.AT_ONCE, Delivery.DAILY)[chance % 2]),)
    preferences = Preferences(kinds=kinds[: chance % 3], grade_text=bool(chance % 2))
    fact = notifications.PreferencesSet(person_id=person_id, preferences=preferences)
    history.tell(streams.notifications(person_id), fact)
    _browser(history, person_id, chance)


def _browser(history: History, person_id: str, chance: int) -> None:
    """A browser is added, or one that is there is not there any more."""
    stream = streams.push_devices(person_id)
    facts = [each.fact for each in history.recorded if each.stream == stream]
    added = [fact.device_id for fact in facts if isinstance(fact, notifications.PushDeviceAdded)]
    ended = {fact.device_id for fact in facts if isinstance(fact, notifications.PushDeviceRemoved)}
    left = [each for each in added if each not in ended]
    if len(left) > 1 and chance % 2:
        end = notifications.DeviceEnd.GONE
        gone = notifications.PushDeviceRemoved(person_id=person_id, device_id=left[0], why=end)
        history.tell(stream, gone)
        return
    made = notifications.PushDeviceAdded(
        person_id=person_id,
        device_id=f"{person_id}-{len(added)}",
        endpoint=f"https://push.example.org/{len(added)}",
        p256dh="BA",
        auth="AA",
    )
    history.tell(stream, made)
