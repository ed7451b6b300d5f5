"""One sample of every stored shape, with every field filled: what the golden files hold.

`SAMPLES` by stored name. A sample is never changed once it is committed; a new optional field gets a sample
of its own under a new golden name (see `tools/write_golden.py`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts import (
    access,
    attendance,
    audits,
    classes,
    classification,
    disputes,
    grades,
    imports,
    lessons,
    people,
    school,
)
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.envelope import Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import (
    AttendanceKind,
    AttendanceRules,
    AttendanceType,
    GradeCategory,
    GradeKind,
    GradingRules,
    LessonPeriod,
    PointThreshold,
    RetakeRule,
    ScaleMark,
    Term,
    TimetableSlot,
)
from tests.contracts.absence_samples import ABSENCES
from tests.contracts.account_samples import ACCOUNTS
from tests.contracts.archive_samples import ARCHIVES
from tests.contracts.behaviour_samples import BEHAVIOUR, COUNCILS
from tests.contracts.board_samples import BOARD, NOTIFICATIONS
from tests.contracts.calendar_samples import CALENDAR
from tests.contracts.card_samples import CARDS
from tests.contracts.commerce_samples import COMMERCE
from tests.contracts.descriptive_samples import DESCRIPTIVE
from tests.contracts.final_samples import FINALS
from tests.contracts.lesson_samples import CURRICULUM
from tests.contracts.message_samples import MESSAGES
from tests.contracts.privacy_samples import PRIVACY
from tests.contracts.register_samples import COUNSELLING, EARLIER_GRADES, MOVEMENT, REGISTERS, STAYS, STUDIES
from tests.contracts.staff_samples import STAFF

SEPTEMBER = date(2026, 9, 1)
JUNE = date(2027, 6, 25)
LESSON = "2026-09-01.03.a-pol-4a"
FROM_PLAN = FromPlan(plan_id="rm-pol-4", items=("1", "2"))

GRADING = GradingRules(
    scale=(ScaleMark(mark="1", value=Decimal(1)), ScaleMark(mark="6", value=Decimal("6.0"))),
    plus=Decimal("0.5"),
    minus=Decimal("-0.25"),
    remarks=("np", "bz"),
    categories=(
        GradeCategory(
            category_id="test",
            name="Sprawdzian",
            symbol="S",
            weight=Decimal(5),
            counted=False,
            colour="#c00000",
        ),
    ),
    thresholds=(PointThreshold(percent=Decimal("97.5"), mark="6"),),
    retakes=RetakeRule.LATEST,
    places=1,
    counted_remarks=(ScaleMark(mark="bz", value=Decimal(1)),),
)
ATTENDANCE = AttendanceRules(
    types=(
        AttendanceType(type_id="present", symbol="●", name="obecność", kind=AttendanceKind.PRESENT),
        AttendanceType(type_id="ns", symbol="ns", name="zawody", kind=AttendanceKind.SCHOOL_REASON),
    ),
    counted_present=(AttendanceKind.PRESENT, AttendanceKind.LATE),
    left_out=(AttendanceKind.RELEASED,),
    places=2,
)

SCHOOL: tuple[Fact, ...] = (
    school.SchoolFounded(
        school_id="sp7", name="Szkoła Podstawowa nr 7", short_name="SP 7", city="Łódź", number="12345"
    ),
    school.SchoolRenamed(name="Szkoła Podstawowa nr 7 im. Żaków", short_name="SP 7"),
    school.SchoolYearOpened(year_id="y2026", name="2026/2027", starts=SEPTEMBER, ends=date(2027, 8, 31)),
    school.TermsSet(
        year_id="y2026",
        terms=(Term(term_id="t1", name="I okres", starts=SEPTEMBER, ends=date(2027, 1, 31)),),
    ),
    school.LessonPeriodsSet(year_id="y2026", periods=(LessonPeriod(number=1, starts="08:00", ends="08:45"),)),
    school.SubjectIntroduced(subject_id="pol", name="język polski", short_name="pol"),
    school.SubjectRenamed(subject_id="pol", name="Język polski", short_name="j. pol."),
    school.GradingRulesSet(year_id="y2026", rules=GRADING),
    school.AttendanceRulesSet(year_id="y2026", rules=ATTENDANCE),
    school.SchoolYearClosed(year_id="y2026", on=date(2027, 8, 31), class_ids=("4a", "4b")),
)

DISPUTES: tuple[Fact, ...] = (
    disputes.QuestionAsked(
        dispute_id="q1",
        class_id="4a",
        pupil_id="p1",
        asked_by="m1",
        text="Czy „3” jest z tej pracy?",
        subject_id="pol",
        grade_id="g1",
        unit_id="4a",
        lesson_id=LESSON,
    ),
    disputes.QuestionAnswered(dispute_id="q1", pupil_id="p1", text="Tak, z dyktanda."),
    disputes.QuestionWithdrawn(dispute_id="q1", pupil_id="p1"),
    disputes.DisputeDecided(
        dispute_id="q1",
        pupil_id="p1",
        outcome=disputes.DisputeOutcome.TO_BE_CORRECTED,
        text="Ocena zostanie poprawiona.",
    ),
)

CLASSIFICATION: tuple[Fact, ...] = (
    classification.ClassificationRulesSet(
        year_id="y2026",
        rules=classification.ClassificationRules(
            method=classification.YearMethod.WEIGHTED_TERMS,
            marks=(classification.MarkThreshold(average=Decimal("4.6"), mark="5"),),
            final_remarks=("nkl", "zw"),
            unclassified=("nkl",),
            failing=("1",),
            at_risk_below=Decimal("1.6"),
            honours_average=Decimal("4.75"),
            honours_behaviour=("wz", "bdb"),
            term_weights=(Decimal(1), Decimal(2)),
            due=(classification.ProposalsDue(term_id="t1", on=date(2027, 1, 15)),),
        ),
    ),
    classification.PromotionDecided(
        class_id="4a",
        pupil_id="p1",
        outcome=classification.Outcome.PROMOTED_WITH_HONOURS,
        rule_version=1,
        average=Decimal("5.10"),
        behaviour="wz",
        reason="egzamin poprawkowy",
    ),
    classification.RegisterClosed(class_id="4a", on=date(2027, 6, 30), gaps=2, reason="choroba nauczyciela"),
    classification.CorrectionPermitted(
        permit_id="z1",
        unit_id="4a",
        person_id="t1",
        until=date(2027, 9, 30),
        what="ocena roczna z matematyki",
        reason="wynik egzaminu",
        legal_basis="art. 44n",
    ),
    classification.YearCorrectionPermitted(
        permit_id="z2",
        year_id="y2026",
        book=classification.YearBook.HOURS,
        person_id="t1",
        until=date(2027, 9, 30),
        what="godziny z czerwca",
        reason="błąd w sumie",
        legal_basis="zarządzenie 4/2027",
    ),
)

PEOPLE: tuple[Fact, ...] = (
    people.PersonRegistered(person_id="p1", given_names="Żaneta Łucja", family_name="Ćma"),
    people.PersonRenamed(
        person_id="p1", given_names="Żaneta", family_name="Ćma-Lis", reason="akt małżeństwa rodziców"
    ),
    people.PersonalDetailsRecorded(
        person_id="p1",
        birth_date="2016-05-14",
        birth_place="Łódź",
        national_id="16251400002",
        sex="f",
        address="ul. Źródlana 3/4, 90-001 Łódź",
    ),
    people.ContactDetailsRecorded(person_id="p1", email="zaneta@example.org", phone="+48 600 000 001"),
    people.RoleTaken(person_id="p1", role=Role.PUPIL, since=SEPTEMBER),
    people.RoleLeft(person_id="p1", role=Role.PUPIL, until=JUNE),
    people.ParentalRightsGranted(
        pupil_id="p1", parent_id="r1", guardianship=people.Guardianship.GUARDIAN, since=SEPTEMBER
    ),
    people.ParentalRightsEnded(
        pupil_id="p1", parent_id="r1", until=JUNE, basis="postanowienie sądu III RNsm 1/27"
    ),
    people.ParentalRightsLimited(
        pupil_id="p1",
        parent_id="m1",
        since=date(2026, 11, 1),
        powers=(people.ParentalPower.INFORMATION,),
        basis="postanowienie III Nsm 7/26",
    ),
    people.ParentalRightsRestored(
        pupil_id="p1", parent_id="m1", since=date(2027, 3, 1), basis="postanowienie III Nsm 9/27"
    ),
    people.AccountLinked(person_id="p1", account_id="account-1"),
)

CLASSES: tuple[Fact, ...] = (
    classes.ClassOpened(class_id="4a", year_id="y2026", name="4a", level=4),
    classes.ClassRenamed(class_id="4a", name="4 A", level=4),
    classes.HomeroomTeacherAppointed(class_id="4a", teacher_id="t1", since=SEPTEMBER),
    classes.PupilEnrolled(class_id="4a", pupil_id="p1", since=SEPTEMBER, number=7),
    classes.PupilLeft(class_id="4a", pupil_id="p1", until=JUNE, reason="przeprowadzka"),
    classes.GroupFormed(class_id="4a", group_id="4a-en", name="j. angielski 1"),
    classes.InterclassGroupFormed(group_id="4-rel", year_id="y2026", name="etyka", class_ids=("4a", "4b")),
    classes.PupilJoinedGroup(group_id="4a-en", class_id="4a", pupil_id="p1", since=SEPTEMBER),
    classes.PupilLeftGroup(group_id="4a-en", pupil_id="p1", until=JUNE),
    classes.TeachingAssigned(
        assignment_id="a-en-4a",
        unit_id="4a",
        subject_id="en",
        teacher_id="t2",
        since=SEPTEMBER,
        group_id="4a-en",
    ),
    classes.TeachingEnded(assignment_id="a-en-4a", until=JUNE),
    classes.TimetableSet(
        unit_id="4a",
        valid_from=SEPTEMBER,
        slots=(TimetableSlot(weekday=1, period=3, assignment_id="a-pol-4a", room="12"),),
    ),
)

LESSONS: tuple[Fact, ...] = (
    lessons.SubstitutionArranged(
        unit_id="4a",
        lesson_id=LESSON,
        on=SEPTEMBER,
        period=3,
        assignment_id="a-pol-4a",
        teacher_id="t2",
        instead_of="t1",
        reason="choroba",
    ),
    lessons.LessonHeld(
        unit_id="4a",
        lesson_id=LESSON,
        on=SEPTEMBER,
        period=3,
        assignment_id="a-pol-4a",
        subject_id="pol",
        teacher_id="t2",
        group_id="4a-en",
        instead_of="t1",
        topic="Głoski i litery",
        plan=FROM_PLAN,
        room="12",
        co_teachers=("t3",),
        continues="2026-09-01.02.a-pol-4a",
        together=(lessons.LessonRef(unit_id="4b", lesson_id="2026-09-01.03.a-pol-4b"),),
    ),
    lessons.CoTeacherRecorded(lesson_id=LESSON, teacher_id="t4"),
    lessons.TopicRecorded(lesson_id=LESSON, topic="Głoski i litery", plan=FROM_PLAN),
    lessons.TopicCorrected(
        lesson_id=LESSON,
        was="Głoski i litery",
        topic="Głoski, litery, sylaby",
        reason="pomyłka",
        was_plan=FROM_PLAN,
        plan=FromPlan(plan_id="rm-pol-4", items=("3",)),
    ),
    lessons.LessonSigned(lesson_id=LESSON, teacher_id="t2"),
    lessons.LessonCancelled(
        unit_id="4a",
        lesson_id=LESSON,
        on=SEPTEMBER,
        period=3,
        assignment_id="a-pol-4a",
        subject_id="pol",
        reason="wycieczka",
        group_id="4a-en",
    ),
)

ATTENDANCES: tuple[Fact, ...] = (
    attendance.RollCalled(lesson_id=LESSON, pupils=("p1", "p2")),
    attendance.AbsenceRecorded(
        lesson_id=LESSON, pupil_id="p1", type_id="ns", kind=AttendanceKind.SCHOOL_REASON
    ),
    attendance.LatenessRecorded(
        lesson_id=LESSON, pupil_id="p1", type_id="late", kind=AttendanceKind.LATE, minutes=12
    ),
    attendance.ReleaseRecorded(
        lesson_id=LESSON, pupil_id="p1", type_id="released", kind=AttendanceKind.RELEASED
    ),
    attendance.AttendanceCorrected(
        lesson_id=LESSON,
        pupil_id="p1",
        was_type_id="absent",
        was_kind=AttendanceKind.ABSENT,
        type_id="late-excused",
        kind=AttendanceKind.LATE_EXCUSED,
        reason="uczennica przyszła",
        minutes=20,
    ),
)

GRADES: tuple[Fact, ...] = (
    grades.ColumnOpened(
        column_id="k1",
        unit_id="4a",
        assignment_id="a-pol-4a",
        subject_id="pol",
        title="Dyktando",
        category_id="test",
        weight=Decimal("2.50"),
        on=SEPTEMBER,
        out_of=Decimal(15),
        colour="#007000",
        counted=True,
    ),
    grades.ColumnChanged(
        column_id="k1",
        title="Dyktando 1",
        category_id="quiz",
        weight=Decimal(3),
        on=SEPTEMBER,
        out_of=Decimal("15.5"),
        colour="#c00000",
        counted=True,
    ),
    grades.ColumnPublicationSet(column_id="k1", on=date(2026, 10, 16)),
    grades.GradeGiven(
        grade_id="g2",
        class_id="4a",
        subject_id="pol",
        pupil_id="p1",
        assignment_id="a-pol-4a",
        teacher_id="t1",
        kind=GradeKind.ANNUAL_PROPOSED,
        value="4+",
        category_id="test",
        weight=Decimal("2.50"),
        on=SEPTEMBER,
        column_id="k1",
        description="Czyta płynnie.",
        comment="poprawa — „ładnie”",
        improves="g1",
    ),
    grades.GradeCorrected(
        grade_id="g2",
        pupil_id="p1",
        was="4+",
        value="5",
        reason="źle przepisana",
        was_description="Czyta płynnie.",
        description="Czyta płynnie i z rozumieniem.",
    ),
    grades.GradeStruckOut(grade_id="g2", pupil_id="p1", reason="ocena innej uczennicy"),
)

IMPORTS: tuple[Fact, ...] = (
    imports.ImportApplied(
        import_id="01990000-0000-7000-8000-000000000001",
        format="oneroster",
        format_version="1.1",
        digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        units=("4a",),
    ),
    imports.SourceRowsKept(
        import_id="01990000-0000-7000-8000-000000000001",
        rows=imports.SourceRows(
            table="classes",
            kept=(imports.SourceRow(row_id="4a", content='{"title":"4a"}'),),
            dropped=("3a",),
        ),
    ),
)

ACCESS: tuple[Fact, ...] = (
    access.AccountOpened(account_id="account-1"),
    access.PasswordSet(account_id="account-1"),
    access.AccountClosed(account_id="account-1", reason="odejście ze szkoły"),
    access.SessionFamilyRevoked(account_id="account-1"),
    access.GuessingNoticed(account_id="account-1", failures=5),
    access.SessionEnded(account_id="account-1", session_id="7f1c"),
    access.SecondFactorEnrolled(account_id="account-1", recovery_codes=10),
    access.SecondFactorRemoved(account_id="account-1", reason="zgubiony telefon"),
    access.RecoveryCodesReplaced(account_id="account-1", recovery_codes=10),
    access.RecoveryCodeUsed(account_id="account-1", left=9),
    access.ExternalIdentityLinked(account_id="account-1", provider="gmina"),
    access.ExternalIdentityUnlinked(account_id="account-1", provider="gmina"),
    access.RecoveryAddressConfirmed(account_id="account-1"),
    access.RecoveryAddressRemoved(account_id="account-1"),
    access.PasswordResetSent(account_id="account-1"),
    access.EntriesLookedAt(
        account_id="account-1",
        school_id="sp5",
        person_id="auditor-1",
        role=Role.AUDITOR,
        asked="gradebook",
        class_id="4a",
        pupil_id="p1",
    ),
)

AUDITS: tuple[Fact, ...] = (
    audits.MandateIssued(
        mandate_id="m1",
        auditor_id="auditor-1",
        since=date(2026, 10, 1),
        until=date(2026, 10, 31),
        reason="kontrola kuratorium",
        year_id="y2026",
        class_id="4a",
        pupil_id="p1",
    ),
    audits.MandateRevoked(mandate_id="m1", auditor_id="auditor-1", reason="kontrola skończona"),
)

SAMPLES: dict[str, Fact] = {
    sample.fact_name: sample
    for sample in (
        *SCHOOL, *PEOPLE, *CLASSES, *LESSONS, *ATTENDANCES, *GRADES, *IMPORTS, *ACCESS, *AUDITS,
        *CLASSIFICATION, *ARCHIVES,
        *DISPUTES, *BEHAVIOUR, *COUNCILS, *CALENDAR, *CURRICULUM, *STAFF,
        *REGISTERS, *COUNSELLING, *ABSENCES, *MOVEMENT, *DESCRIPTIVE, *FINALS,
        *REGISTERS, *COUNSELLING, *ABSENCES, *MOVEMENT, *DESCRIPTIVE, *CARDS, *COMMERCE,
        *EARLIER_GRADES, *STAYS, *STUDIES,
        *PRIVACY, *ACCOUNTS, *MESSAGES, *BOARD, *NOTIFICATIONS,
    )
}  # fmt: skip
