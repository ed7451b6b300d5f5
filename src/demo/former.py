"""A little school of former years (2013-2017): what families saw and bought before art. 5g of the education
system act and after. Built through commands, each given on its own day; a build that was killed goes on where
it stopped.

One class: Ala's mother buys an extension each year, Bartek's father never does, Celina is covered by a
sponsor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dziennik.application.register import Outcome, Register
from dziennik.contracts import (
    agreement,
    bundles,
    classes,
    grades,
    lessons,
    loyalty,
    people,
    purchases,
    school,
)
from dziennik.contracts import purchase_commands as buying
from dziennik.contracts.bundles import Approver
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.people import Guardianship
from dziennik.contracts.purchases import BuyerKind, CoverageKind
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import Term
from dziennik.demo import former_offers, former_paper
from dziennik.demo.logins import OpenAccount, password_for
from dziennik.selling import ordering
from dziennik.selling.ordering import Wanted

SCHOOL_ID: Final = "demo_2013"
NAME: Final = "Szkoła Podstawowa nr 2 w Brzozowie Łęgowym (lata 2013–2017)"
OFFICE: Final = Actor(account="demo", role=Role.SYSTEM, channel=Channel.SYSTEM)
DAY: Final = date(2013, 8, 20)
YEARS: Final = (2013, 2014, 2015, 2016)
SIZE: Final = 520  # pupils, as agreed in the contract: the story tells of three of them
CONTRACT: Final = "umowa"
PUPILS: Final = ("ala", "bartek", "celina")
# person, given names, family name, role
PEOPLE: Final = (
    ("dyrektor", "Maria", "Dąbrowska", Role.DIRECTOR),
    ("nauczycielka", "Zofia", "Lis", Role.TEACHER),
    ("ala", "Alicja", "Ćma", Role.PUPIL),
    ("bartek", "Bartosz", "Żuk", Role.PUPIL),
    ("celina", "Celina", "Łoś", Role.PUPIL),
    ("mama-ali", "Ewa", "Ćma", Role.PARENT),
    ("tata-bartka", "Jan", "Żuk", Role.PARENT),
    ("mama-celiny", "Olga", "Łoś", Role.PARENT),
    ("fundacja", "Fundacja", "Dobra Szkoła", Role.SPONSOR),
    ("rada", "Rada Rodziców", "SP 2", Role.SPONSOR),
    ("gmina", "Gmina", "Brzozów Łęgowy", Role.SPONSOR),
)
CHILDREN: Final = (("ala", "mama-ali"), ("bartek", "tata-bartka"), ("celina", "mama-celiny"))
LOGINS: Final = {
    "dyrektor": "dyrektorka / director",
    "mama-ali": "co roku kupuje konto rozszerzone / buys an extension each year",
    "tata-bartka": "nie kupuje / buys none",
    "fundacja": "płaci za oddział w 2015 / a sponsor, paid for the class in 2015",
}


class FormerRefused(RuntimeError):
    """A rule refused what the story tells: the story and the rules disagree."""


class Clock:
    """The day on which the story is just now."""

    def __init__(self) -> None:
        self.now = datetime(2013, 8, 20, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class FormerLogin:
    """A login of the former school."""

    login: str
    password: str
    person_id: str
    who: str


@dataclass(frozen=True, slots=True)
class _Act:
    """Something that somebody did on a day: a command, or an order at that day's prices."""

    on: date
    what: Command | Wanted
    order_id: str = ""
    actor: Actor = OFFICE


def build_former(
    register: Register, provider: Register, clock: Clock, open_account: OpenAccount, secret: bytes
) -> tuple[FormerLogin, ...]:
    """Build the school, or go on, or find it complete; `register` and `provider` go by `clock`.

    Raises FormerRefused.
    """
    logins = logins_of(secret)
    if register.journal.outcome("former/complete") is None:
        accounts = {one.person_id: open_account(one.login, one.password) for one in logins}
        _told(register, provider, clock, accounts)
    return logins


