"""The rules for the notice board: who announces what to whom, who puts it right, who confirms reading it."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from dziennik.contracts import board as said
from dziennik.contracts import streams
from dziennik.contracts.board import AnnouncementSeen, AudiencePart, BoardRules
from dziennik.contracts.classes import NO_SUCH_GROUP
from dziennik.contracts.commands import CHANGED_SINCE, NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.contracts.envelope import Role
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Refusal, beside
from dziennik.contracts.registers import RESTRICTED
from dziennik.contracts.school import DATES_REVERSED
from dziennik.domain.evolving import Evolution
from dziennik.domain.people import person
from dziennik.domain.policies.audiences import Place, reaches, roles_of
from dziennik.domain.rulebook import DIRECTOR, decides
from dziennik.domain.units import Unit, not_a_unit, unit
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

LONGEST_TITLE, MOST_PARTS, MOST_DAYS = 200, 100, 1000

_POSTING = frozenset({Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR})
_OFFICE = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})
_READING = _POSTING | {Role.PARENT, Role.PUPIL}


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """How the board is kept: all that was said, in order."""

    said: tuple[said.BoardRulesSet, ...] = ()

    def rules(self, day: date) -> BoardRules:
        """The rules in force on a day: of those that have begun the latest to begin, said last."""
        begun = [each for each in self.said if each.since <= day]
        return max(reversed(begun), key=lambda each: each.since).rules if begun else BoardRules()


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement as it stands; `posted` is None until it is. `edition`: what is to be confirmed."""

    posted: said.AnnouncementPosted | None = None
    now: AnnouncementSeen | None = None
    edition: int = 1
    taken_down: str | None = None


_of_board: Evolution[Board] = Evolution()
_evolve: Evolution[Announcement] = Evolution()
_of_reading: Evolution[int] = Evolution()


def announcement(announcement_id: str) -> Stream[Announcement]:
    """The stream of an announcement."""
    return Stream(streams.announcement(announcement_id), Announcement(), _evolve)


def _board() -> Stream[Board]:
    return Stream(streams.BOARD, Board(), _of_board)


def _reading(announcement_id: str, person_id: str) -> Stream[int]:
    """The edition that the person confirmed last; 0: none."""
    return Stream(streams.reading(announcement_id, person_id), 0, _of_reading)


@_of_board.on(said.BoardRulesSet)
def _rules_set(state: Board, fact: said.BoardRulesSet) -> Board:
    return replace(state, said=(*state.said, fact))


@_evolve.on(said.AnnouncementPosted)
def _posted(state: Announcement, fact: said.AnnouncementPosted) -> Announcement:
    now = AnnouncementSeen(title=fact.title, text=fact.text, until=fact.until)
    return replace(state, posted=fact, now=now)


@_evolve.on(said.AnnouncementCorrected)
def _corrected(state: Announcement, fact: said.AnnouncementCorrected) -> Announcement:
    now = AnnouncementSeen(title=fact.title, text=fact.text, until=fact.until)
    return replace(state, now=now, edition=state.edition + fact.again)


@_evolve.on(said.AnnouncementTakenDown)
def _taken_down(state: Announcement, fact: said.AnnouncementTakenDown) -> Announcement:
    return replace(state, taken_down=fact.reason)


@_of_reading.on(said.ReadingConfirmed)
def _confirmed(_: int, fact: said.ReadingConfirmed) -> int:
    return fact.edition


@decides(said.SetBoardRules, by=DIRECTOR)
def _set_rules(world: World, command: said.SetBoardRules, _: Asked) -> Decision:
    if not 1 <= command.rules.longest_days <= MOST_DAYS:
        return said.DAYS_UNSOUND(limit=MOST_DAYS, field="rules.longest_days")
    fact = said.BoardRulesSet(since=command.since, rules=command.rules)
    if fact in world[_board()].said[-1:]:
        return []
    return [Entry(streams.BOARD, fact)]


