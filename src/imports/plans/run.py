"""How does a file become a curriculum plan: drawn up, or revised when it is there already?

All of it is one append. The plan's id is made of school, year, subject, level and name, so that the same file
changes nothing the second time, and a changed file is a revision of the same plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid5

from dziennik.application.ids import new_id
from dziennik.application.register import Accepted, Register
from dziennik.contracts import curriculum, school, streams
from dziennik.contracts.commands import CHANGED_MEANWHILE
from dziennik.contracts.curriculum import DrawUpPlan, ItemEntry, PlanItem, RevisePlan
from dziennik.contracts.envelope import Actor, Channel, Origin, Role
from dziennik.contracts.imports import RecordImport
from dziennik.contracts.refusals import Refusal
from dziennik.imports import reasons
from dziennik.imports.oneroster.faults import Fault, Faults, Place
from dziennik.imports.oneroster.schools import Schools
from dziennik.imports.oneroster.source import digest_of
from dziennik.imports.plans.items import Item, Listed, entries_of, read_items
from dziennik.imports.plans.report import Report
from dziennik.imports.plans.sheets import Reading, read_rows

ACTOR = Actor(account="import", role=Role.SYSTEM, channel=Channel.IMPORT)
FORMAT = "curriculum-plan"
ATTEMPTS = 3

Progress = Callable[[str, int, int], None]

_PLANS = UUID("0b6c6a52-5f0b-4f0f-8f53-8a3c0f1f6f4e")
_ITEM = re.compile(r"items\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the file is: of which school and subject (id, name or short name), of which year, called what."""

    school: str
    subject: str
    year: str | None = None
    name: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What the school's facts say about what was asked for."""

    year_id: str
    subject_id: str


