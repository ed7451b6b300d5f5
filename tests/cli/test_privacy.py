"""Erasure leaves nothing that could be read; the report holds everything; keys are wrapped anew."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dziennik.app import System, running
from dziennik.application.register import Accepted, Register
from dziennik.cli.actors import OFFICE
from dziennik.contracts import message_commands, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import ERASED
from dziennik.contracts.values import Term
from dziennik.correspondence.drafts import Draft
from dziennik.domain.people import person
from dziennik.projections import mailboxes
from dziennik.proof.exporting import export
from dziennik.settings import read_settings
from dziennik.verify.exports import verify_export
from dziennik.verify.faults import Outcome
from dziennik.verify.notes import key_of
from tests.cli.conftest import Line

# Words that stand nowhere else: whoever finds one after the erasure has found the person.
CANARIES = (
    "Kanarkówna", "Zofiołka", "kanarek-ulica", "kanarek@example.org", "02270803624", "kanarek.login",
    "kanarkowylist", "kanarkowytemat", "kanarkowyszkic",
)  # fmt: skip


LONG_AGO = datetime(2019, 9, 1, 8, tzinfo=UTC)


BIRD = Actor(account="bird", role=Role.PUPIL, person="bird")
LETTER = message_commands.SendMessage(
    thread_id="t1",
    message_id="w1",
    subject="kanarkowytemat",
    body="Tu jest kanarkowylist.",
    recipient_ids=("teacher",),
)


def tell(register: Register, *commands: Command, by: Actor = OFFICE) -> None:
    for command in commands:
        outcome = register.execute(command, actor=by)
        assert isinstance(outcome, Accepted), outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def line(bare_line: Line, folder: Path, request: pytest.FixtureRequest) -> Line:
    """An installation of its own: its files are searched. The parameter: the year in which school began."""
    begun = getattr(request, "param", 2019)
    since = date(begun, 9, 1)
    bare_line.where = ("--data-dir", str(folder))
    with opened(folder) as system:
        register = Register(system.found("sp5").journal, now=lambda: LONG_AGO)
        year = school.OpenSchoolYear(
            year_id="y",
            name=f"{begun}/{begun + 1}",
            starts=since,
            ends=date(begun + 1, 8, 31),
            terms=(Term(term_id="t", name="Okres", starts=since, ends=date(begun + 1, 6, 30)),),
        )
        founded = school.FoundSchool(school_id="sp5", name="Szkoła", short_name="SP5")
        tell(register, founded, year)
        for who, given, family, role in (
            ("bird", "Zofiołka", "Kanarkówna", Role.PUPIL),
            ("other", "Jan", "Zostający", Role.PUPIL),
            ("teacher", "Anna", "Ucząca", Role.TEACHER),
        ):
            tell(
                register,
                people.RegisterPerson(
                    person_id=who,
                    given_names=given,
                    family_name=family,
                    since=since,
                    roles=(role,),
                ),
            )
        tell(register, LETTER, by=BIRD)
        assert system.drafts.save("sp5", "bird", Draft(draft_id="d1", body="kanarkowyszkic")) is None
        tell(
            register,
            people.RecordPersonalDetails(
                person_id="bird", national_id="02270803624", address="kanarek-ulica"
            ),
            people.RecordContactDetails(person_id="bird", email="kanarek@example.org"),
            people.LeaveRole(person_id="bird", role=Role.PUPIL, until=date(begun, 12, 31)),
        )
        account = system.accounts.open_account("kanarek.login", "a long enough password", by=OFFICE)
        assert isinstance(account, str)
        tell(register, people.LinkAccount(person_id="bird", account_id=account))
        system.follower.run_once("sp5")
    return bare_line


class opened:  # noqa: N801 - reads as a verb
    """The installation, for the length of a `with`."""

    def __init__(self, folder: Path) -> None:
        self._system = running(read_settings(folder, environ={}))

    def __enter__(self) -> System:
        return self._system.__enter__()

    def __exit__(self, *fault: object) -> None:
        self._system.__exit__(None, None, None)


def hits(folder: Path) -> dict[str, list[str]]:
    """Canaries found in any file of the installation."""
    found: dict[str, list[str]] = {}
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for canary in CANARIES:
                if canary.encode() in content:
                    found.setdefault(canary, []).append(str(file.relative_to(folder)))
    return found


def test_letters_go_before_the_register_and_leave_gaps(line: Line, folder: Path) -> None:
    done = line(
        "privacy", "erase", "--messages-only", "--school", "sp5", "--person", "bird", "--basis", "wniosek"
    )
    assert (done.code, "keys: 1" in done.out) == (0, True)
    with opened(folder) as system:
        register = system.register("sp5")
        assert register.state(person("bird")).names == ("Zofiołka", "Kanarkówna")
        opening, sent = register.journal.load("thread/t1")
        assert (getattr(opening.fact, "subject", ""), getattr(sent.fact, "body", "")) == (ERASED, ERASED)
        assert system.drafts.of("sp5", "bird") == []
        with system.read_models.view("sp5") as view:
            ((_, message),) = mailboxes.letters(view, mailboxes.letters_of(view, "teacher", "t1"))
        assert (message.body, message.words) == (ERASED, "")
    out = folder.parent / "list.json"
    line("messages", "export", "--school", "sp5", "--person", "teacher", "--format", "json", "--out", out)
    ((letter,),) = [thread["messages"] for thread in json.loads(out.read_text("utf-8"))["threads"]]
    assert (letter["erased"], letter["body"], letter["recipientIds"]) == (True, None, ["teacher"])
    assert "kanarkowy" not in out.read_text("utf-8")


# What stands on a pupil's grade sheet; of everything else nothing is left five years on.
ON_THE_SHEET = {"Kanarkówna", "Zofiołka", "02270803624"}


@pytest.mark.slow
def test_five_years_on_the_grade_sheet_alone_is_left(line: Line, folder: Path) -> None:
    done = line("privacy", "erase", "--school", "sp5", "--person", "bird", "--basis", "wniosek")
    assert done.code == 0, done.err
    assert "2071-01-01" in done.err
    assert (
        set(hits(folder)) <= ON_THE_SHEET
    )  # (a PESEL is in no read model: its database rows are ciphertext)
    with opened(folder) as system:
        register = system.register("sp5")
        held = register.state(person("bird"))
        assert held.names == ("Zofiołka", "Kanarkówna")
        assert held.details is not None
        assert (held.details.national_id, held.details.address) == ("02270803624", ERASED)
        assert (held.contact.email if held.contact else "") == ERASED
    report = line("privacy", "report", "--school", "sp5", "--person", "bird", "--json").out
    kept = {one["key_class"]: one for one in json.loads(report)["kept"]}
    assert {name: one["erased"] for name, one in kept.items()} == {
        "contacts": True, "messages": True, "register": True, "grade_sheets": False,
    }  # fmt: skip
    assert (kept["register"]["erasable_from"], kept["grade_sheets"]["erasable_from"]) == (
        "2026-01-01",
        "2071-01-01",
    )
    assert (kept["grade_sheets"]["texts"], kept["register"]["texts"], kept["messages"]["texts"]) == (3, 1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("line", [1969], indirect=True)
def test_after_an_erasure_nothing_is_left_to_be_found(line: Line, folder: Path) -> None:
    """Of somebody who left so long ago that the grade sheet may go, too."""
    assert {"Kanarkówna", "Zofiołka", "kanarek.login"} <= set(hits(folder))  # before, they can be found
    with opened(folder) as system:
        before = system.log("sp5").publish()
    done = line("privacy", "erase", "--school", "sp5", "--person", "bird", "--basis", "wniosek z 3.01.2026")
    assert done.code == 0, done.err
    assert "people" in done.out
    assert "messages" in done.out
    assert hits(folder) == {}
    with opened(folder) as system:
        journal = system.journals.school("sp5")
        assert system.register("sp5").state(person("bird")).names == (ERASED, ERASED)
        assert system.register("sp5").state(person("other")).names == ("Jan", "Zostający")
        system.follower.run_once("sp5")
        states = [state for state in system.follower.health() if state.school_id == "sp5"]
        assert all(model.parked == 0 and model.lag == 0 for model in states[0].models)
        log = system.log("sp5")
        lines = list(export(log, journal, lambda *_: None))
        verdict = verify_export(lines, key_of(log.signer.public), [before.note])
        assert verdict.outcome is Outcome.HOLDS
        assert not [canary for canary in CANARIES if canary.encode() in b"".join(lines)]
    again = line("privacy", "erase", "--school", "sp5", "--person", "bird", "--basis", "wniosek z 3.01.2026")
    assert (again.code, "keys: 0" in again.out) == (0, True)


def test_who_must_be_kept_is_kept_and_told_until_when(line: Line, folder: Path) -> None:
    refused = line("privacy", "erase", "--school", "sp5", "--person", "other", "--basis", "prośba")
    assert (refused.code, "PRIVACY.STILL_AT_SCHOOL" in refused.err) == (2, True)
    with opened(folder) as system:
        today = system.register("sp5").today()
        register = system.register("sp5")
        tell(register, people.LeaveRole(person_id="other", role=Role.PUPIL, until=date(today.year - 1, 3, 1)))
    refused = line("privacy", "erase", "--school", "sp5", "--person", "other", "--basis", "prośba")
    assert refused.code == 2
    assert "PRIVACY.MUST_BE_KEPT" in refused.err
    assert f"{today.year + 5}-01-01" in refused.err
    report = json.loads(line("privacy", "report", "--school", "sp5", "--person", "other", "--json").out)
    assert [(one["key_class"], one["erasable_from"], one["erased"]) for one in report["kept"]] == [
        ("contacts", f"{today.year - 1}-03-02", False),
        ("messages", f"{today.year - 1}-03-02", False),
        ("register", f"{today.year + 5}-01-01", False),
        ("grade_sheets", f"{today.year + 50}-01-01", False),
    ]
    with opened(folder) as system:
        assert system.register("sp5").state(person("other")).names == ("Jan", "Zostający")


def test_the_report_holds_everything_about_the_person_and_nobody_else(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    assert line("privacy", "report", "--school", "sp5", "--person", "bird", "--json", "--out", out).code == 0
    found = json.loads(out.read_text("utf-8"))
    assert [said["fact"] for said in found["about"]] == [
        "people.person_registered.1", "people.role_taken.1", "messages.thread_opened.1",
        "messages.message_sent.1", "people.personal_details_recorded.1",
        "people.contact_details_recorded.1", "people.role_left.1", "people.account_linked.1",
    ]  # fmt: skip
    assert found["about"][0]["content"] == {
        "person_id": "bird", "given_names": "Zofiołka", "family_name": "Kanarkówna",
    }  # fmt: skip
    assert found["recorded"] == {}
    told = line("privacy", "report", "--school", "sp5", "--person", "bird").out
    assert "email: kanarek@example.org  [kontakty / contacts]" in told
    assert "arkusz ocen / grade sheet (3): można usunąć od / can be erased from 2071-01-01" in told
    assert found["about"][4]["kept_as"] == {"national_id": "grade_sheets", "address": "register"}
    assert "Zostający" not in told + out.read_text("utf-8")
    unknown = line("privacy", "report", "--school", "sp5", "--person", "nobody")
    assert (unknown.code, "PEOPLE.NO_SUCH_PERSON" in unknown.err) == (2, True)


def test_keys_are_wrapped_anew_and_the_old_key_opens_nothing(line: Line, folder: Path) -> None:
    for number in (1, 2):
        rotated = line("privacy", "rotate-key")
        assert rotated.code == 0, rotated.err
        assert f"wrapping-{number:04}.key: 6" in rotated.out.replace(str(folder), "")
    assert [file.name for file in sorted((folder / "secrets").glob("wrapping-*.key"))] == [
        "wrapping-0002.key"
    ]
    with opened(folder) as system:
        assert system.register("sp5").state(person("other")).names == ("Jan", "Zostający")
        assert system.log("sp5").publish().size == system.journals.school("sp5").position()
    kept = folder / "secrets" / "wrapping-0002.key"
    kept.rename(kept.with_suffix(".away"))
    refused = line("school", "list")
    assert (refused.code, "KEYS.WRONG_MASTER_KEY" in refused.err) == (1, True)
