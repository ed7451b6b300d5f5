"""Moves of whoever plans what is taught: plans drawn up, copied, revised, withdrawn; who follows which."""

from __future__ import annotations

from random import Random

from dziennik.contracts import curriculum as said
from tests.campaign.moves import (
    OFFICE,
    TEACHING,
    Attempt,
    actor,
    move,
    of,
    often,
    some,
    subject,
    teacher_of,
    teaching,
    told,
)
from tests.campaign.plain import SUBJECTS, TEACHERS, Plain, Thing

PLANNING = tuple({*OFFICE, *TEACHING})
# Ids of items are numbers in the order in which the plan came to know them.
Items = list[tuple[str, str, int]]  # (id, topic, hours)


def _entries(r: Random, kept: Items, next_id: int) -> tuple[tuple[said.ItemEntry, ...], Items, set[str]]:
    """(items as entered, what they become, what is wrong with them)."""
    entries, items, used = [], Items(), set[str]()
    faults: set[str] = set()
    chosen = [one for one in kept if r.random() < 0.8]
    r.shuffle(chosen)
    wanted: list[tuple[str | None, str, int]] = [
        (key, topic if r.random() < 0.7 else f"{topic}+", hours) for key, topic, hours in chosen
    ]
    wanted += [
        (None, r.choice(("Ułamki", "Procenty", "Pola")), r.randint(1, 4)) for _ in range(r.randint(0, 3))
    ]
    if r.random() < 0.1:
        wanted.append(r.choice(((None, " ", 1), (None, "Zero", 0), (None, "Dużo", 100), ("77", "Obca", 1))))
    if chosen and r.random() < 0.05:
        wanted.append((chosen[0][0], "Dwa razy", 1))
    for key, topic, hours in wanted:
        entries.append(said.ItemEntry(topic=topic, hours=hours, item_id=key))
        faults |= told(
            COMMAND__TEXT_MISSING=not topic.strip(),
            CURRICULUM__HOURS_OUT_OF_RANGE=not 1 <= hours <= 99,
            CURRICULUM__NO_SUCH_ITEM=key == "77",
            CURRICULUM__ITEM_TWICE=key in used,
        )
        next_id += key is None
        used.add(key or str(next_id))
        items.append((key or str(next_id), topic, hours))
    return tuple(entries), items, faults | told(CURRICULUM__PLAN_IS_EMPTY=not wanted)


def _author(attempt: Attempt) -> str | None:
    """A teacher's plan is their own, the office's the school's."""
    role, who = attempt.actor
    return who if role == "teacher" else None


def _known(items: Items) -> set[str]:
    return {key for key, _, _ in items}


@often
def draw_up(m: Plain, r: Random) -> Attempt:
    key, what = m.fresh("plan"), subject(r)
    entries, items, faults = _entries(r, [], 0)
    name = r.choice((*["Rozkład"] * 11, " "))
    command = said.DrawUpPlan(plan_id=key, year_id=m.named("y"), subject_id=what, name=name, items=entries)
    attempt = Attempt(command, actor(m, r, r.choice(TEACHERS), "d"), PLANNING)
    attempt.faults = faults | told(
        SCHOOL__NO_SUCH_SUBJECT=what not in SUBJECTS, COMMAND__TEXT_MISSING=not name.strip()
    )
    made = {
        "subject": what, "name": name, "author": _author(attempt), "items": items, "known": _known(items),
        "withdrawn": None,
    }  # fmt: skip
    attempt.then = lambda: m.plans.update({key: made})
    return attempt


@move
def copy(m: Plain, r: Random) -> Attempt:
    """A plan of this year or of the one before, for this year."""
    there = m.earlier_plans | m.plans
    source, key = some(r, sorted(there), "no-plan"), m.fresh("plan")
    found, name = there.get(source), r.choice((None, "Kopia", " "))
    command = said.CopyPlan(plan_id=key, from_plan_id=source, year_id=m.named("y"), name=name)
    attempt = Attempt(command, actor(m, r, r.choice(TEACHERS), "d"), PLANNING)
    attempt.faults = told(
        COMMAND__TEXT_MISSING=name is not None and not name.strip(), CURRICULUM__NO_SUCH_PLAN=found is None
    )
    if found is None:
        return attempt
    items = [(str(place), topic, hours) for place, (_, topic, hours) in enumerate(found["items"], 1)]
    made = {
        **found, "name": found["name"] if name is None else name, "author": _author(attempt), "items": items,
        "known": _known(items), "withdrawn": None,
    }  # fmt: skip
    attempt.then = lambda: m.plans.update({key: made})
    return attempt


def _some(m: Plain, r: Random) -> tuple[str, Thing | None]:
    key = some(r, sorted(m.plans), "no-plan")
    return key, m.plans.get(key)


def _giver(m: Plain, r: Random, found: Thing | None) -> tuple[str, str]:
    return actor(m, r, of(found, "author"), "d", "m")


def _stands(found: Thing | None) -> set[str]:
    if found is None:
        return {"CURRICULUM.NO_SUCH_PLAN"}
    return told(CURRICULUM__PLAN_WAS_WITHDRAWN=found["withdrawn"] is not None)


