"""Is this export the history that was vouched for, all of it, and where does it first differ?

Everything is derived anew: each fact's bytes, their hash, the tree and its root at the size of every
checkpoint. The hashes that the register keeps outside its database stand in the export too: when they lead
to the signed root and a fact does not lead to its hash, that very fact was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from dziennik.verify.checkpoints import Checkpoint, trusted
from dziennik.verify.faults import Finding, Outcome, Unchecked, Verdict, unchecked
from dziennik.verify.lines import Begun, Told, lines_of
from dziennik.verify.merkle import Tree, leaf_hash
from dziennik.verify.notes import Key

MOST_FINDINGS = 20


def verify_export(
    lines: Iterable[bytes], key: Key, checkpoints: Sequence[str] = (), witnesses: Sequence[Key] = ()
) -> Verdict:
    """Check an export against the key, and against checkpoints that were kept elsewhere.

    `witnesses`: must have cosigned each of these checkpoints.
    """
    try:
        kept = [trusted(text, key, witnesses) for text in checkpoints]
        told = lines_of(iter(lines))
        begun = next(told)
        if not isinstance(begun, Begun):
            raise Unchecked("PROOF.UNREADABLE", why="line 1")
        if begun.origin != key.name:
            raise Unchecked("PROOF.OTHER_LOG", found=begun.origin, wanted=key.name)
        check = _Check(kept, *_own(begun, key, has_others=bool(kept)))
        for one in told:
            if isinstance(one, Told):
                check.take(one)
        return check.verdict(begun)
    except Unchecked as fault:
        return unchecked(fault)


def _own(begun: Begun, key: Key, *, has_others: bool) -> tuple[list[Checkpoint], list[Finding]]:
    """The export's own checkpoints. A forged one is a finding as long as there are others to go by."""
    found: list[Checkpoint] = []
    findings = []
    for text in (begun.checkpoint, *begun.earlier):
        try:
            found.append(trusted(text, key))
        except Unchecked as fault:
            if not has_others:
                raise
            findings.append(fault.finding)
    return found, findings


class _Check:
    """One pass over the facts."""

    def __init__(self, kept: list[Checkpoint], own: list[Checkpoint], findings: list[Finding]) -> None:
        self._checkpoints = sorted({*kept, *own}, key=lambda one: (one.size, one.root))
        self._sizes = {one.size for one in self._checkpoints}
        self._findings = findings
        self._differing: list[int] = []
        self._derived, self._told = Tree(), Tree()
        self._roots = {0: (self._derived.root(), self._told.root())}
        self._whole = True  # no position is missing so far: the trees' sizes are positions
        self._count = self._last = self._clock = 0
        self._versions: dict[str, int] = {}
        self._command: tuple[str, tuple[int, int] | None] = ("", None)

    def take(self, told: Told) -> None:
        """The next fact."""
        leaf = told.leaf
        self._count += 1
        if leaf.position != self._last + 1:
            self._whole = False
            if leaf.position > self._last + 1:
                self._find("PROOF.FACT_MISSING", self._last + 1)
            else:
                self._find("PROOF.OUT_OF_ORDER", self._last + 1, why=f"position {leaf.position}")
        self._last = max(self._last, leaf.position)
        derived = leaf_hash(leaf.packed())
        if derived != told.kept:
            self._differing.append(leaf.position)
        self._order(told)
        self._derived.add(derived)
        self._told.add(told.kept)
        if self._whole and self._count in self._sizes:
            self._roots[self._derived.size] = (self._derived.root(), self._told.root())

    def _order(self, told: Told) -> None:
        """Versions count up in each stream, clocks never run back, a command's facts stand together."""
        leaf = told.leaf
        if leaf.version != self._versions.get(leaf.stream, 0) + 1:
            self._find("PROOF.OUT_OF_ORDER", leaf.position, why=f"version {leaf.version} of {leaf.stream}")
        self._versions[leaf.stream] = leaf.version
        if leaf.clock < self._clock:
            self._find("PROOF.OUT_OF_ORDER", leaf.position, why="clock")
        self._clock = max(self._clock, leaf.clock)
        command = told.command
        if command is None or not command[0] <= leaf.position <= command[1]:
            self._find("PROOF.FACT_ADDED", leaf.position, why=f"command {told.command_id}")
        elif leaf.position == command[0]:
            if self._command[0] == told.command_id:
                self._find("PROOF.OUT_OF_ORDER", leaf.position, why=f"command {told.command_id}")
        elif self._command != (told.command_id, command):
            self._find("PROOF.OUT_OF_ORDER", leaf.position, why=f"command {told.command_id}")
        self._command = (told.command_id, command)

    def verdict(self, begun: Begun) -> Verdict:
        """What it all came to."""
        if begun.first != min(begun.last, 1):
            self._find("PROOF.FACT_ADDED", min(begun.first, 1), why=f"position {begun.first}")
        if begun.head != begun.last:
            first = min(begun.head, begun.last) + 1
            self._find("PROOF.HEAD_CHANGED", first, head=begun.head, count=begun.last)
        promised = max([begun.size, *self._sizes])
        if promised > self._last:
            self._find("PROOF.FACT_MISSING", self._last + 1)
        covered = self._compare()
        if begun.refused:
            self._refused(*begun.refused)
        facts = {"origin": begun.origin, "facts": self._count, "covered": covered}
        if self._findings:
            self._findings.sort(key=_first)
            return Verdict(Outcome.BROKEN, tuple(self._findings[:MOST_FINDINGS]), facts)
        if covered < self._count or not self._checkpoints:
            stale = Finding("PROOF.STALE_CHECKPOINT", {"covered": covered, "count": self._count})
            return Verdict(Outcome.UNCHECKED, (stale,), facts)
        return Verdict(Outcome.HOLDS, (), facts)

    def _compare(self) -> int:
        """Compare roots at every checkpoint; up to where facts lead to what was signed."""
        good, vouched = 0, 0
        for one in self._checkpoints:
            if one.size not in self._roots:
                break
            derived, told = self._roots[one.size]
            if derived != one.root:
                if told == one.root:
                    vouched = one.size
                    continue
                if not vouched:
                    self._findings.append(Finding("PROOF.OTHER_ROOT", {"first": good + 1, "last": one.size}))
                break
            good = one.size
        for position in self._differing:
            if position <= vouched:
                self._find("PROOF.FACT_CHANGED", position, why="leaf hash")
            elif position <= good:
                self._find("PROOF.MATERIAL_CHANGED", position)
        return good

    def _refused(self, code: str, position: int, why: str) -> None:
        """The register's own word; it knows the command, which may begin before the fact in question."""
        named = any(one.position is not None for one in self._findings)
        details: dict[str, object] = {"position": position, "why": f"{code}: {why}"}
        self._findings.append(Finding("PROOF.REFUSED", details, None if named else position or None))

    def _find(self, code: str, position: int, **details: object) -> None:
        self._findings.append(Finding(code, {"position": position, **details}, position))


def _first(finding: Finding) -> float:
    return inf if finding.position is None else finding.position
