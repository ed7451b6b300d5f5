"""Who is given a code, and what is told of it? Codes are told once, to whoever issued them.

For a class: its pupils, or everybody who holds rights over one of them; whoever has an account already, or is
blocked, is left out. All that are issued together are written together, or none.
"""

from __future__ import annotations

from datetime import date

import msgspec

from dziennik.accounts.accounts import Accounts
from dziennik.accounts.codes import Issued
from dziennik.accounts.letters import Letter
from dziennik.application.ids import new_id
from dziennik.application.register import Accepted, Register
from dziennik.contracts import accounts as said
from dziennik.contracts.accounts import CodePurpose
from dziennik.contracts.commands import CHANGED_MEANWHILE
from dziennik.contracts.envelope import Actor, Origin
from dziennik.contracts.people import ParentalPower
from dziennik.contracts.refusals import Reason, Refusal
from dziennik.domain.accounts import RULES
from dziennik.domain.policies.account_rules import last_day
from dziennik.projections import accounts, people, structure
from dziennik.projections.dated import in_force
from dziennik.projections.people import Person
from dziennik.projections.rows import View

MOST = 300  # persons at once: a whole class with both parents of each is about ninety
_ATTEMPTS = 5

TOO_MANY_AT_ONCE = Reason(
    "ACCOUNTS.TOO_MANY_AT_ONCE",
    pl="Najwyżej {limit} osób naraz; podano {found}.",
    en="At most {limit} people at once; {found} were given.",
)

NOBODY_WANTS_ONE = Reason(
    "ACCOUNTS.NOBODY_WANTS_ONE",
    pl="Nikt stąd nie potrzebuje kodu: wszyscy mają już konta albo nikogo tu nie ma.",
    en="Nobody here needs a code: all have accounts already, or there is nobody.",
)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """For whom: persons, or of a class its pupils or their parents."""

    person_ids: tuple[str, ...] = ()
    class_id: str | None = None
    parents: bool = True
    purpose: CodePurpose = CodePurpose.ACTIVATION


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gets a code; `about` children in that class, `place` where to hand the letter out."""

    person_id: str
    about: tuple[str, ...] = ()
    place: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A code with its letter."""

    person_id: str
    letter: Letter


def issue(
    register: Register, vault: Accounts, view: View, wanted: Wanted, actor: Actor
) -> tuple[list[Told], Accepted] | Refusal:
    """Codes for everybody wanted, each with its letter."""
    day = register.today()
    addressees = _addressees(view, wanted, day)
    if len(addressees) > MOST:
        return TOO_MANY_AT_ONCE(limit=MOST, found=len(addressees), field="person_ids")
    codes = {one.person_id: new_id() for one in addressees}
    written = _written(register, codes, wanted.purpose, actor)
    if isinstance(written, Refusal):
        return written
    until = last_day(day, register.state(RULES).on(day))
    school = structure.the_school(view)
    names = people.persons(view, codes)
    told = []
    for one in addressees:
        issued = Issued(
            school_id=register.journal.school_id, person_id=one.person_id, code_id=codes[one.person_id]
        )
        letter = Letter(
            name=full_name(names.get(one.person_id)),
            code=vault.codes.issue(issued),
            purpose=wanted.purpose,
            valid_until=until,
            school=school.name if school else "",
            about=one.about,
            place=one.place,
            url=vault.base_url,
        )
        told.append(Told(person_id=one.person_id, letter=letter))
    return told, written


def _written(
    register: Register, codes: dict[str, str], purpose: CodePurpose, actor: Actor
) -> Accepted | Refusal:
    for _ in range(_ATTEMPTS):
        origin = Origin(command_id=new_id(), actor=actor, recorded_at=register.instant())
        batch = register.batch()
        for person_id, code_id in codes.items():
            command = said.IssueCode(person_id=person_id, code_id=code_id, purpose=purpose)
            decided = batch.decide(command, actor=actor, at=origin.recorded_at)
            if isinstance(decided, Refusal):
                return decided
        outcome = batch.write(origin)
        if not isinstance(outcome, Refusal) or outcome.code != CHANGED_MEANWHILE.code:
            return outcome
    return CHANGED_MEANWHILE()


def _addressees(view: View, wanted: Wanted, day: date) -> list[Addressee]:
    """By name. Persons named one by one are taken as they are: what is wrong with them is told."""
    if wanted.class_id is None:
        return [Addressee(person_id=person_id) for person_id in dict.fromkeys(wanted.person_ids)]
    unit = view.get(structure.Unit, wanted.class_id)
    pupils = [row.pupil_id for row in structure.pupils(view, wanted.class_id, day)]
    children: dict[str, list[str]] = {}
    for pupil_id in pupils:
        for person_id in _parents(view, pupil_id, day) if wanted.parents else [pupil_id]:
            children.setdefault(person_id, []).append(pupil_id)
    known = people.persons(view, [*children, *pupils])
    left = [known[one] for one in children if one in known and _wants(view, known[one], wanted.purpose)]
    place = f"klasa {unit.name}" if unit else ""
    return [
        Addressee(
            person_id=person.person_id,
            about=tuple(full_name(known.get(c)) for c in children[person.person_id])
            if wanted.parents
            else (),
            place=place,
        )
        for person in sorted(left, key=lambda person: (person.sort_key, person.person_id))
    ]


def _parents(view: View, pupil_id: str, day: date) -> list[str]:
    return [
        right.parent_id
        for right in people.parents(view, pupil_id)
        if in_force(right, day) and ParentalPower.INFORMATION in right.powers
    ]


def _wants(view: View, person: Person, purpose: CodePurpose) -> bool:
    has = person.account_id is not None
    return has == (purpose is CodePurpose.PASSWORD) and accounts.block(view, person.person_id) is None


def full_name(person: Person | None) -> str:
    """Given names, then the family name."""
    return f"{person.given_names} {person.family_name}" if person else ""
