"""How is an answer cut out of JSON-ready values, many times faster than field by field?

A selection is compiled once per document into nested functions; a list of stored JSON whose full type is
selected in the schema's order is spliced as bytes. What cannot be compiled (abstract types, variables
in directives, merged fields) raises NotCompilable and goes the ordinary way (ADR 0030).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    SelectionSetNode,
    is_leaf_type,
)

from dziennik.graphql.raw import RawList

Complete = Callable[[Any], Any]
Fragments = Mapping[str, FragmentDefinitionNode]


class NotCompilable(Exception):
    """The selection must go the ordinary way."""


class Completer:
    """Compiles selections of one document."""

    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments

    def of(self, kind: Any, selections: SelectionSetNode | None) -> Complete | None:  # noqa: ANN401
        """A function from a JSON-ready value of the GraphQL type to the answer; None: as it is."""
        if isinstance(kind, GraphQLNonNull):
            return self.of(kind.of_type, selections)
        if isinstance(kind, GraphQLList):
            return self._list(kind, selections)
        if is_leaf_type(kind):
            return None
        if not isinstance(kind, GraphQLObjectType) or selections is None:
            raise NotCompilable(str(kind))
        return self._object(kind, selections)

    def _list(self, kind: GraphQLList[Any], selections: SelectionSetNode | None) -> Complete | None:
        item = self.of(kind.of_type, selections)
        if item is None:
            return None
        of_type = kind.of_type.of_type if isinstance(kind.of_type, GraphQLNonNull) else kind.of_type
        whole = (
            selections is not None
            and isinstance(of_type, GraphQLObjectType)
            and self._is_whole(of_type, selections)
        )

        def complete(value: Any) -> Any:  # noqa: ANN401
            if isinstance(value, RawList):
                if whole:
                    return value.spliced()
                value = value.opened()
            return None if value is None else [item(part) for part in value]

        return complete

    def _object(self, kind: GraphQLObjectType, selections: SelectionSetNode) -> Complete:
        plain: list[tuple[str, str]] = []
        deep: list[tuple[str, str, Complete]] = []
        order: list[str] = []
        constants: dict[str, str] = {}
        for key, name, inner in self._fields(kind, selections):
            order.append(key)
            if name == "__typename":
                constants[key] = kind.name
                continue
            field = kind.fields.get(name)
            if field is None or field.args:
                raise NotCompilable(f"{kind}.{name}")
            complete = self.of(field.type, inner)
            if complete is None:
                plain.append((key, name))
            else:
                deep.append((key, name, complete))
        if not deep and not constants:
            return _shallow(tuple(plain))
        return _nested(tuple(order), dict(plain), {key: (n, c) for key, n, c in deep}, constants)

    def _fields(
        self, kind: GraphQLObjectType, selections: SelectionSetNode
    ) -> list[tuple[str, str, SelectionSetNode | None]]:
        """(key of the answer, field, inner selections) in order. NotCompilable on directives and merges."""
        found: list[tuple[str, str, SelectionSetNode | None]] = []
        self._collect(kind, selections, found)
        keys = [key for key, _, _ in found]
        if len(set(keys)) < len(keys):
            raise NotCompilable("a field is selected twice")
        return found

    def _collect(
        self,
        kind: GraphQLObjectType,
        selections: SelectionSetNode,
        found: list[tuple[str, str, SelectionSetNode | None]],
    ) -> None:
        for node in selections.selections:
            if node.directives:
                raise NotCompilable("directives")
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                found.append((key, node.name.value, node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
                self._inner(kind, fragment.type_condition.name.value, fragment.selection_set, found)
            elif isinstance(node, InlineFragmentNode):
                on = node.type_condition.name.value if node.type_condition else kind.name
                self._inner(kind, on, node.selection_set, found)

    def _inner(
        self,
        kind: GraphQLObjectType,
        condition: str,
        selections: SelectionSetNode,
        found: list[tuple[str, str, SelectionSetNode | None]],
    ) -> None:
        if condition != kind.name:
            raise NotCompilable("a fragment on another type")
        self._collect(kind, selections, found)

    def _is_whole(self, kind: GraphQLObjectType, selections: SelectionSetNode) -> bool:
        """All fields of the type, in its order, under their own names, and so on below."""
        found = self._fields(kind, selections)
        if [(key, name) for key, name, _ in found] != [(name, name) for name in kind.fields]:
            return False
        for _, name, inner in found:
            of_type = kind.fields[name].type
            while isinstance(of_type, GraphQLNonNull | GraphQLList):
                of_type = of_type.of_type
            if isinstance(of_type, GraphQLObjectType) and not (inner and self._is_whole(of_type, inner)):
                return False
        return True


def _shallow(fields: tuple[tuple[str, str], ...]) -> Complete:
    def complete(source: Any) -> Any:  # noqa: ANN401
        if source is None:
            return None
        return {key: source[name] for key, name in fields}

    return complete


def _nested(
    order: tuple[str, ...],
    plain: Mapping[str, str],
    deep: Mapping[str, tuple[str, Complete]],
    constants: Mapping[str, str],
) -> Complete:
    steps = tuple((key, plain.get(key), deep.get(key), constants.get(key)) for key in order)

    def complete(source: Any) -> Any:  # noqa: ANN401
        if source is None:
            return None
        answer = {}
        for key, name, inner, constant in steps:
            if name is not None:
                answer[key] = source[name]
            elif inner is not None:
                value = source[inner[0]]
                answer[key] = inner[1](value() if callable(value) else value)
            else:
                answer[key] = constant
        return answer

    return complete
