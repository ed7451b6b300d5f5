"""Moves of time and of the year's end: days pass, promotions, closed registers, the closed year, permits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from dziennik.contracts import classification as k
from dziennik.contracts import school
from tests.campaign.moves import DIRECTOR, TEACHING, Attempt, actor, class_of, move, often, told, unit
from tests.campaign.plain import Plain, rounded


@move
def days_pass(m: Plain, r: Random) -> None:
    """No command: it is later. Seldom, the last lessons are over at once."""
    later = m.today + timedelta(days=r.choice((1, 1, 2, 3, 7, 14)))
    if r.random() < 0.2:
        later = m.last_day + timedelta(days=r.randint(0, 5))
    if m.today < later <= m.ends:
        m.today = later


def _no_class(m: Plain, class_id: str) -> bool:
    return not m.is_class(class_id)


def _finals(m: Plain, class_id: str, who: str) -> dict[str, str | None]:
    """The annual grades that the pupil has or needs, by subject.

    Needed in a subject that somebody of the pupils asked about is graded in, if the pupil is taught it on
    the last day of lessons or has any grade in it.
    """
    graded = {s for (c, s, p), book in m.books.items() if c == class_id and book}
    taught = {
        one["subject"]
        for one in m.units[class_id]["taught"].values()
        if one["since"] <= m.last_day
        and (one["until"] is None or m.last_day <= one["until"])
        and (one["group"] is None or m.in_group(class_id, one["group"], who, m.last_day))
    }
    found: dict[str, str | None] = {}
    for subject in sorted(graded):
        book = m.books.get((class_id, subject, who), [])
        final = [one["value"] for one in book if one["kind"] == "annual_final" and not one["struck"]]
        if final or subject in taught or book:
            found[subject] = final[-1] if final else None
    return found


def _outcome(m: Plain, class_id: str, who: str, asked: list[str]) -> tuple[str | None, bool, bool]:
    """(what the grades give, whether grades are missing, whether it may be conditional)."""
    finals = _of_asked(m, class_id, who, asked)
    marks = [value for value in finals.values() if value is not None]
    missing = any(value is None for value in finals.values())
    failing, unclassified = marks.count("1"), marks.count("nkl")
    numbers = [Decimal(value) for value in marks if value.isdigit()]
    average = rounded(sum(numbers, Decimal(0)) / len(numbers), "0.01") if numbers else None
    conditional = not missing and not unclassified and failing == 1
    if missing or not finals:
        return None, missing, conditional
    if failing or unclassified:
        return "repeats", False, conditional
    conduct = m.conduct.get((class_id, who), {}).get(("annual_final", None))
    honours = average is not None and average >= Decimal("4.75") and conduct in ("wz", "bdb")
    last = m.units[class_id]["level"] >= 8
    verb = "finished" if last else "promoted"
    return f"{verb}_with_honours" if honours else verb, False, conditional


def _of_asked(m: Plain, class_id: str, who: str, asked: list[str]) -> dict[str, str | None]:
    """As `_finals`, but graded is what one of those asked about has grades in."""
    graded = {s for (c, s, p), book in m.books.items() if c == class_id and book and p in asked}
    return {subject: value for subject, value in _finals(m, class_id, who).items() if subject in graded}


@often
def decide_promotions(m: Plain, r: Random) -> Attempt:
    class_id = class_of(m, r)
    pupils = [] if _no_class(m, class_id) else m.taught(class_id, None, m.last_day)
    chosen = pupils if r.random() < 0.5 else [who for who in pupils if r.random() < 0.8]
    if r.random() < 0.05:
        chosen = [*chosen, "nobody"]
    asked = [who for who in chosen if who in pupils]
    decisions, faults, new = [], set(), []
    for who in chosen:
        wanted, missing, conditional = (
            _outcome(m, class_id, who, asked) if who in pupils else (None, False, False)
        )
        outcome, reason = wanted or "repeats", r.choice((None, "uchwała", " "))
        if r.random() < 0.2:
            outcome = r.choice([one.value for one in k.Outcome])
        decisions.append(k.PromotionDecision(pupil_id=who, outcome=k.Outcome(outcome), reason=reason))
        earlier, given = m.decided.get((class_id, who), []), bool((reason or "").strip())
        allowed = outcome == (wanted or "repeats") or (outcome == "promoted_conditionally" and conditional)
        if who not in pupils:
            faults.add("CLASSES.NOT_ENROLLED")
        elif missing:
            faults.add("CLASSIFICATION.FINALS_MISSING")
        elif not earlier or earlier[-1] != outcome:
            faults |= told(
                CLASSIFICATION__OUTCOME_DIFFERS=not allowed and not given,
                LESSONS__REASON_MISSING=allowed and bool(earlier) and not given,
            )
            new.append((who, outcome))
    tutor = None if _no_class(m, class_id) else m.homeroom(class_id, m.today)
    giver = actor(m, r, tutor, "d")
    attempt = Attempt(
        k.DecidePromotions(class_id=class_id, decisions=tuple(decisions)), giver, TEACHING, units=(class_id,)
    )
    if _no_class(m, class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    attempt.faults = faults | told(
        CLASSIFICATION__NOT_HOMEROOM_TEACHER=giver[0] == "teacher" and giver[1] != tutor
    )
    attempt.facts = len(new)

    def then() -> None:
        for who, outcome in new:
            m.decided.setdefault((class_id, who), []).append(outcome)

    attempt.then = then
    return attempt


def gaps(m: Plain, class_id: str) -> int:
    """How much a class's register still lacks: annual grades, behaviour grades, decisions, answers."""
    pupils = m.taught(class_id, None, m.last_day)
    lacking = 0
    for who in pupils:
        finals = _of_asked(m, class_id, who, pupils)
        lacking += sum(value is None for value in finals.values())
        lacking += ("annual_final", None) not in m.conduct.get((class_id, who), {})
        lacking += (class_id, who) not in m.decided
    disputed = [one for (where, _), one in m.disputes.items() if where == class_id]
    lacking += sum(not one["over"] and not one["answers"] for one in disputed)
    return lacking + sum(one["outcome"] is None for (where, _), one in m.excuses.items() if where == class_id)


