"""Do the journal, the read models and the plain model tell the same?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dziennik.app import System
from dziennik.projections import (
    absences,
    attendance,
    behaviour,
    calendar,
    classification,
    councils,
    disputes,
    gradebook,
    lesson_journal,
    staff_hours,
    structure,
)
from dziennik.projections.model import ReadModel
from dziennik.projections.models import MODELS
from dziennik.projections.rebuild import folded
from dziennik.projections.rows import MemoryRows, Span, View
from tests.campaign import comparing_plans
from tests.campaign.plain import Both, Plain, covers


class Witness:
    """Follows one school's journal for itself and compares after every year."""

    def __init__(self, system: System, school_id: str) -> None:
        self._system = system
        self._journal = system.journals.school(school_id)
        self._seen = 0
        self._versions: dict[str, int] = {}
        self._rows = {model: MemoryRows() for model in MODELS}
        self._concerned: set[ReadModel] = set()

    def agrees(self, m: Plain) -> None:
        """Raises AssertionError on the first thing that two of them tell otherwise.

        Read models that nothing new concerns are compared when the school ends (`rebuilt`).
        """
        self._journal_is_whole(m)
        with self._system.read_models.view(self._journal.school_id) as view:
            for model in self._concerned:
                settled = self._rows[model]
                model.settle(settled)
                _same(view, settled, model)
            told(view, m)

    def _journal_is_whole(self, m: Plain) -> None:
        """Positions follow one another, versions of each stream too; there are as many facts as were told."""
        first = self._seen
        self._concerned.clear()
        while facts := self._journal.read(self._seen):
            for recorded in facts:
                self._seen += 1
                assert recorded.position == self._seen, (recorded.position, self._seen)
                version = self._versions[recorded.stream] = self._versions.get(recorded.stream, 0) + 1
                assert recorded.version == version, recorded
            for model, rows in self._rows.items():
                model.fold(rows, facts)
                if any(type(recorded.fact) in model.handlers for recorded in facts):
                    self._concerned.add(model)
        assert self._journal.position() == self._seen
        if first:  # the first year's come after the founding
            assert self._seen - first == m.facts, (self._seen - first, m.facts)

    def rebuilt(self) -> None:
        """The read models as they are, against all of the journal folded anew."""
        with self._system.read_models.view(self._journal.school_id) as view:
            for model in MODELS:
                _same(view, folded(self._journal, model, self._seen), model)


def _same(view: View, rows: View, model: ReadModel) -> None:
    for table in model.tables:
        live, rebuilt = view.find(table.row), rows.find(table.row)
        assert live == rebuilt, (table.name, [one for one in live if one not in rebuilt], rebuilt)


def told(view: View, m: Plain) -> None:
    """What pages show, against the plain model."""
    for check in CHECKS:
        found, known = check(view, m)
        assert found == known, (check.__name__, found, known)


def rolls(view: View, m: Plain) -> Both:
    """Who is in each class today, under which number; who in each group."""
    classes = m.classes()
    found = {
        class_id: sorted((p.number, p.pupil_id) for p in structure.pupils(view, class_id, m.today))
        for class_id in classes
    }
    known = {
        class_id: sorted((p["number"], p["pupil"]) for p in m.units[class_id]["places"] if covers(p, m.today))
        for class_id in classes
    }
    groups = {g: members for unit in m.units.values() for g, members in unit["groups"].items()}
    found |= {g: sorted((0, one.pupil_id) for one in structure.members(view, g, m.today)) for g in groups}
    known |= {g: sorted((0, one["pupil"]) for one in ms if covers(one, m.today)) for g, ms in groups.items()}
    return found, known


def tutors(view: View, m: Plain) -> Both:
    """Homeroom teachers of today."""
    classes = m.classes()
    appointed = {class_id: structure.homeroom(view, class_id, m.today) for class_id in classes}
    found = {class_id: one.teacher_id if one else None for class_id, one in appointed.items()}
    return found, {class_id: m.homeroom(class_id, m.today) for class_id in classes}


