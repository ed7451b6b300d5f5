"""The small school of tests/graphql with somebody who carries e-mails, and a clock that can be set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.notifications import (
    Delivery,
    KindPreference,
    NoticeKind,
    Preferences,
    SetNotificationPreferences,
)
from dziennik.contracts.people import RecordContactDetails
from dziennik.mail.mailing import Mail, MailFault
from dziennik.notifying.notifier import Notifier
from dziennik.notifying.postman import Postman
from tests.graphql.conftest import NOW, OFFICE, PEOPLE, Served, served, template

__all__ = ["served", "template"]


@dataclass
class Bag:
    """A mailer that keeps what it is given, by key; `fault` is what comes of the next ones instead."""

    mails: list[Mail] = field(default_factory=list)
    fault: MailFault | None = None

    def send(self, mail: Mail) -> None:
        raise NotImplementedError

    def send_all(self, mails: Sequence[Mail]) -> list[MailFault | None]:
        if self.fault is None:
            self.mails += mails
        return [self.fault for _ in mails]


@dataclass
class Post:
    """A school with notifier and postman, moved by hand."""

    served: Served
    bag: Bag
    now: datetime = NOW

    def __post_init__(self) -> None:
        system = self.served.system
        self.notifier = Notifier(
            system.journals, system.read_models, system.notices, list, sends=True, now=lambda: self.now
        )
        self.postman = Postman(
            system.notices,
            system.read_models,
            self.bag,
            now=lambda: self.now,
        )
        self.notifier.run_once("sp1")  # what was before is no news

    def tell(self) -> None:
        """Take read models and notices to the head."""
        self.served.system.follower.run_once("sp1")
        self.notifier.run_once("sp1")

    def deliver(self, after: timedelta = timedelta()) -> list[Mail]:
        """Send what is due by then; what was sent now."""
        self.now += after
        before = len(self.bag.mails)
        while self.postman.run_once():
            pass
        return self.bag.mails[before:]

    def wants(self, who: str, *kinds: NoticeKind, how: Delivery = Delivery.AT_ONCE, **more: object) -> None:
        """The person has an address, and wants these by e-mail."""
        register = self.served.system.register("sp1")
        chosen = Preferences(kinds=tuple(KindPreference(kind=k, by_mail=how) for k in kinds), **more)  # type: ignore[arg-type]
        own = Actor(account=self.served.accounts[who], role=PEOPLE[who], person=who, channel=Channel.API)
        assert isinstance(
            register.execute(SetNotificationPreferences(preferences=chosen), actor=own), Accepted
        )
        address = RecordContactDetails(person_id=who, email=f"{who}@example.pl")
        assert isinstance(register.execute(address, actor=OFFICE), Accepted)

    def as_(self, who: str, role: Role | None = None) -> Actor:
        """The person as an actor."""
        return Actor(account=self.served.accounts[who], role=role or PEOPLE[who], person=who)


@pytest.fixture
def post(served: Served) -> Post:
    return Post(served, Bag())