@move
def close_register(m: Plain, r: Random) -> Attempt:
    class_id, reason = class_of(m, r), r.choice((None, "uczniowie w szpitalu", " "))
    tutor = None if _no_class(m, class_id) else m.homeroom(class_id, m.today)
    giver = actor(m, r, tutor, "d")
    attempt = Attempt(k.CloseRegister(class_id=class_id, reason=reason), giver, TEACHING, units=(class_id,))
    if _no_class(m, class_id):
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    attempt.faults = told(CLASSIFICATION__NOT_HOMEROOM_TEACHER=giver[0] == "teacher" and giver[1] != tutor)
    if class_id in m.shut:
        attempt.facts = 0
        return attempt
    attempt.faults |= told(
        CLASSIFICATION__YEAR_NOT_OVER=m.today < m.last_day,
        CLASSIFICATION__REGISTER_INCOMPLETE=gaps(m, class_id) > 0 and not (reason or "").strip(),
    )
    attempt.then = lambda: m.shut.add(class_id)
    return attempt


@move
def close_year(m: Plain, r: Random) -> Attempt:
    classes = m.classes()
    if r.random() < 0.1:
        classes.append(unit(m, r, odd=0.5))
    command = school.CloseSchoolYear(year_id=m.named("y"), class_ids=tuple(classes))
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR, units=None)
    if m.closed:
        attempt.facts = 0
        return attempt
    attempt.faults = told(
        CLASSIFICATION__YEAR_NOT_OVER=m.today < m.last_day,
        CLASSES__NO_SUCH_CLASS="nowhere" in classes,
        CLASSIFICATION__REGISTER_OPEN=any(one not in m.shut for one in classes if one != "nowhere"),
    )

    def then() -> None:
        m.closed = True

    attempt.then = then
    return attempt


def ending(m: Plain) -> Iterator[Attempt]:
    """The year is over: the director closes its registers, whatever they lack, and the year."""
    m.today = max(m.today, m.last_day)
    classes = m.classes()
    for class_id in classes:
        command = k.CloseRegister(class_id=class_id, reason="koniec roku")
        there = class_id in m.shut
        yield Attempt(
            command, ("director", "d"), DIRECTOR, units=(class_id,), facts=0 if there else 1,
            then=partial(m.shut.add, class_id),
        )  # fmt: skip
    closing = school.CloseSchoolYear(year_id=m.named("y"), class_ids=tuple(classes))

    def then() -> None:
        m.closed = True

    yield Attempt(closing, ("director", "d"), DIRECTOR, units=None, facts=0 if m.closed else 1, then=then)


@often
def permit_correction(m: Plain, r: Random) -> Attempt:
    unit_id, who = unit(m, r), r.choice(("t1", "t2", "d"))
    until: date = m.today + timedelta(days=r.choice((0, 3, 10, -1)))
    reason = r.choice(("egzamin", "egzamin", " "))
    command = k.PermitCorrection(
        permit_id=m.fresh("permit"), unit_id=unit_id, person_id=who, until=until, what="ocena",
        reason=reason, legal_basis="art. 44n",
    )  # fmt: skip
    attempt = Attempt(command, actor(m, r, "d"), DIRECTOR, units=None)
    if unit_id not in m.units:
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
        return attempt
    attempt.faults = told(
        CLASSIFICATION__YEAR_NOT_CLOSED=not m.closed,
        LESSONS__REASON_MISSING=not reason.strip(),
        SCHOOL__DATES_REVERSED=until < m.today,
    )
    attempt.then = lambda: m.permits.append({"unit": unit_id, "who": who, "until": until})
    return attempt
