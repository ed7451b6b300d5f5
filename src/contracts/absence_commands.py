"""What can be asked for about absences, and how it is refused. The facts: contracts.absences."""

from __future__ import annotations

from datetime import date

from dziennik.contracts.absences import (
    AbsenceRules,
    AbsenceScope,
    AnnouncementId,
    AwayFor,
    ExcuseId,
    ExemptionId,
    ExemptionMode,
    SchoolAbsenceId,
)
from dziennik.contracts.attachments import Attached
from dziennik.contracts.commands import Command, command
from dziennik.contracts.lessons import LessonRef
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import PersonId, SubjectId, UnitId, Value, YearId


class PupilOfClass(Value, frozen=True, kw_only=True):
    """A pupil, and the class the pupil is in."""

    class_id: UnitId
    pupil_id: PersonId


@command("absences.set_absence_rules")
class SetAbsenceRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: AbsenceRules


@command("absences.announce_absence")
class AnnounceAbsence(Command, frozen=True, kw_only=True):
    """Say beforehand that one's child, or oneself as an adult pupil, will not be there."""

    announcement_id: AnnouncementId
    class_id: UnitId
    pupil_id: PersonId
    scope: AbsenceScope
    reason: str


@command("absences.withdraw_announcement")
class WithdrawAnnouncement(Command, frozen=True, kw_only=True):
    """The pupil will be there after all."""

    class_id: UnitId
    announcement_id: AnnouncementId


@command("absences.arrange_school_absence")
class ArrangeSchoolAbsence(Command, frozen=True, kw_only=True):
    """Many pupils at once are away for the school; absences recorded already become school reasons."""

    absence_id: SchoolAbsenceId
    away_for: AwayFor
    name: str
    scope: AbsenceScope
    pupils: tuple[PupilOfClass, ...]


@command("absences.cancel_school_absence")
class CancelSchoolAbsence(Command, frozen=True, kw_only=True):
    """All of a class's pupils, or these, are not away after all."""

    absence_id: SchoolAbsenceId
    class_id: UnitId
    reason: str
    pupils: tuple[PersonId, ...] | None = None


@command("absences.grant_exemption")
class GrantExemption(Command, frozen=True, kw_only=True):
    """By the director, or the homeroom teacher on the director's decision, which `basis` names."""

    exemption_id: ExemptionId
    class_id: UnitId
    pupil_id: PersonId
    subject_id: SubjectId
    since: date
    until: date
    mode: ExemptionMode
    basis: str
    attachments: tuple[Attached, ...] = ()


@command("absences.end_exemption")
class EndExemption(Command, frozen=True, kw_only=True):
    """Let an exemption end earlier than was granted."""

    class_id: UnitId
    exemption_id: ExemptionId
    until: date
    reason: str


@command("absences.submit_excuse")
class SubmitExcuse(Command, frozen=True, kw_only=True):
    """Ask to excuse the absence of one's child, or of oneself as an adult pupil."""

    excuse_id: ExcuseId
    class_id: UnitId
    pupil_id: PersonId
    scope: AbsenceScope
    text: str
    attachments: tuple[Attached, ...] = ()


@command("absences.withdraw_excuse")
class WithdrawExcuse(Command, frozen=True, kw_only=True):
    """Take back an excuse that was not decided yet."""

    class_id: UnitId
    excuse_id: ExcuseId


@command("absences.accept_excuse")
class AcceptExcuse(Command, frozen=True, kw_only=True):
    """By the homeroom teacher or the director. With `lessons` these alone are excused."""

    class_id: UnitId
    excuse_id: ExcuseId
    lessons: tuple[LessonRef, ...] | None = None
    comment: str | None = None


@command("absences.reject_excuse")
class RejectExcuse(Command, frozen=True, kw_only=True):
    """By the homeroom teacher or the director, with the reason."""

    class_id: UnitId
    excuse_id: ExcuseId
    reason: str


