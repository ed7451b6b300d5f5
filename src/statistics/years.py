"""Statistics of whole years: what became of the pupils, and years beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from dziennik.contracts.classification import Outcome
from dziennik.statistics.statistic import Series, Statistic, Text, Unit, plain

OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.PROMOTED_WITH_HONOURS: Text("promocja z wyróżnieniem", "promoted with honours"),
    Outcome.PROMOTED: Text("promocja", "promoted"),
    Outcome.PROMOTED_CONDITIONALLY: Text("promocja warunkowa", "promoted conditionally"),
    Outcome.FINISHED_WITH_HONOURS: Text("ukończenie z wyróżnieniem", "finished with honours"),
    Outcome.FINISHED: Text("ukończenie szkoły", "finished school"),
    Outcome.REPEATS: Text("powtarza oddział", "repeats the year"),
}
UNDECIDED = Text("bez decyzji", "not decided")
AVERAGE = Text("średnia ocen", "average of grades")
ATTENDANCE = Text("frekwencja (%)", "attendance (%)")


def outcomes(classes: Sequence[tuple[str, Sequence[Outcome | None]]], title: Text) -> Statistic:
    """How many pupils of each class were promoted, finished or repeat; what nobody did is not shown."""
    counts = [(name, Counter(decided)) for name, decided in classes]
    names: list[tuple[Outcome | None, Text]] = [*OUTCOMES.items(), (None, UNDECIDED)]
    series = [
        Series(text, tuple([Decimal(count[outcome]) for _, count in counts]))
        for outcome, text in names
        if any(count[outcome] for _, count in counts)
    ]
    return Statistic(
        title=title,
        labels=tuple([plain(name) for name, _ in classes]),
        series=tuple(series),
        unit=Unit.COUNT,
        counted=sum(len(decided) for _, decided in classes),
    )


CLEAN = Text("bez ocen niedostatecznych", "no failing marks")
FAILING = Text("z oceną niedostateczną", "with a failing mark")
UNCLASSIFIED = Text("nieklasyfikowani", "unclassified")
NO_GRADES = Text("bez ocen", "no grades")


def classified(
    classes: Sequence[tuple[str, Sequence[Sequence[str]]]],
    failing: Collection[str],
    unclassified: Collection[str],
    version: int,
    title: Text,
) -> Statistic:
    """How many pupils of each class have which results of a term; `classes`: the marks of each pupil."""

    def told(marks: Sequence[str]) -> Text:
        if not marks:
            return NO_GRADES
        if any(mark in unclassified for mark in marks):
            return UNCLASSIFIED
        return FAILING if any(mark in failing for mark in marks) else CLEAN

    counts = [(name, Counter(told(marks) for marks in pupils)) for name, pupils in classes]
    kinds = (CLEAN, FAILING, UNCLASSIFIED, NO_GRADES)
    shown = [kind for kind in kinds if any(count[kind] for _, count in counts)]
    return Statistic(
        title=title,
        labels=tuple([plain(name) for name, _ in classes]),
        series=tuple([Series(kind, tuple([Decimal(count[kind]) for _, count in counts])) for kind in shown]),
        unit=Unit.COUNT,
        counted=sum(len(pupils) for _, pupils in classes),
        rule_versions=(version,),
    )


def compared(
    years: Sequence[tuple[str, Decimal | None, int]], name: Text, unit: Unit, title: Text
) -> Statistic:
    """One number a year, with the version of the rules that were in force in it."""
    return Statistic(
        title=title,
        labels=tuple([plain(year) for year, _, _ in years]),
        series=(Series(name, tuple([value for _, value, _ in years])),),
        unit=unit,
        counted=sum(value is not None for _, value, _ in years),
        rule_versions=tuple([version for _, _, version in years]),
    )
