"""How is a OneRoster file imported, from the path to the report?

Read everything, find every fault, decide every school's commands; only then write, one atomic
append a school (ADR 0040).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dziennik.application.ids import new_id
from dziennik.application.register import Accepted, Outcome
from dziennik.contracts import streams
from dziennik.contracts.commands import CHANGED_MEANWHILE
from dziennik.contracts.envelope import Origin
from dziennik.contracts.imports import RecordImport, SourceRows
from dziennik.contracts.values import GradingRules
from dziennik.domain.policies.defaults import USUAL_GRADING
from dziennik.imports.oneroster.applying import ACTOR, Deciding
from dziennik.imports.oneroster.baseline import FORMAT, news
from dziennik.imports.oneroster.bundle import Bundle, KnownEarlier, check_bundle, read_bundle
from dziennik.imports.oneroster.difference import plan
from dziennik.imports.oneroster.faults import Fault, Faults, Place
from dziennik.imports.oneroster.ids import Ids
from dziennik.imports.oneroster.looking import look
from dziennik.imports.oneroster.picture import Picture
from dziennik.imports.oneroster.report import Counts, Report, refused_rows
from dziennik.imports.oneroster.schools import Schools, Target, afresh, find_targets
from dziennik.imports.oneroster.slices import Slice, cut
from dziennik.imports.oneroster.source import open_source
from dziennik.imports.oneroster.wishing import likely_units, wish

# What is going on ("read", "decide gp", "write gp"), how far, of how much.
Progress = Callable[[str, int, int], None]

# Decided anew when others write to the same streams meanwhile; then it is given up.
ATTEMPTS = 3


def run_import(
    here: Schools,
    source: Path,
    *,
    only_school: str | None = None,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Report:
    """Import a zip or folder. Database faults raise; everything wrong with the file is reported."""
    job = _Job(here, skip_bad_rows, progress or (lambda *_: None), now or datetime.now(UTC))
    report = Report(False, dry_run, job.import_id, "", job.faults.found)
    try:
        return _run(job, source, only_school, report)
    finally:
        job.faults.sort()


def _run(job: _Job, source: Path, only_school: str | None, report: Report) -> Report:
    job.progress("read", 0, 1)
    opened = open_source(source, job.faults)
    report.digest = opened.digest
    if job.faults:
        return job.refused(report)
    bundle = read_bundle(opened, job.faults)
    targets = find_targets(bundle, only_school, job.here, job.faults)
    check_bundle(bundle, _known_earlier(targets), job.faults)
    job.row_faults += job.faults.found
    job.progress("read", 1, 1)
    if job.stops():
        return job.refused(report)
    decided = [job.decide(bundle, target) for target in targets]
    if job.stops():
        return job.refused(report)
    if not report.dry_run:
        decided = [job.write(one, bundle, report) for one in decided]
    for one in decided:
        report.schools[one.target.school_id] = one.deciding.counts
        report.counts.add(one.deciding.counts)
        report.notes.update(one.notes)
    report.counts.refused += refused_rows(job.row_faults)
    report.accepted = not job.stops()
    return report


@dataclass(slots=True)
class Decided:
    """A school whose facts are decided and not yet written."""

    target: Target
    deciding: Deciding
    notes: dict[str, int]
    faults: list[Fault]


class _Job:
    """One import under way."""

    def __init__(self, here: Schools, skip: bool, progress: Progress, now: datetime) -> None:
        self.import_id = new_id()
        self.faults = Faults()
        # Those found in rows, before any command was decided.
        self.row_faults: list[Fault] = []
        self.progress = progress
        self.here = here
        self._skip = skip
        self._now = now

    def stops(self) -> bool:
        """Whether what was found so far refuses the file."""
        return self.faults.fatal or (bool(self.faults) and not self._skip)

    def refused(self, report: Report) -> Report:
        """Nothing was written: only what is refused is counted."""
        report.counts = Counts(refused=refused_rows(self.faults.found))
        report.schools = {}
        return report

    def decide(self, bundle: Bundle, target: Target) -> Decided:
        """Everything but writing."""
        school = target.school_id
        self.progress(f"look {school}", 0, 1)
        part = cut(bundle, target.org, school, target.baseline)
        picture = _picture(target, part)
        self.progress(f"look {school}", 1, 1)
        today = target.register.asked(ACTOR, self._now).today
        usual = _usual(picture)
        before = len(self.faults)
        wanted = wish(part, picture, picture.grading, usual, today, self.faults)
        self.row_faults += self.faults.found[before:]
        made = plan(part, wanted, picture, usual, today)
        deciding = Deciding(target.register.batch(), self._now, self.faults)
        deciding.decide(made, lambda done, of: self.progress(f"decide {school}", done, of))
        kept = news(target.baseline.tables, part.tables)
        if deciding.facts or kept:
            owners = {group.owner for group in wanted.groups.values()}
            self._record(deciding, bundle, sorted({*wanted.units, *owners}), kept)
        return Decided(target, deciding, dict(wanted.notes), self.faults.found[before:])

    def _again(self, one: Decided, bundle: Bundle) -> Decided:
        """Decide on the school as it is now; what was found before is found anew or is over."""
        over = {id(fault) for fault in one.faults}
        for faults in (self.faults.found, self.row_faults):
            faults[:] = [fault for fault in faults if id(fault) not in over]
        return self.decide(bundle, afresh(one.target, self.here))

    def write(self, one: Decided, bundle: Bundle, report: Report) -> Decided:
        """One append; when others wrote to the same streams meanwhile, decide anew."""
        school = one.target.school_id
        self.progress(f"write {school}", 0, 1)
        outcome: Outcome = CHANGED_MEANWHILE()
        for _ in range(ATTEMPTS):
            outcome = one.deciding.batch.write(self._origin())
            if outcome != CHANGED_MEANWHILE():
                break
            one = self._again(one, bundle)
            if self.stops():
                return one
        if isinstance(outcome, Accepted):
            report.facts += outcome.facts
            report.positions[school] = outcome.position
        else:
            self.faults.refused(outcome, Place(), about=school)
        self.progress(f"write {school}", 1, 1)
        return one

    def _record(
        self, deciding: Deciding, bundle: Bundle, units: Sequence[str], kept: tuple[SourceRows, ...]
    ) -> None:
        """Remember the import itself, with the facts it caused."""
        command = RecordImport(
            import_id=self.import_id,
            format=FORMAT,
            format_version=bundle.manifest.version,
            digest=bundle.digest,
            units=tuple(units),
            rows=kept,
        )
        refusal = deciding.give(command)
        if refusal:
            self.faults.refused(refusal, Place("manifest.csv"))

    def _origin(self) -> Origin:
        return Origin(command_id=new_id(), actor=ACTOR, recorded_at=self._now, correlation_id=self.import_id)


def _known_earlier(targets: Sequence[Target]) -> KnownEarlier:
    """Whether any of the schools knows an id from an earlier import."""
    known = [(Ids(target.school_id), target.baseline) for target in targets]

    def ask(table: str, sourced_id: str) -> bool:
        return any(baseline.knows(table, ids.of(table, sourced_id)) for ids, baseline in known)

    return ask


def _picture(target: Target, part: Slice) -> Picture:
    """What the register holds of all that the file, or earlier files, speak of."""
    journal = target.register.journal
    picture = Picture()
    look(picture, journal.load(streams.SCHOOL))
    persons = {*part.tables["users"], *target.baseline.tables["users"], *part.deleted["users"]}
    units = {*likely_units(part), *target.baseline.units}
    names = [streams.person(person_id) for person_id in sorted(persons)]
    names += [streams.unit(unit_id) for unit_id in sorted(units)]
    for recorded in journal.load_many(names).values():
        look(picture, recorded)
    for unit_id in sorted(picture.units):
        look(picture, journal.scan(f"{streams.class_year(unit_id)}column/"))
        look(picture, journal.scan(f"{streams.class_year(unit_id)}grades/"))
    return picture


def _usual(picture: Picture) -> GradingRules:
    """The rules a new year begins with: the latest year's, or the usual Polish ones."""
    latest = max(picture.grading, key=lambda year_id: picture.years[year_id].starts, default=None)
    return picture.grading[latest] if latest else USUAL_GRADING
