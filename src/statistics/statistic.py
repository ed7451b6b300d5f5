"""What is a statistic? Labelled series of numbers with what they mean, and what was left out.

One shape for all, so that each is told as numbers, as CSV and as a picture with a text beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

# Fewer pupils than this, and a distribution would tell who is who.
FEWEST_PUPILS = 5


class Unit(StrEnum):
    """What the numbers are."""

    COUNT = "count"
    AVERAGE = "average"
    PERCENT = "percent"


class Text(msgspec.Struct, frozen=True):
    """A text in Polish and English."""

    pl: str
    en: str

    def told(self, language: str) -> str:
        """Polish for "pl", English for anything else."""
        return self.pl if language == "pl" else self.en


class Series(msgspec.Struct, frozen=True):
    """One number per label; None where there is none (nothing to reckon it from)."""

    name: Text
    values: tuple[Decimal | None, ...]


class Statistic(msgspec.Struct, frozen=True, kw_only=True):
    """A statistic. `counted` things went in, `left_out` did not; `highlighted` is the label of the asker.

    `rule_versions`: the versions of the rules that the numbers were reckoned by, of the years concerned.
    """

    title: Text
    labels: tuple[Text, ...]
    series: tuple[Series, ...]
    unit: Unit
    counted: int
    left_out: int = 0
    highlighted: int | None = None
    rule_versions: tuple[int, ...] = ()
    note: Text | None = None


def plain(text: str) -> Text:
    """A text that is the same in both languages: a name, a mark."""
    return Text(text, text)


def bars(
    title: Text,
    name: Text,
    unit: Unit,
    rows: Iterable[tuple[Text, Decimal | None]],
    *,
    counted: int,
    left_out: int = 0,
    rule_versions: tuple[int, ...] = (),
) -> Statistic:
    """A statistic of one series."""
    found = tuple(rows)
    return Statistic(
        title=title,
        labels=tuple([label for label, _ in found]),
        series=(Series(name, tuple([value for _, value in found])),),
        unit=unit,
        counted=counted,
        left_out=left_out,
        rule_versions=rule_versions,
    )


def mean(values: Sequence[Decimal], places: int = 2) -> Decimal | None:
    """The mean, rounded half up; None of nothing."""
    if not values:
        return None
    found = sum(values, Decimal(0)) / len(values)
    return found.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def described(statistic: Statistic, language: str) -> str:
    """The statistic in a sentence for those who do not see the picture (WCAG 2.1, 1.1.1)."""
    parts = [f"{statistic.title.told(language)}."]
    for series in statistic.series:
        pairs = [
            f"{label.told(language)}: {number_told(value, statistic.unit, language)}"
            for label, value in zip(statistic.labels, series.values, strict=True)
        ]
        parts.append(f"{series.name.told(language)}: {'; '.join(pairs) or '–'}.")
    if statistic.highlighted is not None:
        label = statistic.labels[statistic.highlighted].told(language)
        parts.append(
            f"Uczeń należy do przedziału {label}." if language == "pl" else f"The pupil is in {label}."
        )
    if statistic.left_out:
        told = "Pominięto" if language == "pl" else "Left out"
        parts.append(f"{told}: {statistic.left_out}.")
    if statistic.note:
        parts.append(statistic.note.told(language))
    return " ".join(parts)


def number_told(value: Decimal | None, unit: Unit, language: str) -> str:
    """A number as people read it: "83,3%" in Polish; a dash where there is none."""
    if value is None:
        return "–"
    text = written(value, language)
    return f"{text}%" if unit is Unit.PERCENT else text


def written(value: Decimal, language: str) -> str:
    """The number with the language's decimal mark: "3,51" in Polish, as spreadsheets read it there."""
    return str(value).replace(".", ",") if language == "pl" else str(value)
