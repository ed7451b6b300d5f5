"""Is this a PESEL number? (Act of 24 Sep 2010 on the population register, art. 15: eleven digits,
the last one a check digit over weights 1, 3, 7, 9.)"""

from __future__ import annotations

_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)


def is_pesel(text: str) -> bool:
    """Eleven digits whose weighted sum is a multiple of ten; the birth date in it is not checked."""
    if len(text) != len(_WEIGHTS) or not (text.isascii() and text.isdigit()):
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=True)) % 10 == 0