def logins_of(secret: bytes) -> tuple[FormerLogin, ...]:
    """Who can log in there, with the passwords of this installation."""
    return tuple(
        FormerLogin(f"{person}@{SCHOOL_ID}", password_for(f"{person}@{SCHOOL_ID}", secret), person, who)
        for person, who in LOGINS.items()
    )


def _told(register: Register, provider: Register, clock: Clock, accounts: dict[str, str]) -> None:
    for number, command in enumerate(former_offers.published()):
        _done(provider.execute(command, actor=OFFICE, command_id=f"former/offer/{number}"), command)
    for number, act in enumerate(_story(accounts)):
        clock.now = datetime.combine(act.on, time(8), UTC) + timedelta(minutes=number % 60)
        key = f"former/{number}"
        if isinstance(act.what, Wanted):
            outcome = ordering.place(
                register, provider, act.what, actor=OFFICE, order_id=act.order_id, command_id=key
            )
        else:
            outcome = register.execute(act.what, actor=act.actor, command_id=key)
        _done(outcome, act)
    last = people.RecordContactDetails(person_id="dyrektor", email="dyrektor@example.org")
    _done(register.execute(last, actor=OFFICE, command_id="former/complete"), last)


def _done(outcome: Outcome, what: object) -> None:
    if isinstance(outcome, Refusal):
        raise FormerRefused(f"{outcome.code} {outcome.field} {outcome.details} {what}")


def _story(accounts: dict[str, str]) -> Iterator[_Act]:
    """Everything in the order of days."""
    yield from _founding(accounts)
    for year in YEARS:
        acts = [*_school_year(year), *_buying(year), *_rewarded(year, accounts), *_paper(year, accounts)]
        yield from sorted(acts, key=lambda act: act.on)


def _founding(accounts: dict[str, str]) -> Iterator[_Act]:
    commands: list[Command] = [
        school.FoundSchool(school_id=SCHOOL_ID, name=NAME, short_name="SP 2", city="Brzozów Łęgowy"),
        school.IntroduceSubject(subject_id="mat", name="Matematyka", short_name="mat"),
        school.IntroduceSubject(subject_id="pol", name="Język polski", short_name="pol"),
    ]
    for person_id, given, family, role in PEOPLE:
        commands.append(
            people.RegisterPerson(
                person_id=person_id, given_names=given, family_name=family, since=DAY, roles=(role,)
            )
        )
    for pupil, parent in CHILDREN:
        commands.append(
            people.GrantParentalRights(
                pupil_id=pupil, parent_id=parent, guardianship=Guardianship.PARENT, since=DAY
            )
        )
    commands += [
        people.LinkAccount(person_id=person, account_id=account) for person, account in accounts.items()
    ]
    yield from (_Act(DAY, command) for command in commands)


def _paper(year: int, accounts: dict[str, str]) -> Iterator[_Act]:
    """Letters and cards, by those who wrote and printed them."""
    for done in (*former_paper.written(year), *former_paper.printed(year, PUPILS)):
        account = accounts.get(done.person, done.person)
        actor = Actor(account=account, role=done.role, person=done.person, channel=Channel.WEB)
        yield _Act(done.on, done.what, actor=actor)


