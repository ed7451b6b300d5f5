"""How is a code written so that people can copy it from paper? In Crockford's base32, in groups of four.

No I, L, O and U; whoever types o for 0, or i or l for 1, small letters or other gaps, means the same code.
"""

from __future__ import annotations

import secrets
from unicodedata import normalize

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LONGEST = 100


def fresh(signs: int) -> str:
    """A new code with 5 bits a sign."""
    text = "".join(secrets.choice(SIGNS) for _ in range(signs))
    return "-".join(text[at : at + 4] for at in range(0, signs, 4))


def spelled(code: str) -> str:
    """The code without its gaps, as it was meant; nothing that was made for anything else."""
    text = normalize("NFKC", code[:_LONGEST]).upper().translate(_MEANT)
    return "".join(sign for sign in text if sign.isalnum())
