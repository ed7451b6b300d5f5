"""An archive carries the log's checkpoint, and its index, pages and prints tell the tree's root."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pypdfium2

from dziennik.archive.editions import FORMAT, edition, find_year
from dziennik.archive.year_archive import write_year
from dziennik.bagcheck.checking import verify
from tests.archive.golden_bag import facts
from tests.archive.memory import MemoryFacts
from tests.archive.sample import from_lines
from tests.bagcheck.bags import remade

ROOT = bytes(range(32))
TOLD = b64encode(ROOT).decode()


def test_the_checkpoint_lies_beside_the_payload_and_is_printed(tmp_path: Path) -> None:
    source = MemoryFacts(from_lines(facts(FORMAT).read_bytes()))
    plain = edition(source, find_year(source, "2025"), 1, source.position())
    note = f"dziennik/sp5\n{plain.cut_off}\n{TOLD}\n\n— dziennik/sp5 c2ln\n"
    written = write_year(source, replace(plain, root=ROOT, checkpoint=note), tmp_path / "bag")
    bag = written.path
    report = verify(bag)
    assert report.wrong is None
    assert report.index is not None
    assert report.index.root == TOLD
    assert (bag / "checkpoint").read_text(encoding="utf-8") == note
    for page in ("data/index.html", "data/classes/4a/register.html"):
        assert TOLD in (bag / page).read_text(encoding="utf-8")
    with pypdfium2.PdfDocument(bag / "data/classes/4a/register.pdf") as print_:
        assert TOLD in print_[0].get_textpage().get_text_range()
    assert not [one for one in written.files if one.path == "checkpoint"]  # another key signs other bytes

    for other in (note.replace(str(plain.cut_off), "3"), note.replace(TOLD, b64encode(bytes(32)).decode())):
        (bag / "checkpoint").write_text(other, encoding="utf-8")
        remade(bag, payload=False)
        wrong = verify(bag).wrong
        assert wrong is not None
        assert (wrong.code, wrong.place) == ("INDEX.CHECKPOINT_DIFFERS", "checkpoint")
