"""Codes and blocks of a person, rules by day, rights that a court limits."""

from __future__ import annotations

from datetime import date, timedelta

from dziennik.contracts import accounts as said
from dziennik.contracts import people as people_said
from dziennik.contracts import streams
from dziennik.contracts.accounts import AccountRules, CodePurpose
from dziennik.contracts.people import Guardianship, ParentalPower
from dziennik.projections import accounts, people
from dziennik.projections.accounts import ACCOUNTS
from dziennik.projections.as_of import as_of
from dziennik.projections.people import PEOPLE
from dziennik.projections.rows import View
from tests.projections.agreement import agree
from tests.projections.histories import FIRST, History, a_school
from tests.projections.listed import Listed

UNTIL = FIRST + timedelta(days=29)


def view_of(history: History) -> View:
    journal = Listed("s", history.recorded)
    return as_of(journal, [ACCOUNTS, PEOPLE], journal.position())


def issued(person_id: str, code_id: str) -> said.CodeIssued:
    return said.CodeIssued(
        person_id=person_id, code_id=code_id, purpose=CodePurpose.ACTIVATION, valid_until=UNTIL
    )


def test_codes_and_blocks_of_each_person(common: str) -> None:
    history = a_school()
    history.tell(
        streams.access("parent"),
        issued("parent", "c1"),
        said.CodeWithdrawn(person_id="parent", code_id="c1", replaced_by="c2"),
        issued("parent", "c2"),
        said.CodeUsed(person_id="parent", code_id="c2", account_id="acc"),
        said.AccessBlocked(person_id="parent", reason="zgubiony telefon"),
    )
    history.tell(
        streams.access("lis"),
        issued("lis", "c9"),
        said.AccessBlocked(person_id="lis", reason="urlop"),
        said.AccessUnblocked(person_id="lis"),
    )
    view = view_of(history)
    used, first = accounts.codes(view, "parent")
    assert (used.code_id, first.code_id) == ("c2", "c1")
    assert (used.used_at is None, used.withdrawn_at) == (False, None)
    assert (first.used_at, first.withdrawn_at is None) == (None, False)
    assert (used.purpose, used.valid_until) == (CodePurpose.ACTIVATION, UNTIL)
    stands = accounts.block(view, "parent")
    assert stands
    assert stands.reason == "zgubiony telefon"
    assert accounts.block(view, "lis") is None
    agree(common, ACCOUNTS, history)


def test_rules_of_a_day(common: str) -> None:
    history = a_school()
    later = AccountRules(code_days=7)
    history.tell(
        streams.ACCOUNTS,
        said.AccountRulesSet(since=FIRST, rules=AccountRules(code_days=3)),
        said.AccountRulesSet(since=FIRST + timedelta(days=10), rules=later),
        said.AccountRulesSet(since=FIRST, rules=AccountRules(code_days=5)),
    )
    view = view_of(history)
    days = [FIRST - timedelta(days=1), FIRST, FIRST + timedelta(days=9), FIRST + timedelta(days=10)]
    assert [accounts.rules(view, day).code_days for day in days] == [30, 5, 5, 7]
    agree(common, ACCOUNTS, history)


def test_rights_that_a_court_limits_and_restores(common: str) -> None:
    history = a_school()
    limited, restored = date(2026, 11, 1), date(2027, 3, 1)
    history.tell(
        streams.person("cy"),
        people_said.ParentalRightsGranted(
            pupil_id="cy", parent_id="parent", guardianship=Guardianship.PARENT, since=FIRST
        ),
        people_said.ParentalRightsLimited(
            pupil_id="cy", parent_id="parent", since=limited, powers=(), basis="III Nsm 7/26"
        ),
        people_said.ParentalRightsRestored(
            pupil_id="cy", parent_id="parent", since=restored, basis="III Nsm 9/27"
        ),
    )
    rows = people.parents(view_of(history), "cy")
    day = timedelta(days=1)
    assert [(row.since, row.until, row.powers) for row in rows] == [
        (FIRST, limited - day, tuple(ParentalPower)),
        (limited, restored - day, ()),
        (restored, None, tuple(ParentalPower)),
    ]
    assert [row.powers for row in people.parents(view_of(history), "ada")] == [tuple(ParentalPower)]
    agree(common, PEOPLE, history)
