"""Moves of behaviour: notes, behaviour grades, and the council's resolutions that bind them."""

from __future__ import annotations

from random import Random

from dziennik.contracts import behaviour_commands as orders
from dziennik.contracts import councils
from dziennik.contracts.values import GradeKind
from tests.campaign.moves import (
    DIRECTOR,
    TEACHING,
    Attempt,
    actor,
    class_of,
    day,
    move,
    of,
    often,
    pupil,
    some,
    told,
)
from tests.campaign.plain import Plain, Thing

# category: (points, least, most)
CATEGORIES = {"helping": (5, 0, 20), "information": (0, 0, 0), "manners": (-10, -30, 0)}
MARKS = ("wz", "bdb", "db", "popr", "ndp", "ng")
OF_A_TERM = ("term_proposed", "term_final")
FINAL = ("term_final", "annual_final")


def _no_class(m: Plain, class_id: str) -> bool:
    return not m.is_class(class_id)


def _tutor(m: Plain, class_id: str) -> str | None:
    return None if _no_class(m, class_id) else m.homeroom(class_id, m.today)


def _teaches(m: Plain, class_id: str, who: str) -> bool:
    if _tutor(m, class_id) == who:
        return True
    return any(
        one["teacher"] == who
        and one["since"] <= m.today
        and (one["until"] is None or m.today <= one["until"])
        for one in m.units[class_id]["taught"].values()
    )


