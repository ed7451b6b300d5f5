"""Notifications: what a person wants to be told of, and how. That something was told is no fact.

Streams ``notifications/{person}``, ``devices/{person}``. Notices themselves follow from other facts
(dziennik.notifying).
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, TypeAlias

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import CONTACTS, Fact, Personal, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, Value

DeviceId: TypeAlias = str
# So many browsers of one person are told; whoever adds more takes one away.
MOST_DEVICES = 10


class NoticeKind(StrEnum):
    """What a notice tells of."""

    GRADE = "grade"
    ABSENCE = "absence"
    NOTE = "note"
    EXCUSE = "excuse"
    CALENDAR = "calendar"
    ANNOUNCEMENT = "announcement"
    MESSAGE = "message"


class Delivery(StrEnum):
    """Whether notices of a kind also go out by e-mail, or by push: not, at once, or once a day together."""

    NONE = "none"
    AT_ONCE = "at_once"
    DAILY = "daily"


class MailLanguage(StrEnum):
    """In which language somebody wants e-mails."""

    PL = "pl"
    EN = "en"


class KindPreference(Value, frozen=True, kw_only=True):
    """How notices of one kind go out by e-mail, and to the person's browsers."""

    kind: NoticeKind
    by_mail: Delivery
    by_push: Delivery = Delivery.NONE


class SilentHours(Value, frozen=True, kw_only=True):
    """School-local "HH:MM" from which and until which nothing is sent; over midnight when it ends earlier."""

    starts: str
    ends: str


class Preferences(Value, frozen=True, kw_only=True):
    """What a person chose. Kinds that are not named are not sent; in the register all are shown.

    `grade_text`: a grade as written may stand in an e-mail, which travels and lies unprotected, or on a
    locked screen; without it they only say that there is one. `daily_at`: when word of the day goes out,
    school-local "HH:MM".
    """

    kinds: tuple[KindPreference, ...] = ()
    grade_text: bool = False
    quiet: SilentHours | None = None
    daily_at: str = "17:00"
    language: MailLanguage = MailLanguage.PL


@fact("notifications.preferences_set.1")
class PreferencesSet(Fact, frozen=True, kw_only=True):
    """The person said how they want to be told. The latest holds."""

    person_id: PersonId
    preferences: Preferences


@fact("notifications.push_device_added.1", person="person_id")
class PushDeviceAdded(Fact, frozen=True, kw_only=True):
    """The person wants to be told in a browser: the address and keys that it gave (RFC 8030, RFC 8291)."""

    key_class: ClassVar[str] = CONTACTS

    person_id: PersonId
    device_id: DeviceId
    endpoint: Personal
    p256dh: Personal
    auth: Personal


class DeviceEnd(StrEnum):
    """Why a browser is told no more: the person said so, it came back with new keys, or it is not there."""

    REMOVED = "removed"
    REPLACED = "replaced"
    GONE = "gone"


@fact("notifications.push_device_removed.1")
class PushDeviceRemoved(Fact, frozen=True, kw_only=True):
    """A browser is told no more."""

    person_id: PersonId
    device_id: DeviceId
    why: DeviceEnd


@command("notifications.set_notification_preferences")
class SetNotificationPreferences(Command, frozen=True, kw_only=True):
    """Say which of one's own notices go out by e-mail, when, and in which language."""

    preferences: Preferences


@command("notifications.add_push_device")
class AddPushDevice(Command, frozen=True, kw_only=True):
    """Be told in this browser: what its PushSubscription says, keys in base64url.

    The same address again replaces what was known of it.
    """

    device_id: DeviceId
    endpoint: str
    p256dh: str
    auth: str


@command("notifications.remove_push_device")
class RemovePushDevice(Command, frozen=True, kw_only=True):
    """Be told in that browser no more."""

    device_id: DeviceId


@command("notifications.drop_push_device")
class DropPushDevice(Command, frozen=True, kw_only=True):
    """A push service said that the browser is not there any more."""

    person_id: PersonId
    device_id: DeviceId


ENDPOINT_UNSOUND = Reason(
    "NOTIFICATIONS.ENDPOINT_UNSOUND",
    pl="Pod ten adres nie można wysyłać powiadomień. Podaj adres https usługi push, który dała przeglądarka.",
    en="Notifications cannot go to this address. Give the https address of a push service, from the browser.",
)
PUSH_KEY_UNSOUND = Reason(
    "NOTIFICATIONS.PUSH_KEY_UNSOUND",
    pl="To nie jest klucz przeglądarki. Podaj p256dh i auth tak, jak je dała, w base64url.",
    en="This is no key of a browser. Give p256dh and auth as it gave them, in base64url.",
)
TOO_MANY_DEVICES = Reason(
    "NOTIFICATIONS.TOO_MANY_DEVICES",
    pl="Powiadomienia przychodzą już do {limit} przeglądarek. Usuń jedną z nich.",
    en="Notifications go to {limit} browsers already. Remove one of them.",
)
NO_SUCH_DEVICE = Reason(
    "NOTIFICATIONS.NO_SUCH_DEVICE",
    pl="Nie ma takiej przeglądarki. Sprawdź listę swoich przeglądarek.",
    en="There is no such browser. Look at the list of yours.",
)
DEVICE_ID_TAKEN = Reason(
    "NOTIFICATIONS.DEVICE_ID_TAKEN",
    pl="Identyfikator tej przeglądarki był już użyty. Podaj inny albo żaden.",
    en="The identifier of this browser was used before. Give another one, or none.",
)
TIME_UNSOUND = Reason(
    "NOTIFICATIONS.TIME_UNSOUND",
    pl="„{time}” nie jest godziną. Podaj ją jako GG:MM.",
    en="“{time}” is no time of day. Give it as HH:MM.",
)
ALWAYS_QUIET = Reason(
    "NOTIFICATIONS.ALWAYS_QUIET",
    pl="Cisza od {time} do {time} trwałaby całą dobę. Wyłącz powiadomienia albo podaj inną godzinę końca.",
    en="Quiet from {time} to {time} would last all day. Turn notifications off or give another end.",
)
KIND_TWICE = Reason(
    "NOTIFICATIONS.KIND_TWICE",
    pl="Rodzaj {kind} podano dwa razy. Podaj go raz.",
    en="The kind {kind} is given twice. Give it once.",
)
