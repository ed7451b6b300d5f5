"""What must authorisation know of an account? Asked of `people`, `structure`, `accounts` and `audits`."""

from __future__ import annotations

from datetime import date

import msgspec

from dziennik.contracts.accounts import AccountRules
from dziennik.contracts.people import ParentalPower
from dziennik.domain.policies.account_rules import rules_on
from dziennik.projections import accounts, audits, people, structure
from dziennik.projections.audits import Mandate
from dziennik.projections.dated import in_force
from dziennik.projections.people import ParentalRight, Person, RoleHeld
from dziennik.projections.rows import View
from dziennik.projections.structure import Assignment, Homeroom


class Access(msgspec.Struct, frozen=True):
    """Who an account is and over whom it has a say. All is dated (`dated.in_force`): look at the day.

    `children` are parental rights of this person; `homerooms` classes with this homeroom teacher;
    `mandates` what the director let this person look at.
    """

    person: Person
    roles: tuple[RoleHeld, ...]
    children: tuple[ParentalRight, ...]
    assignments: tuple[Assignment, ...]
    homerooms: tuple[Homeroom, ...]
    blocked: bool = False
    dated_rules: tuple[tuple[date, AccountRules], ...] = ()
    mandates: tuple[Mandate, ...] = ()

    def known_children(self, day: date) -> set[str]:
        """Pupils over whom the person holds rights on a day that let know about them."""
        return {
            right.pupil_id
            for right in self.children
            if in_force(right, day) and ParentalPower.INFORMATION in right.powers
        }

    def rules(self, day: date) -> AccountRules:
        """The school's rules of accounts on a day."""
        return rules_on(self.dated_rules, day)


def access(view: View, account_id: str) -> Access | None:
    """Who is behind an account; None for a stranger to this school."""
    person = people.of_account(view, account_id)
    if person is None:
        return None
    return Access(
        person,
        tuple(people.roles(view, person.person_id)),
        tuple(people.children(view, person.person_id)),
        tuple(structure.assignments(view, teacher_id=person.person_id)),
        tuple(structure.homerooms(view, person.person_id)),
        accounts.block(view, person.person_id) is not None,
        tuple(accounts.dated_rules(view)),
        tuple(audits.of_auditor(view, person.person_id)),
    )