def _theirs(attempt: Attempt, found: Thing | None) -> bool:
    """Whether the asker may change the plan; teachers their own."""
    role, who = attempt.actor
    attempt.faults = _stands(found)
    if found and not attempt.faults:
        attempt.faults = told(CURRICULUM__NOT_YOUR_PLAN=role == "teacher" and who != found["author"])
    return not attempt.faults


@move
def rename(m: Plain, r: Random) -> Attempt:
    key, found = _some(m, r)
    name, seen = r.choice(("Rozkład", "Nowy", "Nowy", " ")), r.choice((None, None, "Rozkład", "Dawny"))
    command = said.RenamePlan(plan_id=key, name=name, seen=seen)
    attempt = Attempt(command, _giver(m, r, found), PLANNING)
    if not _theirs(attempt, found) or found is None:
        attempt.faults |= told(COMMAND__TEXT_MISSING=not name.strip())
        return attempt
    if name == found["name"]:
        attempt.facts = 0
        return attempt
    attempt.faults = told(
        COMMAND__TEXT_MISSING=not name.strip(), COMMAND__CHANGED_SINCE=seen not in (None, found["name"])
    )
    attempt.then = lambda: found.update(name=name)
    return attempt


@often
def revise(m: Plain, r: Random) -> Attempt:
    key, found = _some(m, r)
    kept = found["items"] if found else []
    known = found["known"] if found else set()
    entries, items, faults = _entries(r, kept, len(known))
    seen, stale = None, False
    if r.random() < 0.3:
        seen = tuple([said.ItemEntry(topic=topic, hours=hours, item_id=one) for one, topic, hours in kept])
        stale = r.random() < 0.4
        seen = seen[:-1] if stale else seen
    command = said.RevisePlan(plan_id=key, items=entries, seen=seen)
    attempt = Attempt(command, _giver(m, r, found), PLANNING)
    if not _theirs(attempt, found) or found is None:
        return attempt
    attempt.faults = faults
    if not faults and items == kept:
        attempt.facts = 0
    elif not faults:
        attempt.faults = told(COMMAND__CHANGED_SINCE=stale)
    attempt.then = lambda: found.update(items=items, known=known | _known(items))
    return attempt


@move
def withdraw(m: Plain, r: Random) -> Attempt:
    key, found = _some(m, r)
    reason = r.choice(("inny podręcznik", "inny podręcznik", " "))
    command = said.WithdrawPlan(plan_id=key, reason=reason)
    attempt = Attempt(command, _giver(m, r, found), PLANNING)
    if found and found["withdrawn"] == reason:
        attempt.facts = 0
    elif _theirs(attempt, found) and found:
        attempt.faults = told(LESSONS__REASON_MISSING=not reason.strip())
        attempt.then = lambda: found.update(withdrawn=reason)
    return attempt


def _of_assignment(m: Plain, attempt: Attempt, unit_id: str, key: str) -> bool:
    role, who = attempt.actor
    teacher = teacher_of(m, unit_id, key)
    if unit_id not in m.units:
        attempt.faults = {"CLASSES.NO_SUCH_CLASS"}
    elif teacher is None:
        attempt.faults = {"CLASSES.NO_SUCH_ASSIGNMENT"}
    else:
        attempt.faults = told(CURRICULUM__NOT_YOUR_ASSIGNMENT=role == "teacher" and who != teacher)
    return not attempt.faults


@often
def assign(m: Plain, r: Random) -> Attempt:
    unit_id, key = teaching(m, r)
    taught = m.units[unit_id]["taught"].get(key, {}).get("subject")
    fitting = [one for one, plan in sorted(m.plans.items()) if plan["subject"] == taught]
    known = [*sorted(m.plans), *sorted(m.earlier_plans)[:1]]
    plan_id = some(r, fitting if fitting and r.random() < 0.8 else known, "no-plan")
    found = m.plans.get(plan_id) or m.earlier_plans.get(plan_id)
    command = said.AssignPlan(unit_id=unit_id, assignment_id=key, plan_id=plan_id)
    attempt = Attempt(command, actor(m, r, teacher_of(m, unit_id, key), "d"), PLANNING, units=(unit_id,))
    if not _of_assignment(m, attempt, unit_id, key):
        return attempt
    attempt.faults = _stands(found)
    if found and not attempt.faults:
        attempt.faults = told(
            CURRICULUM__OTHER_SUBJECT=found["subject"] != taught,
            CURRICULUM__OTHER_YEAR=plan_id not in m.plans,
        )
    if not attempt.faults and m.followed.get((unit_id, key)) == plan_id:
        attempt.facts = 0
    attempt.then = lambda: m.followed.update({(unit_id, key): plan_id})
    return attempt


@move
def take_away(m: Plain, r: Random) -> Attempt:
    unit_id, key = r.choice(sorted(m.followed)) if m.followed and r.random() < 0.8 else teaching(m, r)
    reason = r.choice(("inna grupa", " "))
    command = said.TakePlanAway(unit_id=unit_id, assignment_id=key, reason=reason)
    attempt = Attempt(command, actor(m, r, teacher_of(m, unit_id, key), "d"), PLANNING, units=(unit_id,))
    if not _of_assignment(m, attempt, unit_id, key):
        return attempt
    if (unit_id, key) not in m.followed:
        attempt.facts = 0
        return attempt
    attempt.faults = told(LESSONS__REASON_MISSING=not reason.strip())

    def then() -> None:
        del m.followed[unit_id, key]

    attempt.then = then
    return attempt
