"""How long does it take to know what an account has, and what ten thousand have on a day?

Against SQL written by hand over the same tables. A school of 4,000 pupils and 6,000 parents: a third of the
pupils with a purchase of their own, some classes covered by sponsors.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from psycopg import sql

from dziennik.contracts import agreement, classes, people, purchases, school, streams
from dziennik.contracts.entitlement import AccountKind, Feature
from dziennik.contracts.envelope import Actor, Origin, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.offers import ProductKind, Vat
from dziennik.contracts.people import Guardianship
from dziennik.journal.journal import Draft
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.projections import entitlements
from dziennik.projections.loyalty import LOYALTY
from dziennik.projections.people import PEOPLE
from dziennik.projections.places import read_schema
from dziennik.projections.purchases import PURCHASES
from dziennik.projections.reading import ReadModels
from dziennik.projections.rebuild import rebuild
from dziennik.projections.structure import STRUCTURE

SCHOOL, PUPILS, CLASSES = "market", 4_000, 160
SINCE, UNTIL, DAY = date(2026, 9, 1), date(2027, 6, 30), date(2026, 11, 20)
OFFICE = Actor(account="bench", role=Role.SYSTEM)
ROUNDS, CHECKS = 7, 300
TOGETHER = 250  # streams in a transaction


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """Figures: see bench.run."""
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journal = journals.create_school(SCHOOL)
        drafts = [Draft(stream=stream, expected_version=0, facts=tuple(facts)) for stream, facts in _school()]
        for first in range(0, len(drafts), TOGETHER):
            at = datetime(2026, 9, 1, tzinfo=UTC)
            origin = Origin(command_id=f"c{first}", actor=OFFICE, recorded_at=at)
            journal.append(drafts[first : first + TOGETHER], origin)
        for model in (PURCHASES, LOYALTY, PEOPLE, STRUCTURE):
            rebuild(dsn, journal, model)
    read_models = ReadModels(dsn)
    try:
        with read_models.view(SCHOOL) as view, psycopg.connect(dsn, autocommit=True) as connection:
            everybody = entitlements.everybody(view, DAY)
            by_hand = _by_hand(connection)
            assert by_hand == {person for person, extended in everybody.items() if extended}
            ours = _best(lambda: entitlements.everybody(view, DAY))
            theirs = _best(lambda: _by_hand(connection))
            pupils = [f"p{number}" for number in range(0, PUPILS, PUPILS // CHECKS)]
            one = _best(lambda: [_check(view, pupil) for pupil in pupils]) / len(pupils)
            plain = _best(lambda: [_one_by_hand(connection, pupil) for pupil in pupils]) / len(pupils)
    finally:
        read_models.close()
    return {
        "entitlement.accounts_10k.ms": {
            "value": round(ours * 1000, 1),
            "unit": "ms",
            "baseline": "none; all accounts as of one day",
        },
        "entitlement.accounts_10k.ratio_to_raw_sql": {
            "value": round(theirs / ours, 2),
            "unit": "x",
            "baseline": f"one hand-written SQL statement: {theirs * 1000:.1f} ms",
            "limit": "decoding rows that SQL only counts",
        },
        "entitlement.check.us": {
            "value": round(one * 1_000_000),
            "unit": "us",
            "baseline": "none; one account",
        },
        "entitlement.check.ratio_to_raw_sql": {
            "value": round(plain / one, 2),
            "unit": "x",
            "baseline": f"one hand-written SQL statement: {plain * 1_000_000:.0f} us",
            "limit": "five questions (contract, rules, enrolments, extensions) instead of one",
        },
    }


def _best(work: Any) -> float:  # noqa: ANN401
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return median(times)


def _check(view: Any, pupil_id: str) -> bool:  # noqa: ANN401
    return entitlements.use(view, Feature.DAY_DIGEST, AccountKind.PARENT, [pupil_id], DAY).allowed


def _names() -> dict[str, sql.Identifier]:
    schema = read_schema(SCHOOL)
    tables = {
        "extension": PURCHASES,
        "enrolment": STRUCTURE,
        "parental_right": PEOPLE,
        "role_held": PEOPLE,
    }
    return {name: sql.Identifier(schema, f"{model.prefix}_{name}") for name, model in tables.items()}


_HOLDS = "since <= %(day)s AND %(day)s <= until AND (ended_at IS NULL OR %(day)s <= last)"
_COVERED = f"""
  SELECT role.person_id FROM {{role_held}} role WHERE role.role = 'pupil'
  AND since <= %(day)s AND (until IS NULL OR %(day)s <= until) AND (
    EXISTS (SELECT FROM {{extension}} x WHERE x.target IN ('school', 'pupil/' || role.person_id) AND {_HOLDS})
    OR EXISTS (SELECT FROM {{enrolment}} e JOIN {{extension}} x ON x.target = 'class/' || e.class_id
      WHERE e.pupil_id = role.person_id AND e.since <= %(day)s AND (e.until IS NULL OR %(day)s <= e.until)
      AND x.since <= %(day)s AND %(day)s <= x.until AND (x.ended_at IS NULL OR %(day)s <= x.last)))
