"""How is the archive of a school year made: all classes, then the school, the index and the manifest?

Class by class, on several cores if wanted; what is held in memory is one class for each. What comes out
depends on the edition alone (ADR 0124).
"""

from __future__ import annotations

import multiprocessing
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dziennik.archive.attached import Gone, ReadFile
from dziennik.archive.bagging import BLOCKS, Draft, Stored, drafted, manifest_of
from dziennik.archive.class_files import ClassDone, FileOf, write_class
from dziennik.archive.editions import ClassOfYear, Edition
from dziennik.archive.events import FactFiles
from dziennik.archive.exporting import validate_as
from dziennik.archive.index import INDEX, PAGE, index_page, index_xml
from dziennik.archive.school_files import write_school
from dziennik.archive.source import Facts, Vouched
from dziennik.contracts import registry
from dziennik.journal.journal import Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

# A process of its own must know the whole language, or it could not read the facts.
LANGUAGE: Final = registry.CONTEXTS
REST: Final = "data/proof/rest-of-tree.txt"
# (steps done, steps in all, what is being done)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """An archive as it lies on the disk. `erased`: persons whose texts could not be shown any more."""

    path: Path
    edition: Edition
    manifest: bytes
    files: tuple[Stored, ...]
    erased: frozenset[str]


@dataclass(frozen=True, slots=True)
class Access:
    """How another process gets at the same journal."""

    conninfo: str
    master_key: bytes = field(repr=False)
    school_id: str
    wrapping_keys: tuple[bytes, ...] = field(default=(), repr=False)


def write_year(
    journal: Facts,
    edition: Edition,
    target: Path,
    *,
    vouched: Vouched | None = None,
    read: ReadFile = lambda _: None,
    access: Access | None = None,
    workers: int = 1,
    tell: Progress = lambda _done, _all, _what: None,
    signature: bytes | None = None,
) -> Written:
    """Write the bag folder `target`. Any fault leaves nothing there.

    `vouched`: what the school's log says of the facts up to the edition's position, where it has one.
    `read`: files that came with messages.
    More than one worker needs `access`. `signature`: put beside the manifest, if it was made over it before.
    Raises FileExistsError, OSError; NotValid and UnwritableText are faults of ours; what `vouched` raises.
    """
    if vouched is not None:
        edition = replace(edition, root=vouched.root, checkpoint=vouched.note)
    steps = len(edition.classes) + 2
    with drafted(target) as draft:
        done: dict[str, ClassDone] = {}
        for of, one in _classes(journal, edition, draft, access, workers):
            done[of.class_id] = one
            tell(len(done), steps, of.name)
        ordered = [done[one.class_id] for one in edition.classes]
        people = {person for one in ordered for person in one.people}
        events = FactFiles(journal, edition, draft)
        rows = [one.statistics for one in ordered]
        school = write_school(events, people, rows, read)
        files = [*school.files, *(file for one in ordered for file in one.files)]
        if vouched is not None and edition.format.proven:
            leaves = ChainMap(events.leaves, *(one.leaves for one in ordered))
            draft.add(REST, rest_of_tree(vouched.rest(leaves)))
            files.append(FileOf(REST, "proof"))
        tell(steps - 1, steps, edition.year.name)
        stored = _sealed(draft, edition, files, school.gone, signature)
    tell(steps, steps, edition.year.name)
    lost = frozenset(school.erased).union(*(one.erased for one in ordered))
    return Written(target, edition, manifest_of(stored), tuple(stored), lost)


def rest_of_tree(subtrees: Iterable[tuple[int, int, bytes]]) -> bytes:
    """A line for each: first and last position, the hash in hex."""
    return "".join(f"{first} {last} {hashed.hex()}\n" for first, last, hashed in subtrees).encode()


def bag_info(edition: Edition) -> list[tuple[str, str]]:
    """The rows of bag-info.txt; nothing that the signed index does not say."""
    as_of = edition.as_of.strftime("%Y-%m-%d")
    return [
        ("Source-Organization", edition.school),
        ("External-Identifier", f"{edition.school_id}/{edition.year.name}/{edition.number}"),
        ("Bagging-Date", as_of),
        ("Payload-Oxum", ""),
        ("Dziennik-Format", edition.format.name),
        ("Dziennik-Cut-Off", str(edition.cut_off)),
    ]


def _sealed(
    draft: Draft, edition: Edition, files: list[FileOf], gone: list[Gone], signature: bytes | None
) -> list[Stored]:
    files = [*files, FileOf(PAGE, "index"), FileOf(BLOCKS, "blocks")]
    sizes = [(file, _size(draft, file.path)) for file in files if file.path not in (PAGE, BLOCKS)]
    draft.add(PAGE, index_page(edition, sizes, gone))
    draft.add_blocks()
    sizes += [(file, _size(draft, file.path)) for file in files if file.path in (PAGE, BLOCKS)]
    index = index_xml(edition, sizes, gone)
    validate_as(index, edition.format.name)
    draft.add(INDEX, index)
    note = None if edition.checkpoint is None else edition.checkpoint.encode()
    return draft.seal(bag_info(edition), signature, note)


def _size(draft: Draft, path: str) -> int:
    return (draft.folder / path).stat().st_size


def _classes(
    journal: Facts, edition: Edition, draft: Draft, access: Access | None, workers: int
) -> Iterator[tuple[ClassOfYear, ClassDone]]:
    if workers <= 1 or access is None:
        for of in edition.classes:
            yield of, write_class(journal, edition, of, draft)
        return
    # Started anew, not forked: connections and threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _open, (access,)) as pool:
        running = {pool.submit(_write_class, edition, of, draft.folder): of for of in edition.classes}
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


_OPENED: Final[list[Journal]] = []


def _open(access: Access) -> None:
    keyring = Keyring(access.master_key, access.wrapping_keys)
    journals = Journals(access.conninfo, keyring=keyring, readers=2, writers=1)
    _OPENED.append(journals.school(access.school_id))


def _write_class(edition: Edition, of: ClassOfYear, folder: Path) -> ClassDone:
    return write_class(_OPENED[-1], edition, of, Draft(folder))
