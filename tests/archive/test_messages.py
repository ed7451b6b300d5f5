"""What of a year's messages does its archive hold: texts, recipients, read times; nothing of other years?"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from dziennik.archive.bagging import Draft
from dziennik.archive.editions import find_year, new_edition
from dziennik.archive.events import FactFiles
from dziennik.archive.exporting import validate_as
from dziennik.archive.messages import write_messages, year_messages
from dziennik.contracts import messages as said
from dziennik.contracts import streams
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED
from dziennik.domain.policies.usual_messages import USUAL_MESSAGES
from tests.archive.memory import MemoryFacts
from tests.archive.sample import HEAD, OLA, Story
from tests.archive.year_sample import MUM, tell_year

JULY = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
LAST_YEAR = datetime(2025, 8, 31, 21, 0, tzinfo=UTC)  # 23:00 in Warsaw, and another year
B = {"b": "urn:dziennik:book:1"}
PARENTS = said.Audience(kind=said.AudienceKind.CLASS_PARENTS, target_id="4a")


def opened(thread_id: str, subject: str) -> said.ThreadOpened:
    return said.ThreadOpened(thread_id=thread_id, opened_by="t-ola", concerns_id="t-ola", subject=subject)


def sent(thread_id: str, message_id: str, by: str, to: tuple[str, ...], body: str) -> said.MessageSent:
    return said.MessageSent(
        thread_id=thread_id,
        message_id=message_id,
        sender_id=by,
        concerns_id=by,
        body=body,
        recipient_ids=to,
        audiences=(PARENTS,) if len(to) > 1 else (),
        importance=said.Importance.HIGH,
    )


def correspondence(*, archived: bool = True) -> list[Recorded]:
    """A letter to parents, answered and read; one withdrawn; one of the year before."""
    story = Story()
    first, second = streams.thread("t1"), streams.thread("t2")
    if not archived:
        rules = replace(USUAL_MESSAGES, texts_in_archive=False)
        story.tell(
            HEAD, streams.MESSAGE_RULES, said.MessageRulesSet(since=date(2026, 6, 1), rules=rules), at=JULY
        )
    earlier = sent("t1", "w0", "t-ola", ("mama",), "ZESZŁOROCZNA")
    story.tell(OLA, first, opened("t1", "Wycieczka <b>"), earlier, at=LAST_YEAR)
    letter = sent("t1", "w1", "t-ola", ("mama", "tata"), "Zbiórka <script>alert(1)</script>\nо 8.")
    story.tell(OLA, first, letter, at=JULY)
    story.tell(MUM, first, sent("t1", "w2", "mama", ("t-ola",), "Dziękuję."), at=JULY)
    story.tell(
        MUM,
        streams.read_in("mama", "t1"),
        *[said.MessageRead(thread_id="t1", message_id=one, reader_id="mama") for one in ("w0", "w1")],
        at=JULY + timedelta(hours=1),
    )
    story.tell(OLA, second, opened("t2", ERASED), sent("t2", "w3", "t-ola", ("mama",), ERASED), at=JULY)
    withdrawn = said.MessageWithdrawn(thread_id="t2", message_id="w3", withdrawn_by="t-ola")
    story.tell(OLA, second, withdrawn, at=JULY)
    return story.recorded


def written(folder: Path, extra: list[Recorded]) -> tuple[list[str], set[str], set[str]]:
    year = tell_year()
    later = [replace(each, position=each.position + len(year)) for each in extra]
    facts = MemoryFacts([*year, *later])
    edition = new_edition(facts, find_year(facts, "2025"))
    named: set[str] = set()
    draft = Draft(folder)
    files, erased = write_messages(FactFiles(facts, edition, draft), year_messages(facts, edition), named)
    return [file.path for file in files], named, erased


def test_messages_of_the_year_with_what_became_of_them(tmp_path: Path) -> None:
    paths, named, erased = written(tmp_path, correspondence())
    assert paths == ["data/messages/messages.xml", "data/messages/facts.jsonl", "data/messages/2026-07.html"]
    assert (named, erased) == ({"t-ola", "mama", "tata"}, {"t-ola"})
    book = (tmp_path / paths[0]).read_bytes()
    validate_as(book, "book-1")
    tree = etree.fromstring(book)
    assert tree.xpath("//b:message-sent/@message-id", namespaces=B) == ["w1", "w2", "w3"]
    assert tree.xpath("(//b:message-sent)[1]/b:recipient-ids/text()", namespaces=B) == ["mama", "tata"]
    assert tree.xpath("(//b:message-sent)[1]/b:body/text()", namespaces=B) == [
        "Zbiórka <script>alert(1)</script>\nо 8."
    ]
    assert tree.xpath("//b:message-read/@message-id", namespaces=B) == ["w1"]
    assert tree.xpath("count(//b:message-sent/b:body/b:erased)", namespaces=B) == 1
    names = tree.xpath("//b:people/b:person/@id", namespaces=B)
    assert {"mama", "tata", "t-ola"} <= set(names)  # type: ignore[arg-type]
    lines = [json.loads(line) for line in (tmp_path / paths[1]).read_bytes().splitlines()]
    assert [one["data"]["body"] for one in lines if "message_sent" in one["type"]][1] == "Dziękuję."
    page = (tmp_path / paths[2]).read_text(encoding="utf-8")
    etree.fromstring(page.encode())
    assert "<script>" not in page
    assert "Zbiórka &lt;script&gt;alert(1)&lt;/script&gt;" in page
    for shown in (
        "przeczytało: 1 z 2",
        "wycofana",
        "[usunięto]",
        "Kowalska Ewa",
        "ważna",
        "rodzice oddziału 4a (osób: 2)",
    ):
        assert shown in page
    assert "ZESZŁOROCZNA" not in page + book.decode()


def test_texts_stay_out_where_the_school_says_so(tmp_path: Path) -> None:
    paths, _, _ = written(tmp_path, correspondence(archived=False))
    told = "".join([(tmp_path / path).read_text(encoding="utf-8") for path in paths])
    assert [text for text in ("Zbiórka", "Dziękuję") if text in told] == []
    assert "[treści nie archiwizuje się]" in told
    assert etree.parse(str(tmp_path / paths[0])).xpath("count(//b:message-sent)", namespaces=B) == 3


@pytest.mark.parametrize("extra", [[], correspondence()[:2]], ids=["none", "of the year before"])
def test_a_year_without_messages_has_no_such_files(tmp_path: Path, extra: list[Recorded]) -> None:
    assert written(tmp_path, extra) == ([], set(), set())
    assert not list(tmp_path.iterdir())
