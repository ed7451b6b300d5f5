"""Moves of lessons and roll calls."""

from __future__ import annotations

from datetime import date
from random import Random

from dziennik.contracts import attendance as a
from dziennik.contracts import lessons as said
from tests.campaign.moves import (
    OFFICE,
    TEACHING,
    Attempt,
    actor,
    assignment_faults,
    day,
    move,
    of,
    often,
    pupil,
    role_fault,
    some,
    some_teacher,
    teacher_of,
    teaching,
    told,
)
from tests.campaign.plain import PERIODS, TYPES, Plain, Thing

REASON = "LESSONS.REASON_MISSING"


def _hour(m: Plain, r: Random) -> tuple[str, str, date, int, set[str]]:
    """An assignment, a day and an hour, with what is wrong about them."""
    unit_id, key = teaching(m, r, registers=True)
    on, period = day(m, r), r.choice((1, 1, 2, 2, 3)) if r.random() < 0.96 else 12
    faults = assignment_faults(m, unit_id, key, on)
    return unit_id, key, on, period, faults | told(CLASSES__NO_SUCH_PERIOD=period not in PERIODS)


def _at(m: Plain, unit_id: str, key: str, on: date, period: int) -> Thing:
    """The lesson as it is known, or a blank one."""
    blank: Thing = {
        "unit": unit_id, "assignment": key, "on": on, "period": period, "subject": None, "group": None,
        "teacher": None, "substitute": None, "held": False, "topic": None, "signed": None, "cancelled": None,
        "asked": None, "marks": {},
    }  # fmt: skip
    return m.lessons.get((unit_id, said.lesson_id(on, period, key)), blank)


def _kept(m: Plain, lesson: Thing, **changed: object) -> None:
    lesson.update(changed)
    key = said.lesson_id(lesson["on"], lesson["period"], lesson["assignment"])
    m.lessons[lesson["unit"], key] = lesson


@move
def arrange_substitution(m: Plain, r: Random) -> Attempt:
    unit_id, key, on, period, faults = _hour(m, r)
    faults |= told(LESSONS__OUTSIDE_TERM=m.term_of(on) is None and "kind" not in m.units[unit_id])
    who = some_teacher(r)
    command = said.ArrangeSubstitution(
        unit_id=unit_id, assignment_id=key, on=on, period=period, teacher_id=who, reason="choroba"
    )
    attempt = Attempt(command, actor(m, r, "d", "m"), OFFICE, faults, units=(unit_id,))
    if faults:
        attempt.faults |= told(LESSONS__SUBSTITUTE_IS_THE_TEACHER=teacher_of(m, unit_id, key) == who)
        return attempt
    lesson = _at(m, unit_id, key, on, period)
    if lesson["cancelled"] is not None or lesson["held"]:
        attempt.faults = told(
            LESSONS__LESSON_WAS_CANCELLED=lesson["cancelled"] is not None,
            LESSONS__LESSON_EXISTS=lesson["held"],
        )
    elif lesson["substitute"] == who:
        attempt.facts = 0
    else:
        own = teacher_of(m, unit_id, key) == who
        attempt.faults = told(LESSONS__SUBSTITUTE_IS_THE_TEACHER=own) | role_fault(m, who, "teacher")
    attempt.then = lambda: _kept(m, lesson, substitute=who)
    return attempt


