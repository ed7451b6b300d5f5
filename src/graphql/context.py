"""Who asks, in which language, and what may they use? One Context lives for one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy
from datetime import date
from functools import partial
from time import monotonic
from typing import Any, Protocol

from cryptography import x509
from strawberry.types import Info

from dziennik.accounts.accounts import Accounts
from dziennik.accounts.calendar_tokens import CalendarTokens
from dziennik.application.register import Register
from dziennik.archive.jobs import ArchiveJobs
from dziennik.archive.links import ArchiveLinks
from dziennik.archive.signatures import Ask
from dziennik.archive.storing import Store
from dziennik.archive.year_archive import Access as ArchiveAccess
from dziennik.attachments.links import Links
from dziennik.attachments.scans import Scans
from dziennik.attachments.store import Attachments
from dziennik.contracts.accounts import ACCESS_BLOCKED
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Role
from dziennik.correspondence.drafts import Drafts
from dziennik.correspondence.later import Later
from dziennik.graphql.arguments import fault_in_arguments
from dziennik.graphql.asker import Asker
from dziennik.graphql.gates import Gates
from dziennik.graphql.granting import NOTHING
from dziennik.graphql.known_access import KnownAccess
from dziennik.graphql.limits import LIMITS
from dziennik.graphql.refusing import (
    NOT_YET_VISIBLE,
    POSITION_AHEAD,
    TOO_BUSY,
    TOO_LARGE,
    Refused,
    denied,
    not_logged_in,
)
from dziennik.journal.journal import UnknownSchool
from dziennik.notifying.notifier import TOLD, Notifier
from dziennik.notifying.outbox import Outbox
from dziennik.notifying.postman import Postman
from dziennik.notifying.push_post import PushPost
from dziennik.notifying.store import Notices
from dziennik.notifying.web_push import Vapid
from dziennik.projections import audits
from dziennik.projections.access import Access
from dziennik.projections.audits import Mandate
from dziennik.projections.dated import in_force
from dziennik.projections.follower import Follower
from dziennik.projections.reading import ReadModels
from dziennik.projections.rows import Lists, View
from dziennik.projections.stored import TableRows
from dziennik.projections.structure import STRUCTURE
from dziennik.projections.walls import Wall, Within
from dziennik.proof.links import ProofLinks
from dziennik.proof.log import SchoolLog
from dziennik.proof.vouching import Vouched
from dziennik.scanning.pictures import Pictures
from dziennik.scanning.reprinting import PaperLinks
from dziennik.selling.online import Operator

FAMILY = frozenset({Role.PARENT, Role.PUPIL})
# Seconds that a request waits for `afterPosition`: everybody a moment, some of them longer.
VISIBLE_SOON, VISIBLE_WITHIN = 0.5, 5.0


class Serving(Protocol):
    """What the schema needs of the composition root (dziennik.app.System)."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def calendar_tokens(self) -> CalendarTokens: ...

    @property
    def attachments(self) -> Attachments: ...

    @property
    def drafts(self) -> Drafts: ...

    @property
    def later(self) -> Later: ...

    @property
    def attachment_links(self) -> Links: ...

    @property
    def operator(self) -> Operator | None: ...

    @property
    def base_url(self) -> str: ...

    @property
    def archives(self) -> Store: ...

    @property
    def archive_authorities(self) -> Sequence[x509.Certificate]: ...

    def archive_revocations(self) -> Sequence[x509.CertificateRevocationList]: ...

    @property
    def archive_ask(self) -> Ask: ...

    @property
    def archive_jobs(self) -> ArchiveJobs: ...

    @property
    def archive_links(self) -> ArchiveLinks: ...

    def archive_access(self, school_id: str) -> ArchiveAccess: ...

    def reading(self, school_id: str) -> Callable[[Attached], bytes | None]: ...

    def vouching(self, school_id: str) -> Callable[[int], Vouched]: ...

    @property
    def scans(self) -> Scans: ...

    @property
    def proof_links(self) -> ProofLinks: ...

    @property
    def pictures(self) -> Pictures: ...

    @property
    def card_papers(self) -> PaperLinks: ...

    def card_key_of(self, school_id: str) -> bytes: ...

    @property
    def notices(self) -> Notices: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def notifier(self) -> Notifier: ...

    @property
    def postman(self) -> Postman | None: ...

    @property
    def push_post(self) -> PushPost: ...

    @property
    def vapid(self) -> Vapid: ...

    @property
    def read_models(self) -> ReadModels: ...

    @property
    def follower(self) -> Follower: ...

    def schools(self) -> list[str]: ...

    def log(self, school_id: str) -> SchoolLog: ...

    def register(self, school_id: str) -> Register: ...


