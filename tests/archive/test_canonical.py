"""Is what is written canonical XML, whatever the texts hold?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dziennik.archive import canonical
from dziennik.archive.canonical import Tag, UnwritableText

# What XML 1.0 can carry (section 2.2).
TEXTS = st.text(
    st.one_of(
        st.sampled_from("\t\n\r \"'&<>ąćęłńóśźżĄĆĘŁŃÓŚŹŻ\u0301\u00a0\u0085\u2028😀]"),
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
    )
)
NOTE = Tag("note")


@given(content=TEXTS, about=TEXTS, of=TEXTS)
def test_any_text_comes_back_and_canonicalisation_changes_nothing(content: str, about: str, of: str) -> None:
    written = canonical.encode(NOTE.text(content, of=of, about=about).rstrip("\n"))
    parsed = etree.fromstring(written)
    assert (parsed.text or "", parsed.get("about"), parsed.get("of")) == (content, about, of)
    assert etree.tostring(parsed, method="c14n") == written


def test_attributes_are_sorted_and_none_is_left_out() -> None:
    assert NOTE.whole(instead_of="x", class_="4a", author=None, at="1") == (
        '<note at="1" class="4a" instead-of="x"></note>\n'
    )


def test_one_tag_in_several_shapes() -> None:
    assert NOTE.start(a="1") + NOTE.start(b="2", a="1") + NOTE.start(b="2") == (
        '<note a="1"><note a="1" b="2"><note b="2">'
    )
    assert NOTE.start(b="2", a="1") == NOTE.start(a="1", b="2")


def test_percent_signs_are_not_templates() -> None:
    assert NOTE.whole(value="100%(a)s %") == '<note value="100%(a)s %"></note>\n'


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_what_no_file_can_carry_is_a_fault(bad: str) -> None:
    with pytest.raises(UnwritableText, match=f"^U\\+{ord(bad):04X}$"):
        canonical.encode(f"ą{bad}")


def test_moments_are_utc_and_of_one_length() -> None:
    at = datetime(2026, 3, 29, 3, 0, tzinfo=timezone(timedelta(hours=2)))
    assert canonical.moment(at) == "2026-03-29T01:00:00.000000Z"
    assert canonical.moment(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02T03:04:05.000006Z"


def test_numbers_keep_their_digits_and_have_no_exponent() -> None:
    numbers: list[Decimal | int | None] = [
        Decimal("1.50"),
        Decimal("1E+2"),
        Decimal("-0.25"),
        Decimal("1E-7"),
        12,
    ]
    assert [canonical.number(n) for n in numbers] == ["1.50", "100", "-0.25", "0.0000001", "12"]


def test_rows_are_as_canonical_as_tags() -> None:
    row = NOTE.row_whole("a", "b?", "c")
    safe = canonical.Escaped()
    assert row % (safe["<"], canonical.optional("b", None), 7) == '<note a="&lt;" c="7"></note>\n'
    assert row % ("", canonical.optional("b", safe["\n"]), 7) == '<note a="" b="&#xA;" c="7"></note>\n'
    with pytest.raises(ValueError, match="out of order"):
        NOTE.row("b", "a")
