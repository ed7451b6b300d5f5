"""Do the read models of plans, of the pedagogue and of the next year tell what the plain model says?"""

from __future__ import annotations

from datetime import timedelta

from dziennik.contracts.lessons import lesson_id
from dziennik.projections import absences, counselling, curriculum, day_plans, structure
from dziennik.projections.rows import View
from tests.campaign.plain import Both, Plain


def planned(view: View, m: Plain) -> Both:
    """Curriculum plans as they stand, and which assignment follows which."""
    found = {
        one.plan_id: (
            one.name,
            one.subject_id,
            one.author_id,
            [(item.item_id, item.topic, item.hours) for item in one.items],
            {item.item_id for item in one.dropped},
            one.withdrawn,
        )
        for one in curriculum.plans(view, m.named("y"))
    }
    known = {
        key: (
            one["name"],
            one["subject"],
            one["author"],
            one["items"],
            one["known"] - {item for item, _, _ in one["items"]},
            one["withdrawn"],
        )
        for key, one in m.plans.items()
    }
    following = {
        (unit_id, key): plan
        for unit_id in m.units
        for key, plan in curriculum.followed(view, unit_id).items()
    }
    return (found, following), (known, m.followed)


def talks(view: View, m: Plain) -> Both:
    """The pedagogue's entries, and what of them families may read."""
    register = m.named("P")
    found = {
        one.entry_id: (one.author_id, one.pupil_id, one.on, one.text, one.struck_out is not None, one.shared)
        for one in counselling.of_register(view, register, m.starts, m.ends)
    }
    told_to = {one.entry_id for who in m.people for one in counselling.shared_about(view, who)}
    words = ("by", "about", "on", "text", "struck", "shared")
    known = {key: tuple(one[word] for word in words) for key, one in m.talks.items()}
    shown = {key for key, one in m.talks.items() if one["shared"] and not one["struck"]}
    return (found, told_to), (known, shown)


def away_for_the_school(view: View, m: Plain) -> Both:
    """Trips with who is still away, and exemptions as they stand."""
    trips = {
        (one.class_id, one.absence_id): (set(one.pupils), set(one.away))
        for one in absences.school_absences(view, m.classes())
    }
    exempt = {
        (one.class_id, one.exemption_id): (one.pupil_id, one.subject_id, one.since, one.until, one.mode.value)
        for class_id in m.classes()
        for one in absences.exemptions(view, class_id=class_id)
    }
    known = {key: (set(one["pupils"]), set(one["pupils"]) - set(one["back"])) for key, one in m.trips.items()}
    words = ("pupil", "subject", "since", "until", "mode")
    return (trips, exempt), (known, {key: tuple(one[w] for w in words) for key, one in m.exempt.items()})


def gone_on(view: View, m: Plain) -> Both:
    """The classes of the next year: level, homeroom teacher, numbered pupils."""
    found = {}
    for one in structure.units(view, m.named("next")):
        tutor = structure.homeroom(view, one.unit_id, m.next_starts)
        pupils = structure.pupils(view, one.unit_id, m.next_starts)
        found[one.unit_id] = (
            one.level,
            tutor.teacher_id if tutor else None,
            sorted((place.number, place.pupil_id) for place in pupils),
        )
    known = {
        key: (
            one["level"],
            one["tutor"],
            sorted((place["number"], place["pupil"]) for place in one["places"]),
        )
        for key, one in m.classes_next.items()
    }
    return found, known


def expected(view: View, m: Plain) -> Both:
    """The lessons that are expected around today; cancelled ones are not."""
    first, last = m.today - timedelta(days=4), m.today + timedelta(days=7)
    units = [unit_id for unit_id in sorted(m.units) if "kind" not in m.units[unit_id]]
    found = {
        (unit_id, plan.on): {(lesson.period, lesson.assignment_id) for lesson in plan.expected}
        for unit_id in units
        for plan in day_plans.plans_of_unit(view, unit_id, first, last)
    }
    known = {
        (unit_id, on): {
            (period, key)
            for period, key in m.planned(unit_id, on)
            if (m.lessons.get((unit_id, lesson_id(on, period, key))) or {}).get("cancelled") is None
        }
        for unit_id, on in found
    }
    return found, known
