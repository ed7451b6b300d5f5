"""How is a class register written down, in each version of the format?

As bytes that are already canonical (dziennik.archive.canonical), section by section, never as a tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from dziennik.archive import entries, writing_grades, writing_lessons, writing_people, writing_school
from dziennik.archive.canonical import Tag, encode
from dziennik.archive.formats import namespace
from dziennik.archive.legend import legend
from dziennik.archive.page import Page
from dziennik.archive.register import ClassRegister
from dziennik.contracts.envelope import Recorded

ROOT = Tag("class-register")


def write(register: ClassRegister, out: BinaryIO) -> None:
    """Write the document in format 1: UTF-8, canonical, without a final newline.

    Raises UnwritableText, when part of it may already be in `out`.
    """
    _write(register, out, 1, {})


def write_2(
    register: ClassRegister,
    further: Mapping[str, list[Recorded]],
    out: BinaryIO,
    *,
    limits: bool = True,
) -> None:
    """The same in format 2: with all `further` entries, by context (dziennik.archive.entries).

    `limits`: of parents' rights; archives of format 1 do not tell them.
    """
    _write(register, out, 2, further, limits=limits)


def _write(
    register: ClassRegister,
    out: BinaryIO,
    version: int,
    further: Mapping[str, list[Recorded]],
    *,
    limits: bool = False,
) -> None:
    page = Page(register)
    # Canonical XML puts a namespace declaration before all attributes.
    begun = ROOT.block(class_=register.class_id, cut_off=str(register.cut_off), format=str(version))
    out.write(encode(begun.replace(" ", f' xmlns="{namespace(version)}" ', 1)))
    out.writelines(encode("".join(section)) for section in _sections(page, further, limits))
    out.write(encode(ROOT.end.rstrip("\n")))


def _sections(page: Page, further: Mapping[str, list[Recorded]], limits: bool) -> Iterator[Iterator[str]]:
    yield writing_school.school(page)
    yield writing_school.year(page)
    yield writing_school.class_unit(page)
    yield writing_school.rules(page)
    yield writing_school.subjects(page)
    yield writing_people.pupils(page, limits=limits)
    yield writing_school.groups(page)
    yield writing_school.teaching(page)
    yield writing_school.timetables(page)
    yield writing_lessons.lessons(page)
    yield writing_lessons.attendance(page)
    yield writing_grades.columns(page)
    yield writing_grades.grades(page)
    if further:
        yield entries.sections(page, further)
    # Whom these must hold is known only now.
    yield writing_people.people(page)
    yield iter((page.authors(),))
    yield legend()
