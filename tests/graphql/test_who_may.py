"""Who may ask what: every root field, every role, own and foreign. The table below is written by hand;
a field of the schema that is missing here, or denied by no rule, is red."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from dziennik.contracts.envelope import Role
from dziennik.contracts.people import EndParentalRights
from dziennik.contracts.registry import COMMANDS
from dziennik.domain.rulebook import roles_for
from dziennik.graphql.personal import OPEN, OWN, PERSONAL, PUBLIC
from dziennik.graphql.schema import SCHEMA
from dziennik.graphql.who_may import MUTATIONS, NOT_OFFERED, QUERIES, Guard, mutation_name
from tests.graphql.conftest import OFFICE, Served

STAFF = {"dir", "adm", "aud", "t-maths", "t-art", "t-other"}
ALL = {*STAFF, "p1", "p2", "p3", "m1", "f3"}
LOOKERS = {"dir", "aud"}
WRITERS = ALL - {"aud"}
THREAD = 'threadId: "t", messageId: "m"'
DAYS = 'from: "2025-09-01", to: "2025-10-31"'

# field -> (query with class 4a / pupil p1, who gets an answer)
ALLOWED: dict[str, tuple[str, set[str]]] = {
    "school": ('school(school: "sp1") { name }', ALL),
    "schoolYears": ('schoolYears(school: "sp1") { name }', ALL),
    "subjects": ('subjects(school: "sp1") { name }', ALL),
    "rules": ('rules(school: "sp1", yearId: "y25") { yearId }', ALL),
    "classes": ('classes(school: "sp1", yearId: "y25") { totalCount }', STAFF),
    "class": ('class(school: "sp1", classId: "4a") { name }', {*STAFF, "p1", "p2", "m1"}),
    "classPupils": (
        'classPupils(school: "sp1", classId: "4a") { number }',
        {"dir", "adm", "aud", "t-maths", "t-art"},
    ),
    "people": ('people(school: "sp1", role: PUPIL) { totalCount }', {"dir", "adm", "aud"}),
    "pupil": (
        'pupil(school: "sp1", pupilId: "p1") { personId }',
        {*LOOKERS, "adm", "t-maths", "t-art", "m1", "p1"},
    ),
    "accountRules": ('accountRules(school: "sp1") { codeDays }', ALL),
    "peopleAccess": ('peopleAccess(school: "sp1", role: PARENT) { totalCount }', {"dir", "adm", "aud"}),
    "gradebook": ('gradebook(school: "sp1", classId: "4a") { classId }', {*LOOKERS, "t-maths", "t-art"}),
    "classCarriedGrades": (
        'classCarriedGrades(school: "sp1", classId: "4a") { pupilId }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "pupilGrades": (
        'pupilGrades(school: "sp1", pupilId: "p1") { subjectId }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "pupilAttendance": (
        f'pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", {DAYS}) {{ pupilId }}',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "attendanceSheet": (
        f'attendanceSheet(school: "sp1", classId: "4a", {DAYS}) {{ classId }}',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "lessonJournal": (
        f'lessonJournal(school: "sp1", classId: "4a", {DAYS}) {{ totalCount }}',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1", "p2"},
    ),
    "gradeHistory": (
        'gradeHistory(school: "sp1", pupilId: "p1", gradeId: "g-a-maths-0") { what }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "gradeProof": (
        'gradeProof(school: "sp1", pupilId: "p1", gradeId: "g-a-maths-0") { position }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "attendanceHistory": (
        'attendanceHistory(school: "sp1", pupilId: "p1", lessonId: "2025-09-15.02.a-maths") { what }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "classHistory": (
        'classHistory(school: "sp1", classId: "4a", from: "2025-09-01T00:00:00Z",'
        ' to: "2026-09-01T00:00:00Z") { totalCount }',
        LOOKERS,
    ),
    "pupilHistory": (
        'pupilHistory(school: "sp1", pupilId: "p1", from: "2025-09-01T00:00:00Z",'
        ' to: "2026-09-01T00:00:00Z") { totalCount }',
        LOOKERS,
    ),
    "teacherHistory": (
        'teacherHistory(school: "sp1", teacherId: "t-art", from: "2025-09-01T00:00:00Z",'
        ' to: "2026-09-01T00:00:00Z") { totalCount }',
        LOOKERS,
    ),
    "classDifference": (
        'classDifference(school: "sp1", classId: "4a", from: { position: 1 }, to: { position: 2 }) { totalCount }',
        LOOKERS,
    ),
    "looks": ('looks(school: "sp1") { totalCount }', {"dir"}),
    "myMailbox": ('myMailbox(school: "sp1") { unread }', WRITERS),
    "myThreads": ('myThreads(school: "sp1") { totalCount }', WRITERS),
    "myThread": ('myThread(school: "sp1", threadId: "t") { id }', WRITERS),
    "searchMyMessages": ('searchMyMessages(school: "sp1", text: "a") { totalCount }', WRITERS),
    "myMessageReceipts": (f'myMessageReceipts(school: "sp1", {THREAD}) {{ totalCount }}', WRITERS),
    "messageRecipients": ('messageRecipients(school: "sp1", name: "a") { roles }', WRITERS),
    "messageAudiences": ('messageAudiences(school: "sp1") { kind }', WRITERS),
    "messageAttachmentLink": (
        f'messageAttachmentLink(school: "sp1", {THREAD}, attachmentId: "a") {{ address }}',
        WRITERS,
    ),
    "myAbuseReports": ('myAbuseReports(school: "sp1") { id }', WRITERS),
    "myDrafts": ('myDrafts(school: "sp1") { id }', WRITERS),
    "messageRules": ('messageRules(school: "sp1") { version }', ALL),
    "recipientGroups": ('recipientGroups(school: "sp1") { id }', {"dir", "adm"}),
    "reportedMessages": ('reportedMessages(school: "sp1") { totalCount }', {"dir"}),
    "auditMandates": ('auditMandates(school: "sp1") { id }', {*LOOKERS, "adm"}),
    "journalFacts": ('journalFacts(school: "sp1") { head }', LOOKERS),
    "classificationRules": ('classificationRules(school: "sp1", yearId: "y25") { version }', ALL),
    "classYear": ('classYear(school: "sp1", classId: "4a") { pupilId }', {*LOOKERS, "t-maths", "t-art"}),
    "pupilYear": (
        'pupilYear(school: "sp1", pupilId: "p1", classId: "4a") { subjectId }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "pupilPromotions": (
        'pupilPromotions(school: "sp1", pupilId: "p1") { outcome }',
        {*LOOKERS, "m1", "p1"},
    ),
    "classificationSheet": (
        'classificationSheet(school: "sp1", classId: "4a") { classId }',
        {*LOOKERS, "t-art"},
    ),
    "classStudies": (
        'classStudies(school: "sp1", classId: "4a") { id }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "pupilStudies": (
        'pupilStudies(school: "sp1", pupilId: "p1") { id }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "stays": (
        f'stays(school: "sp1", classId: "4a", {DAYS}) {{ totalCount }}',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "collectors": (
        'collectors(school: "sp1", classId: "4a", child: "p1") { id }',
        {*LOOKERS, "adm", "t-maths", "t-art"},
    ),
    "pupilStays": (
        f'pupilStays(school: "sp1", pupilId: "p1", {DAYS}) {{ stays {{ on }} }}',
        {*LOOKERS, "m1", "p1"},
    ),
    "carriedGrades": (
        'carriedGrades(school: "sp1", pupilId: "p1", classId: "4a") { subjectId }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "earlierGradesRule": ('earlierGradesRule(school: "sp1", yearId: "y25") { counted }', ALL),
    "classMovement": ('classMovement(school: "sp1", classId: "4a") { on }', {*LOOKERS, "adm", "t-art"}),
    "pupilMovement": (
        'pupilMovement(school: "sp1", pupilId: "p1") { on }',
        {*LOOKERS, "adm", "t-art", "m1", "p1"},
    ),
    "otherRegisters": ('otherRegisters(school: "sp1", yearId: "y25") { name }', STAFF),
    "otherRegister": (
        'otherRegister(school: "sp1", classId: "4a") { name }',
        {*LOOKERS, "adm", "t-maths", "t-art", "p1", "p2", "m1"},
    ),
    "pupilRegisters": (
        'pupilRegisters(school: "sp1", pupilId: "p1") { since }',
        {*LOOKERS, "adm", "t-maths", "t-art", "m1", "p1"},
    ),
    "counsellingEntries": (
        f'counsellingEntries(school: "sp1", classId: "4a", {DAYS}) {{ totalCount }}',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "sharedCounselling": ('sharedCounselling(school: "sp1", pupilId: "p1") { text }', {"m1", "p1"}),
    "classStatistic": (
        'classStatistic(school: "sp1", classId: "4a", kind: GRADES) { counted }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "schoolStatistic": ('schoolStatistic(school: "sp1", yearId: "y25", kind: GRADES) { counted }', LOOKERS),
    "pupilAgainstClass": (
        'pupilAgainstClass(school: "sp1", pupilId: "p1", classId: "4a", measure: AVERAGE) { counted }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "outcomesCompared": ('outcomesCompared(school: "sp1") { counted }', LOOKERS),
    "classificationList": (
        'classificationList(school: "sp1", classId: "4a") { columns }',
        {*LOOKERS, "t-art"},
    ),
    "promotionList": ('promotionList(school: "sp1", yearId: "y25") { rows }', {*LOOKERS, "adm"}),
    "pupilEntryHistory": (
        'pupilEntryHistory(school: "sp1", pupilId: "p1", classId: "4a", kind: NOTE, entryId: "n") { what }',
        {*LOOKERS, "t-art", "p1", "m1"},
    ),
    "entryHistory": (
        'entryHistory(school: "sp1", classId: "4a", kind: NOTE, entryId: "n", ofPupil: "p1") { what }',
        {*LOOKERS, "t-art"},
    ),
    "yearsCompared": ('yearsCompared(school: "sp1", measure: AVERAGE) { counted }', LOOKERS),
    "pupilDisputes": (
        'pupilDisputes(school: "sp1", pupilId: "p1") { id }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "classDisputes": ('classDisputes(school: "sp1", classId: "4a") { id }', {*LOOKERS, "t-maths", "t-art"}),
    "closingCheck": ('closingCheck(school: "sp1", yearId: "y25") { yearId }', LOOKERS),
    "permittedCorrections": ('permittedCorrections(school: "sp1", classId: "4a") { id }', LOOKERS),
    "permittedYearCorrections": ('permittedYearCorrections(school: "sp1", yearId: "y25") { id }', LOOKERS),
    "movementRules": ('movementRules(school: "sp1", yearId: "y25") { version }', STAFF),
    "behaviourRules": ('behaviourRules(school: "sp1", yearId: "y25") { version }', ALL),
    "pupilBehaviour": (
        'pupilBehaviour(school: "sp1", pupilId: "p1", yearId: "y25") { pupilId }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "classBehaviour": ('classBehaviour(school: "sp1", classId: "4a") { classId }', {*LOOKERS, "t-art"}),
    "descriptiveRules": ('descriptiveRules(school: "sp1", yearId: "y25") { version }', ALL),
    "pupilDescriptive": (
        'pupilDescriptive(school: "sp1", pupilId: "p1") { id }',
        {*LOOKERS, "t-maths", "t-art", "m1", "p1"},
    ),
    "classDescriptive": (
        'classDescriptive(school: "sp1", classId: "4a") { id }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "missingProposals": (
        'missingProposals(school: "sp1", yearId: "y25", classId: "4a") { dueOn }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "pupilsAtRisk": (
        'pupilsAtRisk(school: "sp1", yearId: "y25", classId: "4a") { pupilId }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "completedSubjects": (
        'completedSubjects(school: "sp1", classId: "4a")',
        {*STAFF, "p1", "p2", "m1"},
    ),
    "pupilFinalGrades": (
        'pupilFinalGrades(school: "sp1", pupilId: "p1") { value }',
        {*LOOKERS, "t-art", "m1", "p1"},
    ),
    "staffRules": ('staffRules(school: "sp1", yearId: "y25") { version }', STAFF),
    "staffHours": ('staffHours(school: "sp1", yearId: "y25") { yearId }', STAFF),
    "staffHoursCsv": ('staffHoursCsv(school: "sp1", yearId: "y25")', STAFF),
    "councilResolutions": ('councilResolutions(school: "sp1", yearId: "y25") { id }', STAFF),
    "calendar": (
        f'calendar(school: "sp1", classId: "4a", {DAYS}) {{ entries {{ id }} }}',
        {"dir", "adm", "aud", "t-maths", "t-art", "p1", "p2", "m1"},
    ),
    "plannedLessons": (
        f'plannedLessons(school: "sp1", classId: "4a", {DAYS}) {{ on }}',
        {*STAFF, "p1", "p2", "m1"},
    ),
    "schoolFreeDays": ('schoolFreeDays(school: "sp1", yearId: "y25") { id }', ALL),
    "calendarRules": ('calendarRules(school: "sp1", yearId: "y25") { version }', ALL),
    "myCalendar": (f'myCalendar(school: "sp1", {DAYS}) {{ entries {{ id }} }}', ALL - {"adm", "aud"}),
    "myPlannedLessons": (f'myPlannedLessons(school: "sp1", {DAYS}) {{ on }}', ALL - {"adm", "aud"}),
    "myCalendarFeeds": ('myCalendarFeeds(school: "sp1") { id }', ALL - {"adm", "aud"}),
    "announcements": ('announcements(school: "sp1") { totalCount }', ALL - {"aud"}),
    "postedAnnouncements": ('postedAnnouncements(school: "sp1") { totalCount }', STAFF),
    "announcementReaders": (
        'announcementReaders(school: "sp1", announcementId: "x") { addressed }',
        {"dir", "adm", "aud"},
    ),
    "announcementAttachmentLink": (
        'announcementAttachmentLink(school: "sp1", announcementId: "x", attachmentId: "a") { address }',
        ALL - {"aud"},
    ),
    "boardRules": ('boardRules(school: "sp1") { longestDays }', ALL),
    "myNotifications": ('myNotifications(school: "sp1") { totalCount }', ALL - {"aud"}),
    "unreadNotifications": ('unreadNotifications(school: "sp1")', ALL - {"aud"}),
    "myPushDevices": ('myPushDevices(school: "sp1") { applicationServerKey }', ALL - {"aud"}),
    "myNotificationPreferences": (
        'myNotificationPreferences(school: "sp1") { gradeText }',
        ALL - {"aud"},
    ),
    "registerPage": (
        f'registerPage(school: "sp1", classId: "4a", {DAYS}) {{ classId }}',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "classRealisation": (
        'classRealisation(school: "sp1", classId: "4a") { planned }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "nextItems": (
        'nextItems(school: "sp1", classId: "4a", assignmentId: "a-maths") { hours }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "schoolGaps": ('schoolGaps(school: "sp1", yearId: "y25") { yearId }', LOOKERS),
    "classGaps": ('classGaps(school: "sp1", classId: "4a") { yearId }', {*LOOKERS, "t-art"}),
    "myGaps": ('myGaps(school: "sp1", yearId: "y25") { yearId }', {"t-maths", "t-art", "t-other"}),
    "curriculumPlans": ('curriculumPlans(school: "sp1", yearId: "y25") { id }', STAFF),
    "curriculumPlan": ('curriculumPlan(school: "sp1", planId: "rm") { id }', STAFF),
    "absenceRules": ('absenceRules(school: "sp1", yearId: "y25") { version }', ALL),
    "pupilAbsences": (
        'pupilAbsences(school: "sp1", pupilId: "p1", yearId: "y25") { pupilId }',
        {*LOOKERS, "t-art", "m1", "p1"},
    ),
    "classExcuses": ('classExcuses(school: "sp1", classId: "4a") { totalCount }', {*LOOKERS, "t-art"}),
    "classAbsences": (
        'classAbsences(school: "sp1", classId: "4a") { announced { id } }',
        {*LOOKERS, "t-art"},
    ),
    "pupilAbsenceAlarms": (
        'pupilAbsenceAlarms(school: "sp1", pupilId: "p1", yearId: "y25") { kind }',
        {*LOOKERS, "t-art", "m1", "p1"},
    ),
    "classAbsenceAlarms": ('classAbsenceAlarms(school: "sp1", classId: "4a") { kind }', {*LOOKERS, "t-art"}),
    "rollProposal": (
        'rollProposal(school: "sp1", classId: "4a", lessonId: "2025-09-15.02.a-maths") { called }',
        {*LOOKERS, "t-maths", "t-art"},
    ),
    "rollsNotCalled": (
        'rollsNotCalled(school: "sp1", from: "2025-09-01", to: "2025-09-30") { lessonId }',
        LOOKERS,
    ),
    "classRollsNotCalled": (
        'classRollsNotCalled(school: "sp1", classId: "4a", from: "2025-09-01", to: "2025-09-30") { lessonId }',
        {*LOOKERS, "t-art"},
    ),
    "myRollsNotCalled": (
        'myRollsNotCalled(school: "sp1", from: "2025-09-01", to: "2025-09-30") { lessonId }',
        {"t-maths", "t-art", "t-other"},
    ),
    "attachmentLink": (
        'attachmentLink(school: "sp1", pupilId: "p1", attachmentId: "a1") { address }',
        {"dir", "t-art", "m1", "p1"},
    ),
    "archiveEditions": ('archiveEditions(school: "sp1", yearId: "y25") { edition }', {"dir", "adm", "aud"}),
    "archivePlan": ('archivePlan(school: "sp1") { year }', {"dir", "adm", "aud"}),
    "archiveJob": ('archiveJob(school: "sp1", jobId: "x") { id }', {"dir", "adm"}),
    "archiveToSign": ('archiveToSign(school: "sp1", yearId: "y25", edition: 1) { name }', {"dir"}),
    "cardStock": ('cardStock(school: "sp1") { left }', {"dir", "adm", "aud"}),
    "waitingCards": (
        'waitingCards(school: "sp1") { classId }',
        {*LOOKERS, "adm", "t-maths", "t-art", "t-other"},
    ),
    "cardPlaces": (
        'cardPlaces(school: "sp1") { name }',
        {"dir", "adm", "t-maths", "t-art", "t-other"},
    ),
    "cardColumns": (
        'cardColumns(school: "sp1", classId: "4a") { id }',
        {"dir", "adm", "t-maths", "t-art"},
    ),
    "cardPrintings": (
        'cardPrintings(school: "sp1", classId: "4a") { title }',
        {"dir", "adm", "t-maths", "t-art"},
    ),
    "cardScans": (
        'cardScans(school: "sp1") { id }',
        {*LOOKERS, "adm", "t-maths", "t-art", "t-other"},
    ),
    "scanQueue": (
        'scanQueue(school: "sp1", scanId: "s") { cardId }',
        {*LOOKERS, "adm", "t-maths", "t-art", "t-other"},
    ),
    "cardQueue": (
        'cardQueue(school: "sp1", classId: "4a") { cardId }',
        {*LOOKERS, "adm", "t-maths", "t-art"},
    ),
    "classCards": (
        'classCards(school: "sp1", classId: "4a") { id }',
        {*LOOKERS, "adm", "t-maths", "t-art"},
    ),
    "offers": ('offers(school: "sp1") { productId }', ALL),
    "bundles": ('bundles(school: "sp1") { id }', ALL),
    "myEntitlement": ('myEntitlement(school: "sp1") { extended }', {"p1", "p2", "p3", "m1", "f3"}),
    "myPurchases": ('myPurchases(school: "sp1") { id }', {"m1", "f3"}),
    "schoolPurchases": ('schoolPurchases(school: "sp1") { id }', {"dir", "adm", "aud"}),
    "schoolContracts": ('schoolContracts(school: "sp1") { id }', {"dir", "adm", "aud"}),
    "commerceStatement": ('commerceStatement(school: "sp1") { agrees }', {"dir", "adm", "aud"}),
    "myAssignments": ('myAssignments(school: "sp1") { id }', {"t-maths", "t-art", "t-other"}),
    "myLessons": (f'myLessons(school: "sp1", {DAYS}) {{ totalCount }}', {"t-maths", "t-art", "t-other"}),
}
# The same fields about 4b and p3: who of 4a's people must not see them.
FOREIGN = {
    "missingProposals": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "pupilsAtRisk": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "completedSubjects": {"p1", "p2", "m1", "f3"},
    "pupilFinalGrades": {"t-maths", "t-art", "t-other", "adm", "p1", "p2", "m1", "f3"},
    "pupilDescriptive": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "classDescriptive": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "registerPage": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "classRealisation": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "nextItems": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "classGaps": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "pupilBehaviour": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "classBehaviour": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "pupilAbsences": {"t-maths", "t-art", "t-other", "adm", "p1", "p2", "m1", "f3"},
    "pupilAbsenceAlarms": {"t-maths", "t-art", "t-other", "adm", "p1", "p2", "m1", "f3"},
    "attachmentLink": {"aud", "t-maths", "t-art", "t-other", "adm", "p1", "p2", "m1", "f3"},
    "cardQueue": {"t-maths", "t-art", "p3", "m1", "f3"},
    "classCards": {"t-maths", "t-art", "p3", "m1", "f3"},
    "classExcuses": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "classAbsences": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "classAbsenceAlarms": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "classRollsNotCalled": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "rollProposal": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "class": {"p1", "p2", "m1", "f3"},
    "classPupils": {"t-maths", "t-art", "p3", "m1", "f3"},
    "pupil": {"t-maths", "t-art", "p1", "p2", "m1", "f3"},
    "gradebook": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "classCarriedGrades": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "pupilGrades": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "pupilAttendance": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "attendanceSheet": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "lessonJournal": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "classYear": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "pupilYear": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "pupilPromotions": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "classStatistic": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "pupilAgainstClass": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "pupilDisputes": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "calendar": {"t-maths", "t-art", "p1", "p2", "m1", "f3"},
    "plannedLessons": {"p1", "p2", "m1", "f3"},
    "classStudies": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "pupilStudies": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "stays": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "collectors": {"t-maths", "t-art", "p3", "m1", "f3"},
    "pupilStays": {*STAFF - LOOKERS, "p1", "p2", "m1", "f3"},
    "carriedGrades": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "classMovement": {"t-maths", "t-art", "t-other", "p3", "m1", "f3"},
    "pupilMovement": {"t-maths", "t-art", "t-other", "p1", "p2", "m1", "f3"},
    "otherRegister": {"t-maths", "t-art", "p1", "p2", "m1", "f3"},
    "pupilRegisters": {"t-maths", "t-art", "p1", "p2", "m1", "f3"},
    "counsellingEntries": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "sharedCounselling": {*STAFF, "p1", "p2", "m1", "f3"},
    "classDisputes": {"t-maths", "t-art", "adm", "p3", "m1", "f3"},
    "classificationList": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "pupilEntryHistory": {"t-maths", "t-art", "t-other", "adm", "p1", "p2", "m1", "f3"},
    "entryHistory": {"t-maths", "t-art", "t-other", "adm", "p1", "p2", "p3", "m1", "f3"},
    "classificationSheet": {"t-maths", "t-art", "t-other", "adm", "p3", "m1", "f3"},
    "gradeHistory": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
    "attendanceHistory": {"t-maths", "t-art", "adm", "p1", "p2", "m1", "f3"},
}
ROOTS = SCHEMA._schema


def test_every_root_field_has_a_rule_and_stands_in_this_table() -> None:
    assert ROOTS.query_type is not None
    assert set(ROOTS.query_type.fields) == set(QUERIES) | PERSONAL | OPEN
    assert set(QUERIES) == set(ALLOWED)
    assert ROOTS.mutation_type is not None
    assert set(ROOTS.mutation_type.fields) == set(MUTATIONS) | PUBLIC | OWN


def test_every_root_field_is_guarded() -> None:
    for name in ("Query", "Mutation"):
        for field in SCHEMA.get_type_by_name(name).fields:  # type: ignore[union-attr]
            assert any(isinstance(each, Guard) for each in field.extensions), field.name


def test_mutations_are_for_the_roles_of_their_rules() -> None:
    for command in COMMANDS.values():
        if command not in NOT_OFFERED:
            expected = roles_for(command) - {Role.SYSTEM}
            assert MUTATIONS[mutation_name(command)] == expected


def test_the_matrix(served: Served) -> None:
    wrong = []
    for (field, (query, allowed)), who in itertools.product(ALLOWED.items(), sorted(ALL)):
        code = served.code(f"{{ {query} }}", who)
        if code != (None if who in allowed else "ACCESS.DENIED"):
            wrong.append((field, who, code))
    assert wrong == []


def test_what_is_foreign_is_denied(served: Served) -> None:
    wrong = []
    for field, people in FOREIGN.items():
        query = ALLOWED[field][0].replace('"4a"', '"4b"').replace('"p1"', '"p3"')
        query = query.replace("g-a-maths", "g-b-maths").replace(".a-maths", ".b-maths")
        wrong += [
            (field, who) for who in sorted(people) if served.code(f"{{ {query} }}", who) != "ACCESS.DENIED"
        ]
    assert wrong == []


def test_another_school_and_none_look_the_same(served: Served) -> None:
    for (query, _), school in itertools.product(ALLOWED.values(), ("sp2", "nowhere", "provider", "SP1'; --")):
        asked = query.replace('"sp1"', f'"{school}"')
        assert served.code(f"{{ {asked} }}", "dir") == "ACCESS.DENIED"


def test_nobody_gets_nothing(served: Served) -> None:
    for query, _ in ALLOWED.values():
        assert served.code(f"{{ {query} }}", None) == "ACCESS.NOT_LOGGED_IN"
    for field in (
        "me { accountId }",
        "mySchools { id }",
        "myChildren { school }",
        "myAccount { login }",
        "mySessions { id }",
    ):
        assert served.code(f"{{ {field} }}", None) == "ACCESS.NOT_LOGGED_IN"


def test_mutations_of_the_matrix(served: Served) -> None:
    """A role that may not give a command is denied; nothing is written by anybody's attempt."""
    head = served.head()
    query = (
        'mutation { introduceSubject(school: "sp1", input: {name: "X", shortName: "x"})'
        " { __typename ... on Refusal { code } } }"
    )
    for who in sorted(ALL - {"dir", "adm"}):
        assert served.code(query, who) == "ACCESS.DENIED", who
    grade = (
        'mutation { giveGrade(school: "sp1", input: {unitId: "4a", classId: "4a", assignmentId: "a-maths",'
        ' pupilId: "p1", value: "5", categoryId: "test", on: "2025-10-01"}) { ... on Refusal { code } } }'
    )
    for who in ("adm", "aud", "p1", "p2", "m1", "f3"):
        assert served.code(grade, who) == "ACCESS.DENIED", who
    for who in ("t-art", "t-other"):
        assert served.data(grade, who)["giveGrade"]["code"] == "GRADES.NOT_YOUR_ASSIGNMENT"
    assert served.head() == head


