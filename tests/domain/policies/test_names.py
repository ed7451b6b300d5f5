"""Do names stand in the order of the Polish alphabet, on every machine?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dziennik.domain.policies.names import ALPHABET, polish_sort_key


def _sorted(names: list[str]) -> list[str]:
    # sorting is stable: an order that was there already would prove nothing
    return sorted(sorted(names, reverse=True), key=polish_sort_key)


@pytest.mark.parametrize(
    "ordered",
    [
        ["Bóbr", "Ćma", "Lis", "Łoś", "Zając"],
        ["Zając", "Zięba", "Źrebak", "Żaba"],
        ["Cap", "Czyż", "Ćma", "Dąb"],  # cz is two letters
        ["Lis", "Lisek", "Lisowska"],
        ["Nowak", "Nowak Anna", "Nowak Zofia", "Nowak-Lis Ewa", "Nowaka Jan"],
        ["Mazur", "Mączka", "Mąka"],  # a before ą, whatever follows; then c before k
        ["Oset", "Osa"][::-1],
        ["Ozga", "Ósma", "Paw"],
        ["Adam 2", "Adam 10"][::-1],  # digits sign by sign, before letters
        ["", "A"],
    ],
)
def test_names_stand_in_polish_order(ordered: list[str]) -> None:
    assert _sorted(ordered) == ordered


def test_the_whole_alphabet_stands_in_order() -> None:
    assert _sorted(list(ALPHABET)) == list(ALPHABET)
    assert len(set(ALPHABET)) == 35  # 32 Polish letters and q, v, x


def test_case_decides_only_between_equals() -> None:
    assert sorted(["łoś", "Lis", "lis", "ŁOŚ"], key=polish_sort_key) == ["Lis", "lis", "ŁOŚ", "łoś"]


def test_foreign_accents_sort_as_their_letters() -> None:
    assert sorted(["Fink", "Émile", "Eryk", "Emil"], key=polish_sort_key) == ["Emil", "Émile", "Eryk", "Fink"]


def test_both_spellings_of_one_letter_are_one() -> None:
    composed, decomposed = "\u00f3", "o\u0301"
    assert polish_sort_key(f"Ż{composed}ł") == polish_sort_key(f"Ż{decomposed}ł")


def test_other_alphabets_follow_ours() -> None:
    assert min(["Шевченко", "Żuk", "Іваненко"], key=polish_sort_key) == "Żuk"


def test_the_key_is_ascii_that_any_collation_c_keeps() -> None:
    assert polish_sort_key("Żuk 1").isascii()


NAMES = st.text(st.sampled_from(ALPHABET + ALPHABET.upper() + " -'éß1"), max_size=12)


@given(NAMES, NAMES)
def test_the_order_is_total(one: str, other: str) -> None:
    assert (polish_sort_key(one) == polish_sort_key(other)) == (one == other)


@given(st.lists(st.text(st.sampled_from(ALPHABET), max_size=6), min_size=2))
def test_it_is_the_order_of_letter_after_letter(names: list[str]) -> None:
    ordered = sorted(names, key=polish_sort_key)
    for one, other in pairwise(ordered):
        assert [ALPHABET.index(a) for a in one] <= [ALPHABET.index(b) for b in other]
