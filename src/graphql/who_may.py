"""Who may ask what? One table; what is not in it is denied.

A rule names, for each role, over how much of the school the role may look (DOMAIN section 5). Mutations
are the commands: the roles that may give one stand beside its rule in the domain
(`rulebook.roles_for`), and the rule itself narrows further (own assignments only, ...).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from graphql import OperationType
from strawberry.extensions import FieldExtension
from strawberry.types import Info

from dziennik.contracts.access import SECOND_FACTOR_REQUIRED
from dziennik.contracts.accounts import IssueCode, UseCode
from dziennik.contracts.archives import RecordArchive, RecordFetch, RecordSignature
from dziennik.contracts.board import ConfirmReading
from dziennik.contracts.calendar_commands import CreateCalendarFeed
from dziennik.contracts.card_scans import DestroyScan, NamePage, RecordScan
from dziennik.contracts.cards import ApplyCard, GrantStock, IssueCards
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.imports import RecordImport
from dziennik.contracts.notifications import DropPushDevice
from dziennik.contracts.people import LinkAccount
from dziennik.contracts.privacy import ErasePerson
from dziennik.contracts.registry import COMMANDS
from dziennik.contracts.school import FoundSchool
from dziennik.domain import rules
from dziennik.domain.policies.usual_messages import WRITING
from dziennik.domain.rulebook import roles_for
from dziennik.graphql import looking, who_buys
from dziennik.graphql.context import Context
from dziennik.graphql.granting import EVERYTHING, Grant, Part
from dziennik.graphql.personal import OPEN, OWN, PERSONAL, PUBLIC
from dziennik.graphql.refusing import Refused, denied
from dziennik.graphql.scopes import SCOPES, Scope, is_closed, mandated

RULES = rules.LOADED

# Codes are told to whoever issues them, and shown by whoever was given one, in fields of their own.
# Founding a school, recording an import, linking an account, issuing a feed, confirming what one read, and
# what a card says or which it is come with other doings; cards are granted by the provider's side.
# Archives are recorded by whoever makes, checks or hands them out.
NOT_OFFERED = frozenset(
    {
        FoundSchool,
        RecordImport,
        LinkAccount,
        IssueCode,
        UseCode,
        CreateCalendarFeed,
        ErasePerson,
        GrantStock,
        IssueCards,
        RecordScan,
        NamePage,
        DestroyScan,
        DropPushDevice,
        ApplyCard,
        RecordArchive,
        RecordSignature,
        RecordFetch,
        ConfirmReading,
        *who_buys.OTHERWISE,
    }
)


def mutation_name(command: type[Command]) -> str:
    """GiveGrade is the mutation giveGrade."""
    return command.__name__[0].lower() + command.__name__[1:]


Rule = Mapping[Role, Scope]

_STAFF: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.ADMINISTRATOR: Scope.SCHOOL,
    Role.AUDITOR: Scope.MANDATED,
    Role.TEACHER: Scope.SCHOOL,
}
# What everybody at the school may know, an auditor of whatever part too.
_OPEN: Rule = {**_STAFF, Role.AUDITOR: Scope.SCHOOL, Role.PARENT: Scope.SCHOOL, Role.PUPIL: Scope.SCHOOL}
_CLASS: Rule = {**_STAFF, Role.PARENT: Scope.CHILD_CLASS, Role.PUPIL: Scope.OWN_CLASS}
# Whoever answers these leaves out what the grant does not cover.
_PUPIL: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.AUDITOR: Scope.MANDATED_ENTRIES,
    Role.TEACHER: Scope.OWN_SUBJECTS,
    Role.PARENT: Scope.CHILD,
    Role.PUPIL: Scope.SELF,
}
# Whoever answers these tells all or nothing.
_PUPIL_WHOLE: Rule = {**_PUPIL, Role.AUDITOR: Scope.MANDATED, Role.TEACHER: Scope.OWN_CLASSES}
_LOOKERS: Rule = {Role.DIRECTOR: Scope.SCHOOL, Role.AUDITOR: Scope.MANDATED}
_ENTRIES: Rule = {**_LOOKERS, Role.TEACHER: Scope.OWN_SUBJECTS}

_FAMILY: Rule = {Role.PARENT: Scope.CHILD, Role.PUPIL: Scope.SELF}
_HOMEROOM: Rule = {**_LOOKERS, Role.TEACHER: Scope.HOMEROOM}
_OFFICE: Rule = {**_LOOKERS, Role.ADMINISTRATOR: Scope.SCHOOL}
_PRINTERS: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.ADMINISTRATOR: Scope.SCHOOL,
    Role.TEACHER: Scope.OWN_CARDS,
}
_WORK: Rule = {**_OFFICE, Role.TEACHER: Scope.OWN_WORK}

# Whoever teaches, learns or has a child at school has a calendar; a director may subscribe to a class's.
_CALENDAR = (Role.TEACHER, Role.PUPIL, Role.PARENT, Role.DIRECTOR)

# Whoever may be addressed; whoever announces sees what they announced, the office and auditors all of it.
_READERS = (Role.TEACHER, Role.PUPIL, Role.PARENT, Role.DIRECTOR, Role.ADMINISTRATOR)
_AUTHORS: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.ADMINISTRATOR: Scope.SCHOOL,
    Role.AUDITOR: Scope.MANDATED,
    Role.TEACHER: Scope.SELF,
}
# Whoever has a mailbox, of their own alone: the director does not read what others wrote to each other.
_MAILBOX: Rule = dict.fromkeys(
    (Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR, Role.PARENT, Role.PUPIL), Scope.SELF
)

# Fields of Query that name a school. `me`, `mySchools` and `myChildren` speak of the asker alone.
QUERIES: dict[str, Rule] = {
    "school": _OPEN,
    "schoolYears": _OPEN,
    "subjects": _OPEN,
    "rules": _OPEN,
    "classes": _STAFF,
    "class": _CLASS,
    "classPupils": {**_STAFF, Role.TEACHER: Scope.OWN_CLASSES},
    "people": _OFFICE,
    "pupil": {**_PUPIL_WHOLE, Role.ADMINISTRATOR: Scope.SCHOOL},
    "gradebook": _ENTRIES,
    "classCarriedGrades": _ENTRIES,
    "pupilGrades": _PUPIL,
    "pupilAttendance": _PUPIL,
    "attendanceSheet": _ENTRIES,
    "lessonJournal": {
        **_ENTRIES,
        Role.TEACHER: Scope.OWN_CLASSES,
        Role.PARENT: Scope.CHILD_LESSONS,
        Role.PUPIL: Scope.OWN_LESSONS,
    },
    "gradeHistory": _PUPIL,
    "attendanceHistory": _PUPIL,
    "gradeProof": _PUPIL,
    "classHistory": _LOOKERS,
    "pupilHistory": _LOOKERS,
    "teacherHistory": _LOOKERS,
    "classDifference": _LOOKERS,
    "looks": {Role.DIRECTOR: Scope.SCHOOL},
    "auditMandates": {
        Role.DIRECTOR: Scope.SCHOOL,
        Role.ADMINISTRATOR: Scope.SCHOOL,
        Role.AUDITOR: Scope.OWN_WORK,
    },
    "journalFacts": _LOOKERS,
    "classificationRules": _OPEN,
    "classYear": _ENTRIES,
    "pupilYear": _PUPIL,
    "pupilPromotions": {**_LOOKERS, **_FAMILY},
    "classificationSheet": _HOMEROOM,
    "classStatistic": _ENTRIES,
    "schoolStatistic": _LOOKERS,
    "pupilAgainstClass": _PUPIL,
    "yearsCompared": _LOOKERS,
    "outcomesCompared": _LOOKERS,
    "classificationList": _HOMEROOM,
    "promotionList": _OFFICE,
    "entryHistory": _HOMEROOM,
    "pupilEntryHistory": {**_HOMEROOM, **_FAMILY},
    "pupilDisputes": _PUPIL,
    "classDisputes": _ENTRIES,
    "closingCheck": _LOOKERS,
    "permittedCorrections": _LOOKERS,
    "permittedYearCorrections": _LOOKERS,
    "behaviourRules": _OPEN,
    "pupilBehaviour": _PUPIL_WHOLE,
    "classBehaviour": _HOMEROOM,
    "councilResolutions": _STAFF,
    "calendar": {**_CLASS, Role.TEACHER: Scope.OWN_CLASSES},
    "plannedLessons": _CLASS,
    "schoolFreeDays": _OPEN,
    "calendarRules": _OPEN,
    "myCalendar": dict.fromkeys(_CALENDAR, Scope.SELF),
    "myPlannedLessons": dict.fromkeys(_CALENDAR, Scope.SELF),
    "myCalendarFeeds": dict.fromkeys(_CALENDAR, Scope.SELF),
    "announcements": dict.fromkeys(_READERS, Scope.SELF),
    "postedAnnouncements": _AUTHORS,
    "announcementReaders": _AUTHORS,
    "announcementAttachmentLink": dict.fromkeys(_READERS, Scope.SELF),
    "boardRules": _OPEN,
    "myNotifications": dict.fromkeys(_READERS, Scope.SELF),
    "unreadNotifications": dict.fromkeys(_READERS, Scope.SELF),
    "myPushDevices": dict.fromkeys(_READERS, Scope.SELF),
    "myNotificationPreferences": dict.fromkeys(_READERS, Scope.SELF),
    "registerPage": _ENTRIES,
    "classRealisation": _ENTRIES,
    "nextItems": _ENTRIES,
    "schoolGaps": _LOOKERS,
    "classGaps": _HOMEROOM,
    "myGaps": {Role.TEACHER: Scope.SELF},
    "curriculumPlans": _STAFF,
    "curriculumPlan": _STAFF,
    "descriptiveRules": _OPEN,
    "pupilDescriptive": _PUPIL_WHOLE,
    "classDescriptive": {**_ENTRIES, Role.TEACHER: Scope.OWN_CLASSES},
    "missingProposals": _ENTRIES,
    "pupilsAtRisk": _ENTRIES,
    "completedSubjects": _CLASS,
    "pupilFinalGrades": {**_HOMEROOM, **_FAMILY},
    "staffRules": _STAFF,
    "staffHours": _WORK,
    "staffHoursCsv": _WORK,
    "classStudies": {**_ENTRIES, Role.TEACHER: Scope.OWN_CLASSES},
    "pupilStudies": _PUPIL_WHOLE,
    "stays": {**_ENTRIES, Role.TEACHER: Scope.OWN_CLASSES},
    "collectors": {**_ENTRIES, Role.ADMINISTRATOR: Scope.SCHOOL, Role.TEACHER: Scope.OWN_CLASSES},
    "pupilStays": {**_LOOKERS, **_FAMILY},
    "carriedGrades": _PUPIL,
    "earlierGradesRule": _OPEN,
    "movementRules": _STAFF,
    "classMovement": {**_HOMEROOM, Role.ADMINISTRATOR: Scope.SCHOOL},
    "pupilMovement": {**_HOMEROOM, Role.ADMINISTRATOR: Scope.SCHOOL, **_FAMILY},
    "otherRegisters": _STAFF,
    "otherRegister": {**_CLASS, Role.TEACHER: Scope.OWN_CLASSES},
    "pupilRegisters": {**_PUPIL_WHOLE, Role.ADMINISTRATOR: Scope.SCHOOL},
    "counsellingEntries": {**_ENTRIES, Role.TEACHER: Scope.OWN_CLASSES},
    "sharedCounselling": _FAMILY,
    "absenceRules": _OPEN,
    "pupilAbsences": {**_HOMEROOM, **_FAMILY},
    "classExcuses": _HOMEROOM,
    "classAbsences": _HOMEROOM,
    "pupilAbsenceAlarms": {**_HOMEROOM, **_FAMILY},
    "classAbsenceAlarms": _HOMEROOM,
    "rollProposal": {**_ENTRIES, Role.TEACHER: Scope.OWN_CLASSES},
    "rollsNotCalled": _LOOKERS,
    "classRollsNotCalled": _HOMEROOM,
    "myRollsNotCalled": {Role.TEACHER: Scope.OWN_WORK},
    "attachmentLink": {Role.DIRECTOR: Scope.SCHOOL, Role.TEACHER: Scope.HOMEROOM, **_FAMILY},
    "archiveEditions": _OFFICE,
    "archivePlan": _OFFICE,
    "archiveJob": dict.fromkeys((Role.DIRECTOR, Role.ADMINISTRATOR), Scope.SCHOOL),
    "archiveToSign": {Role.DIRECTOR: Scope.SCHOOL},
    "cardStock": _OFFICE,
    "waitingCards": {**_OFFICE, Role.TEACHER: Scope.SELF},
    "cardScans": {**_OFFICE, Role.TEACHER: Scope.SELF},
    "scanQueue": {**_OFFICE, Role.TEACHER: Scope.SELF},
    "cardPlaces": {**_PRINTERS, Role.TEACHER: Scope.SELF},
    "cardColumns": _PRINTERS,
    "cardPrintings": _PRINTERS,
    "cardQueue": {**_ENTRIES, Role.ADMINISTRATOR: Scope.SCHOOL, Role.TEACHER: Scope.OWN_CARDS},
    "classCards": {**_ENTRIES, Role.ADMINISTRATOR: Scope.SCHOOL, Role.TEACHER: Scope.OWN_CARDS},
    "myMailbox": _MAILBOX,
    "myThreads": _MAILBOX,
    "myThread": _MAILBOX,
    "searchMyMessages": _MAILBOX,
    "myMessageReceipts": _MAILBOX,
    "messageRecipients": _MAILBOX,
    "messageAudiences": _MAILBOX,
    "messageAttachmentLink": _MAILBOX,
    "myAbuseReports": _MAILBOX,
    "myDrafts": _MAILBOX,
    "messageRules": _OPEN,
    "recipientGroups": dict.fromkeys((Role.DIRECTOR, Role.ADMINISTRATOR), Scope.SCHOOL),
    "reportedMessages": {Role.DIRECTOR: Scope.SCHOOL},
    "accountRules": _OPEN,
    "peopleAccess": {
        Role.DIRECTOR: Scope.SCHOOL,
        Role.ADMINISTRATOR: Scope.SCHOOL,
        Role.AUDITOR: Scope.MANDATED,
    },
    **who_buys.QUERIES,
    "myAssignments": {Role.TEACHER: Scope.SELF},
    "myLessons": {Role.TEACHER: Scope.SELF},
}
# Who may send scans of cards (POST /scans).
SCANNING = roles_for(RecordScan) - {Role.SYSTEM}
# Who may print cards; of a teacher the rule for issuing narrows to own lessons and columns.
PRINTING = roles_for(IssueCards) - {Role.SYSTEM}
# Who may send a file about a person (POST /attachments); what refers to it has a rule of its own.
UPLOADS: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.TEACHER: Scope.OWN_CLASSES,
    Role.PARENT: Scope.CHILD,
    Role.PUPIL: Scope.SELF,
}
# Who may send a file for a message about a pupil; of one's own everybody who writes may.
ENCLOSURES: Rule = {
    Role.DIRECTOR: Scope.SCHOOL,
    Role.ADMINISTRATOR: Scope.SCHOOL,
    Role.TEACHER: Scope.SCHOOL,
    Role.PARENT: Scope.CHILD,
    Role.PUPIL: Scope.SELF,
}
# Roles that may give each command; imports and the command line (SYSTEM) do not come this way.
MUTATIONS: dict[str, frozenset[Role]] = {
    mutation_name(command): roles_for(command) - {Role.SYSTEM}
    for command in COMMANDS.values()
    if command not in NOT_OFFERED
} | {
    "openAccount": frozenset({Role.DIRECTOR, Role.ADMINISTRATOR}),
    "issueCodes": roles_for(IssueCode) - {Role.SYSTEM},
    "resetSecondFactor": roles_for(IssueCode) - {Role.SYSTEM},
    "createCalendarFeed": roles_for(CreateCalendarFeed),
    "saveDraft": WRITING,
    "discardDraft": WRITING,
    "sendDraftLater": WRITING,
    "makeArchive": roles_for(RecordArchive) - {Role.SYSTEM},
    "signArchive": roles_for(RecordSignature) - {Role.SYSTEM},
    "fetchArchive": roles_for(RecordFetch) - {Role.SYSTEM},
    "printCards": PRINTING,
    "applyCard": roles_for(ApplyCard) - {Role.SYSTEM},
    "namePage": roles_for(NamePage) - {Role.SYSTEM},
    **who_buys.mutations(),
    "confirmReading": roles_for(ConfirmReading),
    "markNotificationsRead": frozenset(_READERS),
}


def grant(context: Context, rule: Rule, school: str, target: Mapping[str, Any]) -> Grant | None:
    """What the asker may see of the target (`class_id`, `pupil_id`), or None: nothing.

    Of several roles what any of them may. A restricted register is closed to whoever does not keep it,
    whatever is asked about it (ADR 0081).
    """
    roles = context.roles(school) & rule.keys()
    if is_closed(context, school, target, roles):
        return None
    parts: list[Part] = []
    for role in roles:
        found = SCOPES[rule[role]](context, school, target)
        if found == EVERYTHING:
            return EVERYTHING
        parts += found.parts if found else ()
    return Grant(tuple(parts)) if parts else None


def _may_give(context: Context, name: str, school: str, target: Mapping[str, Any]) -> Grant | None:
    """Whether a mutation is for the asker at all; an auditor's mandate holds for these too."""
    roles = context.roles(school) & MUTATIONS.get(name, frozenset())
    if roles == {Role.AUDITOR}:
        return mandated(context, school, target)
    return EVERYTHING if roles else None