def import_plan(
    here: Schools,
    source: Path,
    wanted: Wanted,
    *,
    how: Reading | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Report:
    """Import one plan. Database faults raise; everything wrong with the file is reported."""
    tell = progress or (lambda *_: None)
    faults = Faults()
    report = Report(dry_run, faults.found)
    tell("read", 0, 1)
    rows = read_rows(source, how or Reading(), faults)
    listed = read_items(source.name, rows, faults) if not faults else Listed()
    report.ignored = listed.ignored
    tell("read", 1, 1)
    if wanted.school not in here.schools():
        known = ", ".join(here.schools())
        faults.add(reasons.SCHOOL_NOT_HERE, column="--school", school=wanted.school, schools=known)
    if faults:
        return report
    report.digest = digest_of(source)
    job = _Job(here.register(wanted.school), source, wanted, listed, now or datetime.now(UTC), faults)
    job.run(report, tell)
    return report


@dataclass(slots=True)
class _Job:
    """One plan under way."""

    register: Register
    source: Path
    wanted: Wanted
    listed: Listed
    now: datetime
    faults: Faults
    import_id: str = field(default_factory=new_id)

    def run(self, report: Report, tell: Progress) -> None:
        """Decide and write, anew when others wrote to the same streams meanwhile."""
        outcome: Accepted | Refusal | None = CHANGED_MEANWHILE()
        for _ in range(ATTEMPTS):
            tell("decide", 0, 1)
            found = self._find()
            if found is None:
                return
            outcome = self._take(found, report)
            tell("decide", 1, 1)
            if outcome != CHANGED_MEANWHILE():
                break
        if isinstance(outcome, Refusal):
            self._refused(outcome)
            return
        report.accepted = True
        if outcome is not None:
            report.facts, report.position = outcome.facts, outcome.position

    def _find(self) -> _Found | None:
        """The year and the subject that the command line names."""
        facts = [recorded.fact for recorded in self.register.journal.load(streams.SCHOOL)]
        years = {f.year_id: f for f in facts if isinstance(f, school.SchoolYearOpened)}
        named = [f for f in facts if isinstance(f, school.SubjectIntroduced | school.SubjectRenamed)]
        subjects = {f.subject_id: (f.name, f.short_name) for f in named}
        year_id = self._year(years)
        chosen = [key for key, names in subjects.items() if _is(self.wanted.subject, key, *names)]
        if len(chosen) != 1:
            told, found = self.wanted.subject, ", ".join(chosen)
            reason = reasons.AMBIGUOUS if chosen else school.NO_SUCH_SUBJECT
            self.faults.add(reason, column="--subject", value=told, subject=told, found=found)
        return _Found(year_id, chosen[0]) if year_id and len(chosen) == 1 else None

    def _year(self, years: dict[str, school.SchoolYearOpened]) -> str | None:
        if self.wanted.year is None:
            today: date = self.register.asked(ACTOR, self.now).today
            found = [key for key, year in years.items() if year.starts <= today <= year.ends]
            if not found:
                names = ", ".join(year.name for year in years.values())
                self.faults.add(reasons.NO_YEAR_TODAY, column="--year", years=names)
            return found[0] if found else None
        found = [key for key, year in years.items() if _is(self.wanted.year, key, year.name)]
        if not found:
            told = self.wanted.year
            self.faults.add(school.NO_SUCH_YEAR, column="--year", value=told, year=told)
        return found[0] if found else None

    def _take(self, found: _Found, report: Report) -> Accepted | Refusal | None:
        """Decide on the plan as it is now and, unless it is a trial, write it; None: nothing was written."""
        name = (self.wanted.name or self.source.stem).strip()
        told = (self.wanted.school, found.year_id, found.subject_id, str(self.wanted.level or ""), name)
        plan_id = str(uuid5(_PLANS, "\x1f".join(told)))
        known = _known(self.register, plan_id)
        entries = entries_of(self.listed.items, known or ())
        command = (
            DrawUpPlan(
                plan_id=plan_id,
                year_id=found.year_id,
                subject_id=found.subject_id,
                name=name,
                items=entries,
                level=self.wanted.level,
            )
            if known is None
            else RevisePlan(plan_id=plan_id, items=entries)
        )
        batch = self.register.batch()
        decided = batch.decide(command, actor=ACTOR, at=self.now)
        if isinstance(decided, Refusal):
            return decided
        _describe(report, plan_id, name, entries, known, decided)
        if not decided:
            return None
        record = RecordImport(
            import_id=self.import_id, format=FORMAT, format_version="1", digest=report.digest
        )
        noted = batch.decide(record, actor=ACTOR, at=self.now)
        if isinstance(noted, Refusal) or report.dry_run:
            return noted if isinstance(noted, Refusal) else None
        origin = Origin(command_id=new_id(), actor=ACTOR, recorded_at=self.now, correlation_id=self.import_id)
        return batch.write(origin)

    def _refused(self, refusal: Refusal) -> None:
        """Each refusal at the row that it speaks of."""
        for each in (refusal, *refusal.others):
            at = _ITEM.match(each.field or "")
            row: Item | None = self.listed.items[int(at.group(1))] if at else None
            place = Place(self.source.name, row.line if row else None)
            column = self.listed.headings.get((each.field or "").rpartition(".")[2])
            self.faults.found.append(Fault(each, place, column))


def _known(register: Register, plan_id: str) -> tuple[PlanItem, ...] | None:
    """The plan's items as they stand; None when there is no such plan."""
    items: tuple[PlanItem, ...] | None = None
    for recorded in register.journal.load(streams.curriculum_plan(plan_id)):
        if isinstance(recorded.fact, curriculum.PlanDrawnUp | curriculum.PlanRevised):
            items = recorded.fact.items
    return items


def _describe(
    report: Report,
    plan_id: str,
    name: str,
    entries: Sequence[ItemEntry],
    known: Sequence[PlanItem] | None,
    decided: int,
) -> None:
    report.plan_id, report.name = plan_id, name
    report.items, report.hours = len(entries), sum(entry.hours for entry in entries)
    kept = {entry.item_id for entry in entries}
    report.dropped = len([item for item in known or () if item.item_id not in kept])
    report.effect = "created" if known is None else "changed" if decided else "unchanged"


def _is(wanted: str, *names: str) -> bool:
    return wanted.strip().casefold() in {name.strip().casefold() for name in names}
