"""Samples of the facts of the notice board and of notifications, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import board, notifications
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact

LEAFLET = Attached(attachment_id="a9", media_type="application/pdf", size=34567, sha256="9f86d081884c7d65")

BOARD: tuple[Fact, ...] = (
    board.BoardRulesSet(
        since=date(2026, 9, 1), rules=board.BoardRules(teachers_to_school=True, longest_days=90)
    ),
    board.AnnouncementPosted(
        announcement_id="n1",
        author_id="t1",
        title="Zebranie z rodzicami",
        text="W czwartek o 17:30 — sala 12. „Prosimy o punktualność”.",
        audience=board.BoardAudience(
            parts=(board.AudiencePart(unit_id="4a", group_id="4a-en"),), roles=(Role.PARENT, Role.PUPIL)
        ),
        since=date(2026, 9, 7),
        until=date(2026, 9, 17),
        confirm=True,
        important=True,
        attachments=(LEAFLET,),
    ),
    board.AnnouncementCorrected(
        announcement_id="n1",
        author_id="t1",
        was_title="Zebranie z rodzicami",
        was_text="W czwartek o 17:30 — sala 12. „Prosimy o punktualność”.",
        was_until=date(2026, 9, 17),
        title="Zebranie z rodzicami",
        text="W piątek o 17:30 — sala 12.",
        until=date(2026, 9, 18),
        reason="zmiana terminu",
        again=True,
    ),
    board.AnnouncementTakenDown(announcement_id="n1", reason="zebranie odwołane"),
    board.ReadingConfirmed(announcement_id="n1", person_id="m1", edition=2),
)

NOTIFICATIONS: tuple[Fact, ...] = (
    notifications.PreferencesSet(
        person_id="m1",
        preferences=notifications.Preferences(
            kinds=(
                notifications.KindPreference(
                    kind=notifications.NoticeKind.GRADE,
                    by_mail=notifications.Delivery.AT_ONCE,
                    by_push=notifications.Delivery.DAILY,
                ),
                notifications.KindPreference(
                    kind=notifications.NoticeKind.ANNOUNCEMENT, by_mail=notifications.Delivery.DAILY
                ),
            ),
            grade_text=True,
            quiet=notifications.SilentHours(starts="21:00", ends="07:00"),
            daily_at="18:30",
            language=notifications.MailLanguage.EN,
        ),
    ),
    notifications.PushDeviceAdded(
        person_id="m1",
        device_id="d1",
        endpoint="https://push.example.org/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
    ),
    notifications.PushDeviceRemoved(person_id="m1", device_id="d1", why=notifications.DeviceEnd.GONE),
)
