"""Is every stored shape still the one that was stored? What a golden file holds never changes.

A shape that got a new optional field keeps its version: `NAME~1.json` is how it was stored before, `~2` after
the first such field, and so on. A missing file is red: `python -m tools.write_golden NAME` writes a new one
on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dziennik.contracts.registry import FACTS, UPCASTS
from tests.contracts.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(FACTS)


def _upcast(name: str, stored: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    while name in UPCASTS:
        newer, upcast = UPCASTS[name]
        name, stored = newer, upcast(stored)
    return name, stored


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_file_decodes_to_its_sample(name: str) -> None:
    golden = (GOLDEN / f"{name}.json").read_bytes()
    assert msgspec.json.decode(golden, type=FACTS[name]) == SAMPLES[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_encodes_to_its_golden_file(name: str) -> None:
    assert msgspec.json.encode(SAMPLES[name]) == (GOLDEN / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_fills_every_field(name: str) -> None:
    filled = msgspec.json.decode(msgspec.json.encode(SAMPLES[name]), type=dict[str, Any])
    fields = msgspec.structs.fields(FACTS[name])
    assert list(filled) == [field.encode_name for field in fields]
    assert [key for key, value in filled.items() if value in (None, [], "")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_required_field_is_an_error_at_once(name: str) -> None:
    stored = msgspec.json.decode((GOLDEN / f"{name}.json").read_bytes(), type=dict[str, Any])
    for field in msgspec.structs.fields(FACTS[name]):
        if field.required:
            less = {key: value for key, value in stored.items() if key != field.name}
            with pytest.raises(msgspec.ValidationError, match=f"missing required field `{field.name}`"):
                msgspec.convert(less, FACTS[name], strict=False)


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_field_is_an_error_at_once(name: str) -> None:
    stored = msgspec.json.decode((GOLDEN / f"{name}.json").read_bytes(), type=dict[str, Any])
    with pytest.raises(msgspec.ValidationError, match="unknown field `spurious`"):
        msgspec.convert({**stored, "spurious": 1}, FACTS[name], strict=False)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*~*.json")), ids=lambda path: path.stem)
def test_what_was_stored_before_a_field_was_added_still_decodes(path: Path) -> None:
    name = path.stem.partition("~")[0]
    stored = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    fact = msgspec.json.decode(path.read_bytes(), type=FACTS[name])
    now = msgspec.json.decode(msgspec.json.encode(fact), type=dict[str, Any])
    assert {key: now[key] for key in stored} == _filled(stored, now)
    added = [field for field in msgspec.structs.fields(FACTS[name]) if field.name not in stored]
    assert not any(field.required for field in added)


def _filled(stored: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What was stored, with the later fields of the values in it."""
    return {
        key: now[key] | _filled(part, now[key]) if isinstance(part, dict) else _parts_filled(part, now[key])
        for key, part in stored.items()
    }


def _parts_filled(stored: object, now: object) -> object:
    """The same of a list of values."""
    if isinstance(stored, list) and isinstance(now, list) and all(isinstance(each, dict) for each in stored):
        return [later | _filled(part, later) for part, later in zip(stored, now, strict=True)]
    return stored


def test_every_golden_file_belongs_to_a_fact_or_to_what_was_one() -> None:
    there = {path.stem.partition("~")[0] for path in GOLDEN.iterdir()}
    assert there == {*FACTS, *UPCASTS}


def test_every_superseded_shape_still_decodes() -> None:
    for old in UPCASTS:
        stored = msgspec.json.decode((GOLDEN / f"{old}.json").read_bytes(), type=dict[str, Any])
        name, now = _upcast(old, stored)
        assert isinstance(msgspec.convert(now, FACTS[name], strict=False), FACTS[name])


def test_every_fact_has_one_sample() -> None:
    assert sorted(SAMPLES) == NAMES


def test_stored_names_are_context_fact_version() -> None:
    for name, fact in FACTS.items():
        assert name == f"{_context(fact.__module__)}.{_snake(fact.__name__)}.{name.rpartition('.')[2]}"
        assert name.rpartition(".")[2].isdecimal()


def _context(module: str) -> str:
    return module.rpartition(".")[2]


def _snake(name: str) -> str:
    return "".join(_parts(name)).lstrip("_")


def _parts(name: str) -> Iterable[str]:
    return (f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