@decides(said.PostAnnouncement, by=_POSTING)
def _post(world: World, command: said.PostAnnouncement, asked: Asked) -> Decision:
    author = asked.actor.person
    if author is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    rules = world[_board()].rules(asked.today)
    since = command.since or asked.today
    fault = (
        _fault_in_words(command.title, command.text)
        or _fault_in_days(since, command.until, rules, asked)
        or _fault_in_audience(world, command.audience, rules, asked)
    )
    if fault:
        return fault
    fact = said.AnnouncementPosted(
        announcement_id=command.announcement_id,
        author_id=author,
        title=command.title,
        text=command.text,
        audience=command.audience,
        since=since,
        until=command.until,
        confirm=command.confirm,
        important=command.important,
        attachments=command.attachments,
    )
    known = world[announcement(command.announcement_id)].posted
    if known:
        return [] if known == fact else said.ANNOUNCEMENT_EXISTS(field="announcement_id")
    return [Entry(streams.announcement(command.announcement_id), fact)]


@decides(said.CorrectAnnouncement, by=_POSTING)
def _correct(world: World, command: said.CorrectAnnouncement, asked: Asked) -> Decision:
    found = _own(world, command.announcement_id, asked)
    if isinstance(found, Refusal):
        return found
    posted, was, stream = found[0], found[1], streams.announcement(command.announcement_id)
    rules = world[_board()].rules(asked.today)
    fault = _fault_in_words(command.title, command.text) or _fault_in_days(
        posted.since, command.until, rules, asked
    )
    if fault:
        return fault
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    if command.seen not in (None, was):
        return beside(CHANGED_SINCE(seen=_brief(command.seen), now=_brief(was), field="seen"), stream)
    now = AnnouncementSeen(title=command.title, text=command.text, until=command.until)
    if now == was and not command.again:
        return []
    fact = said.AnnouncementCorrected(
        announcement_id=command.announcement_id,
        author_id=posted.author_id,
        was_title=was.title,
        was_text=was.text,
        was_until=was.until,
        title=command.title,
        text=command.text,
        until=command.until,
        reason=command.reason,
        again=command.again and posted.confirm,
    )
    return [Entry(stream, fact)]


@decides(said.TakeDownAnnouncement, by=_POSTING)
def _take_down(world: World, command: said.TakeDownAnnouncement, asked: Asked) -> Decision:
    known = world[announcement(command.announcement_id)]
    if known.taken_down == command.reason and known.posted and _may_change(known.posted, asked):
        return []
    found = _own(world, command.announcement_id, asked)
    if isinstance(found, Refusal):
        return found
    if not command.reason.strip():
        return REASON_MISSING(field="reason")
    fact = said.AnnouncementTakenDown(announcement_id=command.announcement_id, reason=command.reason)
    return [Entry(streams.announcement(command.announcement_id), fact)]


@decides(said.ConfirmReading, by=_READING)
def _confirm(world: World, command: said.ConfirmReading, asked: Asked) -> Decision:
    """Who is not addressed learns nothing of the announcement, not even that there is one."""
    reader, known = asked.actor.person, world[announcement(command.announcement_id)]
    if reader is None or known.posted is None or known.now is None or asked.today < known.posted.since:
        return said.NO_SUCH_ANNOUNCEMENT(field="announcement_id")
    standing = {asked.actor.role: _places(world, command, known.posted, asked)}
    if not reaches(known.posted.audience, standing):
        return said.NO_SUCH_ANNOUNCEMENT(field="announcement_id")
    if known.taken_down is not None:
        return said.WAS_TAKEN_DOWN(reason=known.taken_down, field="announcement_id")
    if not known.posted.confirm:
        return said.NOT_TO_BE_CONFIRMED(field="announcement_id")
    if world[_reading(command.announcement_id, reader)] >= known.edition:
        return []
    fact = said.ReadingConfirmed(
        announcement_id=command.announcement_id, person_id=reader, edition=known.edition
    )
    return [Entry(streams.reading(command.announcement_id, reader), fact)]


def _places(
    world: World, command: said.ConfirmReading, posted: said.AnnouncementPosted, asked: Asked
) -> set[Place]:
    """Where, of the places addressed, the asker stands today in the role they act in."""
    role, who, day = asked.actor.role, asked.actor.person or "", asked.today
    pupil_id = who
    if role is Role.PARENT:
        pupil_id = command.pupil_id or ""
        if not pupil_id or not world[person(pupil_id)].parent_may(who, ParentalPower.INFORMATION, day):
            return set()
    found: set[Place] = set()
    for part in posted.audience.parts:
        state = world[unit(part.unit_id)]
        here = (
            _teaches(state, part, who, day)
            if role is Role.TEACHER
            else role in (Role.PARENT, Role.PUPIL) and _learns(state, part, pupil_id, day)
        )
        if here:
            found.add((part.unit_id, part.group_id))
    return found


