"""Queries and mutations of notifications: one's own, how many are new, how one wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import strawberry
from strawberry.types import Info

from dziennik.contracts import notifications as said
from dziennik.contracts.envelope import Role
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.paging import page_of
from dziennik.graphql.rendering import instant
from dziennik.graphql.scalars import enum_named
from dziennik.graphql.scopes import children
from dziennik.graphql.shapes import ID, connection_of
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.notifying.knowing import Knowing
from dziennik.notifying.notice import Notice
from dziennik.notifying.notice import What as Told
from dziennik.notifying.notifier import TOLD
from dziennik.notifying.wording import sentence
from dziennik.projections import notice_preferences
from dziennik.projections.notice_preferences import NOTICE_PREFERENCES

Json = dict[str, Any]
NoticeKind = enum_named(said.NoticeKind)
Delivery = enum_named(said.Delivery)
MailLanguage = enum_named(said.MailLanguage)
What = enum_named(Told)
# So far back one's notifications are listed.
LATEST = 500


@strawberry.type(description="Something that concerns the asker: what stands at `position` of the journal.")
class Notification:
    position: int
    kind: NoticeKind  # type: ignore[valid-type]
    what: What  # type: ignore[valid-type]
    text: str = strawberry.field(description="In the asker's language, as it stands now.")
    at: datetime
    read_at: datetime | None
    pupil_id: ID | None = strawberry.field(description="Whom it is about: oneself, or one's child.")
    entry_id: ID = strawberry.field(
        description="The grade, lesson, note, excuse, entry, announcement, message."
    )
    within_id: ID | None = strawberry.field(description="The class, school year or thread it stands in.")
    subject_id: ID | None


NotificationConnection, _ = connection_of(Notification, "Notification")


@strawberry.type(description="How notices of one kind go out by e-mail, and to one's browsers.")
class NotificationByMail:
    kind: NoticeKind  # type: ignore[valid-type]
    by_mail: Delivery  # type: ignore[valid-type]
    by_push: Delivery  # type: ignore[valid-type]


@strawberry.type(description="A browser in which the asker is told; `service` is whose push service it uses.")
class PushDevice:
    device_id: ID
    service: str
    endpoint_sha256: str = strawberry.field(
        description="SHA-256 of its address, in hex: a browser knows itself by it."
    )
    added_at: datetime


@strawberry.type(description="The asker's browsers, and the key with which they subscribe (RFC 8292).")
class PushDevices:
    application_server_key: str
    devices: list[PushDevice]


@strawberry.type(description="School-local times between which nothing is sent.")
class SilentHours:
    starts: str
    ends: str


@strawberry.type(description="How somebody wants to be told beside the register itself.")
class NotificationPreferences:
    kinds: list[NotificationByMail]
    grade_text: bool
    quiet: SilentHours | None
    daily_at: str
    language: MailLanguage  # type: ignore[valid-type]


@dataclass(frozen=True, slots=True)
class Teller:
    """Says notices to one person as they stand now."""

    knowing: Knowing
    language: str

    def told(self, notice: Notice) -> Json | None:
        """A Notification; None when the person may not know it (any more)."""
        matter = notice.matter
        found = self.knowing.of(matter)
        if found is None:
            return None
        return {
            "position": matter.position,
            "kind": matter.kind.name,
            "what": matter.what.name,
            "text": sentence(matter.what, found.details, self.language, value=found.value),
            "at": instant(matter.at),
            "readAt": instant(notice.read_at),
            "pupilId": matter.pupil_id,
            "entryId": matter.entry_id,
            "withinId": matter.within_id or None,
            "subjectId": matter.subject_id,
        }


def teller(context: Context, school: str) -> Teller:
    """For the asker, today."""
    person_id = context.access(school).person.person_id
    view, day = context.view(school), context.today(school)
    return Teller(Knowing(view, person_id, day, context.view_of_all(school)), context.language)


@strawberry.type
class NoticeQueries:
    @guarded(description="What concerns the asker, the latest first; as far back as is worth looking.")
    def my_notifications(
        self,
        info: Info,
        school: SchoolId,
        unread_only: bool = False,
        first: int = 50,
        after: str | None = None,
        after_position: Position = None,
    ) -> NotificationConnection:  # type: ignore[valid-type]
        context = context_of(info)
        context.wait(school, (TOLD,), after_position)
        telling, day = teller(context, school), context.today(school)
        person_id, pupils = context.access(school).person.person_id, telling.knowing.pupils
        notices = context.system.notices.of_person(school, person_id, pupils, day, limit=LATEST)
        told = [telling.told(each) for each in notices if not (unread_only and each.read_at)]
        return page_of(
            [each for each in told if each is not None],
            lambda each: f"{10**12 - each['position']:013d}",
            lambda each: each,
            first=first,
            after=after,
            language=context.language,
        )

    @guarded(description="How many notifications the asker has not seen.")
    def unread_notifications(self, info: Info, school: SchoolId, after_position: Position = None) -> int:
        context = context_of(info)
        context.wait(school, (TOLD,), after_position)
        return _unread(context, school)

    @guarded(description="In which browsers the asker is told, the one added first first.")
    def my_push_devices(self, info: Info, school: SchoolId, after_position: Position = None) -> PushDevices:
        context = context_of(info)
        context.wait(school, (NOTICE_PREFERENCES.name,), after_position)
        person_id = context.access(school).person.person_id
        found = notice_preferences.devices(context.view(school), person_id)
        return {  # type: ignore[return-value]
            "applicationServerKey": context.system.vapid.public,
            "devices": [
                {
                    "deviceId": each.device_id,
                    "service": urlsplit(each.endpoint).hostname,
                    "endpointSha256": sha256(each.endpoint.encode()).hexdigest(),
                    "addedAt": instant(each.added_at),
                }
                for each in found
            ],
        }

    @guarded(description="How the asker wants to be told.")
    def my_notification_preferences(
        self, info: Info, school: SchoolId, after_position: Position = None
    ) -> NotificationPreferences:
        context = context_of(info)
        context.wait(school, (NOTICE_PREFERENCES.name,), after_position)
        person_id = context.access(school).person.person_id
        found = notice_preferences.of_person(context.view(school), person_id)
        return {  # type: ignore[return-value]
            "kinds": [
                {"kind": each.kind.name, "byMail": each.by_mail.name, "byPush": each.by_push.name}
                for each in found.kinds
            ],
            "gradeText": found.grade_text,
            "quiet": found.quiet and {"starts": found.quiet.starts, "ends": found.quiet.ends},
            "dailyAt": found.daily_at,
            "language": found.language.name,
        }


@strawberry.type
class NoticeMutations:
    @guarded(description="The asker has seen what there is up to a position; how many are still new.")
    def mark_notifications_read(self, info: Info, school: SchoolId, up_to: int) -> int:
        context = context_of(info)
        person_id = context.access(school).person.person_id
        context.system.notices.read(school, person_id, up_to, context.register(school).instant())
        return _unread(context, school)


def _unread(context: Context, school: str) -> int:
    """Counted by what is known of the asker without a further question."""
    person_id, pupils = context.access(school).person.person_id, children(context, school)
    if Role.PUPIL in context.roles(school):
        pupils.add(person_id)
    return context.system.notices.unread(school, person_id, pupils, context.today(school))
