"""What of a card may the asker see, and what decide and apply? Lesson by lesson, default deny (ADR 0184).

A teacher sees marks and doubts of own lessons alone; of the others only whether they are in the register.
A homeroom teacher sees of the class's cards how far they are, and all of a card once it is in the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from dziennik.contracts.cards import CardKind
from dziennik.contracts.envelope import Role
from dziennik.domain.policies.card_doubts import lesson_of
from dziennik.graphql.context import Context
from dziennik.graphql.who_may import MUTATIONS
from dziennik.projections import card_questions, structure
from dziennik.projections.cards import Card, LessonOnCard
from dziennik.projections.dated import in_force

WHOLE_SCHOOL = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR})


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """A card as somebody may see it.

    `seen`: numbers of the lessons whose marks are shown, None: everything. `acting`: in which role a lesson
    that is left may be decided and applied, by its number; `whole`: in which all that is left at once.
    """

    card: Card
    lessons: Sequence[LessonOnCard]
    seen: frozenset[int] | None
    acting: dict[int, Role]
    whole: Role | None
    concerns: bool  # whether it belongs in the asker's queue

    def shows(self, field: str) -> bool:
        """Whether the asker sees what the field says."""
        return self.seen is None or lesson_of(field) in self.seen

    def shows_lesson(self, number: int) -> bool:
        """The same of a lesson."""
        return self.seen is None or number in self.seen

    @property
    def applied(self) -> int:
        """How many of its lessons are in the register."""
        return card_questions.applied_of(self.lessons)


class Sights:
    """What one asker sees of the cards of a school."""

    def __init__(self, context: Context, school: str) -> None:
        self._view = context.view(school)
        # How far a card is that the asker sees: a substitute's wall hides the lessons of others.
        self._beyond = context.view_of_all(school)
        self._person = context.access(school).person.person_id
        self._roles, today = context.roles(school), context.today(school)
        self._everything = bool(self._roles & WHOLE_SCHOOL)
        self._teaches = Role.TEACHER in self._roles
        homes = structure.homerooms(self._view, self._person) if self._teaches else []
        self._homes = {row.class_id for row in homes if in_force(row, today)}
        taught = structure.assignments(self._view, teacher_id=self._person) if self._teaches else []
        self._assignments = {row.assignment_id for row in taught}

    def of(self, found: Iterable[Card]) -> dict[str, Sight]:
        """By card, those that the asker may know of."""
        some = {card.card_id: card for card in found}
        lessons = card_questions.lessons_of(self._beyond, some)
        seen = ((card_id, self._sight(card, lessons[card_id])) for card_id, card in some.items())
        return {card_id: sight for card_id, sight in seen if sight}

    def _sight(self, card: Card, lessons: Sequence[LessonOnCard]) -> Sight | None:
        numbers = frozenset(row.number for row in lessons)
        own = frozenset(row.number for row in lessons if self._teaches and row.teacher_id == self._person)
        column = card.kind is CardKind.GRADES and card.assignment_id in self._assignments
        home = card.unit_id in self._homes
        if not (self._everything or own or column or home):
            return None
        # A column is no lesson: its marks are the gradebook's, which the homeroom teacher sees anyway.
        later = home and (card.applied_scan is not None or card.kind is CardKind.GRADES)
        all_of_it = self._everything or column or later or (bool(own) and own == numbers)
        left = frozenset(row.number for row in lessons if row.applied_at is None)
        return Sight(
            card=card,
            lessons=lessons,
            seen=None if all_of_it else own,
            acting=dict(self._acting(card, left, own)),
            whole=self._whole(card, column or (bool(own) and own >= left)),
            concerns=self._everything or home or column or bool(own & left),
        )

    def _acting(self, card: Card, left: Iterable[int], own: frozenset[int]) -> Iterator[tuple[int, Role]]:
        for number in left:
            role = self._nearest(number in own)
            if role and _is_open(card):
                yield number, role

    def _whole(self, card: Card, own: bool) -> Role | None:
        return self._nearest(own) if _is_open(card) else None

    def _nearest(self, own: bool) -> Role | None:
        """Teachers as such for what is theirs; the director for anything."""
        may = self._roles & MUTATIONS["applyCard"]
        if own and Role.TEACHER in may:
            return Role.TEACHER
        return Role.DIRECTOR if Role.DIRECTOR in may else None


def _is_open(card: Card) -> bool:
    return card.voided is None and card.applied_scan is None