def _school_year(year: int) -> Iterator[_Act]:
    """The year, its class, some grades and a lesson."""
    september, half, june = date(year, 9, 1), date(year + 1, 1, 31), date(year + 1, 6, 24)
    class_id, opened = f"klasa-{year}", date(year, 8, 25)
    level = 3 + year - YEARS[0]
    spring = half + timedelta(days=1)
    terms = (
        Term(term_id=f"{year}-1", name="I okres", starts=september, ends=half),
        Term(term_id=f"{year}-2", name="II okres", starts=spring, ends=june),
    )
    name = f"{year}/{year + 1}"
    yield _Act(
        opened,
        school.OpenSchoolYear(
            year_id=f"rok-{year}", name=name, starts=september, ends=date(year + 1, 8, 31), terms=terms
        ),
    )
    yield _Act(
        opened, classes.OpenClass(class_id=class_id, year_id=f"rok-{year}", name=f"{level}a", level=level)
    )
    for pupil in PUPILS:
        yield _Act(opened, classes.EnrolPupil(class_id=class_id, pupil_id=pupil, since=september))
    for subject in ("mat", "pol"):
        assigned = f"{subject}-{year}"
        yield _Act(
            opened,
            classes.AssignTeaching(
                assignment_id=assigned,
                unit_id=class_id,
                subject_id=subject,
                teacher_id="nauczycielka",
                since=september,
            ),
        )
        for place, (pupil, value) in enumerate(zip(PUPILS, ("5", "3+", "4"), strict=True)):
            on = date(year, 10, 6 + place) if subject == "mat" else date(year + 1, 3, 9 + place)
            grade = grades.GiveGrade(
                grade_id=f"{assigned}-{pupil}",
                unit_id=class_id,
                class_id=class_id,
                assignment_id=assigned,
                pupil_id=pupil,
                value=value,
                category_id="test",
                on=on,
            )
            yield _Act(on, grade)
    held = date(year, 10, 7)
    yield _Act(
        held,
        lessons.HoldLesson(
            unit_id=class_id, assignment_id=f"mat-{year}", on=held, period=2, topic="Ułamki", sign=True
        ),
    )


def _buying(year: int) -> Iterator[_Act]:
    """The contract's year, what families, council, sponsor and authority buy, cards and points."""
    yield from _contract(year)
    yield from _bought(f"ala-{year}", date(year, 9, 10), _wanted(BuyerKind.PARENT, "mama-ali", ("ala",)))
    if year == 2013:
        later = date(year, 10, 1)
        regretted = _wanted(BuyerKind.PARENT, "tata-bartka", ("bartek",))
        yield from _bought("bartek-2013", later, regretted)
        yield _Act(later + timedelta(days=4), buying.WithdrawFromPurchase(order_id="bartek-2013"))
        back = buying.RefundPurchase(
            order_id="bartek-2013", refund_id="bartek-2013", amount=3900, reason="odstąpienie w 14 dni"
        )
        yield _Act(later + timedelta(days=6), back)
        given = Wanted(
            product_id=former_offers.ACCOUNT,
            buyer=BuyerKind.AUTHORITY,
            payer_id="gmina",
            pupil_ids=("celina",),
        )
        yield from _bought("gmina-2013", date(year, 11, 4), given)
    if year == 2014:
        yield from _bundle(year)
    if year == 2015:
        yield from _bought(
            "fundacja-2015",
            date(year, 10, 12),
            Wanted(
                product_id=former_offers.ACCOUNT,
                buyer=BuyerKind.SPONSOR,
                payer_id="fundacja",
                kind=CoverageKind.CLASS,
                class_id=f"klasa-{year}",
            ),
        )
    if year == 2014:
        yield _Act(date(year, 12, 1), buying.ExpireExtension(order_id="ala-2013"))


def _rewarded(year: int, accounts: dict[str, str]) -> Iterator[_Act]:
    """Cards in the first year, points in those after, for two active accounts; some points are spent."""
    choice = loyalty.RewardChoice.CARDS if year == YEARS[0] else loyalty.RewardChoice.POINTS
    name, on = f"{year}/{year + 1}", date(year, 12, 2)
    yield _Act(date(year, 11, 20), loyalty.ChooseReward(school_year=name, choice=choice))
    seen = tuple(
        loyalty.SeenAccount(account_id=accounts[parent], parent_id=parent, days=12, last=date(year, 12, 1))
        for parent in ("mama-ali", "tata-bartka")
    )
    rewards = loyalty.GrantRewards(grant_id=f"aktywne-{year}", school_year=name, accounts=seen)
    yield _Act(on, rewards)
    if year == 2015:
        cards = loyalty.SpendPoints(spend_id="karty-2015", item=former_offers.ITEMS[0], count=2)
        yield _Act(on + timedelta(days=1), cards)
        reader = loyalty.SpendPoints(spend_id="czytnik-2015", item=former_offers.ITEMS[1], count=1)
        yield _Act(on + timedelta(days=1), reader)
    if year == 2016:
        yield _Act(date(2016, 12, 5), loyalty.ExpirePoints())


