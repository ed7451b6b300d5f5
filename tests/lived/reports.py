"""Every report of docs/director.md, as a director asks it once the year is over and the next one runs.

A report is the text of one field; `$names` are variables: ids and days of the lived-through school, found by
asking, as a front end would. What an answer says about the school counts: ids that were asked for and plain
zeros do not make it full.
"""

from __future__ import annotations

import re
from typing import Any, Final

from tests.lived.client import Client, Login

TYPES: Final = {
    **dict.fromkeys(("from", "to", "begin", "end", "today"), "Date!"),
    **dict.fromkeys(("since", "until"), "DateTime!"),
    "first_position": "AsOf!",
    "last_position": "AsOf!",
    "name": "String!",
    "kind": "StatisticKind!",
    "measure": "Measure!",
}
# These answer from the journal, or of what has nothing to wait for.
AT_ONCE: Final = frozenset(
    {
        "archivePlan", "archiveJob", "archiveToSign", "entryHistory", "pupilEntryHistory", "looks", "journalFacts",
        "offers", "myDrafts",
    }
)  # fmt: skip
STATISTIC: Final = "{ title labels series { name values } counted description csv svg }"

# The year that is over: `year`, `class`. The one that runs: `running`, `now`.
REPORTS: Final = (
    # Every day
    "schoolGaps(SCHOOL, yearId: $running) { counts { kind count } gaps { totalCount } table { csv } }",
    "classGaps(SCHOOL, classId: $now) { counts { kind count } gaps { totalCount } table { csv } }",
    "rollsNotCalled(SCHOOL, from: $today, to: $today) { on period teacherId held }",
    "classRollsNotCalled(SCHOOL, classId: $class, from: $today, to: $today) { on period teacherId held }",
    "lessonJournal(SCHOOL, classId: $class, from: $from, to: $to, first: 20) { totalCount edges { node { on topic signedAt } } }",
    "registerPage(SCHOOL, classId: $class, from: $from, to: $to) { pupils { number } lessons { on topic marks { kind } } }",
    "attendanceSheet(SCHOOL, classId: $class, from: $from, to: $to) { rolls { on period } marks { on kind was } }",
    "pupilAttendance(SCHOOL, pupilId: $pupil, yearId: $year, from: $from, to: $to) { percentage { value present counted } marks { kind } }",
    "rollProposal(SCHOOL, classId: $class, lessonId: $lesson) { called pupils }",
    "classExcuses(SCHOOL, classId: $class) { totalCount edges { node { text state } } }",
    "classAbsences(SCHOOL, classId: $now) { announced { reason } schoolAbsences { name } exemptions { basis } }",
    "classAbsenceAlarms(SCHOOL, classId: $class) { kind limit found lessons { lessonId } }",
    "pupilAbsences(SCHOOL, pupilId: $away, yearId: $year) { excuses { text state decided { at } } }",
    "pupilAbsenceAlarms(SCHOOL, pupilId: $alarming, yearId: $year) { kind limit found }",
    "attachmentLink(SCHOOL, pupilId: $away, attachmentId: $document) { address }",
    "calendar(SCHOOL, classId: $now, from: $begin, to: $end) { entries { kind title on } freeDays { name } }",
    "plannedLessons(SCHOOL, classId: $now, from: $begin, to: $end) { on lessons { period starts } }",
    "announcements(SCHOOL) { totalCount edges { node { title } } }",
    "announcementAttachmentLink(SCHOOL, announcementId: $announcement, attachmentId: $document) { address }",
    "myNotifications(SCHOOL) { totalCount edges { node { text } } }",
    "unreadNotifications(SCHOOL)",
    "myNotificationPreferences(SCHOOL) { kinds { kind byMail byPush } language }",
    "myPushDevices(SCHOOL) { applicationServerKey devices { deviceId } }",
    "postedAnnouncements(SCHOOL) { totalCount edges { node { title author { familyName } } } }",
    "announcementReaders(SCHOOL, announcementId: $announcement) { addressed people { totalCount } }",
    "myCalendar(SCHOOL, from: $begin, to: $end) { entries { title } freeDays { name } }",
    "myPlannedLessons(SCHOOL, from: $begin, to: $end) { on period }",
    "myCalendarFeeds(SCHOOL) { kind }",
    "cardQueue(SCHOOL, classId: $now) { title }",
    "classCards(SCHOOL, classId: $now) { id }",
    "waitingCards(SCHOOL) { waiting }",
    "cardScans(SCHOOL) { waiting aside { message } }",
    'scanQueue(SCHOOL, scanId: "none") { title }',
    "cardStock(SCHOOL) { granted left }",
    "cardPlaces(SCHOOL) { name }",
    "cardColumns(SCHOOL, classId: $class) { subject title }",
    "cardPrintings(SCHOOL, classId: $now) { title }",
    # Teaching and grades
    "gradebook(SCHOOL, classId: $class) { pupils { number } columns { title } cells { average { value } grades { value } } }",
    "classCarriedGrades(SCHOOL, classId: $class) { grades { value school } average { value } }",
    "pupilGrades(SCHOOL, pupilId: $pupil, classId: $class) { average { value included { number } } grades { value } }",
    "carriedGrades(SCHOOL, pupilId: $moved, classId: $class) { grades { value school } }",
    "curriculumPlans(SCHOOL, yearId: $running) { name hours items { topic } }",
    "curriculumPlan(SCHOOL, planId: $plan) { name items { topic hours } followers { unitId } }",
    "classRealisation(SCHOOL, classId: $now) { planned held difference explanation }",
    "nextItems(SCHOOL, classId: $now, assignmentId: $planned) { item { topic } hours }",
    "classDescriptive(SCHOOL, classId: $youngest) { says { text } }",
    "pupilDescriptive(SCHOOL, pupilId: $child) { says { text } }",
    "classBehaviour(SCHOOL, classId: $class) { pupils { notes { text } grades { mark } } }",
    "pupilBehaviour(SCHOOL, pupilId: $noted, yearId: $year) { notes { text } grades { mark } points { points } }",
    "classDisputes(SCHOOL, classId: $now) { text over answers { text } }",
    "pupilDisputes(SCHOOL, pupilId: $asked) { text over decision { text } }",
    # Classification and the end of a year
    "missingProposals(SCHOOL, yearId: $year) { dueOn overdue pupilIds }",
    "pupilsAtRisk(SCHOOL, yearId: $running) { pupilId average below reasons }",
    "classYear(SCHOOL, classId: $class) { pupilId average { value proposed } grades { value } }",
    "pupilYear(SCHOOL, pupilId: $pupil, classId: $class) { average { value proposed } grades { value } }",
    "classificationSheet(SCHOOL, classId: $class) { closedOn lines { pupil { number } promotion { average } } }",
    "classificationList(SCHOOL, classId: $class) { title columns rows csv }",
    "promotionList(SCHOOL, yearId: $year) { title rows csv }",
    "pupilPromotions(SCHOOL, pupilId: $pupil) { outcome average }",
    "pupilFinalGrades(SCHOOL, pupilId: $pupil) { value year }",
    "completedSubjects(SCHOOL, classId: $class)",
    "councilResolutions(SCHOOL, yearId: $year) { number on text }",
    "closingCheck(SCHOOL, yearId: $year) { closedOn position }",
    "permittedCorrections(SCHOOL, classId: $class) { what reason legalBasis }",
    "permittedYearCorrections(SCHOOL, yearId: $year) { what }",
    "archivePlan(SCHOOL) { year state due }",
    "archiveEditions(SCHOOL, yearId: $year) { edition manifestSha256 }",
    "archiveJob(SCHOOL, jobId: $job) { state }",
    "archiveToSign(SCHOOL, yearId: $year, edition: 1) { sha256 }",
    # Statistics
    f"schoolStatistic(SCHOOL, yearId: $year, kind: $kind) {STATISTIC}",
    f"classStatistic(SCHOOL, classId: $class, kind: $kind) {STATISTIC}",
    f"yearsCompared(SCHOOL, measure: $measure) {STATISTIC}",
    f"outcomesCompared(SCHOOL) {STATISTIC}",
    f"pupilAgainstClass(SCHOOL, pupilId: $pupil, classId: $class, measure: $measure) {STATISTIC}",
    # Corrections, and the register as it stood
    "entryHistory(SCHOOL, classId: $class, kind: LESSON, entryId: $lesson) { what at reason fields { name old new } }",
    "pupilEntryHistory(SCHOOL, pupilId: $noted, classId: $class, kind: NOTE, entryId: $note) { what at fields { name new } }",
    "gradeHistory(SCHOOL, pupilId: $pupil, gradeId: $grade) { what at new }",
    "attendanceHistory(SCHOOL, pupilId: $marked, lessonId: $missed) { what at new }",
    "gradeProof(SCHOOL, pupilId: $pupil, gradeId: $grade) { name content position }",
    "classHistory(SCHOOL, classId: $class, from: $since, to: $until, first: 20) { totalCount edges { node { what } } }",
    "pupilHistory(SCHOOL, pupilId: $pupil, from: $since, to: $until, first: 20) { totalCount edges { node { what } } }",
    "teacherHistory(SCHOOL, teacherId: $teacher, from: $since, to: $until, first: 20) { totalCount edges { node { what } } }",
    "peopleAccess(SCHOOL, role: PARENT, first: 20) { totalCount edges { node { familyName login } } }",
    "accountRules(SCHOOL) { password { leastLength } codeDays }",
    "auditMandates(SCHOOL) { reason since until }",
    "looks(SCHOOL) { totalCount edges { node { asked } } }",
    "classDifference(SCHOOL, classId: $class, from: $first_position, to: $last_position, first: 20) { totalCount edges { node { was now } } }",
    "journalFacts(SCHOOL, first: 20) { facts { name } head }",
    # People, hours, other registers
    "people(SCHOOL, role: TEACHER, first: 20) { totalCount edges { node { familyName } } }",
    "classes(SCHOOL, yearId: $year, first: 20) { totalCount edges { node { name homeroomTeacher { familyName } } } }",
    "class(SCHOOL, classId: $class) { name groups { name } assignments { subjectId } timetable { period } }",
    "classPupils(SCHOOL, classId: $class, todayOnly: false) { number familyName }",
    "pupil(SCHOOL, pupilId: $pupil) { familyName birthDate enrolments { className } parents { guardianship } }",
    "pupilRegisters(SCHOOL, pupilId: $cared) { register { name } since }",
    "classMovement(SCHOOL, classId: $class) { kind on pupilId }",
    "pupilMovement(SCHOOL, pupilId: $moved) { kind on }",
    "classStudies(SCHOOL, classId: $now) { kind decision }",
    "pupilStudies(SCHOOL, pupilId: $studying) { kind decision }",
    "staffHours(SCHOOL, yearId: $year) { sums { hours month } entries { what state } substitutions { on } }",
    "staffHoursCsv(SCHOOL, yearId: $year, content: SUMS, bom: true)",
    "otherRegisters(SCHOOL, yearId: $running) { kind name }",
    "otherRegister(SCHOOL, classId: $care) { name teaching { subjectId } participants { familyName } }",
    "stays(SCHOOL, classId: $care, from: $begin, to: $end) { totalCount edges { node { arrived departed } } }",
    "collectors(SCHOOL, classId: $care, child: $collected) { name }",
    "pupilStays(SCHOOL, pupilId: $cared, from: $begin, to: $end) { stays { arrived departed } collectors { name } }",
    "counsellingEntries(SCHOOL, classId: $pedagogue, from: $begin, to: $end) { totalCount edges { node { text } } }",
    # What the school buys
    "offers(SCHOOL) { name gross }",
    "bundles(SCHOOL) { name }",
    "schoolPurchases(SCHOOL) { reference total }",
    "schoolContracts(SCHOOL) { number }",
    "commerceStatement(SCHOOL) { on agrees }",
    # Messages
    "reportedMessages(SCHOOL) { totalCount }",
    "myMailbox(SCHOOL) { threads sent }",
    "myThreads(SCHOOL, box: SENT) { totalCount edges { node { subject } } }",
    "myThread(SCHOOL, threadId: $thread) { subject messages { body } }",
    "searchMyMessages(SCHOOL, text: $name) { totalCount }",
    "myMessageReceipts(SCHOOL, threadId: $thread, messageId: $message) { totalCount edges { node { readAt } } }",
    "messageAttachmentLink(SCHOOL, threadId: $thread, messageId: $message, attachmentId: $document) { address }",
    "myDrafts(SCHOOL) { subject }",
    "myAbuseReports(SCHOOL) { reason }",
    "messageRecipients(SCHOOL) { roles }",
    "messageAudiences(SCHOOL) { kind name }",
    "recipientGroups(SCHOOL) { kind name members { name } }",
    # Rules, as dated data
    "school(SCHOOL) { name city }",
    "schoolYears(SCHOOL) { name starts terms { name } }",
    "subjects(SCHOOL) { name shortName }",
    "rules(SCHOOL, yearId: $year) { grading { version plus categories { name weight } } attendance { types { name } } }",
    "classificationRules(SCHOOL, yearId: $year) { version method marks { mark average } due { on } }",
    "behaviourRules(SCHOOL, yearId: $year) { scale { mark name } categories { name points } }",
    "descriptiveRules(SCHOOL, yearId: $running) { areas { name } scale { symbol name } }",
    "absenceRules(SCHOOL, yearId: $year) { announcedAs excuseWithinDays leastPresence }",
    "calendarRules(SCHOOL, yearId: $year) { limits { kind perDay perWeek } }",
    "schoolFreeDays(SCHOOL, yearId: $year) { name starts ends }",
    "earlierGradesRule(SCHOOL, yearId: $year) { yearId counted }",
    "boardRules(SCHOOL) { longestDays }",
    "messageRules(SCHOOL) { recipients { sender recipient } familyLimit }",
    "staffRules(SCHOOL, yearId: $year) { kinds { name symbol } step }",
    "movementRules(SCHOOL, yearId: $year) { renumberDays }",
)  # fmt: skip

