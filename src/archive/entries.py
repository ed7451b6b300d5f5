"""Which further entries belong to a class register, beyond those that its own sections hold?

Everything that was recorded in the class's streams and in those of its interclass groups; of the school's and
the year's streams what concerns this class. Grouped by context, in the order in which it was recorded. What
concerns pupils of other classes only is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dziennik.archive.elements import element
from dziennik.archive.page import Page
from dziennik.archive.register import ClassRegister
from dziennik.contracts import streams
from dziennik.contracts.envelope import Recorded

# Contexts with a section of format 2, in the order of the document.
CONTEXTS: Final = (
    "school",
    "movement",
    "classification",
    "behaviour",
    "absences",
    "attendance",
    "lessons",
    "grades",
    "studies",
    "earlier_grades",
    "finals",
    "descriptive",
    "curriculum",
    "calendar",
    "councils",
    "disputes",
)
# Fields that hold the id of somebody whom the document must name.
PEOPLE: Final = (
    "teacher_id",
    "instead_of",
    "author_id",
    "asked_by",
    "parent_id",
    "person_id",
    "announced_by",
    "submitted_by",
    "auditor_id",
)


def further_entries(
    recorded: Iterable[Recorded], register: ClassRegister, handled: Iterable[type]
) -> dict[str, list[Recorded]]:
    """By context; `handled` facts stand in sections of their own already."""
    units = {register.class_id, *register.groups}
    year_id = register.school.year.year_id if register.school.year else ""
    done = set(handled)
    found: dict[str, list[Recorded]] = {context: [] for context in CONTEXTS}
    for each in sorted(recorded, key=lambda one: one.position):
        context = each.fact.fact_name.partition(".")[0]
        if type(each.fact) in done or context not in found or each.position > register.cut_off:
            continue
        if _concerns(each, units, year_id, register.enrolments):
            found[context].append(each)
    return found


def _concerns(each: Recorded, units: set[str], year_id: str, pupils: Mapping[str, object]) -> bool:
    fact = each.fact
    unit = streams.unit_of(each.stream)
    if unit is not None:
        pupil = getattr(fact, "pupil_id", None)
        return unit in units and (pupil is None or pupil in pupils)
    if getattr(fact, "year_id", None) != year_id:
        return False
    named = getattr(fact, "class_ids", ())
    return not named or bool(units & set(named))


def sections(page: Page, found: Mapping[str, list[Recorded]]) -> Iterator[str]:
    """The entries as elements; whom they name is told at the end of the document."""
    yield "<entries>\n"
    for context, entries in found.items():
        if not entries:
            continue
        yield f'<context name="{context}">\n'
        for each in entries:
            for name in PEOPLE:
                if person := getattr(each.fact, name, None):
                    page.tell(person)
            yield element(each.fact, page.by(each))
        yield "</context>\n"
    yield "</entries>\n"
