"""Which schools are in the bundle, and where are their registers?

A school that is not here yet is decided on against an empty journal and founded with its first
append, so that a refused file leaves no empty school behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dziennik.application.register import Register
from dziennik.contracts.envelope import Recorded
from dziennik.imports import reasons
from dziennik.imports.oneroster.baseline import PREFIX, Baseline, fold_baseline
from dziennik.imports.oneroster.bundle import Bundle
from dziennik.imports.oneroster.faults import Faults, Place
from dziennik.imports.oneroster.ids import school_id_of
from dziennik.imports.oneroster.manifest import Mode
from dziennik.imports.oneroster.rows import OrgRow


class Schools(Protocol):
    """The schools kept here (dziennik.app.System)."""

    def schools(self) -> list[str]: ...

    def register(self, school_id: str) -> Register: ...

    def found(self, school_id: str) -> Register: ...


@dataclass(slots=True)
class Target:
    """One school to import into."""

    school_id: str
    org: OrgRow
    register: Register
    baseline: Baseline


class Unfounded:
    """The journal of a school that is not here yet: empty, and made by the first append."""

    def __init__(self, found: Callable[[], Register]) -> None:
        self._found = found

    def load(self, _stream: str, **_: int) -> list[Recorded]:
        return []

    def load_many(self, names: Sequence[str] | Mapping[str, int]) -> dict[str, list[Recorded]]:
        return {name: [] for name in names}

    def scan(self, _prefix: str, **_: int) -> Iterator[Recorded]:
        return iter(())

    def below(self, _prefix: str) -> list[str]:
        return []

    def begun(self, _after: int, _first: str, _beyond: str) -> list[str]:
        return []

    def names(self, _first: str, _beyond: str) -> list[str]:
        return []

    def version(self, _stream: str) -> int:
        return 0

    def position(self) -> int:
        return 0

    def append(self, *what: object, **more: object) -> object:
        """Found the school and write. Raises VersionConflict if another did so meanwhile."""
        journal: Any = self._found().journal
        return journal.append(*what, **more)


def find_targets(bundle: Bundle, only: str | None, here: Schools, faults: Faults) -> list[Target]:
    """The schools to import, in the order of their ids; `only` is a sourcedId, identifier or id."""
    known = set(here.schools())
    in_file = _in_file(bundle, faults)
    targets = [_target(school_id, org, known, here) for school_id, org in in_file.items()]
    if bundle.manifest.modes.get("orgs") in (Mode.DELTA, Mode.ABSENT):
        # Rows may speak of schools that only an earlier file named.
        targets += _from_earlier(known - in_file.keys(), here)
        targets.sort(key=lambda target: target.school_id)
    if not targets and bundle.tables["orgs"].whole:
        faults.add(reasons.NO_SCHOOL, Place("orgs.csv"))
    for target in targets:
        earlier = target.baseline.org()
        if earlier and earlier.sourced_id != target.org.sourced_id:
            faults.add(reasons.OTHER_SCHOOL, Place("orgs.csv"), school=target.school_id, other=earlier.name)
    if only is None:
        return targets
    chosen = [t for t in targets if only in (t.school_id, t.org.sourced_id, t.org.identifier)]
    if targets and not chosen:
        names = ", ".join(target.school_id for target in targets)
        faults.add(reasons.SCHOOL_NOT_IN_FILE, Place("orgs.csv"), school=only, schools=names)
    return chosen


def afresh(target: Target, here: Schools) -> Target:
    """The school as it is after somebody else wrote to it, or founded it."""
    return _target(target.school_id, target.org, set(here.schools()), here)


def _in_file(bundle: Bundle, faults: Faults) -> dict[str, OrgRow]:
    found: dict[str, OrgRow] = {}
    for row in bundle.active("orgs"):
        if row.cells["type"] != "school":
            continue
        org = OrgRow(
            sourced_id=row.sourced_id, name=row.cells["name"], identifier=row.cells.get("identifier")
        )
        school_id = school_id_of(org.identifier, org.name)
        if school_id in found:
            faults.add(
                reasons.SAME_SCHOOL_ID,
                row.place,
                column="identifier",
                value=org.identifier,
                whole=True,
                school=school_id,
            )
        found.setdefault(school_id, org)
    return dict(sorted(found.items()))


def _target(school_id: str, org: OrgRow, known: set[str], here: Schools) -> Target:
    if school_id in known:
        register = here.register(school_id)
        facts = [recorded.fact for recorded in register.journal.scan(PREFIX)]
        return Target(school_id, org, register, fold_baseline(facts))
    journal: Any = Unfounded(lambda: here.found(school_id))
    return Target(school_id, org, Register(journal), Baseline())


def _from_earlier(known: set[str], here: Schools) -> list[Target]:
    """A delta without orgs: every school that an earlier import brought."""
    found = []
    for school_id in sorted(known):
        register = here.register(school_id)
        baseline = fold_baseline(recorded.fact for recorded in register.journal.scan(PREFIX))
        org = baseline.org()
        if org:
            found.append(Target(school_id, org, register, baseline))
    return found
