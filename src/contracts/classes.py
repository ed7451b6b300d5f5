"""Class units, groups, who is enrolled, who teaches what, and the weekly timetable.

Stream ``year/{unit}/register`` where unit is a class unit (oddział) of one school year, or a
group drawn from several of them.
"""

from __future__ import annotations

from datetime import date

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import (
    AssignmentId,
    GroupId,
    PersonId,
    SubjectId,
    TimetableSlot,
    UnitId,
    YearId,
)


@fact("classes.class_opened.1")
class ClassOpened(Fact, frozen=True, kw_only=True):
    """A class unit such as "4a" was opened for a school year; `level` is the year of study."""

    class_id: UnitId
    year_id: YearId
    name: str
    level: int | None = None


@fact("classes.class_renamed.1")
class ClassRenamed(Fact, frozen=True, kw_only=True):
    """The class bears another name from now on."""

    class_id: UnitId
    name: str
    level: int | None = None


@fact("classes.homeroom_teacher_appointed.1")
class HomeroomTeacherAppointed(Fact, frozen=True, kw_only=True):
    """The class has this homeroom teacher (wychowawca) from `since` on; the former one's end."""

    class_id: UnitId
    teacher_id: PersonId
    since: date


@fact("classes.pupil_enrolled.1")
class PupilEnrolled(Fact, frozen=True, kw_only=True):
    """The pupil belongs to the class from `since` on, under `number` in the register."""

    class_id: UnitId
    pupil_id: PersonId
    since: date
    number: int


@fact("classes.pupil_left.1")
class PupilLeft(Fact, frozen=True, kw_only=True):
    """The pupil's last day in the class was `until`."""

    class_id: UnitId
    pupil_id: PersonId
    until: date
    reason: str | None = None


@fact("classes.group_formed.1")
class GroupFormed(Fact, frozen=True, kw_only=True):
    """Part of one class is taught apart (languages, PE)."""

    class_id: UnitId
    group_id: GroupId
    name: str


@fact("classes.interclass_group_formed.1")
class InterclassGroupFormed(Fact, frozen=True, kw_only=True):
    """Pupils of several classes are taught together; the group owns streams of its own."""

    group_id: GroupId
    year_id: YearId
    name: str
    class_ids: tuple[UnitId, ...]


@fact("classes.pupil_joined_group.1")
class PupilJoinedGroup(Fact, frozen=True, kw_only=True):
    """`class_id` is the class the pupil comes from."""

    group_id: GroupId
    class_id: UnitId
    pupil_id: PersonId
    since: date


@fact("classes.pupil_left_group.1")
class PupilLeftGroup(Fact, frozen=True, kw_only=True):
    """The pupil's last day in the group was `until`."""

    group_id: GroupId
    pupil_id: PersonId
    until: date


@fact("classes.teaching_assigned.1")
class TeachingAssigned(Fact, frozen=True, kw_only=True):
    """A teacher teaches a subject to the unit, or to one group of it (przydział)."""

    assignment_id: AssignmentId
    unit_id: UnitId
    subject_id: SubjectId
    teacher_id: PersonId
    since: date
    group_id: GroupId | None = None


@fact("classes.teaching_ended.1")
class TeachingEnded(Fact, frozen=True, kw_only=True):
    """The assignment's last day was `until`."""

    assignment_id: AssignmentId
    until: date


@fact("classes.timetable_set.1")
class TimetableSet(Fact, frozen=True, kw_only=True):
    """The unit's weekly timetable from `valid_from` on, until the next one."""

    unit_id: UnitId
    valid_from: date
    slots: tuple[TimetableSlot, ...]


@command("classes.open_class")
class OpenClass(Command, frozen=True, kw_only=True):
    class_id: UnitId
    year_id: YearId
    name: str
    level: int | None = None


@command("classes.rename_class")
class RenameClass(Command, frozen=True, kw_only=True):
    class_id: UnitId
    name: str
    level: int | None = None


@command("classes.appoint_homeroom_teacher")
class AppointHomeroomTeacher(Command, frozen=True, kw_only=True):
    class_id: UnitId
    teacher_id: PersonId
    since: date


@command("classes.enrol_pupil")
class EnrolPupil(Command, frozen=True, kw_only=True):
    """Without `number` the pupil gets the next free one."""

    class_id: UnitId
    pupil_id: PersonId
    since: date
    number: int | None = None


@command("classes.end_enrolment")
class EndEnrolment(Command, frozen=True, kw_only=True):
    """Ends the pupil's groups as well, and places in other registers unless another class of the year follows
    (`class_follows`). An import tells of groups itself.
    """

    class_id: UnitId
    pupil_id: PersonId
    until: date
    reason: str | None = None
    class_follows: bool = False


@command("classes.form_group")
class FormGroup(Command, frozen=True, kw_only=True):
    class_id: UnitId
    group_id: GroupId
    name: str


@command("classes.form_interclass_group")
class FormInterclassGroup(Command, frozen=True, kw_only=True):
    group_id: GroupId
    year_id: YearId
    name: str
    class_ids: tuple[UnitId, ...]