class Context:
    """One request: the account, its persons in schools, and views that are closed with the request."""

    def __init__(
        self,
        system: Serving,
        known: KnownAccess,
        asker: Asker,
        language: str,
        stack: ExitStack,
        gates: Gates,
    ) -> None:
        self._known = known
        self.system = system
        self.asker = asker
        self.account_id = asker.account_id
        self.language = language
        # What the guard allowed to the field that is being resolved; resolvers run one by one.
        self.granted = NOTHING
        self.gates = gates
        self._stack = stack
        self._patience = VISIBLE_WITHIN
        self._items = self._hashed = 0
        self._view_of: Callable[[Wall], TableRows] | None = None
        self._views: dict[str, Lists] = {}
        self._days: dict[str, date] = {}  # of schools that are seen as they stood: the day of that moment
        self._access: dict[str, Access | None] = {}

    def begin(self, arguments: Mapping[str, Any]) -> None:
        """A root field begins. Raises a refusal when it, or all so far together, cannot be asked."""
        self.granted = NOTHING  # what one field was allowed is no matter of the next
        fault = fault_in_arguments(arguments)
        if fault:
            raise Refused(fault, self.language)
        first = arguments.get("first")
        self._items += max(first, 0) if isinstance(first, int) else 0
        if self._items > LIMITS.items:
            raise Refused(
                TOO_LARGE(what="items", found=self._items, limit=LIMITS.items, field="first"), self.language
            )

    def anew(self) -> None:
        """The same request runs once more, to tell its errors: what was counted is not counted twice."""
        self._items = 0

    @contextmanager
    def hashing(self) -> Iterator[None]:
        """While a password is hashed, once a request. Refused when too many are about to."""
        self._hashed += 1
        if self._hashed > LIMITS.passwords:
            raise Refused(
                TOO_LARGE(what="passwords", found=self._hashed, limit=LIMITS.passwords), self.language
            )
        with self.gates.hashing.entered() as inside:
            if not inside:
                raise Refused(TOO_BUSY(), self.language)
            yield

    @contextmanager
    def asking(self) -> Iterator[None]:
        """While an external provider is asked: some at a time, so that a slow one holds nobody up."""
        with self.gates.asking.entered() as inside:
            if not inside:
                raise Refused(TOO_BUSY(), self.language)
            yield

    def account(self) -> str:
        """The account that asks. Raises a denial when nobody is logged in."""
        if self.account_id is None:
            raise not_logged_in(self.language)
        return self.account_id

    def view(self, school_id: str) -> View:
        """The school's read models, behind the wall that stands for the asker's roles (ADR 0117)."""
        return self.lists(school_id)

    def lists(self, school_id: str) -> Lists:
        """The same, to page through and to search."""
        if school_id not in self._views:
            self._views[school_id] = self._behind(self._wall(school_id))
        return self._views[school_id]

    def view_of_all(self, school_id: str) -> Lists:
        """With no wall within the school: for what tells of nobody in particular, and for who asks."""
        if school_id in self._days:  # as it stood: there is nothing else to see
            return self._views[school_id]
        return self._behind(Wall(school_id))

    def _behind(self, wall: Wall) -> TableRows:
        if self._view_of is None:
            self._view_of = self._stack.enter_context(self.system.read_models.views())
        return self._view_of(wall)

    def _wall(self, school_id: str) -> Wall:
        """Families see rows about the children and themselves, teachers also their units and who is in these;
        the director and others of the school everybody. What is private only its people see (ADR 0137).
        """
        who, roles, day = self.access(school_id), self.roles(school_id), self.register(school_id).today()
        me, staff = who.person.person_id, roles - FAMILY
        family = frozenset({me, *who.known_children(day)})
        if not staff:
            return Wall(school_id, Within(me, family))
        if Role.DIRECTOR in staff:
            return Wall(school_id, Within(me, None, True, None))
        reached = self._known.reach(school_id, who, day, lambda: self.view_of_all(school_id))
        everybody = staff != {Role.TEACHER}
        return Wall(
            school_id,
            Within(me, None if everybody else family, True, reached.units, reached.taught),
        )

    def register(self, school_id: str) -> Register:
        """The school's door for commands. Ask for `access` first."""
        try:
            return self.system.register(school_id)
        except UnknownSchool:
            raise denied(self.language) from None

    def today(self, school_id: str) -> date:
        """The school-local day; of a school that is seen as it stood, the day then."""
        return self._days.get(school_id) or self.register(school_id).today()

    def as_it_stood(self, school_id: str, view: Lists, day: date) -> Context:
        """This request with another view of a school; what it was granted stays."""
        then = copy(self)
        then.__dict__ |= {
            "_views": {**self._views, school_id: view},
            "_days": {**self._days, school_id: day},
        }
        return then

    def access(self, school_id: str) -> Access:
        """Who the account is in this school. Raises a denial for strangers, the blocked, unknown schools."""
        account_id = self.account()
        if school_id not in self._access:
            found = self._known.of(school_id, account_id, lambda: self.view_of_all(school_id))
            self._access[school_id] = found
        who = self._access[school_id]
        if who is None:
            raise denied(self.language)
        if who.blocked:
            raise Refused(ACCESS_BLOCKED(), self.language)
        return who

    def is_restricted(self, school_id: str, unit_id: str, position: int | None = None) -> bool | None:
        """Whether a unit is a register that only its keepers open; None: there is no such unit yet.

        Of a unit that is not known nobody can tell before `position` is visible, so this waits for it.
        """
        found = self._known.is_restricted(school_id, unit_id, lambda: self.view_of_all(school_id))
        if found is None and position is not None:
            self.wait(school_id, (STRUCTURE.name,), position)
            found = self._known.is_restricted(school_id, unit_id, lambda: self.view_of_all(school_id))
        return found

    def roles(self, school_id: str) -> frozenset[Role]:
        """The roles that the account's person holds today, without those that are withheld; an auditor
        without a mandate is none.
        """
        return self._held(school_id) - self.withheld(school_id)

    def withheld(self, school_id: str) -> frozenset[Role]:
        """Roles held today in which the school wants a second factor that this session has not shown."""
        if self.asker.second_factor:
            return frozenset()
        rules = self.access(school_id).rules(self.today(school_id))
        return self._held(school_id) & frozenset(rules.second_factor_roles)

    def _held(self, school_id: str) -> frozenset[Role]:
        held, day = self.access(school_id).roles, self.today(school_id)
        roles = frozenset(one.role for one in held if in_force(one, day))
        return roles if Role.AUDITOR not in roles or self.mandates(school_id) else roles - {Role.AUDITOR}

    def mandates(self, school_id: str) -> list[Mandate]:
        """What the director lets the asker look at as an auditor, today: never dated back."""
        day = self.register(school_id).today()
        return [one for one in self.access(school_id).mandates if audits.holds(one, day)]

    def known_as(self, account_id: str) -> dict[str, Access]:
        """As whom the schools know an account, whoever asks; blocked or not."""
        found = {
            school_id: self._known.of(school_id, account_id, partial(self.view_of_all, school_id))
            for school_id in self.system.read_models.places(account_id)
        }
        return {school_id: access for school_id, access in found.items() if access is not None}

    def wait(self, school_id: str, models: tuple[str, ...], position: int | None) -> None:
        """Wait until the read models show the fact at `position`. Refused when it takes too long.

        A position that the journal has not reached is refused at once: it may never come.
        """
        if position is None or self._seen(school_id, models, position, 0.0):
            return
        if position > self.register(school_id).journal.position():
            raise Refused(POSITION_AHEAD(position=position, field="afterPosition"), self.language)
        if not self._seen(school_id, models, position, VISIBLE_SOON):
            with self.gates.waiting.entered() as inside:
                if not inside or not self._seen(school_id, models, position, VISIBLE_WITHIN):
                    raise Refused(NOT_YET_VISIBLE(position=position, field="afterPosition"), self.language)

    def _seen(self, school_id: str, models: tuple[str, ...], position: int, timeout: float) -> bool:
        """Whether all models come to the position in time; the request's patience is spent on it."""
        system = self.system
        for model in models:
            shown_by = system.notifier.progress if model == TOLD else system.read_models
            begun = monotonic()
            most = min(timeout, self._patience)
            seen = shown_by.wait_until(school_id, model, position, most)
            waited = monotonic() - begun
            timeout, self._patience = max(timeout - waited, 0.0), max(self._patience - waited, 0.0)
            if not seen:
                return False
        return True


def context_of(info: Info) -> Context:
    """The request that a field is resolved for."""
    found: Context = info.context
    return found
