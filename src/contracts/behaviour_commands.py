"""What can be asked for about behaviour, and how it is refused. The facts: contracts.behaviour."""

from __future__ import annotations

from datetime import date

from dziennik.contracts.behaviour import BehaviourRules
from dziennik.contracts.commands import Command, command
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import CategoryId, GradeKind, NoteSeen, PersonId, TermId, UnitId, Value, YearId


@command("behaviour.set_behaviour_rules")
class SetBehaviourRules(Command, frozen=True, kw_only=True):
    year_id: YearId
    rules: BehaviourRules


@command("behaviour.write_note")
class WriteNote(Command, frozen=True, kw_only=True):
    """`class_id` is the pupil's; `unit_id` the interclass group, where the author teaches the pupil in one.

    Without `points` the category's hold.
    """

    note_id: str
    class_id: UnitId
    pupil_id: PersonId
    category_id: CategoryId
    on: date
    text: str
    points: int | None = None
    unit_id: UnitId | None = None


@command("behaviour.correct_note")
class CorrectNote(Command, frozen=True, kw_only=True):
    """What is left out stays; with another category and no `points` the new category's hold.

    Refused when the note is no longer as it was `seen`.
    """

    class_id: UnitId
    pupil_id: PersonId
    note_id: str
    reason: str
    category_id: CategoryId | None = None
    points: int | None = None
    on: date | None = None
    text: str | None = None
    seen: NoteSeen | None = None


@command("behaviour.strike_out_note")
class StrikeOutNote(Command, frozen=True, kw_only=True):
    """See CorrectNote for `seen`."""

    class_id: UnitId
    pupil_id: PersonId
    note_id: str
    reason: str
    seen: NoteSeen | None = None


@command("behaviour.acknowledge_note")
class AcknowledgeNote(Command, frozen=True, kw_only=True):
    """A parent tells that the note was seen."""

    class_id: UnitId
    pupil_id: PersonId
    note_id: str


class BehaviourGradeEntry(Value, frozen=True, kw_only=True):
    """One pupil's behaviour grade: a mark, a description, or both."""

    pupil_id: PersonId
    mark: str = ""
    description: str | None = None


@command("behaviour.give_behaviour_grades")
class GiveBehaviourGrades(Command, frozen=True, kw_only=True):
    """Behaviour grades of one kind for pupils of a class; all or nothing.

    `term_id` for the kinds of a term. Of pupils who have this grade already nothing is said here.
    """

    class_id: UnitId
    kind: GradeKind
    on: date
    grades: tuple[BehaviourGradeEntry, ...]
    term_id: TermId | None = None


@command("behaviour.correct_behaviour_grade")
class CorrectBehaviourGrade(Command, frozen=True, kw_only=True):
    """Refused when the grade (its mark, else its description) is no longer as it was `seen`."""

    class_id: UnitId
    pupil_id: PersonId
    kind: GradeKind
    reason: str
    term_id: TermId | None = None
    mark: str = ""
    description: str | None = None
    seen: str | None = None


@command("behaviour.strike_out_behaviour_grade")
class StrikeOutBehaviourGrade(Command, frozen=True, kw_only=True):
    """See CorrectBehaviourGrade for `seen`."""

    class_id: UnitId
    pupil_id: PersonId
    kind: GradeKind
    reason: str
    term_id: TermId | None = None
    seen: str | None = None


BEHAVIOUR_RULES_UNSOUND = Reason(
    "BEHAVIOUR.RULES_UNSOUND",
    pl="Zasady oceniania zachowania są niespójne: {what}.",
    en="The rules of behaviour are not sound: {what}.",
)


NOT_YOUR_PUPIL = Reason(
    "BEHAVIOUR.NOT_YOUR_PUPIL",
    pl="Uwagę może wpisać nauczyciel, który dziś uczy w oddziale ucznia, wychowawca albo dyrektor.",
    en="A note is written by a teacher who teaches in the pupil's class today, its homeroom teacher, or the "
    "director.",
)


NOT_YOUR_NOTE = Reason(
    "BEHAVIOUR.NOT_YOUR_NOTE",
    pl="Uwagę zmienia jej autor, wychowawca oddziału albo dyrektor.",
    en="A note is changed by its author, the homeroom teacher of the class, or the director.",
)


NOT_YOUR_CHILD = Reason(
    "BEHAVIOUR.NOT_YOUR_CHILD",
    pl="Odczytanie uwagi potwierdza rodzic, który ma dziś prawa do dziecka.",
    en="A note is acknowledged by a parent who holds rights over the child today.",
)


