"""Does every refusal speak Polish and English, under a code of a known context?"""

from __future__ import annotations

import re
from collections import defaultdict
from string import Formatter

import pytest

from dziennik.contracts.commands import TEXT_MISSING
from dziennik.contracts.entitlement import FEATURE_NAMES, NEEDS_EXTENSION, Feature
from dziennik.contracts.grades import NOT_A_CHANGE, POINTS_OUT_OF_RANGE
from dziennik.contracts.purchase_commands import NO_RIGHT_TO_WITHDRAW
from dziennik.contracts.purchases import BUYER_NAMES, BuyerKind
from dziennik.contracts.refusals import Reason, Refusal
from dziennik.contracts.registry import CONTEXTS, TEXTS

# Refused outside of the contexts: commands as such, questions about the past, files.
BESIDE = {"COMMAND", "HISTORY", "IMPORT"}
KNOWN = {context.__name__.rpartition(".")[2].upper() for context in CONTEXTS} | BESIDE
CODE = re.compile(rf"({'|'.join(sorted(KNOWN))})\.[A-Z][A-Z_]*[A-Z]\Z")


def _needs(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_a_refusal_formats_in_both_languages(code: str) -> None:
    polish, english = TEXTS[code]
    told: dict[str, str] = {name: f"<{name}>" for name in _needs(polish) | _needs(english)}
    refusal = Refusal(code=code, details=told)
    for language, text in (("pl", polish), ("en", english)):
        said = refusal.text(language)
        assert all(told[name] in said for name in _needs(text))
        assert said[-1] in ".:)", said
        assert said == said.strip()
    assert _needs(polish) == _needs(english)
    assert polish != english
    assert CODE.match(code)


def test_texts_of_one_code_are_of_no_other() -> None:
    codes = defaultdict(list)
    for code, (polish, _) in TEXTS.items():
        codes[polish].append(code)
    assert [same for same in codes.values() if len(same) > 1] == []


def test_a_refusal_in_polish_and_in_english() -> None:
    refusal = POINTS_OUT_OF_RANGE(value="16/15", out_of=15, field="value")
    assert refusal == Refusal(
        code="GRADES.POINTS_OUT_OF_RANGE", field="value", details={"value": "16/15", "out_of": "15"}
    )
    assert refusal.text() == "16/15: punkty muszą leżeć między 0 a 15."
    assert refusal.text("en") == "16/15: points must lie between 0 and 15."


def test_texts_without_their_details_are_a_fault() -> None:
    with pytest.raises(TypeError, match=r"COMMAND.TEXT_MISSING needs \['at'\]"):
        TEXT_MISSING(field="topic")


def test_a_code_is_given_once() -> None:
    with pytest.raises(TypeError, match=r"'GRADES.NOT_A_CHANGE' is taken"):
        Reason(NOT_A_CHANGE.code, pl="Nie.", en="No.")
    assert TEXTS["GRADES.NOT_A_CHANGE"][0] == "Ocena ma już tę wartość."


def test_values_are_called_by_name_in_texts_and_by_id_in_details() -> None:
    refusal = NEEDS_EXTENSION(on="2014-03-20", feature="grades", field="asOf")
    assert refusal.text("pl") == "Do tego (oceny) potrzebne jest w dniu 2014-03-20 konto rozszerzone."
    assert refusal.text("en") == "On 2014-03-20 this (grades) takes an extended account."
    assert refusal.details["feature"] == "grades"
    assert set(FEATURE_NAMES) == set(Feature)
    assert NO_RIGHT_TO_WITHDRAW(buyer="sponsor").text().endswith("nie sponsor.")
    assert set(BUYER_NAMES) == set(BuyerKind)
