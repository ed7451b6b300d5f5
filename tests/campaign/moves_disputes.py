"""Moves of families: a question about an entry, the answer, and what is decided."""

from __future__ import annotations

from random import Random

from dziennik.contracts import disputes as d
from tests.campaign.moves import TEACHING, Attempt, actor, move, of, often, some, told
from tests.campaign.moves_grades import some_grade
from tests.campaign.plain import Plain, Thing

FAMILY = ("parent", "pupil")


@often
def ask(m: Plain, r: Random) -> Attempt:
    class_id, subject, who, grade = some_grade(m, r)
    text = r.choice(("Dlaczego?", "Dlaczego?", " "))
    key = m.fresh("dispute")
    command = d.AskAboutEntry(
        dispute_id=key, class_id=class_id, pupil_id=who, text=text, subject_id=subject,
        grade_id=grade["id"] if grade else "no-grade",
    )  # fmt: skip
    parents = [right["parent"] for right in m.rights if right["pupil"] == who]
    giver = actor(m, r, who if who in m.people else None, *parents)
    attempt = Attempt(command, giver, FAMILY, units=None)
    theirs = giver[1] == who if giver[0] == "pupil" else m.is_parent(giver[1], who)
    attempt.faults = told(
        DISPUTES__NOT_YOUR_ENTRY=not theirs,
        CLASSES__NO_SUCH_CLASS=not m.is_class(class_id),
        COMMAND__TEXT_MISSING=not text.strip(),
        GRADES__NO_SUCH_GRADE=grade is None,
    )
    teacher = grade["teacher"] if grade else None
    made: Thing = {"by": giver[1], "teacher": teacher, "over": False, "outcome": None, "answers": []}
    attempt.then = lambda: m.disputes.update({(class_id, key): made})
    return attempt


def _some(m: Plain, r: Random) -> tuple[str, str, Thing | None]:
    key = some(r, sorted(m.disputes), (r.choice(sorted(m.units)), "no-dispute"))
    return *key, m.disputes.get(key)


def _open(attempt: Attempt, found: Thing | None) -> bool:
    if found is None:
        attempt.faults = {"DISPUTES.NO_SUCH_DISPUTE"}
    elif found["over"]:
        attempt.faults = {"DISPUTES.DISPUTE_IS_OVER"}
    return not attempt.faults


def _stranger(m: Plain, attempt: Attempt, class_id: str, found: Thing) -> set[str]:
    role, who = attempt.actor
    known = (found["teacher"], m.homeroom(class_id, m.today))
    return told(DISPUTES__NOT_YOURS_TO_ANSWER=role == "teacher" and who not in known)


@often
def answer(m: Plain, r: Random) -> Attempt:
    class_id, key, found = _some(m, r)
    text = r.choice(("Bo tak wynika ze sprawdzianu.", " "))
    giver = actor(m, r, of(found, "teacher"), m.homeroom(class_id, m.today), "d")
    attempt = Attempt(
        d.AnswerQuestion(class_id=class_id, dispute_id=key, text=text), giver, TEACHING, units=None
    )
    if _open(attempt, found) and found:
        attempt.faults = _stranger(m, attempt, class_id, found) | told(COMMAND__TEXT_MISSING=not text.strip())
        attempt.then = lambda: found["answers"].append(text)
    return attempt


@move
def withdraw(m: Plain, r: Random) -> Attempt:
    class_id, key, found = _some(m, r)
    giver = actor(m, r, of(found, "by"))
    attempt = Attempt(d.WithdrawQuestion(class_id=class_id, dispute_id=key), giver, FAMILY, units=None)
    if _open(attempt, found) and found:
        attempt.faults = told(DISPUTES__NOT_YOUR_ENTRY=giver[1] != found["by"])
        attempt.then = lambda: found.update(over=True)
    return attempt


@often
def decide(m: Plain, r: Random) -> Attempt:
    class_id, key, found = _some(m, r)
    text, outcome = r.choice(("Ocena zostaje.", " ")), r.choice(tuple(d.DisputeOutcome))
    giver = actor(m, r, of(found, "teacher"), m.homeroom(class_id, m.today), "d")
    command = d.DecideDispute(class_id=class_id, dispute_id=key, outcome=outcome, text=text)
    attempt = Attempt(command, giver, TEACHING, units=None)
    if _open(attempt, found) and found:
        attempt.faults = _stranger(m, attempt, class_id, found) | told(COMMAND__TEXT_MISSING=not text.strip())
        attempt.then = lambda: found.update(over=True, outcome=outcome.value)
    return attempt
