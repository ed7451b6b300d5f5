"""Is the median of few numbers the very one that arrays give?"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dziennik.omr.plain import FEW, median


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=2 * FEW))
def test_a_plain_median_is_numpys_to_the_last_bit(values: list[float]) -> None:
    array = np.array(values)
    assert median(array) == float(np.median(array))
