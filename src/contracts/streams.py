"""What are the streams called?

Names are hierarchical, so that everything of a class-year is one range of the index
(``year/{class}/``). Ids in names are never personal data. Collation is "C".
"""

from __future__ import annotations

import re
from datetime import date

from dziennik.contracts.values import (
    ColumnId,
    LessonId,
    PersonId,
    SubjectId,
    UnitId,
    YearId,
)

SCHOOL = "school"
ACCOUNTS = "accounts"  # the school's rules of accounts
PRIVACY = "privacy"  # how long personal data are kept

# Ids may stand in stream names, so they hold no slash and nothing that needs escaping.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z")


def person(person_id: PersonId) -> str:
    return f"person/{person_id}"


def access(person_id: PersonId) -> str:
    """How a person is let in: one-time codes, blocks."""
    return f"access/{person_id}"


def unit(unit_id: UnitId) -> str:
    """The register of a class or interclass group: who is in it, who teaches it."""
    return f"year/{unit_id}/register"


def lesson(unit_id: UnitId, lesson_id: LessonId) -> str:
    return f"year/{unit_id}/lesson/{lesson_id}"


def column(unit_id: UnitId, column_id: ColumnId) -> str:
    return f"year/{unit_id}/column/{column_id}"


def grades(class_id: UnitId, subject_id: SubjectId, pupil_id: PersonId) -> str:
    return f"year/{class_id}/grades/{subject_id}/{pupil_id}"


def classification(unit_id: UnitId) -> str:
    """How the unit's year ended: promotions, its closed register, permitted corrections."""
    return f"year/{unit_id}/classification"


def closed_year(year_id: YearId) -> str:
    """What the director permitted to be corrected in a closed year beside what belongs to a unit."""
    return f"closed/{year_id}"


def unit_calendar(unit_id: UnitId) -> str:
    """What is announced to a class or interclass group, and its lessons that are changed for a day."""
    return f"year/{unit_id}/calendar"


def school_calendar(year_id: YearId) -> str:
    """The whole school's calendar of a year: rules, free and changed days, what is announced to all."""
    return f"calendar/{year_id}"


def calendar_feed(feed_id: str) -> str:
    """A calendar feed: for whom it was issued, and that it was revoked."""
    return f"feed/{feed_id}"


BOARD = "board"  # how the notice board is kept


def announcement(announcement_id: str) -> str:
    """An announcement on the notice board: what it says, for whom, and that it was taken down."""
    return f"board/{announcement_id}"


def reading(announcement_id: str, person_id: PersonId) -> str:
    """That one person confirmed having read an announcement."""
    return f"board/{announcement_id}/read/{person_id}"


def notifications(person_id: PersonId) -> str:
    """How a person wants to be notified."""
    return f"notifications/{person_id}"


def behaviour(class_id: UnitId, pupil_id: PersonId) -> str:
    """A pupil's notes and behaviour grades in a class."""
    return f"year/{class_id}/behaviour/{pupil_id}"


def absences(class_id: UnitId) -> str:
    """Announced absences, trips, exemptions and excuses of a class's pupils."""
    return f"year/{class_id}/absences"


def councils(year_id: YearId) -> str:
    """What the teachers' council resolved in a school year."""
    return f"councils/{year_id}"


def curriculum_plan(plan_id: str) -> str:
    """A curriculum plan: its items, and what became of it."""
    return f"curriculum/{plan_id}"


def unit_curriculum(unit_id: UnitId) -> str:
    """Which plans the teaching assignments of a class or interclass group follow."""
    return f"year/{unit_id}/curriculum"


def finals(class_id: UnitId) -> str:
    """Subjects that end in the class, and final grades that its pupils bring from earlier years."""
    return f"year/{class_id}/finals"


def descriptive(class_id: UnitId, pupil_id: PersonId) -> str:
    """A pupil's descriptive assessments in a class."""
    return f"year/{class_id}/descriptive/{pupil_id}"


def staff(year_id: YearId, teacher_id: PersonId) -> str:
    """A teacher's additional hours in a school year."""
    return f"staff/{year_id}/{teacher_id}"


def dispute(class_id: UnitId, dispute_id: str) -> str:
    """A question about an entry of a pupil of the class."""
    return f"year/{class_id}/dispute/{dispute_id}"


