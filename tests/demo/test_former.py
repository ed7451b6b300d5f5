"""Can the years before and after September 2015 be compared in the demo, and does it come out even?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date

import pytest

from dziennik.application.register import Register
from dziennik.contracts.entitlement import AccountKind, Feature
from dziennik.contracts.envelope import Role
from dziennik.demo.former import SCHOOL_ID, Clock, build_former
from dziennik.domain.policies.entitlement import Why
from dziennik.journal.journals import PROVIDER, Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections import entitlements, purchases
from dziennik.projections.as_of import as_of
from dziennik.projections.cards import CARDS
from dziennik.projections.loyalty import LOYALTY
from dziennik.projections.messages import MESSAGES
from dziennik.projections.people import PEOPLE, RoleHeld
from dziennik.projections.purchases import PURCHASES
from dziennik.projections.structure import STRUCTURE
from dziennik.selling.statement import Messages, statement

MODELS = [PURCHASES, LOYALTY, PEOPLE, STRUCTURE, CARDS, MESSAGES]


def opened(login: str, _: str) -> str:
    """An account for the login."""
    return login.replace("@", ".")


class Killed(Exception):
    """The build was interrupted."""


def test_the_former_school_is_built_once_and_goes_on_after_a_crash(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Journals(new_database(), keyring=Keyring(bytes(32)))) as journals:
        clock = Clock()
        register = Register(journals.create_school(SCHOOL_ID), now=clock)
        provider = Register(journals.create_school(PROVIDER), now=clock)

        def built() -> int:
            logins = build_former(register, provider, clock, opened, bytes(32))
            assert len(logins) == 4
            return register.journal.position()

        execute, count = Register.execute, 0

        def dying(self: Register, *given: object, **told: object) -> object:
            nonlocal count
            count += 1
            if count == 60:
                raise Killed
            return execute(self, *given, **told)  # type: ignore[arg-type]

        monkeypatch.setattr(Register, "execute", dying)
        with pytest.raises(Killed):
            built()
        monkeypatch.setattr(Register, "execute", execute)
        facts = built()
        assert built() == facts

        view = as_of(register.journal, MODELS, facts)
        found = statement(register, view)
        assert found.agrees
        assert (found.money.ordered, found.money.credited, found.money.refunded) == (150000, 150000, 3900)
        told = [(one.issued, one.balance, one.spent, one.expired) for one in found.points]
        assert told == [(540, 360, 150, 30), (48, 32, 16, 0)]
        granted = 5000 + 2 * 90 + 2 * 500
        paper = found.cards
        assert (paper.granted, paper.printed, paper.spoilt, paper.left) == (granted, 5, 1, granted - 5)
        # Each year a letter to three parents (one reads it) and an answer; one more letter was taken back.
        assert found.messages == Messages(
            sent=9, delivered=19, read=8, unread=11, in_mailboxes=28, withdrawn=1, agrees=True
        )
        assert [row.total for row in purchases.orders(view) if row.contract_id] == [
            55000,
            21000,
            21000,
            21000,
        ]

        def why(pupil: str, on: date) -> Why:
            return entitlements.use(view, Feature.GRADES, AccountKind.PARENT, [pupil], on).why

        spring = (date(2014, 3, 20), date(2015, 3, 20), date(2016, 3, 20), date(2017, 3, 20))
        assert [why("ala", on) for on in spring] == [*[Why.EXTENDED] * 2, *[Why.FREE_BY_LAW] * 2]
        assert [why("bartek", on) for on in spring] == [*[Why.NEEDS_EXTENSION] * 2, *[Why.FREE_BY_LAW] * 2]
        assert [why("celina", on) for on in spring[:2]] == [Why.EXTENDED] * 2
        digest = entitlements.use(view, Feature.DAY_DIGEST, AccountKind.PARENT, ["bartek"], spring[2])
        assert digest.why is Why.EXTENDED  # by the sponsor's purchase for the class
        assert {row.person_id for row in view.find(RoleHeld, role=Role.SPONSOR)} == {
            "fundacja",
            "rada",
            "gmina",
        }