NO_SUCH_NOTE_CATEGORY = Reason(
    "BEHAVIOUR.NO_SUCH_CATEGORY",
    pl="Szkoła nie zna w tym roku kategorii uwag {category}.",
    en="The school knows no category of notes {category} in this year.",
)


NO_SUCH_NOTE = Reason(
    "BEHAVIOUR.NO_SUCH_NOTE",
    pl="Ten uczeń nie ma uwagi {note}.",
    en="This pupil has no note {note}.",
)


NOTE_EXISTS = Reason(
    "BEHAVIOUR.NOTE_EXISTS",
    pl="Uwaga o tym identyfikatorze już jest wpisana.",
    en="A note with this id is already written.",
)


NOTE_IS_STRUCK_OUT = Reason(
    "BEHAVIOUR.NOTE_IS_STRUCK_OUT",
    pl="Uwaga {note} jest już skreślona.",
    en="The note {note} is already struck out.",
)


NOTE_NOT_CHANGED = Reason(
    "BEHAVIOUR.NOTE_NOT_CHANGED",
    pl="Uwaga brzmi już dokładnie tak.",
    en="The note already says exactly this.",
)


NOTE_IN_FUTURE = Reason(
    "BEHAVIOUR.DAY_IN_FUTURE",
    pl="Dnia {on} jeszcze nie było; wpis o zachowaniu nie może go dotyczyć.",
    en="The day {on} is still to come; an entry about behaviour cannot be of it.",
)


NO_POINTS_HERE = Reason(
    "BEHAVIOUR.NO_POINTS_HERE",
    pl="Szkoła nie stosuje w tym roku punktów z zachowania.",
    en="The school uses no behaviour points in this year.",
)


NOTE_POINTS_OUT_OF_RANGE = Reason(
    "BEHAVIOUR.POINTS_OUT_OF_RANGE",
    pl="{points} punktów nie mieści się w kategorii „{category}”.",
    en="{points} points do not fit the category “{category}”.",
)


NOT_A_BEHAVIOUR_KIND = Reason(
    "BEHAVIOUR.NOT_A_KIND",
    pl="Zachowanie ma oceny proponowane i klasyfikacyjne: okresowe i roczne, nie bieżące.",
    en="Behaviour has proposed and final grades of terms and years, no current ones.",
)


TERM_DOES_NOT_FIT = Reason(
    "BEHAVIOUR.TERM_DOES_NOT_FIT",
    pl="Ocena okresowa wymaga okresu tego roku szkolnego, a roczna żadnego nie ma.",
    en="A grade of a term needs a term of this school year; one of the year has none.",
)


MARK_OFF_SCALE = Reason(
    "BEHAVIOUR.MARK_OFF_SCALE",
    pl="„{mark}” nie jest oceną zachowania ze skali szkoły.",
    en="“{mark}” is not a behaviour grade of the school's scale.",
)


MARK_MISSING = Reason(
    "BEHAVIOUR.MARK_MISSING",
    pl="Ocena zachowania to stopień ze skali albo opis; tu nie ma ani jednego, ani drugiego.",
    en="A behaviour grade is a mark of the scale or a description; here is neither.",
)


BEHAVIOUR_GRADE_STANDS = Reason(
    "BEHAVIOUR.GRADE_STANDS",
    pl="Uczeń {pupil} ma już tę ocenę zachowania: „{mark}”. Popraw ją, zamiast wpisywać drugą.",
    en="The pupil {pupil} already has this behaviour grade: “{mark}”. Correct it instead of giving another.",
)


NO_SUCH_BEHAVIOUR_GRADE = Reason(
    "BEHAVIOUR.NO_SUCH_GRADE",
    pl="Uczeń {pupil} nie ma takiej oceny zachowania.",
    en="The pupil {pupil} has no such behaviour grade.",
)


BEHAVIOUR_GRADE_NOT_CHANGED = Reason(
    "BEHAVIOUR.GRADE_NOT_CHANGED",
    pl="Ocena zachowania brzmi już tak samo.",
    en="The behaviour grade already reads like this.",
)


COUNCIL_HAS_DECIDED = Reason(
    "BEHAVIOUR.COUNCIL_HAS_DECIDED",
    pl="Rada klasyfikacyjna podjęła uchwałę nr {number} z {on}. Ocenę końcową zmienia już tylko dyrektor.",
    en="The council adopted resolution no. {number} of {on}. Now only the director changes final grades.",
)
