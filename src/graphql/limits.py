"""How much may one query ask for? Counted before it runs, in time linear in its length.

A fragment is measured once and its measure added wherever it is spread, so a few hundred bytes of nested
fragments that stand for millions of fields are refused in microseconds (ADR 0032).
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from dziennik.contracts.refusals import Refusal
from dziennik.graphql.refusing import TOO_LARGE


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one request may hold."""

    # A page of everything about a class takes about 9 levels.
    depth: int = 15
    # All fields, fragments spread out. The largest page of a front end has about 150.
    fields: int = 1000
    # Fragments within fragments.
    nesting: int = 30
    # Rows that all pages of a request ask for together (`first`): each may cost a few questions more.
    items: int = 1000
    # Logins, or accounts opened: each reckons a hash that is meant to be slow.
    passwords: int = 1
    # Root fields: each costs at least one question to the database.
    roots: int = 20
    # Bytes of the body: a column of 40 grades with comments takes 20 kB.
    body: int = 300_000
    # Tokens of the document.
    tokens: int = 8000


LIMITS = Limits()


class _Measure:
    """Fields and depth of selections; fragments are measured once."""

    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self._limits = limits
        self._fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._known: dict[str, tuple[int, int]] = {}
        self._inside = 0
        self.nesting = 0

    def of(self, selections: SelectionSetNode | None) -> tuple[int, int]:
        """(fields, depth) below a selection set."""
        fields = depth = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                inner_fields, inner_depth = self.of(node.selection_set)
                inner_fields, inner_depth = inner_fields + 1, inner_depth + 1
            elif isinstance(node, InlineFragmentNode):
                inner_fields, inner_depth = self.of(node.selection_set)
            else:
                inner_fields, inner_depth = (
                    self._spread(node) if isinstance(node, FragmentSpreadNode) else (0, 0)
                )
            fields, depth = fields + inner_fields, max(depth, inner_depth)
        return fields, depth

    def roots(self, selections: SelectionSetNode) -> int:
        """Root fields, those in fragments at the root counted with `of`."""
        return sum(
            1 if isinstance(node, FieldNode) else self._root_fragment(node) for node in selections.selections
        )

    def _root_fragment(self, node: object) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node)[0]
        return self.of(node.selection_set)[0] if isinstance(node, InlineFragmentNode) else 0

    def _spread(self, node: FragmentSpreadNode) -> tuple[int, int]:
        name = node.name.value
        if name not in self._known:
            self._known[name] = (0, 0)  # a cycle measures nothing here; validation refuses it
            fragment = self._fragments.get(name)
            self._inside += 1
            self.nesting = max(self.nesting, self._inside)
            if fragment and self._inside <= self._limits.nesting:  # deeper ones are refused, not measured
                self._known[name] = self.of(fragment.selection_set)
            self._inside -= 1
        return self._known[name]


def fault_in_size(document: DocumentNode, limits: Limits = LIMITS) -> Refusal | None:
    """The first limit that an operation of the document is beyond, or None."""
    measure = _Measure(document, limits)
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        fields, depth = measure.of(operation.selection_set)
        for what, found, limit in (
            ("nesting", measure.nesting, limits.nesting),
            ("fields", fields, limits.fields),
            ("depth", depth, limits.depth),
            ("root fields", measure.roots(operation.selection_set), limits.roots),
        ):
            if found > limit:
                return TOO_LARGE(what=what, found=found, limit=limit)
    return None
