"""How is a class register written down?

As bytes that are already canonical (dziennik.archive.canonical), section by section, never as a tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dziennik.archive import writing_grades, writing_lessons, writing_people, writing_school
from dziennik.archive.canonical import Tag, encode
from dziennik.archive.formats import FORMAT, NAMESPACE
from dziennik.archive.legend import legend
from dziennik.archive.page import Page
from dziennik.archive.register import ClassRegister

ROOT = Tag("class-register")


def write(register: ClassRegister, out: BinaryIO) -> None:
    """Write the document: UTF-8, canonical, without a final newline.

    Raises UnwritableText, when part of it may already be in `out`.
    """
    page = Page(register)
    # Canonical XML puts a namespace declaration before all attributes.
    begun = ROOT.block(class_=register.class_id, cut_off=str(register.cut_off), format=str(FORMAT))
    out.write(encode(begun.replace(" ", f' xmlns="{NAMESPACE}" ', 1)))
    out.writelines(encode("".join(section)) for section in _sections(page))
    out.write(encode(ROOT.end.rstrip("\n")))


def _sections(page: Page) -> Iterator[Iterator[str]]:
    yield writing_school.school(page)
    yield writing_school.year(page)
    yield writing_school.class_unit(page)
    yield writing_school.rules(page)
    yield writing_school.subjects(page)
    yield writing_people.pupils(page)
    yield writing_school.groups(page)
    yield writing_school.teaching(page)
    yield writing_school.timetables(page)
    yield writing_lessons.lessons(page)
    yield writing_lessons.attendance(page)
    yield writing_grades.columns(page)
    yield writing_grades.grades(page)
    # Whom these must hold is known only now.
    yield writing_people.people(page)
    yield iter((page.authors(),))
    yield legend()
