"""Mutations: every command the rulebook knows, and logging in.

Each answers with Accepted (and the position at which its facts stand) or with a Refusal: a typed value
with a stable code, a sentence in the asker's language, and the field at fault.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from dziennik.accounts import accounts, sessions
from dziennik.application.register import Accepted as Outcome
from dziennik.contracts import envelope, refusals
from dziennik.contracts.attachments import NO_SUCH_UPLOAD, TOO_MANY_ATTACHED, Attached
from dziennik.contracts.board import PostAnnouncement
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.envelope import Actor, Channel
from dziennik.contracts.facts import MESSAGES, REGISTER
from dziennik.contracts.message_commands import ReplyToMessage, SendMessage
from dziennik.contracts.registry import COMMANDS
from dziennik.domain.messages import concerns
from dziennik.domain.texts import fault_in
from dziennik.graphql import opening, redeeming, shapes
from dziennik.graphql.context import Context
from dziennik.graphql.inputs import OWN_ID, command_of, input_for
from dziennik.graphql.message_limits import fault_in_number
from dziennik.graphql.structure_queries import SchoolId
from dziennik.graphql.who_may import MUTATIONS, NOT_OFFERED, guarded, mutation_name

MOST_ATTACHED = 5  # files of one command

Key = Annotated[
    str | None,
    strawberry.argument(description="Idempotency key: a repeated mutation gets its first outcome."),
]
As = Annotated[
    shapes.Role | None,
    strawberry.argument(description="The role to act in, when the asker holds several."),
]
# Of several roles the one nearest to the classroom, unless the asker says otherwise.
SecondFactor = Annotated[
    str | None, strawberry.argument(description="Of an account that has one: a code, or a recovery code.")
]
NewPassword = Annotated[
    str | None, strawberry.argument(description="Takes the place of a password that is too old.")
]
NEARNESS = [
    envelope.Role.TEACHER,
    envelope.Role.DIRECTOR,
    envelope.Role.ADMINISTRATOR,
    envelope.Role.PARENT,
    envelope.Role.PUPIL,
    envelope.Role.AUDITOR,
    envelope.Role.OPERATOR,
    envelope.Role.SPONSOR,
]


@strawberry.type(description="Done: `facts` were written, the last at `position` (pass it as afterPosition).")
class Accepted:
    position: int
    facts: int
    repeated: bool
    id: shapes.ID | None = strawberry.field(description="Id of what the command brought into being.")


@strawberry.type
class Detail:
    name: str
    value: str


@strawberry.type(description="A coded no: nothing was written.")
class Refusal:
    code: str
    message: str
    field: str | None
    details: list[Detail]
    others: list[Refusal] = strawberry.field(
        description="What else is wrong: a command for many pupils tells everything at once."
    )


@strawberry.type(description="A login that lasts `expiresIn` seconds; the refresh token renews it once.")
class Session:
    account_id: shapes.ID
    access_token: str
    refresh_token: str
    expires_in: int


CommandResult = Annotated[Accepted | Refusal, strawberry.union("CommandResult")]
LoginResult = Annotated[Session | Refusal, strawberry.union("LoginResult")]


def refusal(found: refusals.Refusal, language: str) -> Refusal:
    """A refusal in the asker's language; the field in the spelling of the schema."""
    details = [Detail(name=name, value=value) for name, value in sorted(found.details.items())]
    field = None if found.field is None else _camel(found.field)
    others = [refusal(other, language) for other in found.others]
    return Refusal(code=found.code, message=found.text(language), field=field, details=details, others=others)


def _camel(path: str) -> str:
    return ".".join(
        head + "".join(part.capitalize() for part in rest)
        for head, *rest in (piece.split("_") for piece in path.split("."))
    )


def actor_of(context: Context, school: str, name: str, acting_as: Any) -> Actor | refusals.Refusal:  # noqa: ANN401
    """Who acts when the asker uses the mutation `name`: in the role asked for, or the nearest that may."""
    return actor_among(context, school, MUTATIONS[name], acting_as)


def actor_among(
    context: Context,
    school: str,
    allowed: frozenset[envelope.Role],
    acting_as: Any,  # noqa: ANN401
) -> Actor | refusals.Refusal:
    """The same for whatever these roles may do."""
    held = context.roles(school) & allowed
    wanted = envelope.Role[acting_as.name] if acting_as else None
    if wanted is not None and wanted not in held:
        return NOT_YOURS_TO_DO(role=wanted.value, field="actingAs")
    role = wanted or next(role for role in NEARNESS if role in held)
    person_id = context.access(school).person.person_id
    return Actor(account=context.account(), role=role, person=person_id, channel=Channel.API)


def execute(
    context: Context,
    school: str,
    command: Command,
    name: str,
    key: str | None,
    acting_as: Any = None,  # noqa: ANN401
) -> Accepted | Refusal:
    """Carry out one command as the asker, who uses the mutation `name`."""
    return carried_out(context, school, command, MUTATIONS[name], key, acting_as)