def lessons(view: View, m: Plain) -> Both:
    """Each lesson: held or not, topic, signature, cancellation."""
    found = {
        (unit_id, one.lesson_id): (one.topic, one.signed_by, one.state.value == "cancelled", one.asked)
        for unit_id in m.units
        for one in lesson_journal.of_unit(view, unit_id, m.starts, m.ends)
    }
    known = {
        key: (one["topic"], one["signed"], one["cancelled"] is not None, _length(one["asked"]))
        for key, one in m.lessons.items()
    }
    return found, known


def _length(asked: list[str] | None) -> int | None:
    return None if asked is None else len(asked)


def presence(view: View, m: Plain) -> Both:
    """How often each pupil was what, and the percentage."""
    found, known = {}, {}
    for who, role in m.people.items():
        if role == "pupil":
            percent = attendance.percentage(view, who, m.named("y"))
            counts: dict[str, dict[str, int]] = {}
            for count in attendance.counts_of_pupil(view, who, m.named("y")):
                kinds = counts.setdefault(count.subject_id, {})
                for kind, times in attendance.total([count]).items():
                    if times:
                        kinds[kind.value] = kinds.get(kind.value, 0) + times
            found[who] = (percent.value if percent else None, counts)
            known[who] = (m.attendance(who), m.kinds(who))
    return found, known


def grades(view: View, m: Plain) -> Both:
    """Each grade as it stands, and the averages."""
    classes = m.classes()
    found = {
        (cell.class_id, cell.subject_id, cell.pupil_id): (
            cell.average_value,
            sorted((one.id, one.kind.lower(), one.value, one.struck_out is not None) for one in cell.grades),
        )
        for class_id in classes
        for cell in gradebook.class_cells(view, class_id)
    }
    known = {
        place: (
            m.average(*place),
            sorted((one["id"], one["kind"], one["value"], one["struck"]) for one in book),
        )
        for place, book in m.books.items()
        if book
    }
    return found, known


def columns(view: View, m: Plain) -> Both:
    """Headings, and what is not shown yet."""
    found = {
        (unit_id, one.column_id): (one.title, one.category_id, one.weight, one.on, one.out_of)
        for unit_id in m.units
        for one in gradebook.columns_of(view, unit_id)
    }
    known = {
        key: (one["title"], one["category"], one["weight"], one["on"], one["out_of"])
        for key, one in m.columns.items()
    }
    hidden = {key for _, key in m.columns} & gradebook.hidden_columns(view, m.today)
    later = {key for (_, key), one in m.columns.items() if one["publish"] and one["publish"] > m.today}
    return (found, hidden), (known, later)


def conduct(view: View, m: Plain) -> Both:
    """Notes, points by term, and behaviour grades."""
    rules = behaviour.rules_of(view, m.named("y"))
    year = view.get(structure.Year, m.named("y"))
    terms = year.terms if year else ()
    found: dict[Any, Any] = {}
    for class_id in m.units:
        for row in behaviour.of_class(view, class_id):
            reckoned = behaviour.points_of(row.notes, rules, terms, m.ends)
            found[class_id, row.pupil_id] = (
                sorted(
                    (n.id, n.says.on, n.says.text, n.says.points, n.struck_out is not None) for n in row.notes
                ),
                {p.term_id: p.points for p in reckoned if p.term_id},
                {(g.kind.value, g.term_id): g.mark for g in row.grades if g.struck_out is None},
            )
    known = {
        place: (
            sorted(
                (key, n["on"], n["text"], n["points"], n["struck"])
                for key, n in m.notes.get(place, {}).items()
            ),
            {term: m.points(*place, term) for term in m.terms},
            m.conduct.get(place, {}),
        )
        for place in {*m.notes, *m.conduct}
    }
    return found, known


