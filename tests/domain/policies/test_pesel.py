"""Is a PESEL number told from what only looks like one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dziennik.domain.policies.pesel import is_pesel


@pytest.mark.parametrize(
    "number",
    [
        # 4x1 4x3 0x7 5x9 1x1 4x3 0x7 1x9 3x1 5x3 = 4+12+0+45+1+12+0+9+3+15 = 101; 9 makes it 110
        "44051401359",
        # 0x1 2x3 0x7 7x9 0x1 8x3 0x7 3x9 6x1 2x3 = 0+6+0+63+0+24+0+27+6+6 = 132; 8 makes it 140
        "02070803628",
    ],
)
def test_a_right_check_digit_is_accepted(number: str) -> None:
    assert is_pesel(number)


@pytest.mark.parametrize(
    "number",
    [
        "44051401358",
        "4405140135",
        "440514013590",
        "4405140135x",
        " 4051401359",
        "",
        "٤٤٠٥١٤٠١٣٥٩",
        "44051401395",
    ],
)
def test_anything_else_is_not(number: str) -> None:
    assert not is_pesel(number)


@given(st.text("0123456789", min_size=10, max_size=10))
def test_exactly_one_last_digit_fits(ten: str) -> None:
    assert sum(is_pesel(ten + last) for last in "0123456789") == 1
