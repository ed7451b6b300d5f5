"""Personal data at their end: how long they must be kept, and that they were erased.

Rules stand in the school's stream ``privacy``; that a person was erased stands in the person's own, which
stays, as all facts do: what is destroyed is the key of the texts (journal/person_keys.py).
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, Value


class RetentionRules(Value, frozen=True, kw_only=True):
    """For how many full calendar years, counted from the 1 January after the school year in which a person
    was last in the register, what it says of them is kept, and for how many what their grade sheet says.
    """

    register_years: int
    grade_sheet_years: int = 50


@fact("privacy.retention_rules_set.1")
class RetentionRulesSet(Fact, frozen=True, kw_only=True):
    """From `since` on these rules hold; they replace those before."""

    since: date
    rules: RetentionRules


@fact("privacy.person_erased.1")
class PersonErased(Fact, frozen=True, kw_only=True):
    """The keys of these classes are to be destroyed, and with them every text about the person under them.

    `allowed_from`: the day from which on it was possible; None for what need not be kept.
    """

    person_id: PersonId
    key_classes: tuple[str, ...]
    basis: str
    allowed_from: date | None = None


@command("privacy.set_retention_rules")
class SetRetentionRules(Command, frozen=True, kw_only=True):
    """From that day on; what was erased by earlier rules stays so."""

    since: date
    rules: RetentionRules


@command("privacy.erase_person")
class ErasePerson(Command, frozen=True, kw_only=True):
    """Erase what is known of a person, except what has to be kept longer (a pupil's grade sheet).

    With `contacts_only` how to reach them, with `messages_only` what was written by them or about them (with
    both these two): these need not be kept as long as the register. `sheets_under_register`: texts of the
    grade sheet were written before they had keys of their own, so that they would go with the register's;
    the journal tells, and only the system can say it.
    """

    person_id: PersonId
    basis: str
    contacts_only: bool = False
    messages_only: bool = False
    sheets_under_register: bool = False


STILL_AT_SCHOOL = Reason(
    "PRIVACY.STILL_AT_SCHOOL",
    pl="Osoba jest jeszcze w roli {role}. Zakończ najpierw tę rolę.",
    en="The person is still in the role {role}. End that role first.",
)
MUST_BE_KEPT = Reason(
    "PRIVACY.MUST_BE_KEPT",
    pl="Dziennik trzeba przechowywać: dane tej osoby można usunąć od {possible}.",
    en="The register has to be kept: this person's data can be erased from {possible} on.",
)
SHEETS_UNDER_REGISTER = Reason(
    "PRIVACY.SHEETS_UNDER_REGISTER",
    pl="Arkusz ocen tej osoby jest zapisany pod kluczem dziennika, którego nie wolno jeszcze zniszczyć: "
    "dane można usunąć od {possible}. Kontakty i wiadomości można usunąć wcześniej.",
    en="This person's grade sheet is written under the register's key, which must not be destroyed yet: the "
    "data can be erased from {possible} on. Contacts and messages can go earlier.",
)
YEARS_UNSOUND = Reason(
    "PRIVACY.YEARS_UNSOUND",
    pl="Przechowuje się od {least} do {most} lat.",
    en="It is kept for {least} to {most} years.",
)
