"""Random years of a school leave journal, read models and a plain model in agreement.

`make campaign` lives ten thousand of them (bench/CAMPAIGN.md); here are a few hundred shorter ones.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from tests.campaign import moves
from tests.campaign.living import Campaign, Disagreement, Step, campaign
from tests.campaign.plain import Plain
from tests.campaign.sequences import SEEDS, steps

SEQUENCES, LENGTH = 140, 30
KNOWN = 100  # sequences that are the same each time


@pytest.fixture(scope="module")
def lived(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    name = f"campaign_{uuid.uuid4().hex}"
    with psycopg.connect(database_server, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        dsn = make_conninfo(database_server, dbname=name)
        with campaign(dsn, tmp_path_factory.mktemp("campaign")) as made:
            yield made
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@settings(max_examples=SEQUENCES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(chosen=steps(LENGTH), seed=SEEDS)
def test_random_years_agree(lived: Campaign, chosen: list[Step], seed: int) -> None:
    lived.live(chosen, seed)


def known(number: int) -> list[Step]:
    """A sequence of its number."""
    rng = Random(number)
    return [(rng.randrange(len(moves.MOVES)), rng.getrandbits(32)) for _ in range(45)]


def _live(lived: Campaign, sequences: int) -> None:
    for number in range(sequences):
        lived.live(known(number), number)


def test_known_years_agree_and_try_everything(lived: Campaign) -> None:
    lived.accepted.clear()
    _live(lived, KNOWN)
    assert len(lived.accepted) >= 60, sorted(lived.accepted)
    assert lived.refused["CLASSIFICATION.YEAR_CLOSED"] > 20
    assert lived.refused["ACCESS.NOT_YOURS_TO_DO"] > 50


def test_another_average_is_noticed(lived: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    reckoned = Plain.average

    def generous(m: Plain, class_id: str, subject: str, pupil: str) -> Decimal | None:
        value = reckoned(m, class_id, subject, pupil)
        return None if value is None else value + Decimal("0.01")

    monkeypatch.setattr(Plain, "average", generous)
    with pytest.raises(AssertionError, match="grades"):
        _live(lived, 20)


def test_a_command_that_should_have_been_refused_is_noticed(
    lived: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "expected", lambda *_: {"ACCESS.NOT_YOURS_TO_DO"})
    with pytest.raises(Disagreement, match="NOT_YOURS_TO_DO"):
        _live(lived, 20)