class Guard(FieldExtension):
    """On every root field: looks up the rule and denies whatever has none."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **arguments: Any) -> Any:  # noqa: ANN401
        """Raises a denial before the resolver runs."""
        context: Context = info.context
        name = info.field_name
        context.begin(arguments)
        if name in PUBLIC or name in OPEN:
            return next_(source, info, **arguments)
        context.account()
        if name in PERSONAL or name in OWN:
            return next_(source, info, **arguments)
        school = arguments.get("school")
        if not isinstance(school, str):
            raise denied(context.language)
        if info.operation.operation is OperationType.MUTATION:
            allowed = _may_give(context, name, school, arguments)
        else:
            allowed = grant(context, QUERIES.get(name, {}), school, arguments)
        if allowed is None:
            raise _denial(context, school)
        context.granted = allowed
        if info.operation.operation is not OperationType.MUTATION:
            looking.record(context, school, name, arguments)
        return next_(source, info, **arguments)


def _denial(context: Context, school: str) -> Refused:
    """Whoever could do more with a second factor is told so."""
    if context.withheld(school):
        return Refused(SECOND_FACTOR_REQUIRED(), context.language)
    return denied(context.language)


def guarded(
    *, name: str | None = None, description: str | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """A root field behind the guard. All root fields are made with this (a test looks)."""
    made: Callable[[Callable[..., Any]], Any] = strawberry.field(
        name=name, description=description, extensions=[Guard()]
    )
    return made
