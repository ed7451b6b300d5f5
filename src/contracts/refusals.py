"""How does the register say no?

A refusal is a value: an expected answer with a stable code, never an exception and never an
HTTP number. Faults (the database is gone, a stored fact does not decode) are exceptions and
are loud. Codes are ``CONTEXT.REASON`` and are part of the published contract; the texts that
people read live beside their code, in Polish and English, and may be reworded.

    Refusal
    |-- SCHOOL.*      structure, years, rules
    |-- PEOPLE.*      persons, parental rights
    |-- CLASSES.*     class units, groups, enrolment, assignments, timetable
    |-- LESSONS.*     lessons
    |-- ATTENDANCE.*  roll calls, marks
    |-- ABSENCES.*    announced absences, trips, exemptions, excuses
    |-- GRADES.*      columns and grades
    |-- CLASSIFICATION.*  the end of a year: promotion, closed registers
    |-- BEHAVIOUR.*   notes, behaviour grades
    |-- COUNCILS.*    resolutions
    |-- CALENDAR.*    announced entries, free and changed days, lessons moved, feeds
    |-- BOARD.*       announcements, their readers
    |-- NOTIFICATIONS.*  how somebody wants to be told
    |-- ATTACHMENTS.* files that come with entries
    |-- CURRICULUM.*  curriculum plans, their items, which assignment follows which
    |-- DESCRIPTIVE.* descriptive assessment of the first classes
    |-- FINALS.*      subjects that end, final grades of earlier years
    |-- STAFF.*       additional hours of teachers
    |-- MOVEMENT.*    pupils who change class, come, leave, repeat; register numbers
    |-- EARLIER_GRADES.*  grades of another school
    |-- STUDIES.*     individual organisation of study
    |-- STAYS.*       stays in day care and preschool, who collects a child
    |-- REGISTERS.*   other registers than a class's
    |-- COUNSELLING.* entries of a pedagogue's register
    |-- CARDS.*       cards on paper, their stock, their scans
    |-- ENTITLEMENT.*  what is free, what only with an extension
    |-- OFFERS.*      price lists, the catalogue of points
    |-- AGREEMENT.*   the school's contract
    |-- PURCHASES.*   orders, payments, extensions
    |-- BUNDLES.*     extensions sold with something else
    |-- LOYALTY.*     rewards and points
    |-- BANK.*        statements, payments that wait
    |-- INVOICES.*    who sells, numbers of invoices
    |-- ARCHIVES.*    editions of a year's archive, their signatures
    |-- MESSAGES.*    threads, recipients, receipts, reports, quiet hours
    |-- PRIVACY.*     how long personal data are kept, erasure
    |-- ACCESS.*      who may
    |-- ACCOUNTS.*    how a school lets its people in
    |-- COMMAND.*     the command itself: idempotency, conflicts, malformed input
    `-- IMPORT.*      files (codes listed in dziennik.imports)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter

import msgspec

TEXTS: dict[str, tuple[str, str]] = {}
# By a value's id what it is called, in Polish and English.
Words = Mapping[str, tuple[str, str]]
# By code and detail the words for the detail's values: the detail itself stays an id for programs.
WORDS: dict[str, Mapping[str, Words]] = {}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The entry that is in the way: what made it is the last fact of `stream` whose `field` is `value`.

    Without `field` the stream's last fact. `also`: a second field and its value, where one does not tell.
    """

    stream: str
    field: str | None = None
    value: str | None = None
    also: tuple[str, str | None] | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One coded no. `field` names the command's field at fault; `details` fill the text.

    A command for many pupils tells all that is wrong with it at once: the first fault, and the `others`.
    Whoever knows the journal adds to the details who made the entry `standing` in the way, and when.
    """

    code: str
    field: str | None = None
    details: dict[str, str] = {}
    others: tuple[Refusal, ...] = ()
    standing: Standing | None = None

    def text(self, language: str = "pl") -> str:
        """The sentence for a person, in Polish ("pl") or English (anything else)."""
        place = 0 if language == "pl" else 1
        details = dict(self.details)
        for name, words in WORDS.get(self.code, {}).items():
            if self.details.get(name) in words:
                details[name] = words[self.details[name]][place]
        return TEXTS[self.code][place].format_map(details)


def beside(refusal: Refusal, stream: str, field: str | None = None, value: str | None = None) -> Refusal:
    """The refusal with the entry that is in the way (see Standing)."""
    return msgspec.structs.replace(refusal, standing=Standing(stream=stream, field=field, value=value))


def together(refusals: Sequence[Refusal]) -> Refusal | None:
    """Several refusals as one; None when there are none."""
    return msgspec.structs.replace(refusals[0], others=tuple(refusals[1:])) if refusals else None


class Reason:
    """A refusal's code with its texts: call it to refuse.

    >>> NO_SUCH_PUPIL(pupil="p1", field="pupil_id")
    """

    def __init__(self, code: str, *, pl: str, en: str, words: Mapping[str, Words] | None = None) -> None:
        """`words`: for a detail, what its values are called."""
        if code in TEXTS:
            raise TypeError(f"refusal code {code!r} is taken")
        TEXTS[code] = (pl, en)
        if words:
            WORDS[code] = words
        self.code = code
        self._needs = {name for _, name, _, _ in Formatter().parse(pl + en) if name}

    def __call__(self, *, field: str | None = None, **details: object) -> Refusal:
        """Refuse. Raises TypeError when a detail that the texts need is missing."""
        missing = self._needs - details.keys()
        if missing:
            raise TypeError(f"{self.code} needs {sorted(missing)}")
        return Refusal(
            code=self.code, field=field, details={key: str(value) for key, value in details.items()}
        )
