"""How does a school's part of a file become what the register should hold?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dziennik.contracts.values import GradingRules
from dziennik.imports.oneroster.faults import Faults
from dziennik.imports.oneroster.homes import Homes, taught_classes
from dziennik.imports.oneroster.marks import Marks
from dziennik.imports.oneroster.persons import want_people
from dziennik.imports.oneroster.picture import Picture
from dziennik.imports.oneroster.rows import CategoryRow, CourseRow
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.teaching import want_teaching
from dziennik.imports.oneroster.wanted import Subject, Wanted, Year
from dziennik.imports.oneroster.years import Calendar


def likely_units(part: Slice) -> set[str]:
    """Ids under which the register may hold units this file speaks of; to be looked up."""
    calendar = Calendar(part, Picture())
    taught = taught_classes(part, calendar, Faults())
    return {*Homes(part, taught).units, *(part.ids.group(class_id) for class_id in taught)}


def wish(
    part: Slice,
    picture: Picture,
    rules_of: Mapping[str, GradingRules],
    usual: GradingRules,
    today: date,
    faults: Faults,
) -> Wanted:
    """What the register should hold. `rules_of` are the grading rules by year, `usual` those of
    a year that is still to be opened."""
    org = part.org
    wanted = Wanted(org.name, org.identifier or org.name)
    wanted.place = part.place("orgs", part.ids.of("orgs", org.sourced_id))
    calendar = Calendar(part, picture)
    wanted.years = {year.year_id: year for year in calendar.years.values()}
    for category_id, category in sorted(part.tables["categories"].items()):
        if isinstance(category, CategoryRow):
            wanted.categories[category_id] = category
    _want_subjects(part, picture, wanted)
    taught = taught_classes(part, calendar, faults)
    default = min((year.starts for year in wanted.years.values()), default=today)
    want_people(part, taught, picture, wanted, default)
    homes = Homes(part, taught)
    for stay in homes.stays():
        wanted.stays[stay.unit_id, stay.pupil_id] = stay
    assignments = want_teaching(part, taught, homes, picture, wanted)
    wanted.units = dict(sorted(homes.units.items()))
    marks = Marks(part, picture, wanted, _rules(wanted.years, rules_of, usual), faults)
    marks.want_columns(taught, assignments)
    marks.want_grades(taught, homes)
    marks.want_new_maxima()
    return wanted


def _rules(
    years: Mapping[str, Year], rules_of: Mapping[str, GradingRules], usual: GradingRules
) -> dict[str, GradingRules]:
    return {year_id: rules_of.get(year_id, usual) for year_id in years}


def _want_subjects(part: Slice, picture: Picture, wanted: Wanted) -> None:
    """Courses are subjects. One the register has under the same name already is that one."""
    by_name = {seen.now[0].casefold(): key for key, seen in sorted(picture.subjects.items()) if seen.now}
    for course_id, row in sorted(part.tables["courses"].items()):
        if not isinstance(row, CourseRow):
            continue
        short = row.code or row.title
        place = part.place("courses", course_id)
        known = by_name.get(row.title.casefold())
        if course_id in picture.subjects or known is None:
            wanted.subjects[course_id] = Subject(course_id, row.title, short, place)
        else:
            wanted.subjects[course_id] = Subject(known, row.title, short, place, own=False)