def entries(view: View, m: Plain) -> Both:
    """What is announced, and the days without school."""
    found = {
        (unit_id, one.entry_id): (one.title, one.on, one.state.value == "cancelled")
        for unit_id in (*m.units, calendar.WHOLE_SCHOOL)
        for one in calendar.entries(view, unit_id, m.starts, m.ends)
        if one.year_id == m.named("y")
    }
    known = {
        (unit_id or calendar.WHOLE_SCHOOL, key): (
            one["title"].strip(),
            one["on"],
            one["cancelled"] is not None,
        )
        for (unit_id, key), one in m.entries.items()
    }
    free = sorted(one.free_id for one in calendar.free_days(view, m.named("y")))
    return (found, free), (known, sorted(key for key, one in m.free.items() if not one["withdrawn"]))


def year_end(view: View, m: Plain) -> Both:
    """Promotions, closed registers, the closed year, permits, resolutions."""
    classes = m.classes()
    decided = {
        (class_id, who): [*[one.value for one in row.earlier], row.outcome.value]
        for class_id in classes
        for who, row in classification.promotions(view, class_id).items()
    }
    shut = {class_id for class_id in classes if classification.closed_register(view, class_id)}
    closed = classification.closed_year(view, m.named("y")) is not None
    permits = sum(len(classification.permits(view, unit_id)) for unit_id in m.units)
    resolved = {
        one.resolution_id: one.repealed_at is not None for one in councils.of_year(view, m.named("y"))
    }
    known = {key: one["repealed"] for key, one in m.resolutions.items()}
    return (decided, shut, closed, permits, resolved), (m.decided, m.shut, m.closed, len(m.permits), known)


def questions(view: View, m: Plain) -> Both:
    """What families asked, what was answered and decided."""
    found = {
        (class_id, one.dispute_id): (
            one.asked_by,
            one.over,
            one.outcome and one.outcome.value,
            len(one.answers),
        )
        for class_id in m.units
        for one in disputes.of_class(view, class_id)
    }
    known = {
        key: (one["by"], one["over"], one["outcome"], len(one["answers"])) for key, one in m.disputes.items()
    }
    return found, known


def away(view: View, m: Plain) -> Both:
    """What families announced and handed in, and what became of it."""
    found = {
        (one.class_id, one.excuse_id): one.state.value
        for class_id in m.classes()
        for one in absences.excuses_of_class(view, class_id)
    }
    announced = {
        (one.class_id, one.announcement_id): one.withdrawn is not None
        for class_id in m.classes()
        for one in absences.announcements(view, class_id=class_id)
    }
    known = {key: one["outcome"] or "open" for key, one in m.excuses.items()}
    return (found, announced), (known, {key: one["withdrawn"] for key, one in m.announced.items()})


def extra_hours(view: View, m: Plain) -> Both:
    """Additional hours as they stand, and what of them counts by teacher and kind."""
    year = Span(m.starts, m.ends)
    found = {
        (one.teacher_id, one.hours_id): (one.kind_id, one.on, one.hours, one.state.value)
        for one in staff_hours.hours_of(view, m.named("y"), year)
    }
    counted: dict[tuple[str, str], Decimal] = {}
    for one in staff_hours.sums(view, m.named("y"), year):
        if one.kind_id != "substitution":
            key = (one.teacher_id, one.kind_id)
            counted[key] = counted.get(key, Decimal(0)) + one.hours
    confirmed: dict[tuple[str, str], Decimal] = {}
    for (teacher, _), hours in m.hours.items():
        key = (teacher, hours["kind"])
        counts = hours["hours"] if hours["state"] == "confirmed" else Decimal(0)
        confirmed[key] = confirmed.get(key, Decimal(0)) + counts
    known = {key: (one["kind"], one["on"], one["hours"], one["state"]) for key, one in m.hours.items()}
    return (found, counted), (known, confirmed)


CHECKS = (
    comparing_plans.away_for_the_school,
    comparing_plans.expected,
    comparing_plans.gone_on,
    comparing_plans.planned,
    comparing_plans.talks,
    away,
    extra_hours,
    rolls,
    tutors,
    lessons,
    presence,
    grades,
    columns,
    conduct,
    entries,
    year_end,
    questions,
)