def carried_out(
    context: Context,
    school: str,
    command: Command,
    allowed: frozenset[envelope.Role],
    key: str | None,
    acting_as: Any = None,  # noqa: ANN401
) -> Accepted | Refusal:
    """The same in one of these roles."""
    actor = actor_among(context, school, allowed, acting_as)
    if isinstance(actor, refusals.Refusal):
        return refusal(actor, context.language)
    fault = fault_in_number(context, school, command, actor, key) or _fault_in_attachments(
        context, school, command
    )
    if fault:
        return refusal(fault, context.language)
    outcome = context.register(school).execute(command, actor=actor, command_id=key)
    if isinstance(outcome, refusals.Refusal):
        return refusal(outcome, context.language)
    return accepted(outcome, command)


def _fault_in_attachments(context: Context, school: str, command: Command) -> refusals.Refusal | None:
    """Files that a command refers to are the asker's uploads about its pupil, just as it says."""
    attached: tuple[Attached, ...] = getattr(command, "attachments", ())
    if len(attached) > MOST_ATTACHED:
        return TOO_MANY_ATTACHED(limit=MOST_ATTACHED, field="attachments")
    fault = fault_in(command) if attached else None  # what no rule takes is not looked for either
    if fault:
        return fault
    if not attached:
        return None
    person_id, key_class = _owner(context, school, command)
    for place, file in enumerate(attached):
        uploaded = (school, person_id, context.account(), file)
        if not context.system.attachments.claim(*uploaded, key_class=key_class):
            return NO_SUCH_UPLOAD(attachment=file.attachment_id, field=f"attachments[{place}]")
    return None


def _owner(context: Context, school: str, command: Command) -> tuple[str, str]:
    """Under whose key, of which class, the files lie that the command refers to."""
    who = context.access(school).person.person_id
    if isinstance(command, PostAnnouncement):
        return who, REGISTER
    if not isinstance(command, SendMessage | ReplyToMessage):
        return getattr(command, "pupil_id", ""), REGISTER
    return context.register(school).look(lambda world: concerns(world, command, who)), MESSAGES


def accepted(outcome: Outcome, command: Command | None = None) -> Accepted:
    """A command that was carried out; with the command its own id."""
    own = OWN_ID.get(type(command)) if command else None
    return Accepted(
        position=outcome.position,
        facts=outcome.facts,
        repeated=outcome.repeated,
        id=getattr(command, own) if own else None,
    )


def _mutation(kind: type[Command]) -> Any:  # noqa: ANN401
    name = mutation_name(kind)
    given = input_for(kind)

    def resolve(
        info: Info,
        school: SchoolId,
        input: Any,  # noqa: A002, ANN401
        idempotency_key: Key = None,
        acting_as: As = None,
    ) -> Any:  # noqa: ANN401
        # The same key of another account is another: nobody learns of or blocks others' keys.
        key = f"{info.context.account()}/{idempotency_key}" if idempotency_key else None
        return execute(info.context, school, command_of(kind, input, key), name, key, acting_as)

    resolve.__name__ = name
    resolve.__annotations__ = {
        **resolve.__annotations__,
        "info": Info,
        "school": SchoolId,
        "input": given,
        "idempotency_key": Key,
        "acting_as": As,
        "return": CommandResult,
    }
    said = (kind.__doc__ or "").strip()
    return guarded(name=name, description=said or None)(resolve)


@strawberry.type
class SessionMutations:
    @guarded(description="Log in.")
    def login(
        self,
        info: Info,
        login: str,
        password: str,
        second_factor: SecondFactor = None,
        new_password: NewPassword = None,
    ) -> LoginResult:
        context: Context = info.context
        attempt = accounts.Attempt(
            login=login,
            password=password,
            second_factor=second_factor or "",
            new_password=new_password or "",
            client=context.asker.client,
        )
        with context.hashing():
            entered = context.system.accounts.enter(attempt, partial(redeeming.password_rules, context))
        return session(context, entered)

    @guarded(description="Renew a login; each refresh token works once.")
    def refresh(self, info: Info, refresh_token: str) -> LoginResult:
        return session(info.context, info.context.system.accounts.refresh(refresh_token))

    @guarded(description="End a login.")
    def logout(self, info: Info, refresh_token: str) -> bool:
        info.context.system.accounts.logout(refresh_token)
        return True

    @guarded(description="Open an account for a person of the school.")
    def open_account(
        self, info: Info, school: SchoolId, person_id: strawberry.ID, login: str, password: str
    ) -> CommandResult:
        context: Context = info.context
        actor = actor_of(context, school, "openAccount", None)
        if isinstance(actor, refusals.Refusal):
            return refusal(actor, context.language)
        with context.hashing():
            made = opening.open_account(context, school, person_id, opening.Wanted(login, password), actor)
        if isinstance(made, refusals.Refusal):
            return refusal(made, context.language)
        return accepted(*made)


def session(context: Context, outcome: sessions.Session | refusals.Refusal) -> Session | Refusal:
    """What a login answers with."""
    if isinstance(outcome, refusals.Refusal):
        return refusal(outcome, context.language)
    return Session(
        account_id=strawberry.ID(outcome.account_id),
        access_token=outcome.access_token,
        refresh_token=outcome.refresh_token,
        expires_in=outcome.expires_in,
    )


def _fields() -> dict[str, Callable[..., Any]]:
    offered = (kind for kind in COMMANDS.values() if kind not in NOT_OFFERED)
    return {mutation_name(kind): _mutation(kind) for kind in sorted(offered, key=mutation_name)}


Mutation = strawberry.type(type("Mutation", (SessionMutations,), _fields()))
