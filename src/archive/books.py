"""How is everything that is no class register written down: hours, corrections, other registers?

As a book: streams of entries one after the other, each entry by its own shape (dziennik.archive.elements),
and at the end whom the entries name and who made them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO, Final

from dziennik.archive.canonical import Tag, encode
from dziennik.archive.elements import element
from dziennik.archive.entries import PEOPLE
from dziennik.archive.page import Page
from dziennik.archive.register import ClassRegister, Person
from dziennik.archive.writing_people import people as people_table
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.people import PersonRegistered, PersonRenamed

NAMESPACE: Final = "urn:dziennik:book:1"
NAMED: Final = (
    *PEOPLE,
    "pupil_id",
    "sender_id",
    "reader_id",
    "opened_by",
    "withdrawn_by",
    "reported_by",
    "instead_id",
    "payer_id",
)
# Fields with the ids of several people.
NAMED_LISTS: Final = ("recipient_ids", "member_ids", "joined_ids", "left_ids")

_CHANGING: Final = ("_corrected", "_struck_out", "_changed", "_withdrawn", "_cancelled")

BOOK, PART = Tag("book"), Tag("part")


def write_book(
    kind: str,
    year_id: str,
    cut_off: int,
    parts: Mapping[str, Sequence[Recorded]],
    people: Iterable[Recorded],
    out: BinaryIO,
) -> None:
    """Write the book: entries by stream, in the order given. `people`: the facts of those who are named."""
    register = ClassRegister(class_id="", cut_off=cut_off)
    for each in people:
        if isinstance(each.fact, PersonRegistered | PersonRenamed) and each.position <= cut_off:
            register.people.setdefault(each.fact.person_id, Person()).names.append(each)
    page = Page(register)
    begun = BOOK.block(cut_off=str(cut_off), format="1", kind=kind, year=year_id)
    out.write(encode(begun.replace(" ", f' xmlns="{NAMESPACE}" ', 1)))
    for stream, entries in parts.items():
        if entries:
            lines = [_entry(page, each) for each in entries]
            out.write(encode(PART.block(stream=stream) + "".join(lines) + PART.end))
    out.write(encode("".join(people_table(page)) + page.authors()))
    out.write(encode(BOOK.end.rstrip("\n")))


def _entry(page: Page, each: Recorded) -> str:
    for name in NAMED:
        if person := getattr(each.fact, name, None):
            page.tell(person)
    for name in NAMED_LISTS:
        for person in getattr(each.fact, name, ()):
            page.tell(person)
    return element(each.fact, page.by(each))


def is_correction(each: Recorded) -> bool:
    """What changes or strikes out an earlier entry, asks about one, or permits to."""
    context, name, _ = each.fact.fact_name.split(".")
    return (
        context == "disputes"
        or name == "correction_permitted"
        or (name != "lesson_cancelled" and name.endswith(_CHANGING))
    )
