"""What is a read model?

One file: its tables, its handlers, its queries. `model = ReadModel("gradebook", version=1)` and its
decorators are the only list of what it holds and handles:

    @model.table(key=("pupil_id",), indexes=(("class_id",),))   a struct is a table
    @model.on(GradeGiven)                                       a pure function handles a fact
    @model.derives(Cell)                                        columns reckoned from a row when it is stored

A handler is `(rows, fact, recorded) -> None`. What it does must depend on rows and the fact alone.
A deriving function is `(rows, row) -> row`; it runs once for every row that a batch put, however often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar, cast, overload

from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import FACTS, UPCASTS, Fact
from dziennik.journal.outcomes import Undecodable
from dziennik.projections.rows import MemoryRows, Rows, View
from dziennik.projections.source import Item
from dziennik.projections.tables import BY_COLUMNS, Row, Table, declare

F = TypeVar("F", bound=Fact)
G = TypeVar("G", bound=Fact)
H = TypeVar("H", bound=Fact)
R = TypeVar("R", bound=Row)
Handler = Callable[[Rows, Any, Recorded], None]
Derive = Callable[[View, Any], Row]

A_contra = TypeVar("A_contra")


class _Decorates(Protocol[A_contra]):
    """A decorator of handlers of the fact A."""

    def __call__(
        self, handler: Callable[[Rows, A_contra, Recorded], None], /
    ) -> Callable[[Rows, A_contra, Recorded], None]: ...


class HandlerFault(Exception):
    """A fact that could not be read or applied; says which."""

    def __init__(self, model: str, position: int, stream: str, why: str) -> None:
        super().__init__(f"{model} cannot take the fact at position {position} (stream {stream}): {why}")
        self.model = model
        self.position = position
        self.stream = stream
        self.why = why


class ReadModel:
    """One read model in one version: another shape or other handlers are another version."""

    def __init__(self, name: str, *, version: int) -> None:
        self.name = name
        self.version = version
        self.tables: list[Table] = []
        self.handlers: dict[type[Fact], Handler] = {}
        self.derived: dict[type[Row], Derive] = {}

    @property
    def prefix(self) -> str:
        """What the names of its tables begin with."""
        return f"{self.name}_v{self.version}"

    def table(
        self,
        *,
        key: tuple[str, ...],
        indexes: tuple[tuple[str, ...], ...] = (),
        searched: str | None = None,
        families: str | None = None,
        directory: str | None = None,
        staff: str | None = BY_COLUMNS,
    ) -> Callable[[type[R]], type[R]]:
        """The struct is a table of this model. TypeError on columns that cannot be keyed or indexed.

        `searched` holds words (projections/words.py) that `Lists.search` finds. `families`: which rows
        parents and pupils may see; left out: those of their `pupil_id`, else none. `directory`: the column of
        accounts that are somebody in this school (projections/directory.py). `staff`: which rows teachers may
        see besides; left out: by their columns (projections/tables.py).
        """

        def register(cls: type[R]) -> type[R]:
            cls.declared = declare(cls, self.prefix, key, indexes, searched, families, directory, staff)
            self.tables.append(cls.declared)
            return cls

        return register

    @overload
    def on(self, first: type[F], /) -> _Decorates[F]: ...
    @overload
    def on(self, first: type[F], second: type[G], /) -> _Decorates[F | G]: ...
    @overload
    def on(self, first: type[F], second: type[G], third: type[H], /) -> _Decorates[F | G | H]: ...
    def on(self, *facts: type[Any]) -> _Decorates[Any]:
        """The function handles these facts. TypeError on a fact handled twice."""

        def register(handler: Handler) -> Handler:
            for fact in facts:
                if fact in self.handlers:
                    raise TypeError(f"{self.name} handles {fact.__name__} twice")
                self.handlers[fact] = handler
            return handler

        return register

    def derives(self, table: type[R]) -> Callable[[Callable[[View, R], R]], Callable[[View, R], R]]:
        """The function fills the columns of `table` that follow from other columns and rows."""

        def register(derive: Callable[[View, R], R]) -> Callable[[View, R], R]:
            self.derived[table] = derive
            return derive

        return register

    @property
    def personal(self) -> bool:
        """Whether it holds personal texts: then it must be rebuilt when a person's key is destroyed."""
        return any(fact.personal_fields for fact in self.handlers)

    def concerns(self, unread: Undecodable) -> bool:
        """Whether a fact that does not decode could have meant something to this model.

        Yes for another version of a fact it handles and for names that nobody knows.
        """
        stem = unread.name.rpartition(".")[0]
        if any(fact.fact_name.rpartition(".")[0] == stem for fact in self.handlers):
            return True
        return all(name.rpartition(".")[0] != stem for name in (*FACTS, *UPCASTS))

    def fold(self, rows: MemoryRows, facts: Iterable[Item]) -> int:
        """Apply facts in memory, strictly; the last position, 0 when there was none.

        Derived columns stay as they are until `settle`. Raises HandlerFault.
        """
        handlers = self.handlers
        position = 0
        recorded: Any
        for recorded in facts:
            position = recorded.position
            if type(recorded) is Undecodable:
                if self.concerns(recorded):
                    raise HandlerFault(self.name, position, recorded.stream, recorded.reason)
                continue
            handler = handlers.get(type(recorded.fact))
            if handler is not None:
                try:
                    handler(rows, recorded.fact, recorded)
                except Exception as fault:
                    raise HandlerFault(self.name, position, recorded.stream, described(fault)) from fault
        return position

    def settle(self, rows: MemoryRows) -> None:
        """Fill the derived columns of all rows."""
        for table, derive in self.derived.items():
            store = rows.store(table)
            for row in list(store.rows.values()):
                rows.put(derive(rows, cast("Any", row)))


def described(fault: BaseException) -> str:
    """A fault in one line, as dead letters keep it."""
    return f"{type(fault).__name__}: {fault}"[:2000]
