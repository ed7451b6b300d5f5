"""How is a fact of any kind written as an element of its own?

By its shape alone, so that nothing needs to be left out: the element is named after the fact, what is simple
becomes an attribute, personal texts and what has parts become children. A field that holds its default is not
written, so that a field which a fact gains later changes no archive of before. ADR 0122.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import msgspec

from dziennik.archive.canonical import Tag, flag, number, text
from dziennik.archive.page import ERASED_MARKER
from dziennik.contracts.facts import ERASED, Fact

RECORDED = ("author", "position", "recorded")  # attributes of every entry


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fact or of a value inside it: how it is written, and what to say of it in a schema."""

    name: str
    written: str
    simple: bool
    personal: bool
    default: object
    nullable: bool
    type: msgspec.inspect.Type


def element_name(fact: type[Fact]) -> str:
    """`note-written` of `behaviour.note_written.1`; a later version shows in the name."""
    _, name, version = fact.fact_name.split(".")
    return name.replace("_", "-") + ("" if version == "1" else f"-{version}")


@cache
def fields_of(shape: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields in the order of their written names."""
    info = msgspec.inspect.type_info(shape)
    if not isinstance(info, msgspec.inspect.StructType):
        raise TypeError(f"{shape.__name__} is not a struct")
    return tuple(sorted((_field(one) for one in info.fields), key=lambda one: one.written))


def element(fact: Fact, by: dict[str, str]) -> str:
    """The element of a recorded fact on lines of its own; `by`: its author, position and instant."""
    return _element(element_name(type(fact)), fact, by)


def _field(field: msgspec.inspect.Field) -> Field:
    written = field.name.replace("_", "-")
    kind, personal = _bare(field.type)
    simple = not personal and not isinstance(kind, msgspec.inspect.StructType | msgspec.inspect.VarTupleType)
    if written in RECORDED:
        written = f"said-{written}"
    nullable = isinstance(field.type, msgspec.inspect.UnionType)
    return Field(field.name, written, simple, personal, field.default, nullable, kind)


def _bare(info: msgspec.inspect.Type) -> tuple[msgspec.inspect.Type, bool]:
    """Without "or None"; whether it is a personal text."""
    if isinstance(info, msgspec.inspect.UnionType):
        some = [one for one in info.types if not isinstance(one, msgspec.inspect.NoneType)]
        if len(some) != 1:
            raise TypeError(f"no element for {info}")
        return _bare(some[0])
    if isinstance(info, msgspec.inspect.Metadata):
        return _bare(info.type)[0], bool((info.extra or {}).get("personal"))
    return info, False


def _element(name: str, value: msgspec.Struct, by: dict[str, str]) -> str:
    attributes = dict(by)
    children: list[str] = []
    for field in fields_of(type(value)):
        held = getattr(value, field.name)
        if held is None or held == field.default:
            continue
        if field.simple:
            attributes[field.written] = _simple(held)
        else:
            children.extend(_parts(field, held))
    tag = _tag(name)
    body = "".join(children)
    shown = {key.replace("-", "_"): one for key, one in attributes.items()}
    return f"{tag.block(**shown) if body else tag.start(**shown)}{body}{tag.end}"


def _parts(field: Field, held: object) -> Iterator[str]:
    for one in held if isinstance(held, tuple) else (held,):
        if isinstance(one, msgspec.Struct):
            yield _element(field.written, one, {})
        elif one == ERASED and field.personal:
            yield f"<{field.written}>{ERASED_MARKER.rstrip()}</{field.written}>\n"
        else:
            yield f"<{field.written}>{text(_simple(one))}</{field.written}>\n"


def _simple(value: object) -> str:
    for kind, told in _SPELLED:
        if isinstance(value, kind):
            return told(value)
    raise TypeError(f"no spelling for {type(value).__name__}")


# In this order: a truth value is a number too, and a word of ours is a text.
_SPELLED: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Enum, lambda one: str(one.value)),
    (str, str),
    (bool, flag),
    (int, number),
    (Decimal, number),
    (date, lambda one: str(one.isoformat())),
)


@cache
def _tag(name: str) -> Tag:
    return Tag(name)
