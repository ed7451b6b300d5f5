"""How does a class register read from the first page to the last?"""

from __future__ import annotations

from collections.abc import Mapping

from dziennik.archive.legend import WORDS
from dziennik.archive.readable import Names, Readable, Section, Table, day
from dziennik.archive.reading_entries import further
from dziennik.archive.reading_grades import columns, corrections, grades
from dziennik.archive.reading_lessons import attendance, lessons
from dziennik.archive.reading_people import people, teaching
from dziennik.archive.register import ClassRegister, told
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.school import SchoolFounded, SchoolRenamed


def read(register: ClassRegister, found: Mapping[str, list[Recorded]], *, limits: bool = True) -> Readable:
    """The document; `found` are the further entries by context (dziennik.archive.entries).

    `limits`: of parents' rights; archives of format 1 do not tell them.
    """
    names = Names(register, found.get("movement", ()))
    school = told(register.school.names[-1], SchoolFounded, SchoolRenamed).name
    year = register.school.year
    lines = [
        school,
        f"Rok szkolny {year.name} ({day(year.starts)} – {day(year.ends)})" if year else "",
        f"Według zapisów do pozycji {register.cut_off} włącznie.",
    ]
    sections = [
        *people(register, names, limits=limits),
        *teaching(register, names),
        lessons(register, names),
        *attendance(register, names),
        grades(register, names),
        columns(register),
        corrections(register, names),
        *further(found, names),
        _legend(),
    ]
    return Readable(f"Dziennik lekcyjny oddziału {register.name()}", lines, sections)


def _legend() -> Section:
    rows = [(code, polish, english) for _, code, polish, english in WORDS]
    table = Table("Kody z pliku XML", ("Kod", "Po polsku", "In English"), rows, (2, 4, 4))
    return Section("legenda", "Legenda", tables=[table])
