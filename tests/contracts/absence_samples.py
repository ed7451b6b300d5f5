"""Samples of the facts of absences and of prefilled rolls, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts import absences, attendance
from dziennik.contracts.attachments import Attached
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import LessonRef
from dziennik.contracts.values import AttendanceKind

OCTOBER = date(2026, 10, 5)
LESSON = "2026-10-05.03.a-pol-4a"
SCOPE = absences.AbsenceScope(starts=OCTOBER, ends=OCTOBER, periods=(3, 4))
NOTE = Attached(attachment_id="a1", media_type="application/pdf", size=34567, sha256="9f86d081884c7d65")

ABSENCES: tuple[Fact, ...] = (
    attendance.RollPrefilled(
        lesson_id=LESSON,
        marks=(
            attendance.PrefilledMark(
                pupil_id="p1", source=attendance.PrefilledFrom.ANNOUNCEMENT, source_id="n1"
            ),
        ),
    ),
    absences.AbsenceRulesSet(
        year_id="y2026",
        rules=absences.AbsenceRules(
            excuse_within_days=7,
            acceptance_needed=False,
            announced_as=AttendanceKind.ABSENT_EXCUSED,
            missed_in_a_row=8,
            hours_not_excused=25,
            least_presence=Decimal("50.5"),
            presence_after=5,
        ),
    ),
    absences.AbsenceAnnounced(
        announcement_id="n1",
        class_id="4a",
        pupil_id="p1",
        announced_by="m1",
        scope=SCOPE,
        reason="Wizyta u lekarza.",
    ),
    absences.AnnouncementWithdrawn(announcement_id="n1", pupil_id="p1"),
    absences.SchoolAbsenceArranged(
        absence_id="w1",
        class_id="4a",
        away_for=absences.AwayFor.COMPETITION,
        name="Zawody pływackie",
        scope=SCOPE,
        pupils=("p1", "p2"),
    ),
    absences.SchoolAbsenceCancelled(absence_id="w1", class_id="4a", pupils=("p2",), reason="choroba"),
    absences.ExemptionGranted(
        exemption_id="x1",
        class_id="4a",
        pupil_id="p1",
        subject_id="wf",
        since=OCTOBER,
        until=date(2027, 1, 31),
        mode=absences.ExemptionMode.NOT_ASKED,
        basis="Decyzja dyrektora 12/2026.",
        attachments=(NOTE,),
    ),
    absences.ExemptionEnded(exemption_id="x1", pupil_id="p1", until=date(2026, 12, 1), reason="wyzdrowiała"),
    absences.ExcuseSubmitted(
        excuse_id="e1",
        class_id="4a",
        pupil_id="p1",
        submitted_by="m1",
        scope=SCOPE,
        text="Proszę o usprawiedliwienie.",
        attachments=(NOTE,),
    ),
    absences.ExcuseWithdrawn(excuse_id="e1", pupil_id="p1"),
    absences.ExcuseAccepted(
        excuse_id="e1",
        pupil_id="p1",
        by_rule=True,
        lessons=(LessonRef(unit_id="4a", lesson_id=LESSON),),
        comment="Tylko trzecia godzina.",
    ),
    absences.ExcuseRejected(excuse_id="e1", pupil_id="p1", reason="Złożone po terminie."),
    absences.GroupRollCalled(class_id="4a", group_id="g-eth"),
)
