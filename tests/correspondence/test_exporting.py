"""What do letters look like as mail files and JSON: whole, of those asked for, and harmless?"""

from __future__ import annotations

import json
import mailbox
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from dziennik.attachments.store import File
from dziennik.contracts import messages as said
from dziennik.contracts import people, streams
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Actor, Origin, Recorded, Role
from dziennik.contracts.facts import ERASED, Fact
from dziennik.correspondence.exporting import Export
from dziennik.correspondence.selecting import of_days, of_person, of_thread
from tests.archive.memory import MemoryFacts

NEW_YEAR = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)  # 23:30 in Warsaw; an hour later it is 2026 there
FILE = Attached(attachment_id="a1", media_type="image/png", size=3, sha256="0" * 64)
GONE = Attached(attachment_id="a2", media_type="application/pdf", size=9, sha256="1" * 64)
BODY = "From tego dnia\n>From też\n<script>alert(1)</script>\nŻółw"


def recorded(*told: tuple[str, Fact]) -> MemoryFacts:
    """One fact an hour."""
    versions: dict[str, int] = {}
    found = []
    for position, (stream, fact) in enumerate(told, 1):
        versions[stream] = versions.get(stream, 0) + 1
        by = Actor(account="a", role=Role.TEACHER, person=getattr(fact, "sender_id", None))
        at = NEW_YEAR + timedelta(hours=position - 5)
        origin = Origin(command_id=f"c{position}", actor=by, recorded_at=at)
        found.append(
            Recorded(position=position, stream=stream, version=versions[stream], origin=origin, fact=fact)
        )
    return MemoryFacts(found)


def named(person_id: str, given: str, family: str) -> tuple[str, Fact]:
    fact = people.PersonRegistered(person_id=person_id, given_names=given, family_name=family)
    return streams.person(person_id), fact


def sent(
    thread_id: str, message_id: str, by: str, to: tuple[str, ...], body: str, *files: Attached
) -> tuple[str, Fact]:
    fact = said.MessageSent(
        thread_id=thread_id,
        message_id=message_id,
        sender_id=by,
        concerns_id=by,
        body=body,
        recipient_ids=to,
        reply_to=None if message_id == "w1" else "w1",
        attachments=files,
    )
    return streams.thread(thread_id), fact


def opened(thread_id: str, subject: str) -> tuple[str, Fact]:
    fact = said.ThreadOpened(thread_id=thread_id, opened_by="nowak", concerns_id="nowak", subject=subject)
    return streams.thread(thread_id), fact


READ = said.MessageRead(thread_id="t1", message_id="w1", reader_id="m1")
WITHDRAWN = said.MessageWithdrawn(thread_id="t2", message_id="w1", withdrawn_by="nowak")
FACTS = recorded(
    named("nowak", "Żaneta", "Łącka"),
    named("m1", "Maria", 'Ćma, "Bcc: x@y.pl"'),
    named("m2", ERASED, ERASED),
    opened("t1", "Wycieczka  do Łodzi"),
    sent("t1", "w1", "nowak", ("m1", "m2"), BODY, FILE, GONE),  # 22:30 UTC, the last letter of 2025
    sent("t1", "w2", "m1", ("nowak",), "Dziękuję."),  # the first of 2026 in Warsaw
    opened("t2", ERASED),
    sent("t2", "w1", "nowak", ("m2",), ERASED),
    (streams.read_in("m1", "t1"), READ),
    (streams.thread("t2"), WITHDRAWN),
)
HEAD = FACTS.position()


def fetch(attached: Attached) -> File | None:
    return File("image/png", b"PNG") if attached == FILE else None


def test_which_letters_are_chosen() -> None:
    keys = [(one.fact.thread_id, one.fact.message_id) for one in of_thread(FACTS, "t1", HEAD)]
    assert keys == [("t1", "w1"), ("t1", "w2")]
    assert of_thread(FACTS, "nothing", HEAD) == []
    assert [one.fact.message_id for one in of_person(FACTS, "m1", HEAD)] == ["w1", "w2"]
    assert [one.fact.thread_id for one in of_person(FACTS, "m2", HEAD)] == ["t1", "t2"]
    last_day = (NEW_YEAR.date(), NEW_YEAR.date())
    assert [one.fact.message_id for one in of_days(FACTS, *last_day, HEAD)] == ["w1"]
    assert [one.recorded.position for one in of_days(FACTS, *last_day, 4)] == []


def test_letters_are_mail_that_programs_read_and_nothing_executes(tmp_path: Path) -> None:
    made = Export(FACTS, "SP5", of_thread(FACTS, "t1", HEAD), HEAD)
    made.write_eml(tmp_path / "eml", fetch)
    first, second = sorted((tmp_path / "eml").iterdir())
    assert first.name == "0000000005.eml"
    assert first.read_bytes().isascii()
    letter = message_from_bytes(first.read_bytes(), policy=default)
    assert letter["From"] == "Łącka Żaneta <nowak@sp5.dziennik.invalid>"
    assert [one.username for one in letter["To"].addresses] == ["m1", "m2"]
    assert letter["To"].addresses[0].display_name == 'Ćma, "Bcc: x@y.pl" Maria'
    assert letter["To"].addresses[1].display_name == "[usunięto]"
    assert (letter["Bcc"], letter["Subject"]) == (None, "Wycieczka do Łodzi")
    assert letter["X-Dziennik-Read"].startswith("m1; ")
    assert letter["Message-ID"] == "<w1.t1@sp5.dziennik.invalid>"
    text, picture, gone = letter.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_content().splitlines() == BODY.split("\n")
    assert (picture.get_content_type(), picture.get_content()) == ("image/png", b"PNG")
    assert "sha256" in gone.get_content()
    assert message_from_bytes(second.read_bytes(), policy=default)["In-Reply-To"] == letter["Message-ID"]
    made.write_mbox(tmp_path / "letters.mbox", fetch)
    box = mailbox.mbox(tmp_path / "letters.mbox")
    assert [one["X-Dziennik-Position"] for one in box] == ["5", "6"]
    box.close()
    once = (tmp_path / "letters.mbox").read_bytes()
    made.write_mbox(tmp_path / "letters.mbox", fetch)
    assert (tmp_path / "letters.mbox").read_bytes() == once


def test_a_persons_mailbox_names_no_other_recipients() -> None:
    told = json.loads(Export(FACTS, "SP5", of_person(FACTS, "m2", HEAD), HEAD, "m2").json(lambda _: None))
    first, second = told["threads"]
    assert (first["messages"][0]["recipientIds"], first["messages"][0]["recipients"]) == (["m2"], 2)
    assert (first["messages"][0]["readAt"], set(told["people"])) == ({}, {"nowak", "m2"})
    assert (second["subject"], second["messages"][0]["erased"], second["messages"][0]["body"]) == (
        None,
        True,
        None,
    )
    whole = json.loads(
        Export(FACTS, "SP5", of_thread(FACTS, "t1", HEAD), HEAD).json(lambda at: f"proof {at}")
    )
    letter = whole["threads"][0]["messages"][0]
    assert (letter["recipientIds"], list(letter["readAt"]), letter["proof"]) == (
        ["m1", "m2"],
        ["m1"],
        "proof 5",
    )