NOT_YOUR_PUPIL = Reason(
    "ABSENCES.NOT_YOUR_PUPIL",
    pl="Nieobecność zgłasza i usprawiedliwia rodzic ucznia albo sam pełnoletni uczeń.",
    en="A pupil's absence is announced and excused by a parent, or by the pupil when of age.",
)
NOT_OF_AGE = Reason(
    "ABSENCES.NOT_OF_AGE",
    pl="Uczeń może to zrobić sam dopiero po ukończeniu 18 lat. Poproś rodzica.",
    en="A pupil may do this only from the age of 18 on. Ask a parent.",
)
NOT_YOURS_TO_DECIDE = Reason(
    "ABSENCES.NOT_YOURS_TO_DECIDE",
    pl="Decyduje wychowawca klasy albo dyrektor.",
    en="The homeroom teacher of the class decides, or the director.",
)
NOT_YOUR_CLASS = Reason(
    "ABSENCES.NOT_YOUR_CLASS",
    pl="Nie uczysz w klasie {unit} i nie jesteś jej wychowawcą.",
    en="You do not teach the class {unit} and are not its homeroom teacher.",
)
SCOPE_UNSOUND = Reason(
    "ABSENCES.SCOPE_UNSOUND",
    pl="Podaj dni od {starts} do {ends} po kolei (najwyżej {limit} dni) albo godziny jednego dnia.",
    en="Give days from {starts} to {ends} in order (at most {limit} days), or hours of a single day.",
)
OUTSIDE_TERMS = Reason(
    "ABSENCES.OUTSIDE_TERMS",
    pl="Dzień {on} nie należy do żadnego okresu roku {year}.",
    en="The day {on} belongs to no term of the year {year}.",
)
ALREADY_PAST = Reason(
    "ABSENCES.ALREADY_PAST",
    pl="Dzień {on} już minął. Złóż usprawiedliwienie.",
    en="The day {on} is past. Hand in an excuse.",
)
TOO_LATE = Reason(
    "ABSENCES.TOO_LATE",
    pl="Usprawiedliwienie można było złożyć do {until}.",
    en="An excuse could be handed in until {until}.",
)
TOO_MANY_WAITING = Reason(
    "ABSENCES.TOO_MANY_WAITING",
    pl="Już {count} usprawiedliwień ucznia czeka na decyzję. Poczekaj na nią albo wycofaj któreś.",
    en="{count} excuses of the pupil wait to be decided already. Wait for that, or withdraw one.",
)
TOO_MANY_TOLD = Reason(
    "ABSENCES.TOO_MANY_TOLD",
    pl="W tym roku jest już {count} takich zgłoszeń ucznia. Porozmawiaj z wychowawcą.",
    en="There are {count} of these about the pupil in this year already. Talk to the homeroom teacher.",
)
NO_SUCH_ANNOUNCEMENT = Reason(
    "ABSENCES.NO_SUCH_ANNOUNCEMENT",
    pl="Nie ma zgłoszenia {announcement}.",
    en="There is no announcement {announcement}.",
)
NO_SUCH_SCHOOL_ABSENCE = Reason(
    "ABSENCES.NO_SUCH_SCHOOL_ABSENCE",
    pl="Klasa nie ma takiego wyjazdu ({absence}).",
    en="The class has no such absence for the school ({absence}).",
)
NO_SUCH_EXEMPTION = Reason(
    "ABSENCES.NO_SUCH_EXEMPTION",
    pl="Nie ma zwolnienia {exemption}.",
    en="There is no exemption {exemption}.",
)
NO_SUCH_EXCUSE = Reason(
    "ABSENCES.NO_SUCH_EXCUSE",
    pl="Nie ma usprawiedliwienia {excuse}.",
    en="There is no excuse {excuse}.",
)
ID_TAKEN = Reason(
    "ABSENCES.ID_TAKEN",
    pl="Pod tym identyfikatorem jest już inny wpis.",
    en="There is another entry with this id.",
)
EXEMPTION_OVERLAPS = Reason(
    "ABSENCES.EXEMPTION_OVERLAPS",
    pl="Uczeń ma już zwolnienie z tego przedmiotu od {since} do {until}.",
    en="The pupil is already exempt from this subject from {since} to {until}.",
)
EXEMPTION_ENDS = Reason(
    "ABSENCES.EXEMPTION_ENDS",
    pl="Zwolnienie trwa od {since} do {until}: można je tylko skrócić.",
    en="The exemption lasts from {since} to {until}: it can only be shortened.",
)
EXCUSE_ACCEPTED = Reason(
    "ABSENCES.EXCUSE_ACCEPTED",
    pl="To usprawiedliwienie jest już przyjęte (lekcje: {lessons}; {comment}).",
    en="This excuse is accepted already (lessons: {lessons}; {comment}).",
)
EXCUSE_REJECTED = Reason(
    "ABSENCES.EXCUSE_REJECTED",
    pl="To usprawiedliwienie zostało odrzucone („{reason}”).",
    en="This excuse was rejected (“{reason}”).",
)
EXCUSE_WITHDRAWN = Reason(
    "ABSENCES.EXCUSE_WITHDRAWN",
    pl="To usprawiedliwienie zostało wycofane.",
    en="This excuse was withdrawn.",
)
OUTSIDE_SCOPE = Reason(
    "ABSENCES.OUTSIDE_SCOPE",
    pl="Usprawiedliwienie nie obejmuje lekcji {lesson}.",
    en="The excuse does not cover the lesson {lesson}.",
)
NO_PUPILS = Reason(
    "ABSENCES.NO_PUPILS",
    pl="Podaj choć jednego ucznia, każdego raz.",
    en="Name at least one pupil, and each once.",
)
NO_TYPE_OF_KIND = Reason(
    "ABSENCES.NO_TYPE_OF_KIND",
    pl="Szkoła nie ma w tym roku wpisu frekwencji rodzaju „{kind}”. Dodaj go do zasad frekwencji.",
    en="The school has no attendance type of the kind “{kind}” in this year. Add one to its rules.",
)
