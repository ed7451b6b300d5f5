"""A command becomes facts, or nothing at all: repeated, raced, refused and batched."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import msgspec
import pytest

from dziennik.application.register import Accepted, Register
from dziennik.contracts import classes, message_commands, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Channel, Origin, Role
from dziennik.contracts.messages import QuietHours
from dziennik.contracts.refusals import Refusal
from dziennik.contracts.values import Term
from dziennik.domain.school import SCHOOL
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring

OFFICE = Actor(account="office", role=Role.ADMINISTRATOR, channel=Channel.API)
TEACHER = Actor(account="t", role=Role.TEACHER, person="t", channel=Channel.API)
NOW = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)
TODAY = date(2025, 10, 6)
FOUND = school.FoundSchool(school_id="sp1", name="Szkoła Podstawowa nr 1", short_name="SP 1")
MATHS = school.IntroduceSubject(subject_id="maths", name="Matematyka", short_name="mat")
YEAR = school.OpenSchoolYear(
    year_id="y",
    name="2025/2026",
    starts=date(2025, 9, 1),
    ends=date(2026, 8, 31),
    terms=(Term(term_id="t1", name="Okres 1", starts=date(2025, 9, 1), ends=date(2026, 1, 31)),),
)


@pytest.fixture
def journals(dsn: str) -> Iterator[Journals]:
    with Journals(dsn, keyring=Keyring(bytes(32))) as made:
        yield made


@pytest.fixture
def register(journals: Journals) -> Register:
    return Register(journals.create_school("sp1"), now=lambda: NOW)


def done(register: Register, *commands: Command) -> None:
    for command in commands:
        outcome = register.execute(command, actor=OFFICE)
        assert isinstance(outcome, Accepted), outcome


def test_a_command_is_recorded_with_who_and_when(register: Register) -> None:
    outcome = register.execute(FOUND, actor=OFFICE, command_id="c1", correlation_id="opening")
    assert outcome == Accepted(position=1, facts=1)
    (recorded,) = register.journal.read(0)
    assert recorded.origin == Origin(command_id="c1", actor=OFFICE, recorded_at=NOW, correlation_id="opening")
    assert recorded.fact == school.SchoolFounded(
        school_id="sp1", name="Szkoła Podstawowa nr 1", short_name="SP 1"
    )


def test_a_repeated_command_gets_its_first_outcome(register: Register) -> None:
    first = register.execute(FOUND, actor=OFFICE, command_id="c1")
    done(register, MATHS)
    again = register.execute(FOUND, actor=OFFICE, command_id="c1")
    assert first == Accepted(position=1, facts=1)
    assert again == Accepted(position=1, facts=1, repeated=True)
    assert register.journal.position() == 2


def test_a_key_of_another_command_is_refused_and_nothing_written(register: Register) -> None:
    register.execute(FOUND, actor=OFFICE, command_id="c1")
    outcome = register.execute(MATHS, actor=OFFICE, command_id="c1")
    assert isinstance(outcome, Refusal)
    assert outcome.code == "COMMAND.ID_REUSED"
    assert register.journal.position() == 1


def test_nothing_to_do_is_accepted_without_a_fact(register: Register) -> None:
    done(register, FOUND)
    assert register.execute(FOUND, actor=OFFICE) == Accepted(position=1, facts=0)


def test_a_role_without_the_right_is_refused(register: Register) -> None:
    outcome = register.execute(FOUND, actor=TEACHER)
    assert isinstance(outcome, Refusal)
    assert (outcome.code, outcome.details) == ("ACCESS.NOT_YOURS_TO_DO", {"role": "teacher"})
    assert register.journal.position() == 0


def test_text_that_xml_cannot_carry_is_refused_when_entered(register: Register) -> None:
    outcome = register.execute(msgspec.structs.replace(FOUND, name="SP\x00"), actor=OFFICE)
    assert isinstance(outcome, Refusal)
    assert (outcome.code, outcome.field) == ("COMMAND.UNWRITABLE_TEXT", "name")
    assert outcome.text("en").startswith("Field name contains the character U+0000")


def test_a_refusal_never_rests_on_a_stale_state(journals: Journals) -> None:
    """Two processes: what one has cached, the other has changed."""
    one = Register(journals.create_school("sp1"), now=lambda: NOW)
    other = Register(journals.school("sp1"), now=lambda: NOW)
    done(one, FOUND)
    refused = other.execute(
        school.RenameSubject(subject_id="maths", name="Matma", short_name="m"), actor=OFFICE
    )
    assert isinstance(refused, Refusal)
    done(one, MATHS)
    done(other, school.RenameSubject(subject_id="maths", name="Matma", short_name="m"))
    assert one.state(SCHOOL).subjects == {"maths": ("Matma", "m")}


def test_a_decision_on_a_stale_state_is_taken_anew(journals: Journals) -> None:
    one = Register(journals.create_school("sp1"), now=lambda: NOW)
    other = Register(journals.school("sp1"), now=lambda: NOW)
    done(one, FOUND)
    done(other, MATHS)
    done(one, msgspec.structs.replace(MATHS, subject_id="art", name="Plastyka"))
    done(other, msgspec.structs.replace(MATHS, subject_id="pe", name="WF"))
    assert sorted(one.state(SCHOOL).subjects) == ["art", "maths", "pe"]
    assert one.journal.position() == 4


def test_two_pupils_enrolled_at_once_get_two_numbers(register: Register) -> None:
    done(register, FOUND, YEAR, classes.OpenClass(class_id="4a", year_id="y", name="4a"))
    pupils = [f"p{n}" for n in range(12)]
    for pupil in pupils:
        done(
            register,
            people.RegisterPerson(
                person_id=pupil,
                given_names="Łucja",
                family_name="Żak",
                since=date(2025, 9, 1),
                roles=(Role.PUPIL,),
            ),
        )

    def enrol(pupil: str) -> object:
        command = classes.EnrolPupil(class_id="4a", pupil_id=pupil, since=date(2025, 9, 1))
        return register.execute(command, actor=OFFICE)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(enrol, pupils))
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 12
    facts = [r.fact for r in register.journal.load("year/4a/register")]
    numbers = [fact.number for fact in facts if isinstance(fact, classes.PupilEnrolled)]
    assert sorted(numbers) == list(range(1, 13))


def test_one_pupil_enrolled_in_many_classes_at_once_is_in_one(journals: Journals, register: Register) -> None:
    """Six classes, two processes: one enrolment is written, five are refused and name it."""
    other = Register(journals.school("sp1"), now=lambda: NOW)
    pupil = people.RegisterPerson(
        person_id="p", given_names="Łucja", family_name="Żak", since=date(2025, 9, 1), roles=(Role.PUPIL,)
    )
    ids = [f"4{letter}" for letter in "abcdef"]
    done(register, FOUND, YEAR, pupil)
    assert register.execute(
        classes.EnrolPupil(class_id="4a", pupil_id="p", since=date(2025, 9, 1)), actor=OFFICE
    ) == classes.NO_SUCH_CLASS(unit="4a", field="class_id")
    done(register, *[classes.OpenClass(class_id=class_id, year_id="y", name=class_id) for class_id in ids])

    def enrol(class_id: str) -> object:
        command = classes.EnrolPupil(class_id=class_id, pupil_id="p", since=date(2025, 9, 1))
        return (register if class_id < "4d" else other).execute(command, actor=OFFICE)

    with ThreadPoolExecutor(6) as pool:
        outcomes = dict(zip(ids, pool.map(enrol, ids), strict=True))
    (home,) = [class_id for class_id, outcome in outcomes.items() if isinstance(outcome, Accepted)]
    refused = [outcome for outcome in outcomes.values() if isinstance(outcome, Refusal)]
    assert [(one.code, one.details["unit"]) for one in refused] == [("MOVEMENT.ENROLLED_ELSEWHERE", home)] * 5


def test_a_batch_is_written_whole_and_sees_itself(register: Register) -> None:
    batch = register.batch()
    assert batch.decide(FOUND, actor=OFFICE, at=NOW) == 1
    assert batch.decide(YEAR, actor=OFFICE, at=NOW) == 5
    refused = batch.decide(classes.OpenClass(class_id="4a", year_id="nope", name="4a"), actor=OFFICE, at=NOW)
    assert isinstance(refused, Refusal)
    assert batch.decide(classes.OpenClass(class_id="4a", year_id="y", name="4a"), actor=OFFICE, at=NOW) == 1
    assert register.journal.position() == 0
    origin = Origin(command_id="b1", actor=OFFICE, recorded_at=NOW)
    assert batch.write(origin) == Accepted(position=7, facts=7)
    assert register.state(SCHOOL).name == "Szkoła Podstawowa nr 1"


def test_a_batch_overtaken_by_others_writes_nothing(register: Register) -> None:
    done(register, FOUND)
    batch = register.batch()
    assert batch.decide(YEAR, actor=OFFICE, at=NOW) == 5
    done(register, MATHS)
    outcome = batch.write(Origin(command_id="b1", actor=OFFICE, recorded_at=NOW))
    assert isinstance(outcome, Refusal)
    assert outcome.code == "COMMAND.CHANGED_MEANWHILE"
    assert register.journal.position() == 2


def test_what_was_written_without_a_look_is_not_remembered_as_it_was(register: Register) -> None:
    """A batch is not decided anew: it must not stumble over what this process itself has written."""
    evenings = QuietHours(starts="20:00", ends="06:00", weekdays=(1,))
    quiet = message_commands.SetQuietHours(hours=(evenings,))
    away = message_commands.AnnounceOutOfOffice(starts=TODAY, ends=TODAY, text="Szkolenie.")
    for command in (quiet, away):
        assert isinstance(register.execute(command, actor=TEACHER), Accepted)
    batch = register.batch()
    assert batch.decide(quiet, actor=TEACHER, at=NOW) == 0
    assert batch.decide(FOUND, actor=OFFICE, at=NOW) == 1
    origin = Origin(command_id="b", actor=OFFICE, recorded_at=NOW)
    assert batch.write(origin) == Accepted(position=3, facts=1)