def test_a_teacher_sees_own_subjects_and_the_homeroom_teacher_all(served: Served) -> None:
    query = '{ gradebook(school: "sp1", classId: "4a") { cells { subjectId } columns { id } } }'
    assert served.data(query, "t-maths")["gradebook"] == {
        "cells": [{"subjectId": "maths"}],
        "columns": [{"id": "c1"}],
    }
    homeroom = served.data(query, "t-art")["gradebook"]["cells"]
    assert homeroom == [{"subjectId": "art"}, {"subjectId": "maths"}]
    history = 'gradeHistory(school: "sp1", pupilId: "p1", gradeId: "g-a-art-0") { what }'
    assert served.data(f"{{ {history} }}", "t-maths") == {"gradeHistory": []}


def test_a_grade_of_another_pupil_is_not_told_under_ones_own(served: Served) -> None:
    query = '{ gradeHistory(school: "sp1", pupilId: "p1", gradeId: "g-b-maths-0") { old new } }'
    assert served.data(query, "m1") == {"gradeHistory": []}


def test_the_office_cannot_make_itself_director(served: Served) -> None:
    head = served.head()
    query = (
        'mutation { takeRole(school: "sp1", input: {personId: "adm", role: DIRECTOR, since: "2025-10-06"})'
        " { ... on Refusal { code field } } }"
    )
    assert served.data(query, "adm")["takeRole"] == {"code": "ACCESS.NOT_YOURS_TO_DO", "field": "role"}
    assert served.head() == head


@pytest.mark.parametrize("who", ["m1", "f3"])
def test_my_children_are_those_over_whom_i_hold_rights_today(served: Served, who: str) -> None:
    found = served.data("{ myChildren { school pupil { personId familyName } } }", who)["myChildren"]
    mine = [{"school": "sp1", "pupil": {"personId": "p1", "familyName": "Źrebiec"}}]
    assert found == (mine if who == "m1" else [])


def test_rights_that_end_end_with_the_next_question(served: Served) -> None:
    """Who somebody is is remembered, but not beyond the fact that changes it."""
    query = '{ pupilGrades(school: "sp1", pupilId: "p1") { subjectId } }'
    assert served.code(query, "m1") is None
    end = EndParentalRights(pupil_id="p1", parent_id="m1", until=date(2025, 10, 5), basis="III RC 2/25")
    served.system.register("sp1").execute(end, actor=OFFICE)
    served.system.follower.run_once("sp1")
    assert served.code(query, "m1") == "ACCESS.DENIED"
