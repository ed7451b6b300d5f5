"""What is told of an account: sessions, second factor, codes that were just issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from dziennik.contracts.accounts import CodePurpose
from dziennik.graphql import shapes
from dziennik.graphql.mutations import Refusal, Session
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.shapes import ID

Purpose = enum_named(CodePurpose)


@strawberry.type(description="It was done.")
class Done:
    done: bool = True


@strawberry.type(description="For an authenticator; nothing changes until confirmSecondFactor.")
class SecondFactorBegun:
    secret: str = strawberry.field(description="Base32, to be typed in.")
    uri: str = strawberry.field(description="otpauth:// address of the same.")
    qr_svg: str = strawberry.field(description="The address as a QR code, an SVG document.")


@strawberry.type(description="Codes that stand in for a lost second factor, each once. They are told once.")
class RecoveryCodes:
    codes: list[str]


@strawberry.type(description="A login somewhere that can go on.")
class SessionSeen:
    id: ID
    begun_at: datetime
    seen_at: datetime
    address: str
    device: str = strawberry.field(description="What the browser says of itself.")
    second_factor: bool
    current: bool = strawberry.field(description="The one that asks.")


@strawberry.type(description="The asker's account.")
class MyAccount:
    account_id: ID
    login: str
    second_factor: bool
    recovery_address: str | None = strawberry.field(description="Where codes for a new password go.")
    external_providers: list[str] = strawberry.field(description="Through whom one may log in as well.")


@strawberry.type(description="A one-time code. The code itself is told once, here, or on its letter.")
class IssuedCode:
    person_id: ID
    name: str
    code: str
    valid_until: date
    about: list[str] = strawberry.field(description="Children, when it is for a parent of a class.")


@strawberry.type
class IssuedCodes:
    codes: list[IssuedCode]
    position: int


@strawberry.type(description="A code that was issued and what became of it.")
class CodeSeen:
    id: ID
    purpose: Purpose  # type: ignore[valid-type]
    issued_at: datetime
    issued_by: ID
    valid_until: date
    used_at: datetime | None
    withdrawn_at: datetime | None


@strawberry.type(description="How a person is let in; for the office.")
class PersonAccess:
    person_id: ID
    given_names: str
    family_name: str
    account_id: ID | None
    login: str | None
    second_factor: bool
    blocked_since: datetime | None
    block_reason: str | None
    codes: list[CodeSeen]


@strawberry.type(description="What passwords have to be like.")
class PasswordRules:
    least_length: int
    change_after_days: int | None = strawberry.field(description="None: no forced changes.")
    refuse_common: bool


@strawberry.type(description="The school's rules of accounts on a day.")
class AccountRules:
    password: PasswordRules
    code_days: int
    second_factor_roles: list[shapes.Role]


PersonAccessConnection, _ = shapes.connection_of(PersonAccess, "PersonAccess")
DoneResult = Annotated[Done | Refusal, strawberry.union("DoneResult")]
LoginResult = Annotated[Session | Refusal, strawberry.union("LoginResult")]
SecondFactorResult = Annotated[SecondFactorBegun | Refusal, strawberry.union("SecondFactorResult")]
RecoveryCodesResult = Annotated[RecoveryCodes | Refusal, strawberry.union("RecoveryCodesResult")]
IssuedCodesResult = Annotated[IssuedCodes | Refusal, strawberry.union("IssuedCodesResult")]
