"""How do cards get from the register to the printer? Made out, drawn, issued: in that order, all or none.

Paper that cannot be drawn takes nothing from the stock. Whoever asks again with the same key gets the cards
of the first time.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count

import msgspec

from dziennik.application.register import Accepted, Register
from dziennik.contracts.card_printing import NOTHING_TO_PRINT
from dziennik.contracts.cards import IssueCards
from dziennik.contracts.envelope import Actor
from dziennik.contracts.refusals import Refusal
from dziennik.domain.cards import card
from dziennik.omr.identity import NUMBER_BITS, Identity
from dziennik.omr.layouts import Paper
from dziennik.projections.rows import View
from dziennik.scanning.making import Made, grade_cards, lesson_cards, random_number

MOST_DAYS = 14


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Cards for a column, or for the lessons of these days; `period`: at one hour, `teacher_id`: of that
    teacher alone.
    """

    class_id: str
    days: tuple[date, ...] = ()
    period: int | None = None
    column_id: str | None = None
    teacher_id: str | None = None
    paper: Paper = Paper.A4


class Drawn(msgspec.Struct, frozen=True):
    """Cards that were issued, and their paper as PDF.

    `unprintable`: by card the numbers of pupils in whose names a letter is missing on the paper.
    """

    card_ids: tuple[str, ...]
    content: bytes
    outcome: Accepted
    unprintable: Mapping[str, Sequence[int]]


def draw_and_issue(
    register: Register,
    view: View,
    key: bytes,
    wanted: Wanted,
    *,
    actor: Actor,
    command_id: str | None = None,
    number: Callable[[], int] = random_number,
    keep: Callable[[bytes], object] | None = None,
) -> Drawn | Refusal:
    """Cards in the order of days and hours. Faults of drawing raise, and nothing is issued then.

    `keep` gets the paper before: where it cannot be kept, and raises, nothing is issued either.
    """
    from dziennik.omr.printing import print_cards, unprintable  # the PDF library: only when asked for

    made = list(made_out(view, key, wanted, number))
    if not made:
        return NOTHING_TO_PRINT(field="column_id" if wanted.column_id else "days")
    content = print_cards([one.printed for one in made], two_on_a_sheet=wanted.paper is Paper.A5)
    if keep:
        keep(content)
    command = IssueCards(cards=tuple(one.new for one in made))
    outcome = register.execute(command, actor=actor, command_id=command_id)
    if isinstance(outcome, Refusal):
        return outcome
    broken = {one.new.card_id: unprintable(one.printed) for one in made}
    return Drawn(
        tuple(one.new.card_id for one in made),
        content,
        outcome,
        {card_id: numbers for card_id, numbers in broken.items() if numbers},
    )


def made_out(
    view: View, key: bytes, wanted: Wanted, number: Callable[[], int] = random_number
) -> Iterator[Made]:
    """The cards before they are issued; none where there is nothing to print."""
    if wanted.column_id is not None:
        yield from grade_cards(view, wanted.class_id, wanted.column_id, wanted.paper, key, number)
        return
    yield from lesson_cards(
        view,
        wanted.class_id,
        wanted.days,
        wanted.paper,
        key,
        number,
        period=wanted.period,
        teacher_id=wanted.teacher_id,
    )


def numbers_under(key: bytes, said: str) -> Iterator[int]:
    """Numbers of cards that are asked for under an idempotency key: the same again, and nobody's guess."""
    for at in count():
        digest = hmac.digest(key, f"cards asked for/{said}/{at}".encode(), "sha256")
        yield int.from_bytes(digest[: NUMBER_BITS // 8], "big")


def issued_under(register: Register, key: bytes, said: str) -> tuple[str, ...]:
    """Ids of the cards that were issued under an idempotency key already."""
    found: list[str] = []
    for number in numbers_under(key, said):
        card_id = Identity(0, number, 0).card_id
        if register.state(card(card_id)).issued is None:
            return tuple(found)
        found.append(card_id)
    return tuple(found)
