"""Are editions made, made again, signed and kept as the facts say, and is nothing left half done?"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from cryptography import x509

from dziennik.application.register import Register
from dziennik.archive.bagging import MANIFEST
from dziennik.archive.editions import NoSuchEdition, edition, find_year, kept
from dziennik.archive.making import (
    Machine,
    Made,
    Refused,
    TooEarly,
    key_of,
    make_edition,
    record_signature,
    regenerate,
)
from dziennik.archive.planning import ArchiveState, plans
from dziennik.archive.signatures import checked_signature, directors_of, is_named, manifest_on_record
from dziennik.archive.signing import sign
from dziennik.archive.storing import FolderStore, NotStored, fetched
from dziennik.archive.year_archive import Access, write_year
from dziennik.archive.year_formats import UnknownFormat
from dziennik.bagcheck.checking import verify
from dziennik.bagcheck.findings import Wrong
from dziennik.contracts.archives import ArchivedFile, RecordArchive, RecordSignature
from dziennik.contracts.classification import PermitCorrection
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.grades import CorrectGrade
from dziennik.contracts.people import RoleTaken
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Draft, Journal
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.proof.log import CannotVouch, SchoolLog
from dziennik.proof.notes import Signer
from dziennik.proof.vouching import Vouched
from dziennik.verify.files import read_key
from tests.archive.year_sample import tell_year
from tests.bagcheck.authority import DAY, NOW, authority
from tests.journal import raw

DIRECTOR = Actor(account="acc-head", role=Role.DIRECTOR, person="head")
OLA = Actor(account="acc-ola", role=Role.TEACHER, person="t-ola")
SEPTEMBER = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)
TODAY = SEPTEMBER.date()
OURS = authority()
HEAD = OURS.signer("Wanda Dyrektorska")


class School:
    """The sample school with a director, its door for commands, and where its archives lie."""

    def __init__(self, journal: Journal, folder: Path) -> None:
        self.journal = journal
        self.year = find_year(journal, "2025")
        self.register = Register(journal, now=lambda: SEPTEMBER)
        self.folder = folder
        self.store = FolderStore(folder)

    def record(self, command: Command) -> object:
        return self.register.execute(command, actor=DIRECTOR)

    def make(self, reason: str | None = None, today: date = TODAY) -> Made:
        return make_edition(self.journal, self.year, self.store, self.record, today=today, reason=reason)

    def signature(self, number: int = 1) -> RecordSignature:
        written = kept(self.journal, "y25").edition(number)
        data = sign(manifest_on_record(written), name=MANIFEST, signer=HEAD, at=NOW)
        return checked_signature(data, written, directors_of(self.journal), [OURS.certificate])

    def correct(self) -> None:
        permit = PermitCorrection(
            permit_id="z1", unit_id="4a", person_id="t-ola", until=SEPTEMBER.date(), what="ocena",
            reason="pomyłka", legal_basis="§ 22",
        )  # fmt: skip
        assert not isinstance(self.record(permit), Refusal)
        correct = CorrectGrade(
            class_id="4a", subject_id="mat", pupil_id="ala", grade_id="g3", value="6", reason="suma punktów"
        )
        assert not isinstance(self.register.execute(correct, actor=OLA), Refusal)


def test_several_processes_give_the_same(school: School, dsn: str, tmp_path: Path) -> None:
    """Each starts anew, with nothing that this one has loaded."""
    machine = Machine(Access(dsn, bytes(32), "sp5"), workers=2)
    made = make_edition(
        school.journal, school.year, school.store, school.record, today=TODAY, machine=machine
    )
    done = regenerate(school.journal, school.year, 1, tmp_path / "again")
    assert (done.differing, done.manifest_sha256) == ((), made.manifest_sha256)


@pytest.fixture
def school(dsn: str, tmp_path: Path) -> Iterator[School]:
    with Journals(dsn, keyring=Keyring(bytes(32))) as journals:
        journal = journals.create_school("sp5")
        for each in tell_year():
            draft = Draft(stream=each.stream, expected_version=each.version - 1, facts=(each.fact,))
            origin = msgspec.structs.replace(each.origin, command_id=f"c{each.position}")
            journal.append([draft], origin)
        version = journal.version("person/head")
        taken = RoleTaken(person_id="head", role=Role.DIRECTOR, since=SEPTEMBER.date())
        last = msgspec.structs.replace(tell_year()[-1].origin, command_id="director")
        journal.append([Draft(stream="person/head", expected_version=version, facts=(taken,))], last)
        yield School(journal, tmp_path / "archives")


def test_an_edition_is_stored_and_on_record(school: School) -> None:
    made = school.make()
    assert (made.edition.number, made.key) == (1, "sp5/2025-2026/edition-1.zip")
    written = kept(school.journal, "y25").edition(1)
    assert (written.manifest_sha256, len(written.files)) == (made.manifest_sha256, made.files)
    with fetched(school.store, made.key) as packed:
        report = verify(packed)
        assert (report.wrong, report.manifest) == (None, made.manifest_sha256)
    assert plans(school.journal, SEPTEMBER.date())[-1].state is ArchiveState.NOT_SIGNED


def test_each_fact_is_proven_and_a_changed_one_not_archived(school: School, dsn: str, tmp_path: Path) -> None:
    log = SchoolLog(tmp_path / "log", school.journal, Signer("dziennik/sp5", bytes(32)))
    log.publish()
    machine = Machine(Access(dsn, bytes(32), "sp5"), vouch=lambda size: Vouched(log, size))
    made = make_edition(
        school.journal, school.year, school.store, school.record, today=TODAY, machine=machine
    )
    with fetched(school.store, made.key) as packed:
        report = verify(packed, log_key=read_key(log.signer.public))
    assert (report.wrong, report.checked[-1]) == (None, "log")
    assert report.index is not None
    assert report.index.facts == 114
    done = regenerate(school.journal, school.year, 1, tmp_path / "again", machine=machine)
    assert (done.differing, done.manifest_sha256) == ((), made.manifest_sha256)
    # Somebody changes what is stored, past every rule: it still reads as it did.
    raw.force(dsn, school.journal, "UPDATE events SET state = state || ' ' WHERE stream = 'school'")
    with pytest.raises(CannotVouch, match=r"PROOF.FACT_CHANGED: dziennik/sp5, position \d+"):
        regenerate(school.journal, school.year, 1, tmp_path / "third", machine=machine)
    assert not (tmp_path / "third").exists()


def test_an_edition_is_made_again_in_the_format_on_record(school: School, tmp_path: Path) -> None:
    first = write_year(
        school.journal,
        edition(school.journal, school.year, 1, school.journal.position(), 1),
        tmp_path / "first",
    )
    files = tuple(ArchivedFile(path=one.path, sha256=one.sha256, size=one.size) for one in first.files)
    told = RecordArchive(
        year_id="y25", edition=1, cut_off=first.edition.cut_off, format=1,
        manifest_sha256=sha256(first.manifest).hexdigest(), files=files,
    )  # fmt: skip
    assert not isinstance(school.record(told), Refusal)
    done = regenerate(school.journal, school.year, 1, tmp_path / "again")
    assert (done.differing, done.path.joinpath("bag-info.txt").read_text().count("archive-1")) == ((), 1)
    later = msgspec.structs.replace(
        told, edition=2, format=99, cut_off=school.journal.position(), reason="później"
    )
    assert not isinstance(school.record(later), Refusal)
    with pytest.raises(UnknownFormat, match="format 99; known are formats up to 2"):
        regenerate(school.journal, school.year, 2, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_what_may_not_be_made(school: School) -> None:
    with pytest.raises(TooEarly):
        school.make(today=school.year.ends)
    school.make()
    with pytest.raises(Refused) as caught:
        school.make()  # a further edition without a reason
    assert caught.value.refusal.field == "reason"
    assert kept(school.journal, "y25").last() == 1
    assert not school.store.has(key_of("sp5", "2025/2026", 2))


def test_it_is_signed_once_and_the_stored_bag_holds_it(school: School) -> None:
    made = school.make()
    command = school.signature()
    record_signature(command, school.year, "sp5", school.store, school.record)
    with fetched(school.store, made.key) as packed:
        report = verify(packed, [OURS.certificate])
        assert report.wrong is None
        assert report.signed is not None
        assert (report.signed.signer, report.signed.trusted) == ("Wanda Dyrektorska", True)
    assert plans(school.journal, SEPTEMBER.date())[-1].state is ArchiveState.DONE
    other = school.signature()
    if other.signature != command.signature:
        with pytest.raises(Refused):
            record_signature(other, school.year, "sp5", school.store, school.record)


def test_it_regenerates_with_its_signature(school: School, tmp_path: Path) -> None:
    made = school.make()
    record_signature(school.signature(), school.year, "sp5", school.store, school.record)
    school.correct()
    done = regenerate(school.journal, school.year, 1, tmp_path / "again")
    assert (done.differing, done.erased, done.signed) == ((), frozenset(), True)
    assert done.manifest_sha256 == made.manifest_sha256
    assert verify(done.path, [OURS.certificate]).wrong is None
    with pytest.raises(NoSuchEdition):
        regenerate(school.journal, school.year, 2, tmp_path / "none")


def test_a_correction_makes_an_edition_due_and_both_regenerate(school: School, tmp_path: Path) -> None:
    first = school.make()
    school.correct()
    assert plans(school.journal, SEPTEMBER.date())[-1].state is ArchiveState.CORRECTED_SINCE
    second = school.make("sprostowanie oceny")
    assert (second.edition.number, [one.edition for one in second.edition.earlier]) == (2, [1])
    assert second.manifest_sha256 != first.manifest_sha256
    for number, made in ((1, first), (2, second)):
        done = regenerate(school.journal, school.year, number, tmp_path / f"again-{number}")
        assert (done.differing, done.manifest_sha256) == ((), made.manifest_sha256)


def test_who_was_erased_is_told_with_every_file_that_differs(school: School, tmp_path: Path) -> None:
    school.make()
    record_signature(school.signature(), school.year, "sp5", school.store, school.record)
    assert school.journal.keys.destroy("zan") == 2  # of the grade sheet, and of the register
    done = regenerate(school.journal, school.year, 1, tmp_path / "again")
    assert done.erased == {"zan"}
    assert not done.signed
    assert "data/classes/4a/class-register-2.xml" in done.differing
    assert "data/classes/4b-obca/class-register-2.xml" not in done.differing
    assert "data/statistics.csv" not in done.differing
    text = (done.path / "data/classes/4a/class-register-2.xml").read_text("utf-8")
    assert "Źdźbło" not in text
    assert "<erased></erased>" in text
    assert verify(done.path).wrong is None  # intact as it is, and not signed


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda _: sign(b"other bytes", name=MANIFEST, signer=HEAD, at=NOW), "SIGNATURE.OTHER_BYTES"),
        (
            lambda of: sign(of, name=MANIFEST, signer=OURS.signer("Jan Kowalski"), at=NOW),
            "SIGNATURE.OTHER_PERSON",
        ),
        (
            lambda of: sign(
                of, name=MANIFEST, signer=OURS.signer("Wanda Dyrektorska", until=NOW - DAY), at=NOW
            ),
            "CERTIFICATE.NOT_VALID_THEN",
        ),
        (
            lambda of: sign(
                of, name=MANIFEST, signer=OURS.signer("Wanda Dyrektorska", digital_signature=False), at=NOW
            ),
            "CERTIFICATE.NOT_FOR_SIGNING",
        ),
        (
            lambda of: sign(of, name=MANIFEST, signer=authority().signer("Wanda Dyrektorska"), at=NOW),
            "CERTIFICATE.UNTRUSTED",
        ),
        (lambda _: b"not a signature", "XML.NOT_WELL_FORMED"),
    ],
)
def test_signatures_that_are_not_recorded(school: School, data: object, code: str) -> None:
    school.make()
    written = kept(school.journal, "y25").edition(1)
    before = school.journal.position()
    assert callable(data)
    with pytest.raises(Wrong) as caught:
        checked_signature(
            data(manifest_on_record(written)), written, directors_of(school.journal), [OURS.certificate]
        )
    assert caught.value.code == code
    assert school.journal.position() == before


def test_a_store_that_refuses_leaves_no_record(school: School) -> None:
    class Full(FolderStore):
        def put(self, key: str, source: Path) -> None:
            raise OSError(28, "no space left on device", f"{key} {source.name}")

    with pytest.raises(OSError, match="no space"):
        make_edition(school.journal, school.year, Full(school.folder), school.record, today=SEPTEMBER.date())
    assert kept(school.journal, "y25").last() == 0
    with pytest.raises(NotStored):
        list(school.store.chunks("sp5/2025-2026/edition-1.zip"))
    assert school.make().edition.number == 1  # and the next try goes through


def test_plans_tell_states_and_days(school: School) -> None:
    old, new = plans(school.journal, SEPTEMBER.date())
    assert (old.year.name, old.state, old.open) == ("2024/2025", ArchiveState.YEAR_OPEN, ())
    assert (new.state, new.due.isoformat(), new.days_left) == (ArchiveState.DUE, "2026-09-10", 2)
    assert plans(school.journal, new.year.ends)[-1].state is ArchiveState.NOT_OVER


@pytest.mark.parametrize(
    ("shown", "person", "same"),
    [
        ("Wanda Dyrektorska", "Wanda Dyrektorska", True),
        ("WANDA MARIA DYREKTORSKA", "Wanda Dyrektorska", True),
        ("Dyrektorska Wanda, PNOPL-66010112345", "Wanda Dyrektorska", True),
        ("Żaneta Z\u0301dz\u0301błło".replace("łł", "ł"), "Żaneta Źdźbło", True),
        ("Anna Nowak-Lis", "Anna Nowak-Lis", True),
        ("Wanda Inna", "Wanda Dyrektorska", False),
        ("Ewa Dyrektorska", "Wanda Dyrektorska", False),
    ],
)
def test_whom_a_certificate_names(shown: str, person: str, same: bool) -> None:
    certificate: x509.Certificate = OURS.signer(shown).certificate
    assert is_named(certificate, person) is same


def test_signature_bytes_survive_the_record(school: School) -> None:
    school.make()
    command = school.signature()
    record_signature(command, school.year, "sp5", school.store, school.record)
    signed = kept(school.journal, "y25").signed[1]
    assert base64.b64decode(signed.signature) == base64.b64decode(command.signature)
