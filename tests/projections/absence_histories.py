"""Random but possible absences: announced, arranged, exempted, excused; and what becomes of them.

What is possible is seen from the history itself: nothing is remembered between steps.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from dziennik.contracts import absences as facts
from dziennik.contracts import streams
from dziennik.contracts.absences import AbsenceScope
from dziennik.contracts.attachments import Attached
from dziennik.contracts.attendance import PrefilledFrom, PrefilledMark, RollPrefilled
from dziennik.contracts.facts import Fact
from dziennik.contracts.lessons import LessonRef
from dziennik.domain.policies.usual_absences import USUAL_ABSENCES

if TYPE_CHECKING:
    from tests.projections.histories import History

F = TypeVar("F", bound=Fact)
FIRST = date(2026, 9, 1)
PLACES = (("A", "ada"), ("A", "bo"), ("B", "cy"), ("B", "ada"))  # Ada was in B, too
NOTE = Attached(attachment_id="file", media_type="application/pdf", size=3, sha256="00")


def days(number: int, *periods: int) -> AbsenceScope:
    day = FIRST + timedelta(days=number)
    return AbsenceScope(starts=day, ends=day, periods=periods)


def submitted(excuse_id: str, class_id: str, pupil_id: str, scope: AbsenceScope) -> facts.ExcuseSubmitted:
    return facts.ExcuseSubmitted(
        excuse_id=excuse_id,
        class_id=class_id,
        pupil_id=pupil_id,
        submitted_by="parent",
        scope=scope,
        text=f"chory {excuse_id}",
        attachments=(replace(NOTE, attachment_id=f"file-{excuse_id}"),),
    )


def announced(key: str, class_id: str, pupil_id: str, scope: AbsenceScope) -> facts.AbsenceAnnounced:
    return facts.AbsenceAnnounced(
        announcement_id=key,
        class_id=class_id,
        pupil_id=pupil_id,
        announced_by="parent",
        scope=scope,
        reason="lekarz",
    )


def arranged(key: str, class_id: str, scope: AbsenceScope, *pupils: str) -> facts.SchoolAbsenceArranged:
    return facts.SchoolAbsenceArranged(
        absence_id=key,
        class_id=class_id,
        away_for=facts.AwayFor.TRIP,
        name="Góry",
        scope=scope,
        pupils=pupils,
    )


def exempted(key: str, class_id: str, pupil_id: str) -> facts.ExemptionGranted:
    return facts.ExemptionGranted(
        exemption_id=key,
        class_id=class_id,
        pupil_id=pupil_id,
        subject_id="mat",
        since=FIRST,
        until=FIRST + timedelta(days=30),
        mode=facts.ExemptionMode.RELEASED,
        basis="decyzja",
        attachments=(replace(NOTE, attachment_id=f"file-{key}"),),
    )


def miss(history: History, chance: int) -> None:
    """One thing about absences that is possible now; others do nothing."""
    steps = (
        _submit,
        _submit,
        _decide,
        _announce,
        _take_back,
        _arrange,
        _cancel,
        _exempt,
        _end,
        _rules,
        _fill,
    )
    steps[chance % len(steps)](history, chance // len(steps))


def _told(history: History, kind: type[F]) -> list[F]:
    return [one.fact for one in history.recorded if isinstance(one.fact, kind)]


def _tell(history: History, class_id: str, fact: Fact) -> None:
    history.tell(streams.absences(class_id), fact)


def _submit(history: History, chance: int) -> None:
    class_id, pupil_id = PLACES[chance % len(PLACES)]
    key = f"e{len(history.recorded)}"
    _tell(history, class_id, submitted(key, class_id, pupil_id, days(chance % 40, *range(chance % 3))))


def _decide(history: History, chance: int) -> None:
    over = {
        getattr(one.fact, "excuse_id", None)
        for one in history.recorded
        if isinstance(one.fact, facts.ExcuseAccepted | facts.ExcuseRejected | facts.ExcuseWithdrawn)
    }
    for excuse in [each for each in _told(history, facts.ExcuseSubmitted) if each.excuse_id not in over][:1]:
        key, pupil_id = excuse.excuse_id, excuse.pupil_id
        part = (LessonRef(unit_id="A", lesson_id="lesson"),) if chance % 2 else None
        outcomes: tuple[Fact, ...] = (
            facts.ExcuseAccepted(excuse_id=key, pupil_id=pupil_id, by_rule=False, lessons=part),
            facts.ExcuseAccepted(excuse_id=key, pupil_id=pupil_id, by_rule=True),
            facts.ExcuseRejected(excuse_id=key, pupil_id=pupil_id, reason="za późno"),
            facts.ExcuseWithdrawn(excuse_id=key, pupil_id=pupil_id),
        )
        _tell(history, excuse.class_id, outcomes[chance % 4])


def _announce(history: History, chance: int) -> None:
    class_id, pupil_id = PLACES[chance % len(PLACES)]
    _tell(history, class_id, announced(f"n{len(history.recorded)}", class_id, pupil_id, days(chance % 40)))


def _take_back(history: History, chance: int) -> None:
    for each in _told(history, facts.AbsenceAnnounced)[chance % 3 :][:1]:
        fact = facts.AnnouncementWithdrawn(announcement_id=each.announcement_id, pupil_id=each.pupil_id)
        _tell(history, each.class_id, fact)


def _arrange(history: History, chance: int) -> None:
    pupils = ("ada", "bo") if chance % 2 else ("ada",)
    _tell(history, "A", arranged(f"w{len(history.recorded)}", "A", days(chance % 40), *pupils))


def _cancel(history: History, chance: int) -> None:
    for each in _told(history, facts.SchoolAbsenceArranged)[chance % 3 :][:1]:
        fact = facts.SchoolAbsenceCancelled(
            absence_id=each.absence_id, class_id="A", pupils=("ada",), reason="deszcz"
        )
        _tell(history, "A", fact)


def _exempt(history: History, chance: int) -> None:
    class_id, pupil_id = PLACES[chance % len(PLACES)]
    _tell(history, class_id, exempted(f"x{len(history.recorded)}", class_id, pupil_id))


def _end(history: History, chance: int) -> None:
    for each in _told(history, facts.ExemptionGranted)[chance % 3 :][:1]:
        fact = facts.ExemptionEnded(
            exemption_id=each.exemption_id, pupil_id=each.pupil_id, until=FIRST, reason="zdrów"
        )
        _tell(history, each.class_id, fact)


def _rules(history: History, chance: int) -> None:
    rules = replace(USUAL_ABSENCES, missed_in_a_row=1 + chance % 9)
    history.tell(streams.SCHOOL, facts.AbsenceRulesSet(year_id="Y", rules=rules))


def _fill(history: History, chance: int) -> None:
    lesson_id = f"lesson-{chance % 3}"
    mark = PrefilledMark(pupil_id="ada", source=PrefilledFrom.ANNOUNCEMENT, source_id=f"n{chance}")
    history.tell(streams.lesson("A", lesson_id), RollPrefilled(lesson_id=lesson_id, marks=(mark,)))
