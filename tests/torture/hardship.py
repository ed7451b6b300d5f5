"""Two hardships that are no kills: facts that nobody can read, and a disk without space."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dziennik.contracts.facts import ERASED
from dziennik.contracts.grades import GradeCorrected
from dziennik.contracts.people import PersonRegistered, PersonRenamed
from dziennik.journal.journals import Journals
from dziennik.journal.wire import Line
from dziennik.projections.follower import Follower
from dziennik.projections.gradebook import GRADEBOOK
from dziennik.projections.people import PEOPLE, Person
from dziennik.projections.reading import ReadModels
from tests.journal import raw
from tests.torture.torturing import Chamber, Tally
from tests.torture.workload import KEYRING, give

NAMED, RENAMED = PersonRegistered.fact_name, PersonRenamed.fact_name
GOOD = msgspec.json.encode(PersonRegistered(person_id="x", given_names="A", family_name="B"))
CORRECTED = msgspec.json.encode(
    GradeCorrected(grade_id="none", pupil_id="x", was="1", value="2", reason="pomyłka")
)
# Ten kinds: name and bytes of a fact that cannot be read, or cannot be applied.
POISON: dict[str, tuple[str, bytes]] = {
    "no such fact": ("people.person_dreamt.1", b"{}"),
    "a version that nobody knows": ("people.person_registered.99", GOOD),
    "no JSON": (NAMED, b"\x00\x01\x02"),
    "no UTF-8": (NAMED, b'{"person_id":"\xff"}'),
    "cut off": (NAMED, GOOD[:-9]),
    "a missing field": (NAMED, b'{"person_id":"x"}'),
    "an unknown field": (NAMED, GOOD[:-1] + b',"spurious":1}'),
    "a text that is not sealed": (NAMED, GOOD),
    "a seal under no key": (NAMED, GOOD.replace(b'"A"', f'"{ERASED}999999:AAAA"'.encode())),
    "a change of what is not there": ("grades.grade_corrected.1", CORRECTED),
}


@dataclass
class Poisoned:
    """How many kinds, what was parked, and whether the others went on."""

    kinds: int
    expected: int
    parked: int
    others_visible: bool


def poison(dsn: str) -> Poisoned:
    """Put a fact of each kind into a stream of its own, with good ones around."""
    read_models = ReadModels(dsn)
    models = [PEOPLE, GRADEBOOK]
    with Journals(dsn, keyring=KEYRING) as journals:
        journal = journals.create_school("poisoned")
        give(journal, "before", 1)
        with Line.connect(dsn) as line:
            for number, (name, state) in enumerate(POISON.values()):
                stream = (
                    f"year/c/grades/s/p{number}" if name.startswith("grades") else f"person/poison{number}"
                )
                raw.append(line, journal, raw.prepared(stream, 1, name, state))
                line.commit()
        give(journal, "after", 1)
        follower = Follower(dsn, journals, models, read_models.progress)
        follower.run_once("poisoned")
        [health] = [one for one in follower.health() if one.school_id == "poisoned"]
        with read_models.view("poisoned") as view:
            seen = [view.get(Person, person) is not None for person in ("before-1", "after-1")]
    read_models.close()
    parked = {model.model: model.parked for model in health.models}
    # People cannot read the nine; the gradebook parks what might be a grade: an unknown name, and the tenth.
    return Poisoned(
        len(POISON), 11, sum(parked.values()), all(seen) and all(m.lag == 0 for m in health.models)
    )


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """The folder on a file system of that size; False where none can be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def disk_full(folder: Path) -> Tally | None:
    """Fill the server's disk in the middle of work, let it suffer, make room; None: cannot be tried."""
    with small_disk(folder / "disk", 260) as mounted:
        if not mounted:
            return None
        with Chamber(folder / "disk", seed=3) as chamber:
            time.sleep(1)
            ballast = folder / "disk" / "ballast"
            with suppress(OSError), ballast.open("wb") as out:
                while True:
                    out.write(bytes(1 << 16))
                    out.flush()
            chamber.tally.faults["disk full"] += 1
            time.sleep(3)
            ballast.unlink()
            chamber.revive()
            time.sleep(2)
            return chamber.check()
