"""Is each part of a name in a font that has its letters, in the order in which it stands on paper?"""

from __future__ import annotations

import pytest

from dziennik.omr.scripts import FILES, FONT, Run, legible, printable, runs

NAMES = {
    "noto": "Żółć Nguyễn Шевченко Παπαδόπουλος Əliyev Ọ̀lá",
    "arabic": "مُحَمَّد علی\u200cرضا",
    "armenian": "Պետրոսյան Անահիտ",
    "bengali": "চৌধুরী শ্রীময়ী",
    "ethiopic": "ወልደ አበበ",
    "georgian": "ბერიძე გიორგი",
    "gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "hebrew": "כֹּהֵן דוד",
    "sinhala": "ශ්\u200dරී ලංකා",
    "tamil": "முருகன்",
    "thai": "สมชาย ใจดี",
}


@pytest.mark.parametrize("font", NAMES)
def test_names_of_a_script_are_of_one_font_and_printed_whole(font: str) -> None:
    assert printable(NAMES[font])
    assert legible(NAMES[font]) == NAMES[font]
    assert [run.font for run in runs(NAMES[font])] == [font]


def test_devanagari_is_printed_whole() -> None:
    assert printable("शर्मा प्रियंका")  # the cards' own font has it


def test_each_font_is_there() -> None:
    assert [font for font, path in FILES.items() if not path.is_file()] == []


def test_a_letter_that_no_font_has_is_seen() -> None:
    assert legible("王 小明") == "� ��"
    assert legible("Smith😀 A\ue000b") == "Smith� A�b"
    assert legible("ა\u093f") == "�"  # no font has both this letter and this mark
    assert [printable(name) for name in ("王 小明", "Kim 민준", "Żak Łucja")] == [False, False, True]


def test_a_name_from_right_to_left_is_one_run_in_the_order_of_reading() -> None:
    assert runs("כהן דוד") == (Run("כהן דוד", "hebrew", backwards=True),)
    assert runs("כהן דוד")[0].shaped


def test_names_in_two_ways_of_writing_stand_as_unicode_says() -> None:
    assert runs("כהן Anna") == (Run("Anna", FONT), Run("כהן ", "hebrew", backwards=True))
    assert runs("Kohn דוד") == (Run("Kohn ", FONT), Run("דוד", "hebrew", backwards=True))
    assert runs("4a · עברית 2 · język") == (
        Run("4a · ", FONT),
        Run("2", FONT),
        Run("עברית ", "hebrew", backwards=True),
        Run(" · język", FONT),
    )


def test_letters_that_stand_beside_each_other_are_not_shaped() -> None:
    assert not runs("Żółć Шевченко")[0].shaped
    assert not runs("ბერიძე")[0].shaped
    assert runs("Ọ̀lá")[0].shaped  # no composed form: the accent finds its place
