"""How big is the demo school? ADR 0044."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from dziennik.demo.school_days import Spans

SEED: Final = 20250901
SCHOOL_NAME: Final = "Szkoła Podstawowa nr 1 im. Królowej Jadwigi w Brzozowie Łęgowym"
DEMO_DAY: Final = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Size:
    """What is to be built. `classes` gives the level and letter of each class in 2025/2026."""

    name: str
    school_id: str
    classes: tuple[tuple[int, str], ...]
    pupils: int  # in a class
    teachers: int
    # The last days that are lived through, in 2025/2026 and in 2026/2027 (None: not begun).
    first_until: date
    second_until: date | None
    seed: int = SEED
    sells: bool = False  # whether the school has a contract, and families buy extended accounts
    # First and last days of further spans without school: a trial year is shorter so.
    closed: Spans = ()


_LETTERS = "abcd"
YEAR_END = date(2026, 6, 26)

TINY: Final = Size(
    name="tiny",
    school_id="demo_tiny",
    classes=((4, "a"), (4, "b")),
    pupils=10,
    teachers=14,
    first_until=date(2025, 9, 30),
    second_until=None,
)
SMALL: Final = Size(
    name="small",
    school_id="demo",
    classes=((4, "a"), (4, "b"), (6, "a"), (7, "a")),
    pupils=26,
    teachers=18,
    first_until=YEAR_END,
    second_until=DEMO_DAY,
    sells=True,
)
FULL: Final = Size(
    name="full",
    school_id="demo_full",
    classes=tuple((level, letter) for level in range(4, 9) for letter in _LETTERS),
    pupils=30,
    teachers=50,
    first_until=YEAR_END,
    second_until=DEMO_DAY,
    sells=True,
)
SIZES: Final = {size.name: size for size in (TINY, SMALL, FULL)}
