"""How do commands become GraphQL inputs? Field by field, from the command's own declaration.

GiveGrade is the mutation giveGrade with the input GiveGradeInput; its description is the command's
docstring. A command's own id may be left out: then the server makes one and tells it in the answer.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

import msgspec
import strawberry

from dziennik.application.ids import new_id
from dziennik.contracts import (
    absence_commands,
    audits,
    behaviour_commands,
    board,
    calendar_commands,
    classes,
    classification,
    councils,
    counselling,
    curriculum,
    descriptive,
    disputes,
    earlier_grades,
    grades,
    message_commands,
    notifications,
    people,
    registers,
    school,
    staff,
    stays,
    studies,
)
from dziennik.contracts.commands import Command
from dziennik.contracts.values import Value
from dziennik.graphql.scalars import enum_named

_KEYED = UUID("7d1f3c3e-3f0c-4c56-9f4e-6a6f0a5d0c11")

# The field that names what the command brings into being.
OWN_ID: dict[type[Command], str] = {
    school.OpenSchoolYear: "year_id",
    school.IntroduceSubject: "subject_id",
    people.RegisterPerson: "person_id",
    audits.IssueMandate: "mandate_id",
    classes.OpenClass: "class_id",
    classes.FormGroup: "group_id",
    classes.FormInterclassGroup: "group_id",
    classes.AssignTeaching: "assignment_id",
    grades.OpenColumn: "column_id",
    grades.GiveGrade: "grade_id",
    notifications.AddPushDevice: "device_id",
    calendar_commands.PlanEntry: "entry_id",
    calendar_commands.DeclareFreeDays: "free_id",
    calendar_commands.CallOffLesson: "change_id",
    calendar_commands.MoveLesson: "change_id",
    calendar_commands.AddLesson: "change_id",
    calendar_commands.ChangeRoom: "change_id",
    behaviour_commands.WriteNote: "note_id",
    board.PostAnnouncement: "announcement_id",
    councils.RecordResolution: "resolution_id",
    classification.PermitCorrection: "permit_id",
    classification.PermitYearCorrection: "permit_id",
    classification.PromoteClass: "class_id",
    classification.CarryOverGroup: "group_id",
    disputes.AskAboutEntry: "dispute_id",
    curriculum.DrawUpPlan: "plan_id",
    curriculum.CopyPlan: "plan_id",
    staff.EnterHours: "hours_id",
    registers.OpenRegister: "unit_id",
    stays.AuthoriseCollector: "collector_id",
    studies.GrantIndividualStudy: "study_id",
    counselling.WriteCounsellingEntry: "entry_id",
    absence_commands.AnnounceAbsence: "announcement_id",
    absence_commands.ArrangeSchoolAbsence: "absence_id",
    absence_commands.GrantExemption: "exemption_id",
    absence_commands.SubmitExcuse: "excuse_id",
    message_commands.SendMessage: "thread_id",
    message_commands.ReplyToMessage: "message_id",
    message_commands.ReportAbuse: "report_id",
    message_commands.FormRecipientGroup: "group_id",
}
# A second thing that the command brings into being.
_SECOND_ID: dict[type[Command] | type[Value], str] = {message_commands.SendMessage: "message_id"}

# Commands with many entries, and the field of an entry that names it: it may be left out as well.
_WITH_ENTRIES: dict[type[Command], tuple[str, str]] = {
    grades.FillColumn: ("grades", "grade_id"),
    grades.GivePeriodGrades: ("grades", "grade_id"),
    descriptive.WriteAssessments: ("assessments", "assessment_id"),
    earlier_grades.RecordEarlierGrades: ("grades", "grade_id"),
}
_ENTRY_ID: dict[type[Command] | type[Value], str] = {
    grades.GradeEntry: "grade_id",
    descriptive.AssessmentEntry: "assessment_id",
    earlier_grades.EarlierGrade: "grade_id",
}


@cache
def input_for(struct: type[Command] | type[Value]) -> Any:  # noqa: ANN401
    """The strawberry input type of a command or value."""
    own = OWN_ID.get(struct) if issubclass(struct, Command) else None
    hints = get_type_hints(struct)
    annotations: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    for field in msgspec.structs.fields(struct):
        kind = _graphql_type(field.name, hints[field.name])
        optional = not field.required or field.name in (own, _SECOND_ID.get(struct), _ENTRY_ID.get(struct))
        annotations[field.name] = kind | None if optional else kind
        if optional:
            defaults[field.name] = strawberry.UNSET
    made = type(f"{struct.__name__}Input", (), {"__annotations__": annotations, **defaults})
    return strawberry.input(made, description=(struct.__doc__ or "").strip().split("\n\n")[0])


def _graphql_type(name: str, hint: Any) -> Any:  # noqa: ANN401
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (kind,) = (part for part in arguments if part is not NoneType)
        return _graphql_type(name, kind) | None
    if origin is tuple:
        return list[_graphql_type(name, arguments[0])]  # type: ignore[misc]
    if isinstance(hint, type) and issubclass(hint, Value):
        return input_for(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return enum_named(hint)
    if hint is str:
        return strawberry.ID if name.endswith(("_id", "_ids")) or name in ("pupils", "improves") else str
    if hint in (int, bool, date, Decimal):
        return hint
    raise TypeError(f"{name}: {hint} has no GraphQL type")


def command_of(kind: type[Command], given: Any, key: str | None) -> Command:  # noqa: ANN401
    """The command that the input says; ids that it leaves out are made.

    With an idempotency key they are made of it, so that the repeated mutation is the same command.
    """
    said = plain_input(given)
    own = OWN_ID.get(kind)
    if own and said.get(own) is None:
        said[own] = made_id(key, 0)
    second = _SECOND_ID.get(kind)
    if second and said.get(second) is None:
        said[second] = made_id(key, 1)
    if kind in _WITH_ENTRIES:
        entries, entry_id = _WITH_ENTRIES[kind]
        for place, entry in enumerate(said[entries], 1):
            entry.setdefault(entry_id, made_id(key, place))
    return msgspec.convert(said, kind)


def made_id(key: str | None, place: int) -> str:
    """A fresh id, or the one that belongs to an idempotency key."""
    return new_id() if key is None else str(uuid5(_KEYED, f"{place}/{key}"))


def plain_input(value: Any) -> Any:  # noqa: ANN401
    """Inputs as msgspec takes them; fields that were not given are left out."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, list):
        return [plain_input(part) for part in value]
    if hasattr(value, "__strawberry_definition__"):
        fields = {
            f.python_name: getattr(value, f.python_name) for f in value.__strawberry_definition__.fields
        }
        return {name: plain_input(part) for name, part in fields.items() if part is not strawberry.UNSET}
    return value
