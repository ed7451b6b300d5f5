"""How is a read model's table declared, and what do its columns look like in the database?

A table is a frozen msgspec struct: its fields are the columns, in order. Texts are collated "C", so
that the database, Python and the archive sort alike. A field that is neither text, number, day, instant
nor bytes (a tuple, a struct) is kept as the bytes of its JSON, which `View.raw` gives without decoding.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

_encode = msgspec.json.Encoder(order="deterministic").encode

Key = tuple[Any, ...]
# Which rows parents and pupils may see, in SQL (walls.py): what concerns no one pupil is closed to them
# unless its table says otherwise. `{pupils}` are the asker and the children.
OF_THE_PUPIL = "pupil_id = ANY ({pupils})"
OF_THE_PERSON = "person_id = ANY ({pupils})"
ALL_ROWS = "true"
NO_ROWS = "false"
# Which rows a teacher may see besides: those of own units (`{units}`), of pupils who are in them (`{taught}`)
# and of the own work, whichever of these columns there are; all of a table that has none of them. What is
# PRIVATE nobody sees by their role: `families` says of everybody which rows are theirs.
PRIVATE, BY_COLUMNS = None, ""
_OF_STAFF = {
    "class_id": "class_id = ANY ({units})",
    "unit_id": "unit_id = ANY ({units})",
    "group_id": "group_id = ANY ({units})",
    "from_class_id": "from_class_id = ANY ({units})",
    "pupil_id": "pupil_id = ANY ({taught})",
    "teacher_id": "teacher_id = {person}",
    "author_id": "author_id = {person}",
}
_NARROWING = ("class_id", "unit_id", "pupil_id")
Convert = Callable[[Any], Any]

_PLAIN = {
    str: "text",
    bool: "boolean",
    int: "bigint",
    Decimal: "numeric",
    date: "date",
    datetime: "timestamptz",
    bytes: "bytea",
}


class Row(msgspec.Struct, frozen=True, gc=False):
    """Base of all rows: equal by value; a change is a new row (`msgspec.structs.replace`).

    Not watched by the garbage collector, like everything inside rows: data hold no cycles, and a rebuild
    keeps hundreds of thousands.
    """

    declared: ClassVar[Table]


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `dump` and `load` turn a field into what psycopg sends and back; None: as it is."""

    name: str
    sql_type: str
    nullable: bool
    dump: Convert | None
    load: Convert | None

    def stored(self, row: Row) -> Any:  # noqa: ANN401
        """The row's value as it is stored."""
        value = getattr(row, self.name)
        return value if self.dump is None or value is None else self.dump(value)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one version of a read model; `model` is what the names of its tables begin with."""

    name: str
    model: str
    row: type[Row]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    key_of: Callable[[Any], Key]
    fields_of: Callable[[Any], Key]
    families: str  # which rows parents and pupils may see, as a condition in SQL
    staff: str | None  # which rows teachers see besides, another one; PRIVATE: none by their role
    searched: str | None = None  # the column whose words can be searched for
    directory: str | None = None  # the column of accounts that are somebody here

    def dump(self, row: Row) -> list[Any]:
        """The row's values as psycopg takes them, in column order."""
        return [
            value if column.dump is None or value is None else column.dump(value)
            for value, column in zip(self.fields_of(row), self.columns, strict=True)
        ]

    def load(self, values: tuple[Any, ...]) -> Row:
        """The row out of what a binary cursor gave, in column order."""
        return self.row(
            *[
                value if column.load is None or value is None else column.load(value)
                for column, value in zip(self.columns, values, strict=True)
            ]
        )

    def column(self, name: str) -> Column:
        """Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def shape(self) -> str:
        """A digest of columns, key and indexes: another shape needs another version of the model."""
        columns = [(column.name, column.sql_type, column.nullable) for column in self.columns]
        told = (columns, self.key, self.indexes, *([self.searched] if self.searched else []))
        return sha256(repr(told).encode()).hexdigest()[:16]


def declare(
    cls: type[Row],
    prefix: str,
    key: tuple[str, ...],
    indexes: tuple[tuple[str, ...], ...],
    searched: str | None = None,
    families: str | None = None,
    directory: str | None = None,
    staff: str | None = BY_COLUMNS,
) -> Table:
    """Describe a row struct. Raises TypeError on a key or index over an unknown or nullable column."""
    hints = get_type_hints(cls)
    columns = tuple(_column(field, hints[field]) for field in cls.__struct_fields__)
    nullable = {column.name: column.nullable for column in columns}
    if searched is not None and nullable.get(searched) is not False:
        raise TypeError(f"{cls.__name__} cannot be searched by {searched}")
    if directory is not None and directory not in nullable:
        raise TypeError(f"{cls.__name__} has no column {directory}")
    for name in key + tuple(name for index in indexes for name in index):
        if name not in nullable or (name in key and nullable[name]):
            raise TypeError(f"{cls.__name__} cannot be keyed or indexed by {name}")
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
    return Table(
        f"{prefix}_{snake}",
        prefix,
        cls,
        key,
        indexes,
        columns,
        values_of(key),
        values_of(cls.__struct_fields__),
        families or (OF_THE_PUPIL if "pupil_id" in nullable else NO_ROWS),
        _of_staff(nullable) if staff == BY_COLUMNS else staff,
        searched,
        directory,
    )


def _of_staff(columns: Iterable[str]) -> str:
    there = set(columns)
    if not there & set(_NARROWING):
        return ALL_ROWS
    return " OR ".join([said for name, said in _OF_STAFF.items() if name in there])


def values_of(key: tuple[str, ...]) -> Callable[[Any], Key]:
    """A function that gives a row's values in these columns, as a tuple also when it is one."""
    if len(key) > 1:
        return attrgetter(*key)
    one = attrgetter(key[0])
    return lambda row: (one(row),)


def _column(name: str, hint: object) -> Column:
    bare, nullable = _without_none(hint)
    if bare in _PLAIN:
        return Column(name, _PLAIN[bare], nullable, None, None)
    if isinstance(bare, type) and issubclass(bare, Enum) and issubclass(bare, str):
        return Column(name, "text", nullable, attrgetter("value"), bare)
    return Column(name, "bytea", nullable, _encode, msgspec.json.Decoder(bare).decode)


def _without_none(hint: object) -> tuple[Any, bool]:
    if get_origin(hint) not in {Union, types.UnionType}:
        return hint, False
    members = [member for member in get_args(hint) if member is not type(None)]
    nullable = len(members) < len(get_args(hint))
    return (members[0] if len(members) == 1 else Union[tuple(members)]), nullable  # noqa: UP007
