"""An archive carries the log's checkpoint, and its index, pages and prints tell the tree's root."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pypdfium2

from dziennik.archive.editions import edition, find_year
from dziennik.archive.year_archive import write_year
from dziennik.archive.year_formats import LATEST
from dziennik.bagcheck.checking import verify
from tests.archive.golden_bag import facts
from tests.archive.memory import MemoryFacts, MemoryLog
from tests.archive.sample import from_lines
from tests.bagcheck.bags import remade


def test_the_checkpoint_lies_beside_the_payload_and_is_printed(tmp_path: Path) -> None:
    source = MemoryFacts(from_lines(facts(LATEST).read_bytes()))
    plain = edition(source, find_year(source, "2025"), 1, source.position())
    log = MemoryLog(source, plain.cut_off)
    told, note = b64encode(log.root).decode(), log.note
    written = write_year(source, plain, tmp_path / "bag", vouched=log)
    bag = written.path
    report = verify(bag)
    assert report.wrong is None
    assert report.index is not None
    assert report.index.root == told
    assert (bag / "checkpoint").read_text(encoding="utf-8") == note
    for page in ("data/index.html", "data/classes/4a/register.html"):
        assert told in (bag / page).read_text(encoding="utf-8")
    with pypdfium2.PdfDocument(bag / "data/classes/4a/register.pdf") as print_:
        assert told in print_[0].get_textpage().get_text_range()
    assert not [one for one in written.files if one.path == "checkpoint"]  # another key signs other bytes

    for other in (note.replace(str(plain.cut_off), "3"), note.replace(told, b64encode(bytes(32)).decode())):
        (bag / "checkpoint").write_text(other, encoding="utf-8")
        remade(bag, payload=False)
        wrong = verify(bag).wrong
        assert wrong is not None
        assert (wrong.code, wrong.place) == ("INDEX.CHECKPOINT_DIFFERS", "checkpoint")
