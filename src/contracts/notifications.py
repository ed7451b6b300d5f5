"""Notifications: what a person wants to be told of, and how. That something was told is no fact.

Stream ``notifications/{person}``. Notices themselves follow from other facts (dziennik.notifying).
"""

from __future__ import annotations

from enum import StrEnum

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, Value


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
    """Whether a kind of notices also goes out by e-mail: not at all, at once, or once a day together."""

    NONE = "none"
    AT_ONCE = "at_once"
    DAILY = "daily"


class MailLanguage(StrEnum):
    """In which language somebody wants e-mails."""

    PL = "pl"
    EN = "en"


class KindPreference(Value, frozen=True, kw_only=True):
    """How notices of one kind go out by e-mail."""

    kind: NoticeKind
    by_mail: Delivery


class SilentHours(Value, frozen=True, kw_only=True):
    """School-local "HH:MM" from which and until which nothing is sent; over midnight when it ends earlier."""

    starts: str
    ends: str


class Preferences(Value, frozen=True, kw_only=True):
    """What a person chose. Kinds that are not named are not sent by e-mail; in the register all are shown.

    `grade_text`: a grade as written may stand in an e-mail, which travels and lies unprotected; without it an
    e-mail only says that there is one. `daily_at`: when the day's e-mail goes out, school-local "HH:MM".
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


@command("notifications.set_notification_preferences")
class SetNotificationPreferences(Command, frozen=True, kw_only=True):
    """Say which of one's own notices go out by e-mail, when, and in which language."""

    preferences: Preferences


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
