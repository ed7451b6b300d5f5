"""One school's log: the tree over its facts and the checkpoints it has signed.

It never signs what contradicts an earlier checkpoint, and vouches for no fact that did not come through the
writer: a journal that is shorter than it was, a fact whose bytes differ from those that were hashed, a row
without its command's seal stop it, with the position. All of it lies in files outside the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from dziennik.journal.evidence import Evidence
from dziennik.journal.journal import Journal
from dziennik.journal.leaves import leaf_hash
from dziennik.proof.copying import Copies
from dziennik.proof.locking import locked
from dziennik.proof.notes import Signer, checkpoint, size_and_root
from dziennik.proof.tiles import WIDTH, Tiles, write_whole
from dziennik.proof.tree import Tree

PAGE: Final = 5_000
# After this fact stands a checkpoint of its own, whenever the schedule comes round.
YEAR_CLOSED: Final = "school.school_year_closed.1"


class CannotVouch(Exception):
    """The journal is not what it was: nothing is signed. `code` says what, `position` where (0: nowhere)."""

    def __init__(self, code: str, school_id: str, position: int, why: str) -> None:
        super().__init__(f"{code}: {school_id}, position {position}: {why}")
        self.code = code
        self.position = position
        self.why = why


class Checkpoint(msgspec.Struct, frozen=True):
    """A signed note over the first `size` facts."""

    size: int
    note: str


class SchoolLog:
    """Tiles, checkpoints and public key of one school, in `folder`. Several processes may share it."""

    def __init__(
        self, folder: Path, journal: Journal, signer: Signer, *, copies: Copies | None = None
    ) -> None:
        self._copies = copies
        self._folder = folder
        self._journal = journal
        self._tiles = Tiles(folder)
        self.signer = signer

    @property
    def origin(self) -> str:
        """The log's name, first line of its checkpoints."""
        return self.signer.name

    def publish(self) -> Checkpoint:
        """Grow to the journal's head and sign it, also at each end of a year passed on the way.

        Raises CannotVouch; what was good before the position is signed all the same.
        """
        with locked(self._folder):
            latest = self.latest()
            tree = self._tree(latest)
            head = max(self._journal.evidence.ends().head, 0)
            self._check_last(tree, head)
            if latest and head == latest.size:
                return latest
            try:
                for leaves, year_closed in self._vouched(tree.size, head):
                    tree.add(leaves)
                    if year_closed:
                        self._sign(tree)
            except CannotVouch:
                if tree.size > (latest.size if latest else -1):
                    self._sign(tree)
                raise
            return self._sign(tree)

    def copy_out(self) -> None:
        """Copy checkpoints that are not copied yet; what fails is told, and tried again next time."""
        if self._copies:
            self._copies.bring(self._folder, self._journal.school_id)

    def not_copied(self) -> int:
        """How many checkpoints lie here alone, though a place for copies is set."""
        return len(self._copies.missing(self._folder)) if self._copies else 0

    def check(self) -> int:
        """Compare every stored fact with the hash that was kept of it; how many. Raises CannotVouch.

        What came after the newest checkpoint is not looked at.
        """
        with locked(self._folder):
            tree = self.tree()
        after = 0
        while after < tree.size:
            page = self._journal.evidence.read(after, PAGE)
            for fact in page[: tree.size - after]:
                after += 1
                if fact.position != after:
                    raise CannotVouch("PROOF.FACT_MISSING", self._journal.school_id, after, "a gap")
                if leaf_hash(fact) != tree.leaf(after - 1):
                    raise CannotVouch("PROOF.FACT_CHANGED", self._journal.school_id, after, "another hash")
            if not page:
                raise CannotVouch(
                    "PROOF.FACT_MISSING", self._journal.school_id, after + 1, "the journal ends"
                )
        return after

    def latest(self) -> Checkpoint | None:
        """The newest checkpoint; None when there is none yet. Raises CannotVouch when it is not ours."""
        files = sorted((self._folder / "checkpoints").glob("[0-9]*"))
        if not files:
            return None
        found = Checkpoint(int(files[-1].name), files[-1].read_text(encoding="utf-8"))
        if not self._ours(found):
            why = "our key did not sign the newest checkpoint"
            raise CannotVouch("PROOF.FORGED", self._journal.school_id, 0, why)
        return found

    def checkpoints(self) -> list[Checkpoint]:
        """All that were ever signed, by size; what others put among them is left out."""
        files = sorted((self._folder / "checkpoints").glob("[0-9]*"))
        found = [Checkpoint(int(file.name), file.read_text(encoding="utf-8")) for file in files]
        return [one for one in found if self._ours(one)]

    def _ours(self, found: Checkpoint) -> bool:
        """Whether it is of this log and size and carries our signature (cosignatures may follow)."""
        text = found.note.partition("\n\n")[0] + "\n"
        start = f"{self.origin}\n{found.size}\n"
        return text.startswith(start) and found.note.startswith(self.signer.signed(text))

    def tree(self) -> Tree:
        """The tree up to the newest checkpoint. Raises CannotVouch when tiles and checkpoint disagree."""
        return self._tree(self.latest())

    def vouched(self, size: int) -> tuple[bytes, str]:
        """Root and signed checkpoint over the first `size` facts, which a checkpoint covers already."""
        root = self.tree().root(size)
        return root, self.signer.signed(checkpoint(self.origin, size, root))

    def kept_leaf(self, fact: Evidence) -> bytes:
        """The hash that was kept of the fact at that position; of one that none was kept of, its own."""
        number, at = divmod(fact.position - 1, WIDTH)
        return self._tiles.leaf(number, at) or leaf_hash(fact)

    def _tree(self, latest: Checkpoint | None) -> Tree:
        tree = Tree(self._tiles, latest.size if latest else 0)
        if latest and tree.root() != size_and_root(latest.note)[1]:
            why = "tiles do not lead to the newest checkpoint"
            raise CannotVouch("PROOF.OTHER_ROOT", self._journal.school_id, 0, why)
        return tree

    def _check_last(self, tree: Tree, head: int) -> None:
        """A journal that was restored from an older copy, or cut, must not be signed as a continuation."""
        school_id = self._journal.school_id
        if head < tree.size:
            why = f"the journal ends before it, {tree.size} facts were signed"
            raise CannotVouch("PROOF.FACT_MISSING", school_id, head + 1, why)
        if tree.size:
            last = self._journal.evidence.read(tree.size - 1, 1)
            if not last or leaf_hash(last[0]) != tree.leaf(tree.size - 1):
                raise CannotVouch("PROOF.FACT_CHANGED", school_id, tree.size, "it is not the one signed")

    def _vouched(self, after: int, head: int) -> Iterator[tuple[list[bytes], bool]]:
        """Hashes of whole commands that came through the writer, and whether a year ends with them."""
        sealing = self._sealing(after)
        while after < head:
            facts = self._commands(after, head)
            leaves: list[bytes] = []
            for command in _by_command(facts):
                first = command[0]
                sealing = sealing or first.seal != b""
                whole = (first.position, command[-1].position) == first.command
                if not whole or (sealing and not self._journal.evidence.sealed(command)):
                    if leaves:
                        yield leaves, False
                    why = f"command {first.command_id} has no such facts"
                    raise CannotVouch("PROOF.FACT_ADDED", self._journal.school_id, first.position, why)
                leaves += [leaf_hash(fact) for fact in command]
                if any(fact.name == YEAR_CLOSED for fact in command):
                    yield leaves, True
                    leaves = []
            yield leaves, False
            after = facts[-1].position

    def _sealing(self, after: int) -> bool:
        """Whether commands were sealed already: facts of releases before that have none."""
        last = self._journal.evidence.read(after - 1, 1) if after else []
        return bool(last) and last[0].seal != b""

    def _commands(self, after: int, head: int) -> list[Evidence]:
        """A page of facts that ends with a command."""
        facts: list[Evidence] = []
        while True:
            page = self._journal.evidence.read(after + len(facts), PAGE)
            facts += page
            for number, fact in enumerate(facts, after + 1):
                if fact.position != number:
                    raise CannotVouch("PROOF.FACT_MISSING", self._journal.school_id, number, "a gap")
            if not facts:
                raise CannotVouch("PROOF.FACT_MISSING", self._journal.school_id, after + 1, f"head {head}")
            last = facts[-1]
            if last.command is None or last.command[1] <= last.position or not page:
                return facts

    def _sign(self, tree: Tree) -> Checkpoint:
        tree.write()
        note = self.signer.signed(checkpoint(self.origin, tree.size, tree.root()))
        write_whole(self._folder / "key.pub", f"{self.signer.public}\n".encode())
        write_whole(self._folder / "checkpoints" / f"{tree.size:015}", note.encode())
        write_whole(self._folder / "checkpoint", note.encode())
        return Checkpoint(tree.size, note)


def _by_command(facts: Sequence[Evidence]) -> Iterator[list[Evidence]]:
    """Runs of facts of one command."""
    run: list[Evidence] = []
    for fact in facts:
        if run and (fact.command_id, fact.command) != (run[0].command_id, run[0].command):
            yield run
            run = []
        run.append(fact)
    if run:
        yield run
