"""All read models. A new one is one more line here."""

from __future__ import annotations

from dziennik.projections.absences import ABSENCES
from dziennik.projections.accounts import ACCOUNTS
from dziennik.projections.archives import ARCHIVES
from dziennik.projections.attendance import ATTENDANCE
from dziennik.projections.audits import AUDITS
from dziennik.projections.behaviour import BEHAVIOUR
from dziennik.projections.board import BOARD
from dziennik.projections.calendar import CALENDAR
from dziennik.projections.cards import CARDS
from dziennik.projections.classification import CLASSIFICATION
from dziennik.projections.councils import COUNCILS
from dziennik.projections.counselling import COUNSELLING
from dziennik.projections.curriculum import CURRICULUM
from dziennik.projections.descriptive import DESCRIPTIVE
from dziennik.projections.disputes import DISPUTES
from dziennik.projections.earlier_grades import EARLIER_GRADES
from dziennik.projections.entry_history import ENTRY_HISTORY
from dziennik.projections.finals import FINALS
from dziennik.projections.finals_given import FINALS_GIVEN
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.lesson_journal import LESSON_JOURNAL
from dziennik.projections.loyalty import LOYALTY
from dziennik.projections.messages import MESSAGES
from dziennik.projections.movement import MOVEMENT
from dziennik.projections.notice_preferences import NOTICE_PREFERENCES
from dziennik.projections.people import PEOPLE
from dziennik.projections.purchases import PURCHASES
from dziennik.projections.register_hours import REGISTER_HOURS
from dziennik.projections.register_pages import REGISTER_PAGES
from dziennik.projections.registers import REGISTERS
from dziennik.projections.staff_hours import STAFF_HOURS
from dziennik.projections.stays import STAYS
from dziennik.projections.structure import STRUCTURE
from dziennik.projections.studies import STUDIES

MODELS = (
    STRUCTURE,
    PEOPLE,
    ACCOUNTS,
    GRADEBOOK,
    LESSON_JOURNAL,
    ATTENDANCE,
    ENTRY_HISTORY,
    CLASSIFICATION,
    DISPUTES,
    ARCHIVES,
    BEHAVIOUR,
    COUNCILS,
    CALENDAR,
    CURRICULUM,
    REGISTER_HOURS,
    REGISTER_PAGES,
    FINALS_GIVEN,
    STAFF_HOURS,
    DESCRIPTIVE,
    FINALS,
    REGISTERS,
    COUNSELLING,
    MOVEMENT,
    ABSENCES,
    CARDS,
    EARLIER_GRADES,
    STAYS,
    STUDIES,
    BOARD,
    NOTICE_PREFERENCES,
    PURCHASES,
    LOYALTY,
    MESSAGES,
    AUDITS,
)
