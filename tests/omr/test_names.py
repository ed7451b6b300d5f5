"""Do names fit their line whole, narrower, or cut at a letter, and do given names tell siblings apart?"""

from __future__ import annotations

from dziennik.omr.names import clusters, fitted, fitted_name, plain


def width(text: str) -> float:
    """Every letter is one wide."""
    return float(len(text))


def test_a_short_name_stays_as_it_is() -> None:
    assert fitted("Żółć Łucja", 10, width) == ("Żółć Łucja", 100.0)


def test_a_longer_one_is_narrowed_first() -> None:
    assert fitted("Żółciowska", 8, width) == ("Żółciowska", 80.0)


def test_the_longest_are_cut_at_a_letter() -> None:
    # 8 wide at 78 % holds 10.26 letters: nine and the ellipsis
    assert fitted("Brzęczyszczykiewicz", 8, width) == ("Brzęczysz…", 80.0)


def test_marks_stay_with_their_letters() -> None:
    shown, _ = fitted(
        "q̃q̃q̃q̃q̃q̃", 2, width
    )  # no composed form; 2.56 letters: none with its mark and the ellipsis
    assert shown == "…"
    assert fitted("q̃q̃q̃", 3, width)[0] == "q̃…"


def test_hidden_letters_that_turn_text_around_are_dropped() -> None:
    assert plain("Jan\u202e Kowalski\u200b\n") == "Jan Kowalski"


def test_joiners_stay_where_a_script_is_spelt_with_them() -> None:
    assert plain("علی\u200cرضا") == "علی\u200cرضا"  # Persian: without it two letters join that must not
    assert plain("ක්\u200dර") == "ක්\u200dර"
    assert plain("\u200cJa\u200cn\ufe0f") == "Jan"


def test_right_to_left_names_are_cut_at_their_own_end() -> None:
    # 3 wide at 78 % holds 3.8 letters: two and the ellipsis, in the order of reading
    assert fitted("אבגדה", 3, width)[0] == "אב…"


def test_letters_that_a_virama_ties_together_are_cut_together() -> None:
    assert clusters("प्रिया") == ["प्रि", "या"]
    assert clusters("ක්\u200dර") == ["ක්\u200dර"]
    assert clusters("Ọ̀la") == ["Ọ̀", "l", "a"]


def test_a_name_that_fits_stays_whole_however_long_its_family_name() -> None:
    assert fitted_name("Żółciowska", "Łucja", 16, width) == ("Żółciowska Łucja", 100.0)
    assert fitted_name("Żółciowska", "Łucja", 12.8, width) == ("Żółciowska Łucja", 80.0)


def test_the_family_name_is_shortened_before_the_given_names() -> None:
    # 12 wide at 78 % holds 15.4 letters
    assert fitted_name("Brzęczyszczykiewicz", "Anna", 12, width) == ("Brzęczysz… Anna", 80.0)
    assert fitted_name("Brzęczyszczykiewicz", "Bogumiła", 12, width) == ("Brzęc… Bogumiła", 80.0)


def test_a_hyphen_is_not_left_at_the_cut() -> None:
    assert fitted_name("Nowakowska-Żak", "Anna Maria", 18, width)[0] == "Nowakowska… Anna Maria"


def test_siblings_with_long_names_are_told_apart() -> None:
    family = "Brzęczyszczykiewicz-Chrząszczyżewoszycka"
    siblings = ("Anna", "Adam", "Stanisława Małgorzata", "Stanisława Maria")
    assert len({fitted_name(family, given, 20, width)[0] for given in siblings}) == len(siblings)


def test_given_names_are_cut_when_the_family_name_is_short_already() -> None:
    # 8 wide at 78 % holds ten letters
    assert fitted_name("Brzęczyszczykiewicz", "Aleksandra", 8, width) == ("Brzę… Ale…", 80.0)
    assert fitted_name("Żak", "Aleksandra Maria", 8, width) == ("Żak Aleks…", 80.0)


def test_one_name_alone_is_cut_at_its_end() -> None:
    assert fitted_name("Brzęczyszczykiewicz", "", 8, width) == ("Brzęczysz…", 80.0)
    assert fitted_name("", "Brzęczyszczykiewicz", 8, width) == ("Brzęczysz…", 80.0)
    assert fitted_name("", "", 8, width) == ("", 100.0)