@often
def hold(m: Plain, r: Random) -> Attempt:
    unit_id, key, on, period, faults = _hour(m, r)
    faults |= told(LESSONS__OUTSIDE_TERM=m.term_of(on) is None and "kind" not in m.units[unit_id])
    topic, sign = r.choice(("Ułamki", "Procenty", None, " ")), r.random() < 0.5
    command = said.HoldLesson(
        unit_id=unit_id, assignment_id=key, on=on, period=period, topic=topic, sign=sign
    )
    lesson = _at(m, unit_id, key, on, period)
    teacher = lesson["substitute"] or teacher_of(m, unit_id, key)
    who = actor(m, r, teacher, teacher, "d")
    attempt = Attempt(command, who, TEACHING, faults, units=(unit_id,))
    if faults:
        return attempt
    topic = (topic or "").strip() or None
    attempt.faults = told(
        LESSONS__NOT_YOUR_LESSON=who[0] == "teacher" and who[1] != teacher,
        LESSONS__LESSON_IN_FUTURE=on > m.today,
        LESSONS__LESSON_WAS_CANCELLED=lesson["cancelled"] is not None,
    )
    if lesson["held"]:
        same = lesson["topic"] == topic and (lesson["signed"] is not None) == sign
        attempt.facts = 0
        attempt.faults |= told(LESSONS__LESSON_EXISTS=not same)
        return attempt
    attempt.faults |= told(LESSONS__TOPIC_MISSING=sign and topic is None)
    attempt.facts = 2 if sign else 1
    known = m.units[unit_id]["taught"][key]
    attempt.then = lambda: _kept(
        m, lesson, held=True, topic=topic, signed=teacher if sign else None, teacher=teacher,
        subject=known["subject"], group=known["group"],
    )  # fmt: skip
    return attempt


def _some(m: Plain, r: Random) -> tuple[str, str, Thing | None]:
    """(unit, lesson id, lesson), mostly one that was held."""
    known = [key for key, lesson in sorted(m.lessons.items()) if lesson["held"] or r.random() < 0.1]
    unit_id, key = some(r, known, (r.choice(sorted(m.units)), "2025-09-01-1-nothing"))
    return unit_id, key, m.lessons.get((unit_id, key))


def _standing(attempt: Attempt, lesson: Thing | None) -> Thing | None:
    """The lesson that was held and was not cancelled; otherwise the attempt has that fault."""
    if lesson is None or (not lesson["held"] and lesson["cancelled"] is None):
        attempt.faults = {"LESSONS.NO_SUCH_LESSON"}
        return None
    if lesson["cancelled"] is not None:
        attempt.faults = {"LESSONS.LESSON_WAS_CANCELLED"}
        return None
    return lesson


def _foreign(attempt: Attempt, lesson: Thing) -> bool:
    return attempt.actor[0] == "teacher" and attempt.actor[1] != lesson["teacher"]


@often
def record_topic(m: Plain, r: Random) -> Attempt:
    unit_id, key, found = _some(m, r)
    topic, reason = r.choice(("Ułamki", "Pola figur", "  ")), r.choice(("pomyłka", None, " "))
    command = said.RecordTopic(unit_id=unit_id, lesson_id=key, topic=topic, reason=reason)
    attempt = Attempt(command, actor(m, r, of(found, "teacher"), "d"), TEACHING, units=(unit_id,))
    lesson = _standing(attempt, found)
    if lesson is None:
        return attempt
    attempt.faults = told(
        LESSONS__NOT_YOUR_LESSON=_foreign(attempt, lesson), COMMAND__TEXT_MISSING=not topic.strip()
    )
    if lesson["topic"] == topic:
        attempt.facts = 0
    elif lesson["topic"] is not None and topic.strip() and not (reason or "").strip():
        attempt.faults.add(REASON)
    attempt.then = lambda: lesson.update(topic=topic)
    return attempt


@often
def sign(m: Plain, r: Random) -> Attempt:
    unit_id, key, found = _some(m, r)
    command = said.SignLesson(unit_id=unit_id, lesson_id=key)
    attempt = Attempt(command, actor(m, r, of(found, "teacher"), "d"), TEACHING, units=(unit_id,))
    lesson = _standing(attempt, found)
    if lesson is None:
        return attempt
    attempt.faults = told(
        LESSONS__NOT_YOUR_LESSON=_foreign(attempt, lesson),
        LESSONS__ALREADY_SIGNED=lesson["signed"] is not None,
        LESSONS__TOPIC_MISSING=lesson["topic"] is None,
    )
    attempt.then = lambda: lesson.update(signed=attempt.actor[1])
    return attempt


