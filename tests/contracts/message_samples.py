"""Samples of the facts of messages, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import messages
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact

NOTE = Attached(attachment_id="a1", media_type="application/pdf", size=34567, sha256="9f86d081884c7d65")
PARENTS_OF_4A = messages.Audience(kind=messages.AudienceKind.CLASS_PARENTS, target_id="4a")

MESSAGES: tuple[Fact, ...] = (
    messages.MessageRulesSet(
        since=date(2026, 9, 1),
        rules=messages.MessageRules(
            recipients=(
                messages.RecipientRule(sender=Role.PARENT, recipient=Role.TEACHER, reach=messages.Reach.OWN),
            ),
            audiences=(
                messages.AudienceRule(
                    sender=Role.TEACHER,
                    audience=messages.AudienceKind.CLASS_PARENTS,
                    reach=messages.Reach.OWN,
                ),
            ),
            family_limit=5,
            texts_in_archive=False,
        ),
    ),
    messages.RecipientGroupFormed(
        group_id="rada",
        kind=messages.GroupKind.PARENTS_COUNCIL,
        name="Rada Rodziców",
        member_ids=("m1", "m2"),
    ),
    messages.GroupMembersChanged(group_id="rada", joined_ids=("m3",), left_ids=("m1",)),
    messages.RecipientGroupDissolved(group_id="rada"),
    messages.ThreadOpened(
        thread_id="t1", opened_by="kowalska", concerns_id="p1", subject="Wycieczka", pupil_id="p1"
    ),
    messages.MessageSent(
        thread_id="t1",
        message_id="w1",
        sender_id="kowalska",
        concerns_id="p1",
        body="Proszę o zgodę na wyjazd.",
        recipient_ids=("m1", "m2"),
        named_ids=("m1",),
        audiences=(PARENTS_OF_4A,),
        importance=messages.Importance.HIGH,
        reply_to="w0",
        attachments=(NOTE,),
        rule_version=2,
    ),
    messages.MessageRead(thread_id="t1", message_id="w1", reader_id="m1"),
    messages.MessageWithdrawn(thread_id="t1", message_id="w1", withdrawn_by="kowalska"),
    messages.AbuseReported(
        report_id="z1", thread_id="t1", message_id="w1", reported_by="m1", reason="To mnie obraża."
    ),
    messages.AbuseReportSettled(
        report_id="z1",
        thread_id="t1",
        message_id="w1",
        reported_by="m1",
        outcome=messages.ReportOutcome.UPHELD,
        answer="Rozmawiałam z autorem.",
    ),
    messages.OutOfOfficeAnnounced(
        person_id="kowalska",
        starts=date(2026, 10, 5),
        ends=date(2026, 10, 9),
        text="Jestem na szkoleniu.",
        instead_id="nowak",
    ),
    messages.OutOfOfficeEnded(person_id="kowalska"),
    messages.QuietHoursSet(
        person_id="kowalska",
        hours=(messages.QuietHours(starts="20:00", ends="06:30", weekdays=(1, 2, 3, 4, 5)),),
    ),
)
