"""Audit mandates: whom the director lets look at what, from when until when (DOMAIN section 5).

Stream ``mandates/{auditor}``. Being an auditor opens nothing by itself: a mandate in force does.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, UnitId, YearId


@fact("audits.mandate_issued.1")
class MandateIssued(Fact, frozen=True, kw_only=True):
    """The director let an auditor look, from `since` to `until`: at a year, a class, a pupil; else at all."""

    mandate_id: str
    auditor_id: PersonId
    since: date
    until: date
    reason: str
    year_id: YearId | None = None
    class_id: UnitId | None = None
    pupil_id: PersonId | None = None


@fact("audits.mandate_revoked.1")
class MandateRevoked(Fact, frozen=True, kw_only=True):
    """The director took a mandate back; it opens nothing from then on."""

    mandate_id: str
    auditor_id: PersonId
    reason: str


@command("audits.issue_mandate")
class IssueMandate(Command, frozen=True, kw_only=True):
    """Let an auditor look at a year, a class or a pupil (one of them), or at the whole school (none).

    For a year at most; both days belong to it. Everything the auditor asks for is on record (`looks`).
    """

    mandate_id: str
    auditor_id: PersonId
    since: date
    until: date
    reason: str
    year_id: YearId | None = None
    class_id: UnitId | None = None
    pupil_id: PersonId | None = None


@command("audits.revoke_mandate")
class RevokeMandate(Command, frozen=True, kw_only=True):
    """Take a mandate back at once."""

    mandate_id: str
    auditor_id: PersonId
    reason: str


MANDATE_EXISTS = Reason(
    "AUDITS.MANDATE_EXISTS",
    pl="Upoważnienie o tym identyfikatorze już jest i ma inną treść. Wydaj nowe pod innym identyfikatorem.",
    en="There is a mandate with this id already, and it says something else. Issue one under another id.",
)
NO_SUCH_MANDATE = Reason(
    "AUDITS.NO_SUCH_MANDATE",
    pl="Ta osoba nie ma upoważnienia {mandate}.",
    en="This person holds no mandate {mandate}.",
)
ONE_SCOPE = Reason(
    "AUDITS.ONE_SCOPE",
    pl="Podaj rok, oddział albo ucznia: najwyżej jedno. Bez nich upoważnienie obejmuje całą szkołę.",
    en="Name a year, a class or a pupil: one at most. Without any the mandate is for the whole school.",
)
TOO_LONG = Reason(
    "AUDITS.TOO_LONG",
    pl="Upoważnienie może trwać najwyżej {days} dni. Potem można wydać następne.",
    en="A mandate lasts {days} days at most. After that a further one can be issued.",
)
