"""Which audit mandates may be issued and taken back?"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from dziennik.contracts import streams
from dziennik.contracts.audits import (
    MANDATE_EXISTS,
    NO_SUCH_MANDATE,
    ONE_SCOPE,
    TOO_LONG,
    IssueMandate,
    MandateIssued,
    MandateRevoked,
    RevokeMandate,
)
from dziennik.contracts.classes import NO_SUCH_CLASS
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.lessons import REASON_MISSING
from dziennik.contracts.people import NO_SUCH_PERSON, NOT_IN_ROLE
from dziennik.contracts.school import DATES_REVERSED, NO_SUCH_YEAR
from tests.domain.other_registers import AUDITOR, AUDITOR_ACTOR
from tests.domain.register import LAST_YEAR, LIS, OCTOBER, OFFICE, REGISTER, SEPTEMBER
from tests.domain.sentence import DIRECTOR, at, given

UNTIL = date(2026, 11, 30)
ISSUE = IssueMandate(mandate_id="m", auditor_id="aud", since=OCTOBER, until=UNTIL, reason="kontrola")
ISSUED = MandateIssued(mandate_id="m", auditor_id="aud", since=OCTOBER, until=UNTIL, reason="kontrola")
HELD = at(streams.mandates("aud"), ISSUED)
REVOKE = RevokeMandate(mandate_id="m", auditor_id="aud", reason="skończona")
REVOKED = MandateRevoked(mandate_id="m", auditor_id="aud", reason="skończona")
SCHOOL = (*REGISTER, *AUDITOR)


def test_only_the_director_issues_and_revokes() -> None:
    given(SCHOOL).when(ISSUE, by=DIRECTOR).then(HELD)
    given(SCHOOL, HELD).when(REVOKE, by=DIRECTOR).then(at(HELD.stream, REVOKED))
    for who in (OFFICE, LIS, AUDITOR_ACTOR):
        given(SCHOOL).when(ISSUE, by=who).refused(NOT_YOURS_TO_DO)
        given(SCHOOL, HELD).when(REVOKE, by=who).refused(NOT_YOURS_TO_DO)


def test_for_the_school_or_for_one_part_of_it() -> None:
    for field, value in (("year_id", "y2026"), ("class_id", "4a"), ("pupil_id", "bobr")):
        given(SCHOOL).when(replace(ISSUE, **{field: value})).then(
            at(HELD.stream, replace(ISSUED, **{field: value}))
        )
    given(SCHOOL).when(replace(ISSUE, class_id="4a", pupil_id="bobr")).refused(ONE_SCOPE, "pupil_id")
    given(SCHOOL).when(replace(ISSUE, year_id="y2026", class_id="4a")).refused(ONE_SCOPE, "class_id")
    given(SCHOOL).when(replace(ISSUE, year_id="y1")).refused(NO_SUCH_YEAR, "year_id", year="y1")
    given(SCHOOL).when(replace(ISSUE, class_id="9z")).refused(NO_SUCH_CLASS, "class_id")
    given(SCHOOL).when(replace(ISSUE, pupil_id="lis")).refused(NO_SUCH_PERSON, "pupil_id", person="lis")


def test_for_a_time_that_ends() -> None:
    longest = SEPTEMBER + timedelta(days=365)
    whole = replace(ISSUE, since=SEPTEMBER, until=longest)
    given(SCHOOL).when(whole).then(at(HELD.stream, replace(ISSUED, since=SEPTEMBER, until=longest)))
    given(SCHOOL).when(replace(whole, until=longest + timedelta(days=1))).refused(TOO_LONG, "until", days=366)
    given(SCHOOL).when(replace(ISSUE, until=LAST_YEAR)).refused(DATES_REVERSED, "until")


def test_to_an_auditor_and_for_a_reason() -> None:
    given(SCHOOL).when(replace(ISSUE, reason=" ")).refused(REASON_MISSING, "reason")
    given(SCHOOL).when(replace(ISSUE, auditor_id="lis")).refused(NOT_IN_ROLE, "auditor_id")
    given(SCHOOL).when(replace(ISSUE, auditor_id="nobody")).refused(NO_SUCH_PERSON, "auditor_id")
    given(SCHOOL, HELD).when(replace(REVOKE, reason="")).refused(REASON_MISSING, "reason")


def test_the_same_again_is_nothing_and_another_under_its_name_is_refused() -> None:
    given(SCHOOL, HELD).when(ISSUE).nothing()
    given(SCHOOL, HELD).when(replace(ISSUE, class_id="4a")).refused(MANDATE_EXISTS, "mandate_id")
    given(SCHOOL, HELD, at(streams.mandates("aud"), REVOKED)).when(REVOKE).nothing()
    given(SCHOOL).when(REVOKE).refused(NO_SUCH_MANDATE, "mandate_id", mandate="m")
