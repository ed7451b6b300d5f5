"""A superuser's tampering is found from an export, a checkpoint and the key alone, with its first position.

Some hundred random cases; the campaign of ten thousand is `make tamper` (bench/TAMPER.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dziennik.journal.journal import Journal
from dziennik.verify.faults import Outcome
from tests.proof.tampering import KINDS, Scene, case, scene_of

CASES = 20


@pytest.fixture
def scene(dsn: str, journal: Journal, tmp_path: Path) -> Iterator[Scene]:
    found = scene_of(dsn, journal, tmp_path / "log", seed=5)
    yield found
    found.close()


def test_untouched_it_holds(scene: Scene) -> None:
    verdict = scene.verdict()
    assert (verdict.outcome, verdict.findings) == (Outcome.HOLDS, ())
    assert verdict.facts == {"origin": scene.log.origin, "facts": scene.head, "covered": scene.head}


@pytest.mark.parametrize("kind", KINDS)
def test_tampering_is_found_and_placed(scene: Scene, kind: str) -> None:
    faults = [fault for _ in range(CASES) if (fault := case(scene, kind))]
    assert faults == []
    assert scene.verdict().outcome is Outcome.HOLDS  # the scene was put back