def _contract(year: int) -> Iterator[_Act]:
    """350.00 in the first year with a training; 210.00 in each later year; paid a week later."""
    number, on = year - YEARS[0] + 1, date(year, 9, 2) if year == YEARS[0] else date(year, 8, 10)
    until, order_id = date(year + 1, 8, 31), f"{CONTRACT}.{year - YEARS[0] + 1}"
    reference = ordering.fee_reference(SCHOOL_ID, CONTRACT, number)
    lines: tuple[purchases.OrderLine, ...]
    if number == 1:
        lines = (
            former_offers.line(former_offers.SCHOOL_PRICES[0], "szkoly-2013"),
            former_offers.line(former_offers.SCHOOL_PRICES[5], None, gross=20000),
        )
        signed = agreement.SignContract(
            contract_id=CONTRACT,
            number="17/2013",
            reference=reference,
            on=on,
            since=date(2013, 9, 1),
            until=until,
            pupils=SIZE,
            lines=lines,
            cards=5000,
            terms="Szkolenie rady pedagogicznej za pół ceny.",
        )
        yield _Act(on, signed)
    else:
        yield _Act(date(year, 7, 5), agreement.RemindOfRenewal(contract_id=CONTRACT))
        lines = (former_offers.line(former_offers.SCHOOL_PRICES[3], "szkoly-2013"),)
        renewed = agreement.RenewContract(
            contract_id=CONTRACT, reference=reference, until=until, pupils=SIZE, lines=lines
        )
        yield _Act(on, renewed)
    amount = sum(line.unit_gross for line in lines)
    yield _Act(on + timedelta(days=7), former_offers.payment(order_id, on + timedelta(days=7), amount))


def _bundle(year: int) -> Iterator[_Act]:
    """Accident insurance with extended accounts: ordered, approved by both, in effect."""
    offered = bundles.ProposeBundle(
        bundle_id="nnw-2014",
        product_id=former_offers.BUNDLE,
        name="Konto rozszerzone z NNW 2014/2015",
        with_what="ubezpieczenie uczniów od następstw nieszczęśliwych wypadków",
        since=date(year, 9, 1),
        until=date(year, 12, 31),
    )
    yield _Act(date(year, 9, 3), offered)
    wanted = Wanted(
        product_id=former_offers.BUNDLE,
        buyer=BuyerKind.PARENTS_COUNCIL,
        payer_id="rada",
        pupil_ids=("celina",),
        bundle_id="nnw-2014",
    )
    yield from _bought("rada-2014", date(year, 9, 12), wanted, 6900)
    for who, document, on in (
        (Approver.PARENTS_COUNCIL, "uchwała rady rodziców nr 2/2014", date(year, 9, 18)),
        (Approver.DIRECTOR, "decyzja dyrektora nr 9/2014", date(year, 9, 22)),
    ):
        approval = bundles.ApproveBundle(bundle_id="nnw-2014", by=who, document=document, on=on)
        yield _Act(on, approval)
    yield _Act(date(year, 9, 22), buying.ActivateOrder(order_id="rada-2014"))


def _wanted(buyer: BuyerKind, payer_id: str, pupils: tuple[str, ...]) -> Wanted:
    return Wanted(product_id=former_offers.ACCOUNT, buyer=buyer, payer_id=payer_id, pupil_ids=pupils)


def _bought(order_id: str, on: date, wanted: Wanted, amount: int | None = None) -> Iterator[_Act]:
    """Ordered, and paid two days later at the price of the day."""
    each = 3900 if on < date(2015, 9, 1) else 1900
    count = len(PUPILS) if wanted.kind is CoverageKind.CLASS else len(wanted.pupil_ids)
    yield _Act(on, wanted, order_id)
    paid = on + timedelta(days=2)
    yield _Act(paid, former_offers.payment(order_id, paid, each * count if amount is None else amount))
