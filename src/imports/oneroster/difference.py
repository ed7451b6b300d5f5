"""Which commands lead from the register to what the file wants?

The order matters: first what others need, endings of stays before new ones, grades last.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts import school
from dziennik.contracts.values import GradingRules
from dziennik.imports.oneroster.categories import with_categories
from dziennik.imports.oneroster.difference_classes import plan_classes, plan_endings
from dziennik.imports.oneroster.difference_grades import plan_grades
from dziennik.imports.oneroster.difference_people import plan_people
from dziennik.imports.oneroster.picture import Picture
from dziennik.imports.oneroster.slices import Slice
from dziennik.imports.oneroster.steps import Effect, Plan, Step
from dziennik.imports.oneroster.wanted import Wanted, Year


def plan(part: Slice, wanted: Wanted, picture: Picture, usual: GradingRules, today: date) -> Plan:
    """The steps of one school; `usual` are the grading rules of a year that is opened."""
    made = Plan()
    _school(part, wanted, picture, made)
    for year in sorted(wanted.years.values(), key=lambda year: year.starts):
        _year(year, wanted, picture, usual, made)
    for subject_id in sorted({subject.subject_id for subject in wanted.subjects.values()}):
        _subject(subject_id, wanted, picture, made)
    plan_people(wanted, picture, today, made)
    plan_classes(wanted, picture, today, made)
    plan_grades(part, wanted, picture, made)
    plan_endings(part, wanted, picture, today, made)
    return made


def _school(part: Slice, wanted: Wanted, picture: Picture, made: Plan) -> None:
    name = (wanted.name, wanted.short_name)
    if picture.name.now is None:
        command = school.FoundSchool(school_id=part.school_id, name=name[0], short_name=name[1])
        made.add("schools", part.school_id, "created", command, place=wanted.place)
    elif picture.name.imported and picture.name.news(name):
        rename = school.RenameSchool(name=name[0], short_name=name[1])
        made.add("schools", part.school_id, "changed", rename, place=wanted.place)
    else:
        made.same("schools")


def _year(year: Year, wanted: Wanted, picture: Picture, usual: GradingRules, made: Plan) -> None:
    if year.year_id in picture.years:
        made.same("years")
        _terms(year, picture, made)
        _categories(year, wanted, picture, made)
        return
    rules, added, _ = with_categories(usual, wanted.categories, {}, replace=True)
    command = school.OpenSchoolYear(
        year_id=year.year_id,
        name=year.name,
        starts=year.starts,
        ends=year.ends,
        terms=year.terms,
        grading=rules,
    )
    counts = {"years": 1, "terms": len(year.terms), "categories": added}
    made.steps.append(Step(f"years:{year.year_id}", "created", (command,), counts, year.place))


def _terms(year: Year, picture: Picture, made: Plan) -> None:
    seen = picture.terms.get(year.year_id)
    if not year.own or seen is None or not seen.news(year.terms):
        made.same("terms", len(year.terms))
        return
    before = {term.term_id: term for term in seen.now or ()}
    fresh = sum(term.term_id not in before for term in year.terms)
    same = sum(before.get(term.term_id) == term for term in year.terms)
    command = school.SetTerms(year_id=year.year_id, terms=year.terms)
    counts = {"terms": max(1, len(year.terms) - same)}
    effect: Effect = "created" if fresh == counts["terms"] else "changed"
    made.same("terms", same)
    made.steps.append(Step(f"terms:{year.year_id}", effect, (command,), counts, year.place))


def _categories(year: Year, wanted: Wanted, picture: Picture, made: Plan) -> None:
    rules = picture.grading.get(year.year_id)
    if rules is None:
        return
    known = picture.categories.get(year.year_id, {})
    new_rules, added, changed = with_categories(rules, wanted.categories, known, replace=False)
    made.same("categories", len(wanted.categories) - added - changed)
    if added + changed:
        command = school.SetGradingRules(year_id=year.year_id, rules=new_rules)
        effect: Effect = "changed" if changed else "created"
        counts = {"categories": added + changed}
        made.steps.append(Step(f"categories:{year.year_id}", effect, (command,), counts, year.place))


def _subject(subject_id: str, wanted: Wanted, picture: Picture, made: Plan) -> None:
    of_this = [one for one in wanted.subjects.values() if one.subject_id == subject_id]
    subject = next((one for one in of_this if one.own), of_this[0])
    said = (subject.name, subject.short_name)
    seen = picture.subjects.get(subject_id)
    if seen is None:
        command = school.IntroduceSubject(subject_id=subject_id, name=said[0], short_name=said[1])
        made.add("subjects", subject_id, "created", command, place=subject.place)
    elif subject.own and seen.imported and seen.news(said):
        rename = school.RenameSubject(subject_id=subject_id, name=said[0], short_name=said[1])
        made.add("subjects", subject_id, "changed", rename, place=subject.place)
    else:
        made.same("subjects")
