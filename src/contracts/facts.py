"""What is a fact, and under which name is it stored?

A fact is a frozen, past-tense record of something that was said or decided. It is stored
under a name of ours (``grades.grade_given.1`` = context.fact.version), never under a Python
path: moving a file must not rename ten years of grades.

A stored shape is for ever. A new optional field keeps the version; anything else is version
n+1 with a pure upcast (``upcasts={"grades.grade_given.1": function}``) beside the class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec

Json = dict[str, Any]
Upcast = Callable[[Json], Json]

_PERSONAL = "personal"

# Classes of a person's keys, each with a time for which the texts under them are kept (contracts/privacy.py).
REGISTER, GRADE_SHEETS, CONTACTS, MESSAGES = "register", "grade_sheets", "contacts", "messages"
KEY_CLASSES = (CONTACTS, MESSAGES, REGISTER, GRADE_SHEETS)

# A text that says something about a person. The journal encrypts it with the key of the
# person the fact is about (``Fact.person_field``); whoever loads the fact sees plain text, or
# ERASED once that person's key has been destroyed.
Personal = Annotated[str, msgspec.Meta(extra={_PERSONAL: True})]

# One that stands on the pupil's grade sheet (arkusz ocen), which is kept longer than the register.
OnSheet = Annotated[str, msgspec.Meta(extra={_PERSONAL: GRADE_SHEETS})]

# What a shredded personal text reads as (GDPR art. 17). U+2400 SYMBOL FOR NULL cannot be
# entered by a user, so the tombstone is never mistaken for a name.
ERASED = "\u2400"


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Base of all facts. Equality is by value; decoding is strict.

    Not watched by the garbage collector: facts hold no cycles, and reading them costs half as much.
    """

    fact_name: ClassVar[str]
    # The field that names the person whose key protects this fact's Personal fields.
    person_field: ClassVar[str | None] = None
    personal_fields: ClassVar[tuple[str, ...]] = ()
    # Those of them that stand on a grade sheet, and the class of keys for all others.
    sheet_fields: ClassVar[frozenset[str]] = frozenset()
    key_class: ClassVar[str] = REGISTER

    @property
    def on_sheet(self) -> bool:
        """Whether this one is an entry of a grade sheet: where the kind decides, annual ones are."""
        return True

    def class_of(self, field: str) -> str:
        """Under which class of keys a personal text of the fact belongs."""
        return GRADE_SHEETS if field in self.sheet_fields and self.on_sheet else self.key_class


F = TypeVar("F", bound=Fact)

# Every fact by its current stored name, and each superseded name with its upcast to the next.
FACTS: dict[str, type[Fact]] = {}
UPCASTS: dict[str, tuple[str, Upcast]] = {}


def fact(
    name: str, *, person: str | None = None, upcasts: Mapping[str, Upcast] | None = None
) -> Callable[[type[F]], type[F]]:
    """Register a fact under its stored name.

    `person` names the field that holds the id of the person whose key encrypts the fact's
    Personal fields; it is required as soon as there is one. `upcasts` maps each older stored
    name to a pure function from its JSON object to the next newer one's.

    Raises TypeError on a name given twice and on Personal fields without `person`.
    """

    def register(cls: type[F]) -> type[F]:
        personal = _personal_fields(cls)
        if personal and person is None:
            raise TypeError(f"{cls.__name__} has personal fields {tuple(personal)} but names no person")
        if name in FACTS:
            raise TypeError(f"fact name {name!r} is taken by {FACTS[name].__name__}")
        cls.fact_name = name
        cls.person_field = person
        cls.personal_fields = tuple(personal)
        cls.sheet_fields = frozenset(field for field, kind in personal.items() if kind == GRADE_SHEETS)
        FACTS[name] = cls
        for old, upcast in (upcasts or {}).items():
            UPCASTS[old] = (_next_version(old), upcast)
        return cls

    return register


def _personal_fields(cls: type[Fact]) -> dict[str, object]:
    """The personal fields in order, each with what its type says besides (True, or a class of keys)."""
    fields = msgspec.inspect.type_info(cls)
    if not isinstance(fields, msgspec.inspect.StructType):
        raise TypeError(f"{cls.__name__} is not a struct")
    return {field.name: kind for field in fields.fields if (kind := _personal(field.type))}


def _personal(info: msgspec.inspect.Type) -> object:
    if isinstance(info, msgspec.inspect.UnionType):
        return next((kind for member in info.types if (kind := _personal(member))), None)
    return (info.extra or {}).get(_PERSONAL) if isinstance(info, msgspec.inspect.Metadata) else None


def _next_version(name: str) -> str:
    stem, _, version = name.rpartition(".")
    return f"{stem}.{int(version) + 1}"
