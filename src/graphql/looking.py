"""Which looks are put on record? An auditor's, those at registers closed to most, and a family's export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dziennik.contracts.access import EntriesLookedAt
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.graphql.context import Context


def record(context: Context, school: str, asked: str, target: Mapping[str, Any]) -> None:
    """Record the look before anything is shown: what cannot be recorded is not shown either."""
    roles = context.roles(school)
    unit_id, pupil_id = _text(target.get("class_id")), _text(target.get("pupil_id"))
    audits = Role.AUDITOR in roles and Role.DIRECTOR not in roles
    if not audits and not (unit_id and context.is_restricted(school, unit_id)):
        return
    role = Role.AUDITOR if audits else min(roles)
    _put(context, school, role, asked, unit_id, pupil_id)


def taken_out(context: Context, school: str, pupil_id: str) -> None:
    """Record that a parent takes out all about a child, before it is given."""
    _put(context, school, Role.PARENT, "familyExport", None, pupil_id)


def _put(
    context: Context, school: str, role: Role, asked: str, unit_id: str | None, pupil_id: str | None
) -> None:
    person_id, account_id = context.access(school).person.person_id, context.account()
    look = EntriesLookedAt(
        account_id=account_id,
        school_id=school,
        person_id=person_id,
        role=role,
        asked=asked,
        class_id=unit_id,
        pupil_id=pupil_id,
    )
    by = Actor(account=account_id, role=role, person=person_id, channel=Channel.API)
    context.system.accounts.looked(look, by=by)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
