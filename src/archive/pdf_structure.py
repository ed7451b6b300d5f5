"""How is it told in a PDF what is a heading, a table, a cell? (PDF Reference 1.4, 9.6 and 9.7)

A tree of elements beside the pages; each leaf names marked contents of a page, and a tree of numbers leads
back from there. `Scope` of a table's headings is of PDF 1.5: readers of 1.4 pass over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from dziennik.archive.pdf_layout import Pages, Tag


class Objects(Protocol):
    """The numbered objects of a file."""

    def add(self, content: str, /) -> int: ...

    def reserve(self) -> int: ...

    def fill(self, number: int, content: str, /) -> None: ...


def write_structure(file: Objects, made: Pages, pages: Sequence[int]) -> str:
    """Write the structure; what the catalog says of it. Nothing where pages are not tagged.

    `pages`: their objects; each page's StructParents is its number from 0.
    """
    if made.structure is None:
        return ""
    root = file.reserve()
    # Reserved from the top down, so that an element stands before what it consists of.
    numbers = {id(tag): file.reserve() for tag in _every(made.structure)}
    _write(file, made.structure, root, numbers, pages)
    parents = []
    for number, page in enumerate(made.pages):
        of_marks = " ".join(f"{numbers[id(tag)]} 0 R" for tag in page.marked)
        parents.append(f"{number} [{of_marks}]")
    tree = file.add(f"<< /Nums [{' '.join(parents)}] >>")
    document = numbers[id(made.structure)]
    file.fill(
        root,
        f"<< /Type /StructTreeRoot /K {document} 0 R /ParentTree {tree} 0 R "
        f"/ParentTreeNextKey {len(pages)} >>",
    )
    return f"/MarkInfo << /Marked true >> /StructTreeRoot {root} 0 R "


def _every(tag: Tag) -> Iterator[Tag]:
    yield tag
    for child in tag.children:
        yield from _every(child)


def _write(file: Objects, tag: Tag, parent: int, numbers: dict[int, int], pages: Sequence[int]) -> None:
    number = numbers[id(tag)]
    kids = [f"{numbers[id(child)]} 0 R" for child in tag.children]
    on = tag.marks[0][0] if tag.marks else None
    for page, mark in tag.marks:
        whole = f"<< /Type /MCR /Pg {pages[page]} 0 R /MCID {mark} >>"
        kids.append(str(mark) if page == on else whole)
    where = "" if on is None else f" /Pg {pages[on]} 0 R"
    scope = "" if tag.scope is None else f" /A << /O /Table /Scope /{tag.scope} >>"
    held = f" /K [{' '.join(kids)}]" if kids else ""
    file.fill(number, f"<< /S /{tag.kind} /P {parent} 0 R{where}{scope}{held} >>")
    for child in tag.children:
        _write(file, child, number, numbers, pages)
