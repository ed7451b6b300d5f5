"""Lists that a council and an office work with: a class's classification, the year's promotions.

Unlike statistics they name pupils. One shape for all: a table with headings, shown as it is or as CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.names import polish_sort_key
from dziennik.domain.policies.year_average import Rules
from dziennik.projections import behaviour, classification, gradebook, people, structure, year_results
from dziennik.projections.rows import View
from dziennik.statistics.csv_text import BOM, safe
from dziennik.statistics.statistic import Text, mean, written
from dziennik.statistics.years import OUTCOMES, UNDECIDED

NUMBER, PUPIL = Text("Nr", "No."), Text("Uczeń", "Pupil")
CLASS, BEHAVIOUR = Text("Oddział", "Class"), Text("Zachowanie", "Behaviour")
AVERAGE, OUTCOME = Text("Średnia", "Average"), Text("Wynik", "Outcome")


class Listing(msgspec.Struct, frozen=True):
    """A table: as many cells a row as there are headings; an empty cell where nothing is known."""

    title: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


def csv_of_listing(listing: Listing, language: str, *, bom: bool = False) -> str:
    """The table as CSV (RFC 4180); no cell begins with what a spreadsheet would run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (listing.head, *listing.rows):
        writer.writerow([safe(cell.told(language)) for cell in row])
    return (BOM if bom else "") + out.getvalue()


def classified(view: View, unit: structure.Unit, term_id: str | None) -> Listing:
    """The class's final grades of a term, or of the year (None), with behaviour and average.

    In the year, what was decided too. Pupils of the last day of the term or of lessons, by number.
    """
    year = view.get(structure.Year, unit.year_id)
    rules = year_results.rules_of_class(view, unit.unit_id)
    title = Text(f"Klasyfikacja {unit.name}", f"Classification of {unit.name}")
    if year is None or rules is None:
        return Listing(title, (NUMBER, PUPIL), ())
    day = next(
        (term.ends for term in year.terms if term.term_id == term_id), year_results.last_day(rules, year)
    )
    kind = GradeKind.ANNUAL_FINAL if term_id is None else GradeKind.TERM_FINAL
    finals = _finals(view, unit, rules, kind, term_id)
    names = {one.subject_id: one.name for one in structure.subjects(view)}
    graded = {subject for _, subject in finals}
    subjects = sorted(graded, key=lambda key: polish_sort_key(names.get(key) or key))
    head = [NUMBER, PUPIL, *[_same(names.get(one, one)) for one in subjects], BEHAVIOUR, AVERAGE]
    marks = {row.pupil_id: row for row in behaviour.of_class(view, unit.unit_id)}
    decided = classification.promotions(view, unit.unit_id)
    places = structure.pupils(view, unit.unit_id, day)
    called = _names(view, [place.pupil_id for place in places])
    rows = []
    for place in places:
        written = [finals.get((place.pupil_id, subject)) for subject in subjects]
        behaved = marks[place.pupil_id].standing(kind, term_id) if place.pupil_id in marks else None
        row = [_same(str(place.number)), _same(called[place.pupil_id])]
        row += [_same(mark or "") for mark in written]
        row += [_same(behaved.mark if behaved else ""), _number(_mean(written, rules))]
        if term_id is None:
            row.append(_outcome(decided.get(place.pupil_id)))
        rows.append(tuple(row))
    return Listing(title, (*head, OUTCOME) if term_id is None else tuple(head), tuple(rows))


def promoted(view: View, year_id: str) -> Listing:
    """What was decided about each pupil of the year's classes, class by class."""
    title = Text("Lista promocji", "List of promotions")
    units = sorted(structure.units(view, year_id), key=lambda one: (one.sort_key, one.unit_id))
    by_class = {unit.unit_id: classification.promotions(view, unit.unit_id) for unit in units}
    called = _names(view, sorted({pupil for decided in by_class.values() for pupil in decided}))
    rows = []
    for unit in units:
        decided = by_class[unit.unit_id]
        places = {p.pupil_id: p.number for p in structure.pupils(view, unit.unit_id)}
        for pupil_id in sorted(decided, key=lambda key: (places.get(key, 0), key)):
            row = decided[pupil_id]
            told = (unit.name, str(places.get(pupil_id, "")), called[pupil_id])
            cells = [*map(_same, told), _number(row.average), _same(row.behaviour or ""), _outcome(row)]
            rows.append(tuple(cells))
    return Listing(title, (CLASS, NUMBER, PUPIL, AVERAGE, BEHAVIOUR, OUTCOME), tuple(rows))


def _finals(
    view: View, unit: structure.Unit, rules: Rules, kind: GradeKind, term_id: str | None
) -> dict[tuple[str, str], str]:
    """The grade as written by (pupil, subject)."""
    found = year_results.results(gradebook.class_cells(view, unit.unit_id), rules)
    return {
        (result.pupil_id, result.subject_id): each.grade.value
        for result in found
        for each in result.grades
        if each.kind is kind and each.term_id == term_id
    }


def _mean(written: Iterable[str | None], rules: Rules) -> Decimal | None:
    values = {step.mark: step.value for step in rules.grading.scale}
    numbers: Sequence[Decimal] = [values[mark] for mark in written if mark in values]
    return mean(numbers)


def _names(view: View, pupil_ids: Sequence[str]) -> dict[str, str]:
    """What pupils are called in lists, all for one question; the id of who is not known."""
    known = people.persons(view, pupil_ids)
    found = {key: f"{who.family_name} {who.given_names}" for key, who in known.items()}
    return {pupil_id: found.get(pupil_id, pupil_id) for pupil_id in pupil_ids}


def _outcome(row: classification.PromotionRow | None) -> Text:
    return OUTCOMES[row.outcome] if row else UNDECIDED


def _same(text: str) -> Text:
    return Text(text, text)


def _number(value: Decimal | None) -> Text:
    return _same("") if value is None else Text(written(value, "pl"), written(value, "en"))
