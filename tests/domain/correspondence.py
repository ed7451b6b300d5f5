"""The small school of `register.py` with parents, an office and a director who write to each other.

Ćma's mother is called mother, her father father (his rights ended in September); Zając has the parent zajaca.
The parents' council is mother and zajaca.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts import streams
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.messages import (
    Audience,
    AudienceKind,
    GroupKind,
    MessageSent,
    RecipientGroupFormed,
    ThreadOpened,
)
from dziennik.contracts.people import Guardianship, ParentalRightsEnded, ParentalRightsGranted
from dziennik.domain.world import Entry
from tests.domain.register import REGISTER, SEPTEMBER, known
from tests.domain.sentence import at

MOTHER = Actor(account="account-mother", role=Role.PARENT, person="mother")
FATHER = Actor(account="account-father", role=Role.PARENT, person="father")
OTHER_PARENT = Actor(account="account-zajaca", role=Role.PARENT, person="zajaca")
AUDITOR = Actor(account="account-audit", role=Role.AUDITOR, person="audit")


def child_of(pupil_id: str, parent_id: str) -> Entry:
    """Rights since the year began."""
    fact = ParentalRightsGranted(
        pupil_id=pupil_id, parent_id=parent_id, guardianship=Guardianship.PARENT, since=SEPTEMBER
    )
    return at(streams.person(pupil_id), fact)


COUNCIL = at(
    streams.recipient_group("rada"),
    RecipientGroupFormed(
        group_id="rada",
        kind=GroupKind.PARENTS_COUNCIL,
        name="Rada Rodziców",
        member_ids=("mother", "zajaca"),
    ),
)
CORRESPONDING = (
    *REGISTER,
    *known("mother", "Maria", "Ćma", Role.PARENT),
    *known("father", "Piotr", "Ćma", Role.PARENT),
    *known("zajaca", "Zofia", "Zając", Role.PARENT),
    *known("director", "Dorota", "Dyl", Role.DIRECTOR),
    *known("office", "Olga", "Oko", Role.ADMINISTRATOR),
    *known("audit", "Adam", "Ucho", Role.AUDITOR),
    child_of("cma", "mother"),
    child_of("cma", "father"),
    child_of("zajac", "zajaca"),
    at(
        streams.person("cma"),
        ParentalRightsEnded(pupil_id="cma", parent_id="father", until=date(2026, 9, 30), basis="III RC 1/26"),
    ),
    COUNCIL,
)

PARENTS_OF_4A = Audience(kind=AudienceKind.CLASS_PARENTS, target_id="4a")
TO_COUNCIL = Audience(kind=AudienceKind.GROUP, target_id="rada")


def opened(thread_id: str, by: str, subject: str, pupil_id: str | None = None) -> Entry:
    """A thread."""
    fact = ThreadOpened(
        thread_id=thread_id, opened_by=by, concerns_id=pupil_id or by, subject=subject, pupil_id=pupil_id
    )
    return at(streams.thread(thread_id), fact)


def sent(
    thread_id: str,
    message_id: str,
    by: str,
    to: tuple[str, ...],
    body: str,
    *,
    named: tuple[str, ...] | None = None,
    audiences: tuple[Audience, ...] = (),
    reply_to: str | None = None,
    pupil_id: str | None = None,
) -> Entry:
    """A message in it, to people named one by one unless `named` says otherwise."""
    fact = MessageSent(
        thread_id=thread_id,
        message_id=message_id,
        sender_id=by,
        concerns_id=pupil_id or by,
        body=body,
        recipient_ids=to,
        named_ids=to if named is None else named,
        audiences=audiences,
        reply_to=reply_to,
    )
    return at(streams.thread(thread_id), fact)
