"""How do rows become JSON-ready answers? One function a type of the schema, keys as in the schema."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from dziennik.domain.policies.attendance import Percentage
from dziennik.projections import attendance, entry_history, gradebook, lesson_journal, people, structure

Json = dict[str, Any]


def _day(value: object) -> str | None:
    return None if value is None else str(value)


def instant(value: Any) -> str | None:  # noqa: ANN401
    return None if value is None else msgspec.to_builtins(value)


def name(person: people.Person | None, person_id: str) -> Json:
    """A name; somebody whom the read model does not know (yet) is empty."""
    return {
        "personId": person_id,
        "givenNames": person.given_names if person else "",
        "familyName": person.family_name if person else "",
    }


def column(row: gradebook.GradeColumn, publish_on: date | None) -> Json:
    """A GradeColumn."""
    return {
        "id": row.column_id,
        "unitId": row.unit_id,
        "subjectId": row.subject_id,
        "assignmentId": row.assignment_id,
        "title": row.title,
        "categoryId": row.category_id,
        "weight": str(row.weight),
        "on": str(row.on),
        "outOf": _day(row.out_of),
        "publishOn": _day(publish_on),
        "colour": row.colour,
        "counted": row.counted,
    }


def class_pupil(row: structure.Enrolment, person: people.Person | None) -> Json:
    """A ClassPupil."""
    named = name(person, row.pupil_id)
    return {
        "pupilId": row.pupil_id,
        "number": row.number,
        "familyName": named["familyName"],
        "givenNames": named["givenNames"],
        "since": str(row.since),
        "until": _day(row.until),
    }


def year(row: structure.Year) -> Json:
    """A SchoolYear."""
    return {
        "id": row.year_id,
        "name": row.name,
        "starts": str(row.starts),
        "ends": str(row.ends),
        "terms": [
            {"id": t.term_id, "name": t.name, "starts": str(t.starts), "ends": str(t.ends)} for t in row.terms
        ],
        "periods": [{"number": p.number, "starts": p.starts, "ends": p.ends} for p in row.periods],
    }


def subject(row: structure.Subject) -> Json:
    """A Subject."""
    return {"id": row.subject_id, "name": row.name, "shortName": row.short_name}


def school(row: structure.School) -> Json:
    """A School."""
    return {
        "id": row.school_id,
        "name": row.name,
        "shortName": row.short_name,
        "city": row.city,
        "number": row.number,
    }


def rules(row: structure.Rules) -> Json:
    """Rules, with the version that is in force."""
    return {
        "yearId": row.year_id,
        "grading": None
        if row.grading is None
        else {
            **_camel(msgspec.to_builtins(row.grading)),
            "retakes": row.grading.retakes.name,
            "version": row.grading_version,
        },
        "attendance": None
        if row.attendance is None
        else {
            "version": row.attendance_version,
            "types": [
                {"typeId": t.type_id, "symbol": t.symbol, "name": t.name, "kind": t.kind.name}
                for t in row.attendance.types
            ],
            "countedPresent": [kind.name for kind in row.attendance.counted_present],
            "leftOut": [kind.name for kind in row.attendance.left_out],
            "places": row.attendance.places,
        },
    }


def _camel(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {_camel_key(key): _camel(part) for key, part in value.items()}
    return [_camel(part) for part in value] if isinstance(value, list | tuple) else value


def _camel_key(key: str) -> str:
    head, *rest = key.split("_")
    return head + "".join(part.capitalize() for part in rest)


def assignment(row: structure.Assignment, teacher: people.Person | None) -> Json:
    """An Assignment."""
    return {
        "id": row.assignment_id,
        "unitId": row.unit_id,
        "subjectId": row.subject_id,
        "teacher": name(teacher, row.teacher_id),
        "groupId": row.group_id,
        "since": str(row.since),
        "until": _day(row.until),
    }


def slots(row: structure.Timetable | None) -> list[Json]:
    """TimetableSlots, by weekday and hour."""
    found = sorted(row.slots, key=lambda s: (s.weekday, s.period, s.assignment_id)) if row else []
    return [_camel(msgspec.to_builtins(slot)) for slot in found]


def person(row: people.Person, held: Sequence[people.RoleHeld]) -> Json:
    """A Person."""
    return {
        **name(row, row.person_id),
        "email": row.email,
        "phone": row.phone,
        "accountId": row.account_id,
        "roles": [{"role": h.role.name, "since": str(h.since), "until": _day(h.until)} for h in held],
    }


def parental_right(row: people.ParentalRight, parent: people.Person | None) -> Json:
    """A ParentalRight."""
    return {
        "person": name(parent, row.parent_id),
        "guardianship": row.guardianship.name,
        "since": str(row.since),
        "until": _day(row.until),
        "powers": [power.name for power in row.powers],
    }


def enrolment(row: structure.Enrolment, unit: structure.Unit | None) -> Json:
    """An Enrolment."""
    return {
        "classId": row.class_id,
        "className": unit.name if unit else "",
        "yearId": unit.year_id if unit else "",
        "number": row.number,
        "since": str(row.since),
        "until": _day(row.until),
    }


def lesson(row: lesson_journal.Lesson) -> Json:
    """A Lesson."""
    return {
        "id": row.lesson_id,
        "unitId": row.unit_id,
        "on": str(row.on),
        "period": row.period,
        "assignmentId": row.assignment_id,
        "subjectId": row.subject_id,
        "groupId": row.group_id,
        "teacherId": row.teacher_id,
        "insteadOf": row.instead_of,
        "state": row.state.name,
        "topic": row.topic,
        "topicCorrected": row.topic_corrected,
        "signedBy": row.signed_by,
        "signedAt": instant(row.signed_at),
        "asked": row.asked,
        "reason": row.reason,
        "planId": row.plan_id,
        "items": list(row.items),
        "room": row.room,
        "coTeachers": list(row.co_teachers),
        "coSigned": list(row.co_signed),
        "continues": row.continues,
        "together": [{"unitId": ref.unit_id, "lessonId": ref.lesson_id} for ref in row.together],
    }


def mark(row: attendance.Mark) -> Json:
    """An AttendanceMark."""
    return {
        "pupilId": row.pupil_id,
        "lessonId": row.lesson_id,
        "on": str(row.on),
        "period": row.period,
        "subjectId": row.subject_id,
        "typeId": row.type_id,
        "kind": row.kind.name,
        "minutes": row.minutes,
        "was": [kind.name for kind in row.was],
    }


def roll(row: attendance.Roll) -> Json:
    """A Roll."""
    return {
        "lessonId": row.lesson_id,
        "on": str(row.on),
        "period": row.period,
        "subjectId": row.subject_id,
        "groupId": row.group_id,
        "asked": None if row.asked is None else list(row.asked),
    }


def percentage(found: Percentage | None) -> Json | None:
    """A Percentage."""
    if found is None:
        return None
    return {
        "value": None if found.value is None else str(found.value),
        "ruleVersion": found.rule_version,
        "present": found.present,
        "counted": found.counted,
        "leftOut": found.left_out,
        "kinds": [
            {"kind": one.kind.name, "lessons": one.lessons, "treated": one.treated.name}
            for one in found.kinds
        ],
    }


def change(row: entry_history.EntryChange) -> Json:
    """An EntryChange."""
    return {
        "position": row.position,
        "entry": row.entry,
        "what": row.what,
        "at": instant(row.at),
        "account": row.account,
        "personId": row.person_id,
        "role": row.role.name,
        "onBehalfOf": row.on_behalf_of,
        "channel": row.channel.name,
        "unitId": row.unit_id,
        "pupilId": row.pupil_id,
        "old": row.old,
        "new": row.new,
        "reason": row.reason,
        "cardId": row.card_id,
    }


def connection(nodes: Sequence[Json], cursors: Sequence[str], page: slice, total: int) -> Json:
    """A Relay connection: `nodes` and `cursors` of the page that `page` cuts out of `total`."""
    return {
        "pageInfo": {
            "hasNextPage": page.stop < total,
            "hasPreviousPage": page.start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
        "edges": [{"cursor": c, "node": node} for c, node in zip(cursors, nodes, strict=True)],
        "totalCount": total,
    }
