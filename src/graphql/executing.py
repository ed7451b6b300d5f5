"""From the text of a request to the bytes of the answer.

Documents are parsed, validated, measured and compiled once and kept. A compiled query runs its root
fields through the ordinary executor on a shadow of the schema whose root fields give their values as
they are (so arguments, denials and errors are those of graphql-core), and cuts the answer out of them.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import uuid4

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    parse,
    specified_rules,
    validate,
)
from graphql.language import SelectionSetNode

from dziennik.graphql.asker import Asker
from dziennik.graphql.completing import Complete, Completer, NotCompilable
from dziennik.graphql.context import Context, Serving
from dziennik.graphql.gates import Gates
from dziennik.graphql.known_access import KnownAccess
from dziennik.graphql.limits import LIMITS, fault_in_size
from dziennik.graphql.refusing import NOT_A_REQUEST, Refused
from dziennik.graphql.schema import SCHEMA

_log = logging.getLogger(__name__)

# Documents that are kept: so many, and so many characters of them in all. One takes 80 bytes a character.
KEPT_DOCUMENTS, KEPT_CHARACTERS = 1000, 400_000
LONGEST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was checked. `roots`: for each compiled operation its root keys' completers."""

    document: DocumentNode
    errors: tuple[GraphQLError, ...] = ()
    shadow: DocumentNode | None = None
    roots: dict[str, Complete | None] = field(default_factory=dict)
    mutates: frozenset[str | None] = frozenset()

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of that name, or the only one."""
        found = [d for d in self.document.definitions if isinstance(d, OperationDefinitionNode)]
        if name is None:
            return found[0] if len(found) == 1 else None
        return next((each for each in found if each.name and each.name.value == name), None)


class Executor:
    """Executes requests against the schema. Thread-safe."""

    def __init__(self, system: Serving, *, compiled: bool = True, explore: bool = False) -> None:
        """`compiled=False` goes the ordinary way throughout. `explore`: suggestions in errors."""
        self._system = system
        self._known = KnownAccess(system.read_models)
        self._gates = Gates()
        self._compiled = compiled
        self._explore = explore
        self.schema: GraphQLSchema = SCHEMA._schema  # noqa: SLF001 - strawberry's own graphql-core schema
        self._shadow = _shadow_of(self.schema)
        hidden = () if explore else (NoSchemaIntrospectionCustomRule,)
        self._rules = (*specified_rules, *hidden)
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def answer(
        self,
        query: str,
        variables: dict[str, Any] | None,
        operation: str | None,
        *,
        account_id: str | None = None,
        asker: Asker | None = None,
        language: str,
        reading_only: bool = False,
    ) -> bytes:
        """The answer's JSON. `reading_only` refuses mutations (GET requests).

        `account_id` is for who asks without a session; `asker` tells more.
        """
        prepared = self.prepare(query, language)
        if prepared.errors:
            return self._rendered(ExecutionResult(errors=list(prepared.errors)))
        if reading_only and prepared.mutates:
            return self.refused(Refused(NOT_A_REQUEST(what="GET"), language))
        chosen = prepared.operation(operation)
        if chosen and chosen.operation is OperationType.SUBSCRIPTION:
            return self.refused(Refused(NOT_A_REQUEST(what="Accept: text/event-stream"), language))
        with ExitStack() as stack:
            context = self.context(asker or Asker(account_id=account_id), language, stack)
            return self._rendered(self._settled(prepared, variables, operation, context))

    def context(self, asker: Asker, language: str, stack: ExitStack) -> Context:
        """One request of somebody; what it opens is closed with the stack."""
        return Context(self._system, self._known, asker, language, stack, self._gates)

    def event(
        self,
        prepared: Prepared,
        variables: dict[str, Any] | None,
        operation: str | None,
        context: Context,
        value: dict[str, Any],
    ) -> bytes:
        """The answer's JSON to one event of a subscription: its root field has this value."""
        return self._rendered(self._settled(prepared, variables, operation, context, value))

    def refused(self, refusal: GraphQLError) -> bytes:
        """An answer that is one error."""
        return self._rendered(ExecutionResult(errors=[refusal]))

    def prepare(self, query: str, language: str = "pl") -> Prepared:
        """The document, checked and compiled; from the cache when it was seen before."""
        with self._lock:
            found = self._prepared.get(query)
            if found:
                self._prepared.move_to_end(query)
                return found
        made = self._prepare(query, language)
        if not made.errors and len(query) <= LONGEST_KEPT:
            self._keep(query, made)
        return made

    def _keep(self, query: str, made: Prepared) -> None:
        """Faulty ones are not kept, so that strangers cannot fill the memory with them."""
        with self._lock:
            self._characters += 0 if query in self._prepared else len(query)
            self._prepared[query] = made
            while len(self._prepared) > KEPT_DOCUMENTS or self._characters > KEPT_CHARACTERS:
                oldest, _ = self._prepared.popitem(last=False)
                self._characters -= len(oldest)

    def _prepare(self, query: str, language: str) -> Prepared:
        try:
            document = parse(query, max_tokens=LIMITS.tokens)
        except GraphQLError as fault:
            return Prepared(DocumentNode(definitions=()), (fault,))
        except RecursionError:
            return Prepared(DocumentNode(definitions=()), (GraphQLError("The query is nested too deeply."),))
        too_large = fault_in_size(document)
        if too_large:
            return Prepared(document, (Refused(too_large, language),))
        errors = validate(
            self.schema, document, self._rules, max_errors=20, hide_suggestions=not self._explore
        )
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        mutates = frozenset(
            d.name.value if d.name else None for d in operations if d.operation is OperationType.MUTATION
        )
        only_query = len(operations) == 1 and operations[0].operation is OperationType.QUERY
        if errors or not only_query or not self._compiled:
            return Prepared(document, tuple(errors), mutates=mutates)
        try:
            shadow, roots = self._compile(document, operations[0])
        except NotCompilable:
            return Prepared(document)
        return Prepared(document, (), shadow, roots)

    def _compile(
        self, document: DocumentNode, operation: OperationDefinitionNode
    ) -> tuple[DocumentNode, dict[str, Complete | None]]:
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        completer = Completer(fragments)
        query = self.schema.query_type
        roots: dict[str, Complete | None] = {}
        bare = []
        for node in operation.selection_set.selections:
            name = node.name.value if isinstance(node, FieldNode) else ""
            if not isinstance(node, FieldNode) or node.directives or name.startswith("__") or query is None:
                raise NotCompilable("root")
            key = node.alias.value if node.alias else name
            if key in roots:
                raise NotCompilable("a root field is selected twice")
            roots[key] = completer.of(query.fields[name].type, node.selection_set)
            bare.append(FieldNode(name=node.name, alias=node.alias, arguments=node.arguments, loc=node.loc))
        shadow = OperationDefinitionNode(
            operation=operation.operation,
            name=operation.name,
            variable_definitions=operation.variable_definitions,
            selection_set=SelectionSetNode(selections=tuple(bare)),
        )
        return DocumentNode(definitions=(shadow,)), roots

    def _settled(
        self,
        prepared: Prepared,
        variables: dict[str, Any] | None,
        operation: str | None,
        context: Context,
        value: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """The result; a fault outside of any field (a thunk's, the machinery's) is told like one inside."""
        try:
            return self._run(prepared, variables, operation, context, value)
        except GraphQLError as refusal:
            return ExecutionResult(errors=[refusal])
        except Exception as fault:  # noqa: BLE001 - logged under its number, like faults of resolvers
            return ExecutionResult(errors=[GraphQLError("fault", original_error=fault)])

    def _run(
        self,
        prepared: Prepared,
        variables: dict[str, Any] | None,
        operation: str | None,
        context: Context,
        value: dict[str, Any] | None,
    ) -> ExecutionResult:
        if prepared.shadow is not None:
            shadowed = execute_sync(
                self._shadow,
                prepared.shadow,
                context_value=context,
                variable_values=variables,
                operation_name=operation,
            )
            if shadowed.errors is None and shadowed.data is not None:
                # Values are completed while the views are open: some are thunks.
                data = {
                    key: complete(shadowed.data[key]) if complete else shadowed.data[key]
                    for key, complete in prepared.roots.items()
                }
                return ExecutionResult(data=data)
            context.anew()
        return execute_sync(
            self.schema,
            prepared.document,
            root_value=value,
            context_value=context,
            variable_values=variables,
            operation_name=operation,
            hide_suggestions=not self._explore,
        )

    def _rendered(self, result: ExecutionResult) -> bytes:
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [_told(error) for error in result.errors]
        if result.data is not None or not result.errors:
            answer["data"] = result.data
        return orjson.dumps(answer)


def _told(error: GraphQLError) -> dict[str, Any]:
    """An error as outsiders may see it: faults of ours are told by number only, and logged under it."""
    if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        number = uuid4().hex[:12]
        _log.error("fault %s", number, exc_info=error.original_error)
        return {
            "message": f"Błąd wewnętrzny {number}. / Internal error {number}.",
            "path": error.path,
            "extensions": {"code": "FAULT", "number": number},
        }
    return dict(error.formatted)


def _shadow_of(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema with root fields that give what their resolvers give."""
    as_it_is = GraphQLScalarType("AsItIs", serialize=lambda value: value)
    query = schema.query_type
    if query is None:
        raise TypeError("the schema has no queries")
    fields = {
        name: GraphQLField(as_it_is, args=found.args, resolve=found.resolve, extensions=found.extensions)
        for name, found in query.fields.items()
    }
    return GraphQLSchema(query=GraphQLObjectType(query.name, fields))
