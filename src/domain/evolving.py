"""How does a state follow its facts? By one small pure step per fact, registered beside the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from dziennik.contracts.facts import Fact

S = TypeVar("S")
F = TypeVar("F", bound=Fact)
K = TypeVar("K")
V = TypeVar("V")
Step = Callable[[S, F], S]


class Evolution(Generic[S]):
    """`evolve` made of steps; a fact without a step leaves the state as it is."""

    def __init__(self) -> None:
        self._steps: dict[type[Fact], Callable[[S, Any], S]] = {}

    def on(self, fact: type[F]) -> Callable[[Step[S, F]], Step[S, F]]:
        """Register the step for a fact."""

        def register(step: Step[S, F]) -> Step[S, F]:
            self._steps[fact] = step
            return step

        return register

    def __call__(self, state: S, fact: Fact) -> S:
        step = self._steps.get(type(fact))
        return step(state, fact) if step else state


def put(mapping: Mapping[K, V], key: K, value: V) -> dict[K, V]:
    """A copy with one entry set: states are never changed in place."""
    return {**mapping, key: value}