"""


def _by_hand(connection: psycopg.Connection[Any]) -> set[str]:
    query = sql.SQL(
        f"WITH covered AS ({_COVERED}) SELECT person_id FROM covered UNION"
        " SELECT parent_id FROM {parental_right} r JOIN covered ON covered.person_id = r.pupil_id"
        " WHERE r.since <= %(day)s AND (r.until IS NULL OR %(day)s <= r.until)"
    ).format(**_names())
    return {row[0] for row in connection.execute(query, {"day": DAY}).fetchall()}


def _one_by_hand(connection: psycopg.Connection[Any], pupil_id: str) -> bool:
    query = sql.SQL(f"SELECT EXISTS ({_COVERED} AND role.person_id = %(pupil)s)").format(**_names())
    row = connection.execute(query, {"day": DAY, "pupil": pupil_id}).fetchone()
    return bool(row and row[0])


def _school() -> list[tuple[str, list[Fact]]]:
    """Streams with their facts."""
    found: list[tuple[str, list[Fact]]] = [
        (
            streams.SCHOOL,
            [
                school.SchoolFounded(school_id=SCHOOL, name="Szkoła", short_name="S"),
                school.SchoolYearOpened(year_id="y", name="2026/2027", starts=SINCE, ends=date(2027, 8, 31)),
            ],
        ),
        (streams.AGREEMENT, [_contract()]),
    ]
    found += [(streams.unit(f"c{number}"), _class(number)) for number in range(CLASSES)]
    found += [(streams.person(f"p{number}"), _pupil(number)) for number in range(PUPILS)]
    found += [(streams.person(f"r{number}"), _parent(number)) for number in range(PUPILS * 3 // 2)]
    found += [(streams.purchase(f"o{number}"), _bought(number)) for number in range(PUPILS // 3 + 10)]
    return found


def _contract() -> Fact:
    return agreement.ContractSigned(
        contract_id="u", number="1", on=SINCE, since=SINCE, until=UNTIL, pupils=PUPILS, lines=(), cards=0,
        reminder_days=60,
    )  # fmt: skip


def _class(number: int) -> list[Fact]:
    unit = f"c{number}"
    facts: list[Fact] = [classes.ClassOpened(class_id=unit, year_id="y", name=unit, level=4)]
    each = PUPILS // CLASSES
    for place in range(each):
        pupil_id = f"p{number * each + place}"
        facts.append(classes.PupilEnrolled(class_id=unit, pupil_id=pupil_id, since=SINCE, number=place + 1))
    return facts


def _pupil(number: int) -> list[Fact]:
    pupil_id = f"p{number}"
    facts: list[Fact] = [
        people.PersonRegistered(person_id=pupil_id, given_names="A", family_name="B"),
        people.RoleTaken(person_id=pupil_id, role=Role.PUPIL, since=SINCE),
    ]
    parents = (number,) if number % 2 else (number, PUPILS + number // 2)
    facts += [
        people.ParentalRightsGranted(
            pupil_id=pupil_id, parent_id=f"r{parent}", guardianship=Guardianship.PARENT, since=SINCE
        )
        for parent in parents
    ]
    return facts


def _parent(number: int) -> list[Fact]:
    return [
        people.PersonRegistered(person_id=f"r{number}", given_names="C", family_name="D"),
        people.RoleTaken(person_id=f"r{number}", role=Role.PARENT, since=SINCE),
    ]


def _bought(number: int) -> list[Fact]:
    line = purchases.OrderLine(
        product_id="konto", name="Konto", kind=ProductKind.EXTENSION, count=1, unit_gross=1900, vat=Vat.V23
    )
    sponsored = number >= PUPILS // 3
    covers = purchases.Coverage(
        kind=purchases.CoverageKind.CLASS if sponsored else purchases.CoverageKind.PUPILS,
        since=SINCE,
        until=UNTIL,
        pupil_ids=() if sponsored else (f"p{number * 3}",),
        class_id=f"c{number % CLASSES}" if sponsored else None,
    )
    order = f"o{number}"
    return [
        purchases.OrderPlaced(
            order_id=order, reference=order, buyer=purchases.BuyerKind.PARENT, payer_id=f"r{number}",
            lines=(line,), covers=covers, on=SINCE, pay_by=SINCE,
        ),
        purchases.PaymentCredited(order_id=order, payment_id=order, amount=1900, on=SINCE),
        purchases.ExtensionActivated(order_id=order, since=SINCE, until=UNTIL),
    ]  # fmt: skip