def earlier_grades(class_id: UnitId, pupil_id: PersonId) -> str:
    """What a pupil of the class brought from another school."""
    return f"year/{class_id}/earlier/{pupil_id}"


def earlier_grades_rule(year_id: YearId) -> str:
    """How grades of other schools count in a school year."""
    return f"earlier/{year_id}"


def stays(unit_id: UnitId, on: date, pupil_id: PersonId) -> str:
    """A child's stays of one day in day care or preschool."""
    return f"year/{unit_id}/stay/{on.isoformat()}.{pupil_id}"


def collectors(unit_id: UnitId, pupil_id: PersonId) -> str:
    """Who may collect a child from day care or preschool."""
    return f"year/{unit_id}/collectors/{pupil_id}"


def studies(class_id: UnitId, pupil_id: PersonId) -> str:
    """A pupil's individual organisation of study."""
    return f"year/{class_id}/study/{pupil_id}"


def register_details(unit_id: UnitId) -> str:
    """What another register than a class's plans, arranges and opens to auditors."""
    return f"year/{unit_id}/details"


def counselling(unit_id: UnitId, entry_id: str) -> str:
    """One entry of a pedagogue's register."""
    return f"year/{unit_id}/counselling/{entry_id}"


CARD_STOCK = "cards/stock"

ENTITLEMENT = "commerce/entitlement"  # what was agreed for this school
AGREEMENT = "commerce/agreement"  # the school's contract
LOYALTY = "commerce/loyalty"  # rewards and points
OFFERS = "offers"  # the provider's price lists and catalogue
BANK = "bank"  # the provider's bank account: its statements
INVOICES = "invoices"  # who sells


def purchase(order_id: str) -> str:
    """An order: what was paid for it, what took effect."""
    return f"purchase/{order_id}"


def bundle(bundle_id: str) -> str:
    """A bundle and its approvals."""
    return f"bundle/{bundle_id}"


def invoices(year: int) -> str:
    """The numbers of a year's invoices."""
    return f"invoices/{year}"


def statement(statement_id: str) -> str:
    """The payments of a bank statement."""
    return f"bank/{statement_id}"


def card(card_id: str) -> str:
    """A card on paper: issued, read, decided, applied."""
    return f"card/{card_id}"


def scan(scan_id: str) -> str:
    """A scan of cards, named by its digest."""
    return f"scan/{scan_id}"


def archives(year_id: YearId) -> str:
    """The editions of a school year's archive, their signatures, and who fetched them."""
    return f"archive/{year_id}"


def imported(import_id: str) -> str:
    """What one import brought. Ids are UUIDv7: these streams lie in the order of time."""
    return f"import/{import_id}"


def push_devices(person_id: PersonId) -> str:
    """The browsers that a person is told of things in."""
    return f"devices/{person_id}"


MESSAGE_RULES = "messages/rules"


def recipient_group(group_id: str) -> str:
    """A group of the school's own to which one can write."""
    return f"messages/group/{group_id}"


def thread(thread_id: str) -> str:
    """What was written in a thread, and what became of it."""
    return f"thread/{thread_id}"


def mailbox(person_id: PersonId) -> str:
    """How a person wants to be reached: away, quiet hours."""
    return f"mailbox/{person_id}"


def read_in(person_id: PersonId, thread_id: str) -> str:
    """What a person read of a thread: its receipts, where those of others do not get in their way."""
    return f"mailbox/{person_id}/{thread_id}"


# What only those may see who wrote it or to whom it was written: prefixes of streams.
CORRESPONDENCE = ("thread/", "mailbox/")


def class_year(unit_id: UnitId) -> str:
    """The prefix of all streams of a class-year."""
    return f"year/{unit_id}/"


def mandates(auditor_id: PersonId) -> str:
    """What the director let an auditor look at."""
    return f"mandates/{auditor_id}"


def looks(school_id: str) -> str:
    """The prefix of what auditors (and who opens closed registers) of a school asked for."""
    return f"looks/{school_id}/"


def unit_of(stream: str) -> UnitId | None:
    """The unit that owns a stream, or None for the school's and persons'."""
    head, _, rest = stream.partition("/")
    return rest.partition("/")[0] if head == "year" else None
