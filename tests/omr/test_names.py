"""Do names fit their line whole, narrower, or cut at a letter, and never turn the line around?"""

from __future__ import annotations

from dziennik.omr.names import fitted, plain


def width(text: str) -> float:
    """Every letter is one wide."""
    return float(len(text))


def test_a_short_name_stays_as_it_is() -> None:
    assert fitted("Żółć Łucja", 10, width) == ("Żółć Łucja", 100.0)


def test_a_longer_one_is_narrowed_first() -> None:
    assert fitted("Żółciowska", 8, width) == ("Żółciowska", 80.0)


def test_the_longest_are_cut_at_a_letter() -> None:
    # 8 wide at 78 % holds 10.26 letters: nine and the ellipsis
    assert fitted("Brzęczyszczykiewicz", 8, width) == ("Brzęczysz…", 78.0)


def test_marks_stay_with_their_letters() -> None:
    shown, _ = fitted(
        "q̃q̃q̃q̃q̃q̃", 2, width
    )  # no composed form; 2.56 letters: none with its mark and the ellipsis
    assert shown == "…"
    assert fitted("q̃q̃q̃", 3, width)[0] == "q̃…"


def test_hidden_letters_that_turn_text_around_are_dropped() -> None:
    assert plain("Jan\u202e Kowalski\u200b\n") == "Jan Kowalski"


def test_right_to_left_names_are_drawn_from_the_left_and_cut_at_their_own_end() -> None:
    assert fitted("\u05d0\u05d1\u05d2", 3, width) == ("\u05d2\u05d1\u05d0", 100.0)
    # 3 wide at 78 % holds 3.8 letters: two and the ellipsis, which follows the last, so stands left of it
    assert fitted("\u05d0\u05d1\u05d2\u05d3\u05d4", 3, width)[0] == "\u2026\u05d1\u05d0"
