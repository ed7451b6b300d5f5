"""How are lessons and attendance written down?

A lesson's entries follow each other as they were made: what was crossed out stays legible beside what
replaced it, with author and time (regulation of 2014, s. 26).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dziennik.archive.canonical import Tag, day, number, optional
from dziennik.archive.page import Page
from dziennik.archive.reckoning import attendance_of
from dziennik.contracts import attendance as marks
from dziennik.contracts import lessons as held
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import Fact

LESSONS, LESSON = Tag("lessons"), Tag("lesson")
SUBSTITUTION, HELD, SIGNED, CANCELLED = Tag("substitution"), Tag("held"), Tag("signed"), Tag("cancelled")
TOPIC, TOPIC_RECORDED, TOPIC_CORRECTED = Tag("topic"), Tag("topic-recorded"), Tag("topic-corrected")
ROLL, ABSENCE, LATENESS, RELEASE = Tag("roll"), Tag("absence"), Tag("lateness"), Tag("release")
CORRECTION = Tag("attendance-corrected")
ATTENDANCE, PUPIL, SPAN, COUNT = (
    Tag("attendance"),
    Tag("pupil-attendance"),
    Tag("percentage"),
    Tag("count"),
)

_LESSON = LESSON.row("assignment", "date", "group?", "id", "period", "state", "subject?", "unit")
_HELD = HELD.row("author", "instead-of?", "position", "recorded", "teacher")
_SIGNED = SIGNED.row_whole("author", "position", "recorded", "teacher")
_ROLL = ROLL.row("author", "position", "recorded")
_MARK = ("author", "kind", "position", "pupil", "recorded", "type")
_ABSENCE, _RELEASE = ABSENCE.row_whole(*_MARK), RELEASE.row_whole(*_MARK)


def lessons(page: Page) -> Iterator[str]:
    """All lessons of the class and of its interclass groups, by day and hour."""
    safe = page.safe
    yield LESSONS.block()
    for lesson_id, lesson in page.register.lessons.items():
        row = _LESSON % (
            safe[lesson.assignment_id],
            day(lesson.on),
            optional("group", None if lesson.group_id is None else safe[lesson.group_id]),
            safe[lesson_id],
            lesson.period,
            lesson.state,
            optional("subject", None if lesson.subject_id is None else safe[lesson.subject_id]),
            safe[lesson.unit_id],
        )
        parts = [row, "\n"]
        parts += [ENTRIES[type(each.fact)](page, each, each.fact) for each in lesson.entries]
        parts.append(LESSON.end)
        yield "".join(parts)
    yield LESSONS.end


def _arranged(page: Page, each: Recorded, fact: held.SubstitutionArranged) -> str:
    instead, teacher = page.tell(fact.instead_of), page.tell(fact.teacher_id)
    return SUBSTITUTION.whole(**page.by(each), instead_of=instead, reason=fact.reason, teacher=teacher)


def _held(page: Page, each: Recorded, fact: held.LessonHeld) -> str:
    (author, recorded), safe = page.made(each), page.safe
    instead = None if fact.instead_of is None else safe[page.tell(fact.instead_of)]
    teacher = safe[page.tell(fact.teacher_id)]
    begun = _HELD % (author, optional("instead-of", instead), each.position, recorded, teacher)
    return begun + ("" if fact.topic is None else "\n" + TOPIC.text(fact.topic)) + HELD.end


def _topic(page: Page, each: Recorded, fact: held.TopicRecorded) -> str:
    return TOPIC_RECORDED.start(**page.by(each)) + "\n" + TOPIC.text(fact.topic) + TOPIC_RECORDED.end


def _topic_corrected(page: Page, each: Recorded, fact: held.TopicCorrected) -> str:
    begun = TOPIC_CORRECTED.block(**page.by(each), reason=fact.reason, was=fact.was)
    return begun + TOPIC.text(fact.topic) + TOPIC_CORRECTED.end


def _signed(page: Page, each: Recorded, fact: held.LessonSigned) -> str:
    author, recorded = page.made(each)
    return _SIGNED % (author, each.position, recorded, page.safe[page.tell(fact.teacher_id)])


def _cancelled(page: Page, each: Recorded, fact: held.LessonCancelled) -> str:
    return CANCELLED.whole(**page.by(each), reason=fact.reason)


def _roll(page: Page, each: Recorded, fact: marks.RollCalled) -> str:
    author, recorded = page.made(each)
    return _ROLL % (author, each.position, recorded) + page.asked(fact.pupils) + ROLL.end


def _absence(page: Page, each: Recorded, fact: marks.AbsenceRecorded) -> str:
    if fact.pupil_id not in page.keys:
        return ""
    (author, recorded), safe = page.made(each), page.safe
    pupil, type_ = safe[fact.pupil_id], safe[fact.type_id]
    return _ABSENCE % (author, fact.kind, each.position, pupil, recorded, type_)


def _lateness(page: Page, each: Recorded, fact: marks.LatenessRecorded) -> str:
    if fact.pupil_id not in page.keys:
        return ""
    minutes = number(fact.minutes)
    return LATENESS.whole(
        **page.by(each), kind=fact.kind, minutes=minutes, pupil=fact.pupil_id, type=fact.type_id
    )


def _release(page: Page, each: Recorded, fact: marks.ReleaseRecorded) -> str:
    if fact.pupil_id not in page.keys:
        return ""
    (author, recorded), safe = page.made(each), page.safe
    pupil, type_ = safe[fact.pupil_id], safe[fact.type_id]
    return _RELEASE % (author, fact.kind, each.position, pupil, recorded, type_)


def _corrected(page: Page, each: Recorded, fact: marks.AttendanceCorrected) -> str:
    if fact.pupil_id not in page.keys:
        return ""
    return CORRECTION.whole(
        **page.by(each),
        kind=fact.kind,
        minutes=number(fact.minutes),
        pupil=fact.pupil_id,
        reason=fact.reason,
        type=fact.type_id,
        was_kind=fact.was_kind,
        was_type=fact.was_type_id,
    )


ENTRIES: dict[type[Fact], Callable[[Page, Recorded, Any], str]] = {
    held.SubstitutionArranged: _arranged,
    held.LessonHeld: _held,
    held.TopicRecorded: _topic,
    held.TopicCorrected: _topic_corrected,
    held.LessonSigned: _signed,
    held.LessonCancelled: _cancelled,
    marks.RollCalled: _roll,
    marks.AbsenceRecorded: _absence,
    marks.LatenessRecorded: _lateness,
    marks.ReleaseRecorded: _release,
    marks.AttendanceCorrected: _corrected,
}


def attendance(page: Page) -> Iterator[str]:
    """Each pupil's percentages for the year and its terms, with what they were reckoned from."""
    yield ATTENDANCE.block()
    for pupil_id, spans in attendance_of(page.register).items():
        yield PUPIL.block(pupil=pupil_id)
        for term_id, counts, percentage in spans:
            yield SPAN.block(
                counted=number(percentage.counted),
                left_out=number(percentage.left_out),
                present=number(percentage.present),
                rules=number(percentage.rule_version),
                term=term_id,
                value=number(percentage.value),
            )
            for kind, count in counts.items():
                yield COUNT.whole(kind=kind, lessons=number(count))
            yield SPAN.end
        yield PUPIL.end
    yield ATTENDANCE.end