@move
def cancel(m: Plain, r: Random) -> Attempt:
    unit_id, key, on, period, faults = _hour(m, r)
    reason = r.choice(("wycieczka", "wycieczka", "choroba", " "))
    command = said.CancelLesson(unit_id=unit_id, assignment_id=key, on=on, period=period, reason=reason)
    lesson = _at(m, unit_id, key, on, period)
    teacher = lesson["teacher"] or lesson["substitute"] or teacher_of(m, unit_id, key)
    attempt = Attempt(command, actor(m, r, teacher, "d"), TEACHING, faults, units=(unit_id,))
    if faults:
        return attempt
    attempt.faults = told(
        LESSONS__NOT_YOUR_LESSON=attempt.actor[0] == "teacher" and attempt.actor[1] != teacher,
        LESSONS__REASON_MISSING=not reason.strip(),
    )
    if lesson["cancelled"] is not None:
        attempt.facts = 0
        attempt.faults |= told(LESSONS__LESSON_WAS_CANCELLED=lesson["cancelled"] != reason)
    attempt.then = lambda: _kept(m, lesson, cancelled=reason)
    return attempt


@often
def call_roll(m: Plain, r: Random) -> Attempt:
    unit_id, key, found = _some(m, r)
    marks, pupils = [], None
    everybody = m.taught(unit_id, found["group"], found["on"]) if found and found["held"] else []
    for who in everybody:
        if r.random() < 0.4:
            kind = r.choice((*TYPES, "present")) if r.random() < 0.95 else "vanished"
            minutes = r.choice((None, 5, 100)) if "late" in kind else r.choice((None, None, None, 5))
            marks.append(a.RollMark(pupil_id=who, type_id=kind, minutes=minutes))
    if r.random() < 0.1:
        marks.append(a.RollMark(pupil_id=pupil(m, r), type_id="absent"))
    if r.random() < 0.1:
        pupils = tuple(r.sample(everybody, r.randint(0, len(everybody))))
    command = a.CallRoll(unit_id=unit_id, lesson_id=key, marks=tuple(marks), pupils=pupils)
    attempt = Attempt(command, actor(m, r, of(found, "teacher"), "d"), TEACHING, units=(unit_id,))
    lesson = _standing(attempt, found)
    if lesson is None:
        return attempt
    if m.units[unit_id].get("kind") == "pedagogue":
        attempt.faults = told(LESSONS__NOT_YOUR_LESSON=_foreign(attempt, lesson)) or {
            "REGISTERS.NO_ROLL_HERE"
        }
        return attempt
    asked = [who for who in everybody if pupils is None or who in pupils]
    marked = [mark.pupil_id for mark in marks]
    attempt.faults = told(
        LESSONS__NOT_YOUR_LESSON=_foreign(attempt, lesson),
        ATTENDANCE__NOT_ASKED=any(who not in asked for who in marked),
        ATTENDANCE__MARKED_TWICE=len(set(marked)) < len(marked),
        ATTENDANCE__NO_SUCH_TYPE=any(mark.type_id == "vanished" for mark in marks),
        ATTENDANCE__MINUTES_OUT_OF_RANGE=any(_odd(mark.type_id, mark.minutes) for mark in marks),
    )
    kept = {mark.pupil_id: (mark.type_id, mark.minutes) for mark in marks if mark.type_id != "present"}
    hour = (unit_id, lesson["on"], lesson["period"])
    known = {who: m.foreseen(unit_id, who, lesson) for who in asked if who not in marked}
    if pupils is None:
        asked = [who for who in asked if known.get(who) != "not_asked"]
    foreseen = {who: mark for who, mark in known.items() if mark not in (None, "not_asked")}
    kept |= {who: (str(mark), None) for who, mark in foreseen.items()}
    given = len(kept)
    excused = {who: excuse(*kept[who]) for who in kept if m.is_excused(unit_id, who, *hour[1:])}
    put_right = {who: mark for who, mark in excused.items() if mark is not None}
    kept |= put_right
    if lesson["asked"] is not None:
        same = (lesson["asked"], lesson["marks"]) == (asked, kept)
        attempt.facts = 0
        attempt.faults |= told(ATTENDANCE__ROLL_ALREADY_CALLED=not same)
        return attempt
    # The first roll of a group of several classes is noted in those of its pupils.
    noted = m.units[unit_id]["noted"]
    places = [] if m.is_class(unit_id) else [m.home_of(unit_id, who, lesson["on"]) for who in asked]
    homes = {place[-1] for place in places if place}
    attempt.facts = 1 + bool(foreseen) + given + len(put_right) + len(homes - noted)
    attempt.units = (unit_id, *sorted(homes - noted))

    def then() -> None:
        lesson.update(asked=asked, marks=kept)
        noted.update(homes)

    attempt.then = then
    return attempt