def _learns(state: Unit, part: AudiencePart, pupil_id: str, day: date) -> bool:
    group_id = part.group_id or (None if state.is_class else part.unit_id)
    if group_id is not None and group_id not in state.groups:
        return False
    return pupil_id in state.roll(group_id, day)


def _teaches(state: Unit, part: AudiencePart, teacher_id: str, day: date) -> bool:
    """A teacher of a class is so to every group of it; a homeroom teacher to all of the class."""
    if state.homeroom_teacher(day) == teacher_id:
        return True
    theirs = (a for a in state.assignments.values() if a.teacher_id == teacher_id and a.covers(day))
    return any(part.group_id is None or a.group_id in (None, part.group_id) for a in theirs)


def _fault_in_words(title: str, text: str) -> Refusal | None:
    if len(title) > LONGEST_TITLE:
        return said.TITLE_TOO_LONG(length=len(title), limit=LONGEST_TITLE, field="title")
    return None if text.strip() else TEXT_MISSING(at="text", field="text")


def _fault_in_days(since: date, until: date, rules: BoardRules, asked: Asked) -> Refusal | None:
    if until < since:
        return DATES_REVERSED(starts=since, ends=until, field="until")
    if until < asked.today:
        return said.OVER_ALREADY(until=until, today=asked.today, field="until")
    longest = timedelta(days=rules.longest_days - 1)
    if until - since > longest:
        last = since + longest
        return said.SHOWN_TOO_LONG(limit=rules.longest_days, last=last, field="until")
    return None


def _fault_in_audience(
    world: World, audience: said.BoardAudience, rules: BoardRules, asked: Asked
) -> Refusal | None:
    if len(audience.parts) > MOST_PARTS:
        return said.TOO_MANY_PARTS(found=len(audience.parts), limit=MOST_PARTS, field="audience.parts")
    for place, role in enumerate(audience.roles):
        field = f"audience.roles[{place}]"
        if role not in roles_of(replace(audience, roles=())):
            return said.NOT_AN_AUDIENCE(role=role.value, field=field)
        if role in audience.roles[:place]:
            return said.NAMED_TWICE(what=role.value, field=field)
    if not audience.parts and asked.actor.role not in _OFFICE and not rules.teachers_to_school:
        return said.NOT_TO_THE_SCHOOL(field="audience.parts")
    for place, part in enumerate(audience.parts):
        field = f"audience.parts[{place}]"
        if part in audience.parts[:place]:
            return said.NAMED_TWICE(what=part.group_id or part.unit_id, field=field)
        fault = _fault_in_part(world, part, asked, field)
        if fault:
            return fault
    return None


def _fault_in_part(world: World, part: AudiencePart, asked: Asked, field: str) -> Refusal | None:
    state = world[unit(part.unit_id)]
    if state.name is None or state.kind in RESTRICTED:
        return not_a_unit(part.unit_id, f"{field}.unit_id")
    if part.group_id is not None and part.group_id not in state.groups:
        return NO_SUCH_GROUP(group=part.group_id, field=f"{field}.group_id")
    teaches = _teaches(state, AudiencePart(unit_id=part.unit_id), asked.actor.person or "", asked.today)
    if asked.actor.role not in _OFFICE and not teaches:
        return said.NOT_YOUR_CLASS(field=f"{field}.unit_id")
    return None


def _may_change(posted: said.AnnouncementPosted, asked: Asked) -> bool:
    return asked.actor.role in _OFFICE or posted.author_id == asked.actor.person


def _own(
    world: World, announcement_id: str, asked: Asked
) -> tuple[said.AnnouncementPosted, AnnouncementSeen] | Refusal:
    """The announcement as it was posted and as it stands, if the asker may change it."""
    known = world[announcement(announcement_id)]
    if known.posted is None or known.now is None:
        return said.NO_SUCH_ANNOUNCEMENT(field="announcement_id")
    if not _may_change(known.posted, asked):
        return said.NOT_YOUR_ANNOUNCEMENT(field="announcement_id")
    if known.taken_down is not None:
        return said.WAS_TAKEN_DOWN(reason=known.taken_down, field="announcement_id")
    return known.posted, known.now


def _brief(seen: AnnouncementSeen | None) -> str:
    return f"{seen.title}: {seen.text[:60]} ({seen.until})" if seen else ""