# What is asked in the middle of the first year: when it is over these are to be empty.
MIDYEAR: Final = ("rollsNotCalled", "classRollsNotCalled", "missingProposals")
# What the demo school has nothing to tell about, and why.
NOTHING: Final = {
    "attachmentLink": "no family of the demo sends a document",
    "announcementAttachmentLink": "no file hangs on the demo's board",
    "messageAttachmentLink": "no file comes with a message",
    "myPlannedLessons": "the director teaches nobody",
    "cardQueue": "no cards are printed",
    "classCards": "no cards",
    "waitingCards": "no cards",
    "cardScans": "no cards",
    "scanQueue": "no cards",
    "cardPrintings": "no cards",
    "offers": "the demo's provider sells nothing",
    "bundles": "nothing is sold",
    "reportedMessages": "nobody is insulted",
    "myAbuseReports": "nobody is insulted",
}
# Of a demo so small that the provider has no contract with it.
NO_CONTRACT: Final = {
    "cardStock": "no cards",
    "schoolPurchases": "nothing is sold",
    "schoolContracts": "nothing is sold",
}


def name_of(report: str) -> str:
    """The query's name."""
    return report.partition("(")[0]


def asked(client: Client, by: Login, report: str, position: int, names: dict[str, Any]) -> Any:  # noqa: ANN401
    """The answer to one report, of the school as of all that was done."""
    used = sorted(set(re.findall(r"\$(\w+)", report)))
    variables = {name: names[name] for name in used}
    heads = ["$school: ID!", *(f"${name}: {TYPES.get(name, 'ID!')}" for name in used)]
    where = "school: $school"
    if name_of(report) not in AT_ONCE:
        heads.append("$position: Int")
        where += ", afterPosition: $position"
        variables["position"] = position
    document = f"query ({', '.join(heads)}) {{ {report.replace('SCHOOL', where)} }}"
    (found,) = client.ask(document, by, school=client.school, **variables).values()
    return found


def full(answer: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether an answer says something: a text, a number that is no zero, a list of such."""
    if isinstance(answer, dict):
        return any(full(part) for part in answer.values())
    if isinstance(answer, list):
        return any(full(part) for part in answer)
    return bool(answer)