def excuse(type_id: str, minutes: int | None) -> tuple[str, int | None] | None:
    """What an accepted excuse makes of a mark; None: it stays."""
    if type_id in ("absent", "late"):
        return f"{type_id}-excused", minutes if type_id == "late" else None
    return None


def _odd(type_id: str, minutes: int | None) -> bool:
    """Minutes are told of lateness, 1 to 90 of them."""
    return minutes is not None and not ("late" in type_id and 1 <= minutes <= 90)


@often
def correct_attendance(m: Plain, r: Random) -> Attempt:
    unit_id, key, found = _some(m, r)
    asked = (found["asked"] or []) if found else []
    who = r.choice(asked) if asked and r.random() < 0.9 else pupil(m, r)
    kind = r.choice((*TYPES, "present")) if r.random() < 0.95 else "vanished"
    minutes = r.choice((None, None, 7))
    reason = r.choice(("usprawiedliwienie", "pomyłka", " "))
    command = a.CorrectAttendance(
        unit_id=unit_id, lesson_id=key, pupil_id=who, type_id=kind, reason=reason, minutes=minutes
    )
    homes = m.home_of(unit_id, who, found["on"]) if found else []
    classes = homes if m.units[unit_id]["classes"] else [unit_id]  # of a register nobody is homeroom teacher
    tutors = [m.homeroom(class_id, m.today) for class_id in classes]
    giver = actor(m, r, of(found, "teacher"), "d", *tutors)
    attempt = Attempt(command, giver, TEACHING, units=(unit_id,))
    lesson = _standing(attempt, found)
    if lesson is None:
        return attempt
    was = lesson["marks"].get(who, ("present", None))
    attempt.faults = told(
        LESSONS__NOT_YOUR_LESSON=_foreign(attempt, lesson) and giver[1] not in tutors,
        ATTENDANCE__ROLL_NOT_CALLED=lesson["asked"] is None,
        ATTENDANCE__NOT_ASKED=lesson["asked"] is not None and who not in lesson["asked"],
        ATTENDANCE__NO_SUCH_TYPE=kind == "vanished",
        ATTENDANCE__MINUTES_OUT_OF_RANGE=_odd(kind, minutes),
        LESSONS__REASON_MISSING=not reason.strip(),
        ATTENDANCE__NOTHING_TO_CORRECT=was == (kind, minutes),
    )
    mark = (kind, minutes)
    if was[0] not in ("absent-excused", "late-excused") and m.is_excused(
        unit_id, who, lesson["on"], lesson["period"]
    ):
        put_right = excuse(*mark)
        attempt.facts, mark = (1, mark) if put_right is None else (2, put_right)
    attempt.then = lambda: lesson["marks"].update({who: mark})
    return attempt
