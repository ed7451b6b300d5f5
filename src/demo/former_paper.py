"""What was written and printed in the school of former years: letters to parents, and cards.

Each September the teacher writes to the parents of the class; Ala's mother reads it and answers, Bartek's
father never opens anything. A letter to the wrong people is taken back. Each October a card is printed, one
is spoilt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dziennik.contracts import cards
from dziennik.contracts import message_commands as letters
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.messages import Audience, AudienceKind

TEACHER: Final = ("nauczycielka", Role.TEACHER)
MOTHER: Final = ("mama-ali", Role.PARENT)
FIRST: Final = 2013


@dataclass(frozen=True, slots=True)
class Doing:
    """What a person did in a role on a day."""

    on: date
    person: str
    role: Role
    what: Command


def written(year: int) -> Iterator[Doing]:
    """The year's letters."""
    on, class_id, key = date(year, 9, 16), f"klasa-{year}", f"list-{year}"
    parents = (Audience(kind=AudienceKind.CLASS_PARENTS, target_id=class_id),)
    first = letters.SendMessage(
        thread_id=key,
        message_id=f"{key}-1",
        subject="Zebranie",
        body="Zapraszam na zebranie we wtorek o 17.30.",
        audiences=parents,
    )
    yield Doing(on, *TEACHER, first)
    yield Doing(on, *MOTHER, letters.MarkMessagesRead(thread_id=key, message_ids=(f"{key}-1",)))
    answer = letters.ReplyToMessage(
        thread_id=key, message_id=f"{key}-2", reply_to=f"{key}-1", body="Dziękuję, będę."
    )
    yield Doing(on, *MOTHER, answer)
    yield Doing(on, *TEACHER, letters.MarkMessagesRead(thread_id=key, message_ids=(f"{key}-2",)))
    if year == FIRST:
        wrong = letters.SendMessage(
            thread_id="pomylka",
            message_id="pomylka-1",
            subject="Lista",
            body="Przesyłam listę, o którą Pani prosiła.",
            audiences=parents,
        )
        yield Doing(on, *TEACHER, wrong)
        yield Doing(on, *TEACHER, letters.WithdrawMessage(thread_id="pomylka", message_id="pomylka-1"))


def printed(year: int, pupils: tuple[str, ...]) -> Iterator[Doing]:
    """A card for a lesson of the class; in the first year one is spoilt, and another one made out."""
    on, class_id = date(year, 10, 7), f"klasa-{year}"
    lines = tuple(
        cards.CardLine(line=number, number=number, pupil_id=pupil, class_id=class_id)
        for number, pupil in enumerate(pupils, 1)
    )
    lesson = cards.CardLesson(unit_id=class_id, assignment_id=f"mat-{year}", on=on, period=2)
    names = ("A", "B") if year == FIRST else ("A",)
    for name in names:
        new = cards.NewCard(
            card_id=f"{year}-DEM{name}",
            layout=1,
            kind=cards.CardKind.LESSONS,
            unit_id=class_id,
            lines=lines,
            lessons=(lesson,),
        )
        yield Doing(on, *TEACHER, cards.IssueCards(cards=(new,)))
    if year == FIRST:
        spoilt = cards.SpoilCards(card_ids=(f"{year}-DEMA",), reason="zacięty papier")
        yield Doing(on, "dyrektor", Role.DIRECTOR, spoilt)