@often
def write_note(m: Plain, r: Random) -> Attempt | None:
    class_id, who, on = class_of(m, r), pupil(m, r), day(m, r)
    category = r.choice(sorted(CATEGORIES)) if r.random() < 0.95 else "magic"
    points, text = r.choice((None, None, 5, -10, -31)), r.choice(("Pomógł koledze.", "Rozmawia.", " "))
    known = m.notes.get((class_id, who), {})
    note_id = r.choice(sorted(known)) if known and r.random() < 0.1 else m.fresh("note")
    command = orders.WriteNote(
        note_id=note_id,
        class_id=class_id,
        pupil_id=who,
        category_id=category,
        on=on,
        text=text,
        points=points,
    )
    giver = actor(m, r, _tutor(m, class_id), "t1", "t2", "d")
    attempt = Attempt(command, giver, TEACHING, units=(class_id,))
    if _no_class(m, class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    usual, least, most = CATEGORIES.get(category, (0, 0, 0))
    attempt.faults = told(
        BEHAVIOUR__NOT_YOUR_PUPIL=giver[0] == "teacher" and not _teaches(m, class_id, giver[1]),
        BEHAVIOUR__NO_SUCH_CATEGORY=category == "magic",
        COMMAND__TEXT_MISSING=not text.strip(),
        BEHAVIOUR__DAY_IN_FUTURE=on > m.today,
        CLASSES__OUTSIDE_YEAR=not m.in_year(on),
        CLASSES__NOT_ENROLLED=not m.enrolled(class_id, who, on),
        BEHAVIOUR__POINTS_OUT_OF_RANGE=points is not None and not least <= points <= most,
    )
    note = {
        "author": giver[1], "category": category, "points": usual if points is None else points, "on": on,
        "text": text.strip(), "struck": False, "seen": [], "changed": False,
    }  # fmt: skip
    if note_id in known:
        same = {**known[note_id], "struck": False, "seen": []} == note
        if known[note_id]["changed"]:
            return None
        attempt.facts = 0
        if same and not attempt.faults - {"COMMAND.TEXT_MISSING"}:
            attempt.faults = set()
        else:
            attempt.faults.add("BEHAVIOUR.NOTE_EXISTS")
        return attempt
    attempt.then = lambda: m.notes.setdefault((class_id, who), {}).update({note_id: note})
    return attempt


def _some_note(m: Plain, r: Random) -> tuple[str, str, str, Thing | None]:
    known = [(*place, note_id) for place, notes in sorted(m.notes.items()) for note_id in sorted(notes)]
    class_id, who, note_id = some(r, known, (class_of(m, r), pupil(m, r), "no-note"))
    return class_id, who, note_id, m.notes.get((class_id, who), {}).get(note_id)


def _changing(m: Plain, attempt: Attempt, class_id: str, note: Thing | None, reason: str) -> Thing | None:
    if _no_class(m, class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
    elif note is None:
        attempt.faults = {"BEHAVIOUR.NO_SUCH_NOTE"}
    else:
        role, who = attempt.actor
        attempt.faults = told(
            BEHAVIOUR__NOTE_IS_STRUCK_OUT=note["struck"],
            BEHAVIOUR__NOT_YOUR_NOTE=role == "teacher" and who not in (note["author"], _tutor(m, class_id)),
            LESSONS__REASON_MISSING=not reason.strip(),
        )
        return note
    return None


@often
def correct_note(m: Plain, r: Random) -> Attempt:
    class_id, who, note_id, found = _some_note(m, r)
    on, text = r.choice((None, day(m, r))), r.choice((None, "Pomogła koledze.", " "))
    reason = r.choice(("pomyłka", "pomyłka", " "))
    command = orders.CorrectNote(
        class_id=class_id, pupil_id=who, note_id=note_id, reason=reason, on=on, text=text
    )
    giver = actor(m, r, of(found, "author"), _tutor(m, class_id), "d")
    attempt = Attempt(command, giver, TEACHING, units=(class_id,))
    note = _changing(m, attempt, class_id, found, reason)
    if note is None:
        return attempt
    now: Thing = {"on": on or note["on"], "text": note["text"] if text is None else text.strip()}
    attempt.faults |= told(
        BEHAVIOUR__NOTE_NOT_CHANGED={**note, **now} == note,
        COMMAND__TEXT_MISSING=not now["text"],
        BEHAVIOUR__DAY_IN_FUTURE=now["on"] > m.today,
        CLASSES__OUTSIDE_YEAR=not m.in_year(now["on"]),
        CLASSES__NOT_ENROLLED=not m.enrolled(class_id, who, now["on"]),
    )
    attempt.then = lambda: note.update(**now, seen=[], changed=True)
    return attempt


@move
def strike_out_note(m: Plain, r: Random) -> Attempt:
    class_id, who, note_id, found = _some_note(m, r)
    reason = r.choice(("nie ten uczeń", "nie ten uczeń", " "))
    command = orders.StrikeOutNote(class_id=class_id, pupil_id=who, note_id=note_id, reason=reason)
    giver = actor(m, r, of(found, "author"), "d")
    attempt = Attempt(command, giver, TEACHING, units=(class_id,))
    note = _changing(m, attempt, class_id, found, reason)
    attempt.then = lambda: note.update(struck=True) if note else None
    return attempt


@often
def acknowledge_note(m: Plain, r: Random) -> Attempt:
    class_id, who, note_id, note = _some_note(m, r)
    parents = [right["parent"] for right in m.rights if right["pupil"] == who]
    giver = actor(m, r, *parents)
    command = orders.AcknowledgeNote(class_id=class_id, pupil_id=who, note_id=note_id)
    attempt = Attempt(command, giver, ("parent",), units=(class_id,))
    attempt.faults = told(
        BEHAVIOUR__NOT_YOUR_CHILD=not m.is_parent(giver[1], who),
        BEHAVIOUR__NO_SUCH_NOTE=note is None,
        BEHAVIOUR__NOTE_IS_STRUCK_OUT=note is not None and note["struck"],
    )
    if note is not None:
        attempt.facts = 0 if giver[1] in note["seen"] else 1
        attempt.then = lambda: note["seen"].append(giver[1])
    return attempt


def _grade_place(m: Plain, attempt: Attempt, class_id: str, kind: str, term: str | None) -> bool:
    """Whether there is a class where such a grade can be given; otherwise the attempt has the faults."""
    if _no_class(m, class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return False
    foreign = attempt.actor[0] == "teacher" and attempt.actor[1] != _tutor(m, class_id)
    fits = term in m.terms if kind in OF_A_TERM else term is None
    attempt.faults = told(
        CLASSIFICATION__NOT_HOMEROOM_TEACHER=foreign,
        BEHAVIOUR__NOT_A_KIND=kind == "current",
        BEHAVIOUR__TERM_DOES_NOT_FIT=not fits,
        BEHAVIOUR__COUNCIL_HAS_DECIDED=fits
        and attempt.actor[0] == "teacher"
        and _bound(m, class_id, kind, term),
    )
    return True


def _bound(m: Plain, class_id: str, kind: str, term: str | None) -> bool:
    """A resolution about classification binds final grades: of its term, or of the year and all its terms."""
    return kind in FINAL and any(
        not one["repealed"]
        and one["kind"] == "classification"
        and (not one["classes"] or class_id in one["classes"])
        and one["term"] in (None, term)
        for one in m.resolutions.values()
    )


def _kind(m: Plain, r: Random) -> tuple[str, str | None]:
    if r.random() < 0.1:
        return r.choice((("current", None), ("term_final", None), ("annual_final", m.named("I"))))
    kind = r.choice(("term_proposed", "term_final", "annual_proposed", "annual_final", "annual_final"))
    return kind, r.choice(sorted(m.terms)) if kind in OF_A_TERM else None


@move
def give_behaviour_grades(m: Plain, r: Random) -> Attempt:
    class_id, on, (kind, term) = class_of(m, r), day(m, r), _kind(m, r)
    people = [pupil(m, r) for _ in range(r.randint(1, 3))]
    if not _no_class(m, class_id) and r.random() < 0.85:
        people = m.taught(class_id, None, m.today)
    grades = [(who, r.choice(MARKS) if r.random() < 0.95 else r.choice(("6", ""))) for who in people]
    entries = tuple([orders.BehaviourGradeEntry(pupil_id=who, mark=mark) for who, mark in grades])
    command = orders.GiveBehaviourGrades(
        class_id=class_id, kind=GradeKind(kind), on=on, grades=entries, term_id=term
    )
    attempt = Attempt(command, actor(m, r, _tutor(m, class_id), "d"), TEACHING, units=(class_id,))
    if not _grade_place(m, attempt, class_id, kind, term):
        return attempt
    new = []
    for who, mark in grades:
        stands = m.conduct.get((class_id, who), {}).get((kind, term))
        attempt.faults |= told(
            CLASSES__NOT_ENROLLED=not m.enrolled(class_id, who, on),
            BEHAVIOUR__MARK_OFF_SCALE=bool(mark) and mark not in MARKS,
            BEHAVIOUR__MARK_MISSING=not mark,
            BEHAVIOUR__GRADE_STANDS=stands is not None and stands != mark,
        )
        new += [(who, mark)] if stands is None else []
    attempt.faults |= told(
        BEHAVIOUR__DAY_IN_FUTURE=on > m.today,
        CLASSES__OUTSIDE_YEAR=not m.in_year(on),
        GRADES__PUPIL_TWICE=len({who for who, _ in grades}) < len(grades),
    )
    attempt.facts = len(new)

    def then() -> None:
        for who, mark in new:
            m.conduct.setdefault((class_id, who), {})[kind, term] = mark

    attempt.then = then
    return attempt


def _some_mark(m: Plain, r: Random) -> tuple[str, str, str, str | None, str | None]:
    known = [(place, key) for place, marks in sorted(m.conduct.items()) for key in sorted(marks, key=str)]
    place, key = some(r, known, ((class_of(m, r), pupil(m, r)), _kind(m, r)))
    return *place, *key, m.conduct.get(place, {}).get(key)


@move
def correct_behaviour_grade(m: Plain, r: Random) -> Attempt:
    class_id, who, kind, term, stands = _some_mark(m, r)
    mark, reason = r.choice((*MARKS, "6", "")), r.choice(("decyzja rady", "decyzja rady", " "))
    command = orders.CorrectBehaviourGrade(
        class_id=class_id, pupil_id=who, kind=GradeKind(kind), reason=reason, term_id=term, mark=mark
    )
    attempt = Attempt(command, actor(m, r, _tutor(m, class_id), "d"), TEACHING, units=(class_id,))
    if not _grade_place(m, attempt, class_id, kind, term):
        return attempt
    attempt.faults |= told(
        BEHAVIOUR__NO_SUCH_GRADE=stands is None,
        LESSONS__REASON_MISSING=not reason.strip(),
        BEHAVIOUR__GRADE_NOT_CHANGED=mark == stands,
        BEHAVIOUR__MARK_OFF_SCALE=bool(mark) and mark not in MARKS,
        BEHAVIOUR__MARK_MISSING=not mark,
    )
    attempt.then = lambda: m.conduct[class_id, who].update({(kind, term): mark})
    return attempt


@move
def strike_out_behaviour_grade(m: Plain, r: Random) -> Attempt:
    class_id, who, kind, term, stands = _some_mark(m, r)
    reason = r.choice(("pomyłka", "pomyłka", " "))
    command = orders.StrikeOutBehaviourGrade(
        class_id=class_id, pupil_id=who, kind=GradeKind(kind), reason=reason, term_id=term
    )
    attempt = Attempt(command, actor(m, r, _tutor(m, class_id), "d"), TEACHING, units=(class_id,))
    if not _grade_place(m, attempt, class_id, kind, term):
        return attempt
    attempt.faults |= told(
        BEHAVIOUR__NO_SUCH_GRADE=stands is None, LESSONS__REASON_MISSING=not reason.strip()
    )

    def then() -> None:
        del m.conduct[class_id, who][kind, term]

    attempt.then = then
    return attempt


@move
def record_resolution(m: Plain, r: Random) -> Attempt:
    on, number = day(m, r), r.choice(("1", "2", "3/X", " "))
    term = r.choice((None, *sorted(m.terms))) if r.random() < 0.95 else "no-term"
    kind = r.choice(tuple(councils.ResolutionKind))
    covered = (class_of(m, r),) if r.random() < 0.6 else ()
    again = sorted(m.resolutions) if r.random() < 0.1 else []
    key = r.choice(again) if again else m.fresh("resolution")
    command = councils.RecordResolution(
        resolution_id=key, year_id=m.named("y"), number=number, on=on, text="Klasyfikacja", kind=kind,
        term_id=term, class_ids=covered,
    )  # fmt: skip
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR, units=())
    made = {
        "number": number, "on": on, "kind": kind.value, "term": term, "classes": covered, "repealed": False,
    }  # fmt: skip
    if key in m.resolutions:
        same = {**m.resolutions[key], "repealed": False} == made
        attempt.facts, attempt.faults = 0, set() if same else {"COUNCILS.RESOLUTION_EXISTS"}
        return attempt
    standing = [one["number"] for one in m.resolutions.values() if not one["repealed"]]
    attempt.faults = told(
        COUNCILS__NUMBER_TAKEN=number in standing,
        COMMAND__TEXT_MISSING=not number.strip(),
        COUNCILS__DAY_IN_FUTURE=on > m.today,
        COUNCILS__NO_SUCH_TERM=term == "no-term",
        CLASSES__NO_SUCH_CLASS=any(_no_class(m, class_id) for class_id in covered),
        CLASSES__OUTSIDE_YEAR=not m.in_year(on),
    )
    attempt.then = lambda: m.resolutions.update({key: made})
    return attempt


@move
def repeal_resolution(m: Plain, r: Random) -> Attempt:
    key = some(r, sorted(m.resolutions), "no-resolution")
    reason = r.choice(("błąd", "błąd", " "))
    command = councils.RepealResolution(year_id=m.named("y"), resolution_id=key, reason=reason)
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR, units=())
    known = m.resolutions.get(key)
    if known is None:
        attempt.faults = {"COUNCILS.NO_SUCH_RESOLUTION"}
    elif known["repealed"]:
        attempt.facts = 0
    else:
        attempt.faults = told(LESSONS__REASON_MISSING=not reason.strip())
        attempt.then = lambda: known.update(repealed=True)
    return attempt