@command("classes.join_group")
class JoinGroup(Command, frozen=True, kw_only=True):
    """`unit_id` owns the group: the class, or the interclass group itself.

    `class_id` is the class the pupil is enrolled in.
    """

    unit_id: UnitId
    group_id: GroupId
    class_id: UnitId
    pupil_id: PersonId
    since: date


@command("classes.leave_group")
class LeaveGroup(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    group_id: GroupId
    pupil_id: PersonId
    until: date


@command("classes.assign_teaching")
class AssignTeaching(Command, frozen=True, kw_only=True):
    assignment_id: AssignmentId
    unit_id: UnitId
    subject_id: SubjectId
    teacher_id: PersonId
    since: date
    group_id: GroupId | None = None


@command("classes.end_teaching")
class EndTeaching(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    assignment_id: AssignmentId
    until: date


@command("classes.set_timetable")
class SetTimetable(Command, frozen=True, kw_only=True):
    unit_id: UnitId
    valid_from: date
    slots: tuple[TimetableSlot, ...]


NO_SUCH_CLASS = Reason(
    "CLASSES.NO_SUCH_CLASS",
    pl="Nie ma oddziału {unit}.",
    en="There is no class {unit}.",
)
CLASS_EXISTS = Reason(
    "CLASSES.CLASS_EXISTS",
    pl="Oddział o tym identyfikatorze już istnieje: {name}.",
    en="A class with this id exists already: {name}.",
)
NO_SUCH_GROUP = Reason(
    "CLASSES.NO_SUCH_GROUP",
    pl="Nie ma grupy {group}.",
    en="There is no group {group}.",
)
GROUP_EXISTS = Reason(
    "CLASSES.GROUP_EXISTS",
    pl="Grupa o tym identyfikatorze już istnieje: {name}.",
    en="A group with this id exists already: {name}.",
)
NOT_ENROLLED = Reason(
    "CLASSES.NOT_ENROLLED",
    pl="Uczeń {pupil} nie należy w dniu {on} do tego oddziału.",
    en="On {on} the pupil {pupil} does not belong to this class.",
)
ALREADY_ENROLLED = Reason(
    "CLASSES.ALREADY_ENROLLED",
    pl="Uczeń {pupil} należy już do tego oddziału od {since}.",
    en="The pupil {pupil} has belonged to this class since {since}.",
)
NUMBER_TAKEN = Reason(
    "CLASSES.NUMBER_TAKEN",
    pl="Numer {number} ma już inny uczeń.",
    en="The number {number} belongs to another pupil.",
)
NUMBER_OUT_OF_RANGE = Reason(
    "CLASSES.NUMBER_OUT_OF_RANGE",
    pl="Numer w dzienniku {number} jest za duży: najwyżej {limit}.",
    en="The number {number} in the register is too large: at most {limit}.",
)
OUTSIDE_YEAR = Reason(
    "CLASSES.OUTSIDE_YEAR",
    pl="Data {on} leży poza rokiem szkolnym ({starts} – {ends}).",
    en="The date {on} lies outside the school year ({starts} – {ends}).",
)
NOT_IN_GROUP = Reason(
    "CLASSES.NOT_IN_GROUP",
    pl="Uczeń {pupil} nie należy w dniu {on} do tej grupy.",
    en="On {on} the pupil {pupil} does not belong to this group.",
)
ALREADY_IN_GROUP = Reason(
    "CLASSES.ALREADY_IN_GROUP",
    pl="Uczeń {pupil} należy już do tej grupy od {since}.",
    en="The pupil {pupil} has belonged to this group since {since}.",
)
NO_SUCH_ASSIGNMENT = Reason(
    "CLASSES.NO_SUCH_ASSIGNMENT",
    pl="Nie ma przydziału {assignment} w tym oddziale.",
    en="There is no teaching assignment {assignment} in this class.",
)
ASSIGNMENT_EXISTS = Reason(
    "CLASSES.ASSIGNMENT_EXISTS",
    pl="Przydział o tym identyfikatorze już istnieje i jest inny.",
    en="A teaching assignment with this id exists already and differs.",
)
ASSIGNMENT_NOT_IN_FORCE = Reason(
    "CLASSES.ASSIGNMENT_NOT_IN_FORCE",
    pl="Przydział nie obowiązuje w dniu {on}.",
    en="The teaching assignment is not in force on {on}.",
)
SLOT_TAKEN_TWICE = Reason(
    "CLASSES.SLOT_TAKEN_TWICE",
    pl="Dzień {weekday}, lekcja {period}: ten sam przydział stoi dwa razy.",
    en="Weekday {weekday}, lesson {period}: the same assignment stands twice.",
)
NO_SUCH_PERIOD = Reason(
    "CLASSES.NO_SUCH_PERIOD",
    pl="Rok szkolny nie zna lekcji o numerze {period}.",
    en="The school year knows no lesson hour {period}.",
)
NO_SUCH_WEEKDAY = Reason(
    "CLASSES.NO_SUCH_WEEKDAY",
    pl="Dzień tygodnia {weekday} nie istnieje (1 = poniedziałek ... 7).",
    en="There is no weekday {weekday} (1 = Monday ... 7).",
)
