"""Random but possible life of cards: granted, issued, scanned, decided, applied, voided; and their lessons.

What is possible is seen from the history itself: nothing is remembered between steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from dziennik.contracts import card_scans, streams
from dziennik.contracts import cards as facts
from dziennik.contracts.classes import TeachingAssigned, TeachingEnded
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import LessonCancelled, LessonHeld, SubstitutionArranged, lesson_id
from dziennik.contracts.people import PersonRegistered, RoleTaken

if TYPE_CHECKING:
    from tests.projections.histories import History

F = TypeVar("F")
FIRST = date(2026, 9, 1)
LATER = date(2027, 3, 1)  # what happens to lessons of this day happens here alone
TEACHERS = ("nowak", "lis", "kos")


def digest(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def issued(card_id: str, unit_id: str = "A", lessons: int = 1) -> facts.CardIssued:
    """A card of one lesson, or of several in a row."""
    pupil = {"A": "ada", "B": "cy"}[unit_id]
    return facts.CardIssued(
        card_id=card_id,
        layout=11,
        kind=facts.CardKind.LESSONS,
        unit_id=unit_id,
        lines=(facts.CardLine(line=1, number=1, pupil_id=pupil, class_id=unit_id),),
        lessons=tuple(
            facts.CardLesson(unit_id=unit_id, assignment_id=f"mat-{unit_id}", on=FIRST, period=period)
            for period in range(1, lessons + 1)
        ),
    )


def read(card_id: str, scan_id: str, page: int = 1) -> facts.SheetRead:
    """A sheet with a sure cell and an unsure one."""
    cells = (
        facts.FoundCell(
            cell=0, line=0, field="lesson-1", value="confirmed", finding=facts.CellFinding.MARKED, ink=800
        ),
        facts.FoundCell(
            cell=4, line=1, field="presence-1", value="late", finding=facts.CellFinding.UNSURE, ink=90
        ),
    )
    corners = (0, 0, 9, 0, 9, 9, 0, 9)
    return facts.SheetRead(card_id=card_id, scan_id=scan_id, page=page, corners=corners, cells=cells)


def received(scan_id: str) -> facts.ScanReceived:
    return facts.ScanReceived(scan_id=scan_id, sha256=scan_id, media_type="image/png", size=9)


def use_cards(history: History, chance: int) -> None:
    """One thing about cards that is possible now; others do nothing."""
    doings = (
        _issue,
        _scan,
        _decide,
        _apply,
        _issue,
        _stock,
        _scan,
        _void,
        _transcribe,
        _destroy,
        _lesson,
        teach,
        _name,
    )
    doings[chance % 13](history, chance // 13)


def teach(history: History, chance: int) -> None:
    """One thing that is possible now in a lesson such as cards are for, or with its assignment."""
    if not any(one.person_id == "kos" for one in _of(history, PersonRegistered)):
        history.tell(
            streams.person("kos"),
            PersonRegistered(person_id="kos", given_names="Ala", family_name="Kos"),
            RoleTaken(person_id="kos", role=Role.TEACHER, since=FIRST),
        )
    doings = (_hold, _arrange, _hold, _arrange, _cancel, _hand_over)
    taught = _taught(history, "AB"[chance // 6 % 2])
    doings[chance % 6](history, taught[chance // 12 % len(taught)], chance // 12)


def _stock(history: History, chance: int) -> None:
    """More cards; or the printer spoilt one of those that no scan shows."""
    known = _spoilt(history) | {sheet.card_id for sheet in _sheets(history)}
    printed = [card_id for one in _of(history, facts.CardsPrinted) for card_id in one.card_ids]
    left = [card_id for card_id in printed if card_id not in known]
    if left and chance % 2 == 0:
        history.tell(streams.CARD_STOCK, facts.CardsSpoilt(card_ids=(left[0],), reason="zacięcie"))
    else:
        grant_id = f"g{len(history.recorded)}"
        granted = facts.StockGranted(grant_id=grant_id, count=chance % 90 + 1, basis="umowa")
        history.tell(streams.CARD_STOCK, granted)


def _spoilt(history: History) -> set[str]:
    return {card_id for one in _of(history, facts.CardsSpoilt) for card_id in one.card_ids}


def _issue(history: History, chance: int) -> None:
    fact = issued(f"K{len(history.recorded)}", "AB"[chance % 2], 1 + chance % 4)
    taught = _taught(history, fact.unit_id)
    lessons = []
    for number, one in enumerate(fact.lessons, chance // 4):
        of = taught[number % len(taught)]
        lessons.append(replace(one, unit_id=of.unit_id, assignment_id=of.assignment_id, on=LATER))
    history.tell(streams.card(fact.card_id), replace(fact, lessons=tuple(lessons)))
    history.tell(streams.CARD_STOCK, facts.CardsPrinted(card_ids=(fact.card_id,)))


def _taught(history: History, unit_id: str) -> list[TeachingAssigned]:
    """What the class is taught, in the interclass group too."""
    return [one for one in _of(history, TeachingAssigned) if one.unit_id in (unit_id, "G")]


def _hold(history: History, of: TeachingAssigned, chance: int) -> None:
    """By anybody: that a substitution was arranged is not said of every lesson that somebody else held."""
    hour, stands, told = _hour(history, of, chance)
    teacher_id = TEACHERS[(chance + len(history.recorded)) % 3]
    if all(isinstance(one, SubstitutionArranged) for one in told):
        held = LessonHeld(
            **stands,
            subject_id=of.subject_id,
            teacher_id=teacher_id,
            instead_of=None if teacher_id == of.teacher_id else of.teacher_id,
        )
        history.tell(hour, held)


def _arrange(history: History, of: TeachingAssigned, chance: int) -> None:
    hour, stands, told = _hour(history, of, chance)
    others = [one for one in TEACHERS if one != of.teacher_id]
    teacher_id = others[(chance + len(history.recorded)) % 2]
    arranged = SubstitutionArranged(**stands, teacher_id=teacher_id, instead_of=of.teacher_id)
    if arranged not in told[-1:] and all(isinstance(one, SubstitutionArranged) for one in told):
        history.tell(hour, arranged)


def _cancel(history: History, of: TeachingAssigned, chance: int) -> None:
    hour, stands, told = _hour(history, of, chance)
    if not any(isinstance(one, LessonCancelled) for one in told):
        history.tell(hour, LessonCancelled(**stands, subject_id=of.subject_id, reason="wycieczka"))


def _hour(history: History, of: TeachingAssigned, chance: int) -> tuple[str, dict[str, Any], Sequence[Fact]]:
    """The stream of one of the first lessons of that day, what all its facts say, and those that stand."""
    period = 1 + chance % 4
    known = lesson_id(LATER, period, of.assignment_id)
    stands = {
        "unit_id": of.unit_id,
        "lesson_id": known,
        "on": LATER,
        "period": period,
        "assignment_id": of.assignment_id,
    }
    stream = streams.lesson(of.unit_id, known)
    return stream, stands, [one.fact for one in history.recorded if one.stream == stream]


def _hand_over(history: History, of: TeachingAssigned, chance: int) -> None:
    """Under a new assignment, which the next cards are for."""
    if any(one.assignment_id == of.assignment_id for one in _of(history, TeachingEnded)):
        return
    others = [one for one in TEACHERS if one != of.teacher_id]
    new = f"{of.subject_id}-{of.unit_id}-{len(history.recorded)}"
    history.tell(
        streams.unit(of.unit_id),
        TeachingEnded(assignment_id=of.assignment_id, until=LATER),
        replace(of, assignment_id=new, teacher_id=others[chance % 2], since=LATER),
    )


def _scan(history: History, chance: int) -> None:
    scan_id = digest(len(history.recorded))
    history.tell(streams.scan(scan_id), received(scan_id))
    history.tell(streams.scan(scan_id), facts.PageSetAside(scan_id=scan_id, page=2, why="blank"))
    out = _begun(history).keys() | _spoilt(history)
    for card in [card for card in _open(history) if card.card_id not in out][chance % 3 :][:1]:
        history.tell(streams.card(card.card_id), read(card.card_id, scan_id))


def _name(history: History, chance: int) -> None:
    """A page that nothing names gets a name, or another one than before."""
    scans, begun = _of(history, facts.ScanReceived), _begun(history)
    spoilt = _spoilt(history)
    for scan in scans[chance % 3 :][:1]:
        stream = streams.scan(scan.scan_id)
        aside = facts.PageSetAside(scan_id=scan.scan_id, page=3, why=card_scans.NAMELESS)
        named = [one for one in _of(history, facts.PageNamed) if one.scan_id == scan.scan_id]
        former = named[-1].card_id if named else None
        seen = {sheet.card_id for sheet in _sheets(history) if sheet.scan_id == scan.scan_id}
        seen |= begun.keys() | spoilt
        for card in [card for card in _open(history) if card.card_id not in seen][:1]:
            if former is None:
                history.tell(stream, aside)
            elif former in begun or former not in {one.card_id for one in _open(history)}:
                return
            else:
                withdrawn = facts.SheetWithdrawn(card_id=former, scan_id=scan.scan_id)
                history.tell(streams.card(former), withdrawn)
            history.tell(stream, facts.PageNamed(scan_id=scan.scan_id, page=3, card_id=card.card_id))
            history.tell(streams.card(card.card_id), read(card.card_id, scan.scan_id, 3))


def _sheets(history: History) -> list[facts.SheetRead]:
    """What scans show by now."""
    found: dict[tuple[str, str], facts.SheetRead] = {}
    for recorded in history.recorded:
        fact = recorded.fact
        if isinstance(fact, facts.SheetRead):
            found[fact.card_id, fact.scan_id] = fact
        elif isinstance(fact, facts.SheetWithdrawn):
            del found[fact.card_id, fact.scan_id]
    return list(found.values())


def _decide(history: History, chance: int) -> None:
    for sheet in _sheets(history)[chance % 4 :][:1]:
        decided = facts.FieldDecided(
            card_id=sheet.card_id,
            scan_id=sheet.scan_id,
            line=1,
            field="presence-1",
            values=("late",) if chance % 2 else (),
        )
        history.tell(streams.card(sheet.card_id), decided)


def _transcribe(history: History, chance: int) -> None:
    for sheet in _sheets(history)[chance % 4 :][:1]:
        topic = ("Zdania złożone", "")[chance % 2]
        read_out = facts.TopicTranscribed(card_id=sheet.card_id, scan_id=sheet.scan_id, lesson=1, topic=topic)
        history.tell(streams.card(sheet.card_id), read_out)


def _destroy(history: History, chance: int) -> None:
    gone = {one.scan_id for one in _of(history, facts.ScanDestroyed)}
    left = [one for one in _of(history, facts.ScanReceived) if one.scan_id not in gone]
    for scan in left[chance % 3 :][:1]:
        destroyed = facts.ScanDestroyed(
            scan_id=scan.scan_id, received_on=FIRST, allowed_from=date(2033, 1, 1)
        )
        history.tell(streams.scan(scan.scan_id), destroyed)


def _apply(history: History, chance: int) -> None:
    for sheet in _to_apply(history)[chance % 3 :][:1]:
        applied = facts.CardApplied(card_id=sheet.card_id, scan_id=sheet.scan_id)
        history.tell(streams.card(sheet.card_id), applied)


def _lesson(history: History, chance: int) -> None:
    """One lesson of a card, and with the last one the card."""
    for sheet in _to_apply(history)[chance % 3 :][:1]:
        (card,) = [one for one in _of(history, facts.CardIssued) if one.card_id == sheet.card_id]
        done = {one.lesson for one in _of(history, facts.CardLessonApplied) if one.card_id == sheet.card_id}
        left = [number for number in range(1, len(card.lessons) + 1) if number not in done]
        number = left[chance % len(left)]
        stream, whose = streams.card(sheet.card_id), {"card_id": sheet.card_id, "scan_id": sheet.scan_id}
        history.tell(stream, facts.CardLessonApplied(lesson=number, **whose))
        if len(left) == 1:
            history.tell(stream, facts.CardApplied(**whose))


def _to_apply(history: History) -> list[facts.SheetRead]:
    """Sheets of open cards; of one that is in the register in part, the one that this part came from."""
    still, begun = {card.card_id for card in _open(history)}, _begun(history)
    return [
        sheet
        for sheet in _sheets(history)
        if sheet.card_id in still and begun.get(sheet.card_id) in (None, sheet.scan_id)
    ]


def _begun(history: History) -> dict[str, str]:
    """Cards of which a lesson was applied, and from which scan."""
    return {one.card_id: one.scan_id for one in _of(history, facts.CardLessonApplied)}


def _void(history: History, chance: int) -> None:
    begun = _begun(history)
    for card in [card for card in _open(history) if card.card_id not in begun][chance % 3 :][:1]:
        history.tell(streams.card(card.card_id), facts.CardVoided(card_id=card.card_id, reason="zgubiona"))


def _open(history: History) -> list[facts.CardIssued]:
    over = {one.card_id for one in _of(history, facts.CardApplied)}
    over |= {one.card_id for one in _of(history, facts.CardVoided)}
    return [card for card in _of(history, facts.CardIssued) if card.card_id not in over]


def _of(history: History, kind: type[F]) -> list[F]:
    return [one.fact for one in history.recorded if isinstance(one.fact, kind)]
