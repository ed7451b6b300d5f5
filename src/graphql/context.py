"""Who asks, in which language, and what may they use? One Context lives for one request."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import Protocol

from strawberry.types import Info

from dziennik.accounts.accounts import Accounts
from dziennik.application.register import Register
from dziennik.contracts.envelope import Role
from dziennik.graphql.granting import NOTHING
from dziennik.graphql.known_access import KnownAccess
from dziennik.graphql.refusing import NOT_YET_VISIBLE, Refused, denied, not_logged_in
from dziennik.journal.journal import UnknownSchool
from dziennik.projections.access import Access
from dziennik.projections.dated import in_force
from dziennik.projections.follower import Follower
from dziennik.projections.reading import ReadModels
from dziennik.projections.stored import TableRows

VISIBLE_WITHIN = 5.0  # seconds that a query waits for `afterPosition`


class Serving(Protocol):
    """What the schema needs of the composition root (dziennik.app.System)."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def read_models(self) -> ReadModels: ...

    @property
    def follower(self) -> Follower: ...

    def schools(self) -> list[str]: ...

    def register(self, school_id: str) -> Register: ...


class Context:
    """One request: the account, its persons in schools, and views that are closed with the request."""

    def __init__(
        self,
        system: Serving,
        known: KnownAccess,
        account_id: str | None,
        language: str,
        stack: ExitStack,
    ) -> None:
        self._known = known
        self.system = system
        self.account_id = account_id
        self.language = language
        # What the guard allowed to the field that is being resolved; resolvers run one by one.
        self.granted = NOTHING
        self._stack = stack
        self._views: dict[str, TableRows] = {}
        self._access: dict[str, Access | None] = {}

    def account(self) -> str:
        """The account that asks. Raises a denial when nobody is logged in."""
        if self.account_id is None:
            raise not_logged_in(self.language)
        return self.account_id

    def view(self, school_id: str) -> TableRows:
        """The school's read models. Ask for `access` first: this checks nothing."""
        if school_id not in self._views:
            self._views[school_id] = self._stack.enter_context(self.system.read_models.view(school_id))
        return self._views[school_id]

    def register(self, school_id: str) -> Register:
        """The school's door for commands. Ask for `access` first."""
        try:
            return self.system.register(school_id)
        except UnknownSchool:
            raise denied(self.language) from None

    def today(self, school_id: str) -> date:
        """The school-local day."""
        return self.register(school_id).today()

    def access(self, school_id: str) -> Access:
        """Who the account is in this school. Raises a denial for strangers and unknown schools."""
        account_id = self.account()
        if school_id not in self._access:
            found = self._known.of(school_id, account_id, lambda: self.view(school_id))
            self._access[school_id] = found
        who = self._access[school_id]
        if who is None:
            raise denied(self.language)
        return who

    def roles(self, school_id: str) -> frozenset[Role]:
        """The roles that the account's person holds today."""
        day = self.today(school_id)
        return frozenset(held.role for held in self.access(school_id).roles if in_force(held, day))

    def wait(self, school_id: str, models: tuple[str, ...], position: int | None) -> None:
        """Wait until the read models show the fact at `position`. Refused when it takes too long."""
        for model in models if position else ():
            seen = self.system.read_models.wait_until(school_id, model, position or 0, VISIBLE_WITHIN)
            if not seen:
                raise Refused(NOT_YET_VISIBLE(position=position, field="afterPosition"), self.language)


def context_of(info: Info) -> Context:
    """The request that a field is resolved for."""
    found: Context = info.context
    return found
