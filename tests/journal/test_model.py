"""Does the journal behave like a list of facts, whatever is done with it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dziennik.contracts.facts import ERASED, Fact
from dziennik.contracts.grades import GradeGiven
from dziennik.journal.journal import Appended, CommandReused, Draft, Journal, VersionConflict
from dziennik.journal.journals import Journals
from tests.journal.sample import PUPIL, STRUCK_OUT, grade, origin

STREAMS = ["a", "a/1", "a/10", "a/2", "a.b", "b", "B", "a/1/x"]
PUPILS = ["p1", "p2"]
texts = st.text(st.characters(codec="utf-8"), max_size=8)
facts = st.one_of(
    st.just(PUPIL),
    st.just(STRUCK_OUT),
    st.builds(grade, number=st.integers(1, 3), pupil=st.sampled_from(PUPILS), comment=st.none() | texts),
)
streams = st.sampled_from(STREAMS)


@dataclass(frozen=True)
class Append:
    """`versions`: how far each draft's expectation is off (0: right). `guards` alike."""

    command_id: str
    drafts: dict[str, list[Fact]]
    off: int
    guards: dict[str, int]


@dataclass(frozen=True)
class Destroy:
    person: str


mostly_right = st.sampled_from([0, 0, 0, 0, 0, 1, -1])
appends = st.builds(
    Append,
    command_id=st.integers(1, 12).map(str),
    drafts=st.dictionaries(streams, st.lists(facts, min_size=1, max_size=3), min_size=1, max_size=3),
    off=mostly_right,
    guards=st.dictionaries(streams, mostly_right, max_size=2),
)
steps = st.lists(appends | appends | appends | st.builds(Destroy, st.sampled_from(PUPILS)), max_size=12)


@dataclass
class Model:
    """A school's journal as plain lists."""

    log: list[tuple[str, int, Fact]] = field(default_factory=list)
    commands: dict[str, tuple[object, Appended]] = field(default_factory=dict)

    def version(self, stream: str) -> int:
        return sum(1 for name, _, _ in self.log if name == stream)

    def append(self, step: Append, drafts: list[Draft], guards: dict[str, int]) -> Appended | str:
        known = self.commands.get(step.command_id)
        content = [(d.stream, d.facts) for d in drafts]
        wanted = {d.stream: d.expected_version for d in drafts}
        if any(guards.get(stream, version) != version for stream, version in wanted.items()):
            return "conflict"
        if known:
            return (
                Appended(known[1].first_position, known[1].last_position, True)
                if known[0] == content
                else "reused"
            )
        if any(self.version(stream) != version for stream, version in (guards | wanted).items()):
            return "conflict"
        first = len(self.log) + 1
        for d in drafts:
            self.log += [(d.stream, d.expected_version + n, fact) for n, fact in enumerate(d.facts, 1)]
        self.commands[step.command_id] = (content, Appended(first, len(self.log)))
        return Appended(first, len(self.log))

    def destroy(self, person: str) -> None:
        self.log = [(stream, version, _erased(fact, person)) for stream, version, fact in self.log]


def _erased(fact: Fact, person: str) -> Fact:
    if isinstance(fact, GradeGiven) and fact.pupil_id == person and fact.comment is not None:
        return grade(int(fact.grade_id[1:]), person, ERASED)
    return fact


def attempt(journal: Journal, step: Append, drafts: list[Draft], guards: dict[str, int]) -> Appended | str:
    try:
        return journal.append(drafts, origin(step.command_id), guards=guards)
    except VersionConflict:
        return "conflict"
    except CommandReused:
        return "reused"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_journal_behaves_like_a_list(journals: Journals, done: list[Append | Destroy]) -> None:
    journal, model = journals.create_school(uuid4().hex), Model()
    for step in done:
        if isinstance(step, Destroy):
            journal.keys.destroy(step.person)
            model.destroy(step.person)
            continue
        drafts = [
            Draft(stream, max(0, model.version(stream) + step.off), tuple(written))
            for stream, written in step.drafts.items()
        ]
        guards = {stream: max(0, model.version(stream) + off) for stream, off in step.guards.items()}
        assert attempt(journal, step, drafts, guards) == model.append(step, drafts, guards)

    log = [(r.stream, r.version, r.fact) for r in journal.read(0)]
    assert log == model.log
    assert [r.position for r in journal.follow(0)] == list(range(1, len(log) + 1))
    assert journal.position() == len(log)
    by_stream = {stream: [entry for entry in log if entry[0] == stream] for stream in STREAMS}
    for stream, found in journal.load_many(STREAMS).items():
        assert [(r.stream, r.version, r.fact) for r in found] == by_stream[stream]
        assert journal.version(stream) == len(found)
    for prefix in ("a", "a/", "a/1", "b"):
        scanned = [(r.stream, r.version, r.fact) for r in journal.scan(prefix, page=2)]
        assert scanned == sorted(
            (e for e in log if e[0].startswith(prefix)), key=lambda e: (e[0].encode(), e[1])
        )
    for command_id, (_, outcome) in model.commands.items():
        assert journal.outcome(command_id) == outcome
