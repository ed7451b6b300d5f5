"""Do files of messages, entitlement and limits of parental rights stand in an archive of format 2?"""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from dziennik.archive.attached import Gone, write_attached
from dziennik.archive.bagging import Draft
from dziennik.archive.year_formats import LATEST
from dziennik.bagcheck.attached import check_attached
from dziennik.bagcheck.checking import verify
from dziennik.bagcheck.findings import Wrong
from dziennik.bagcheck.trees import Folder
from dziennik.contracts.attachments import Attached
from tests.archive.golden_bag import bag
from tests.archive.year_sample import LOST, PLAN, attached, file_of

DATA = bag(LATEST) / "data"
OF_PLAN, OF_LOST = (sha256(content).hexdigest() for content in (PLAN, LOST))
FILE = f"data/messages/files/{OF_PLAN}.pdf"
R = {"r": "urn:dziennik:class-register:2", "b": "urn:dziennik:book:1", "a": "urn:dziennik:archive:2"}


def xpath(name: str, path: str) -> list[str]:
    found = etree.parse(str(DATA / name)).xpath(path, namespaces=R)
    assert isinstance(found, list)
    return [str(one) for one in found]


def test_a_file_that_was_sent_twice_lies_there_once() -> None:
    assert [one.name for one in (DATA / "messages/files").iterdir()] == [f"{OF_PLAN}.pdf"]
    assert (bag(LATEST) / FILE).read_bytes() == PLAN
    assert xpath("index.xml", "//a:file[@kind='attachment']/@media-type") == ["application/pdf"]
    assert xpath("index.xml", "//a:gone/@sha256") == [OF_LOST]
    assert OF_LOST in (DATA / "index.html").read_text(encoding="utf-8")
    report = verify(bag(LATEST))
    assert report.index is not None
    assert report.index.gone == (OF_LOST,)


@pytest.mark.parametrize("fault", ["gone", "others", "changed"])
def test_what_cannot_be_shown_is_told(tmp_path: Path, fault: str) -> None:
    def read(_: Attached) -> bytes | None:
        if fault == "changed":
            raise ValueError("the file was changed")
        return b"%PDF-others" if fault == "others" else None

    one = attached("f1", PLAN)
    assert write_attached(Draft(tmp_path), [one, one], read) == (
        [], [Gone(OF_PLAN, len(PLAN), "application/pdf")],
    )  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_one_copy_that_opens_is_enough(tmp_path: Path) -> None:
    files, gone = write_attached(Draft(tmp_path), [attached("f9", PLAN), attached("f1", PLAN)], file_of)
    assert ([file.path for file in files], gone) == ([FILE], [])


def test_a_message_without_its_file_is_found(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bag(LATEST), tmp_path / "bag"))
    listed = {FILE: OF_PLAN, "data/messages/facts.jsonl": ""}
    check_attached(Folder(folder), listed, [FILE], {OF_LOST})
    for paths, gone, code, place in (
        ([], {OF_LOST}, "ATTACHED.NOT_THERE", "data/messages/facts.jsonl:2"),
        ([FILE], set[str](), "ATTACHED.NOT_THERE", "data/messages/facts.jsonl:2"),
        ([FILE], {OF_LOST, OF_PLAN}, "ATTACHED.OTHER_NAME", FILE),
    ):
        with pytest.raises(Wrong) as caught:
            check_attached(Folder(folder), listed, paths, gone)
        assert (caught.value.code, caught.value.place) == (code, place)
    with pytest.raises(Wrong, match=r"ATTACHED.OTHER_NAME"):
        check_attached(Folder(folder), {**listed, FILE: OF_LOST}, [FILE], set())


def test_entitlement_of_this_year_without_what_was_paid() -> None:
    assert xpath("entitlement.xml", "//b:entitlement-agreed/b:rules/@feature") == ["calendar_feeds"]
    assert xpath("entitlement.xml", "//b:extension-activated/@order-id") == ["o1"]
    assert xpath("entitlement.xml", "//b:order-placed/b:covers/b:pupil-ids/text()") == ["ala"]
    assert xpath("entitlement.xml", "//b:people/b:person/@id") == ["head", "mama"]
    assert xpath("entitlement.xml", "//b:stock-granted/@count") == ["500"]
    facts = (DATA / "facts/entitlement.jsonl").read_text(encoding="utf-8")
    assert "OBCE" not in facts
    assert {json.loads(line)["type"] for line in facts.splitlines()} == {
        "entitlement.entitlement_agreed.1", "purchases.order_placed.1", "purchases.extension_activated.1",
        "cards.stock_granted.1",
    }  # fmt: skip
    assert xpath("cards.xml", "//b:cards-printed/b:card-ids/text()") == ["k1"]


def test_limits_of_rights_in_xml_and_print() -> None:
    parent = "//r:pupil[@id='ala']/r:parent[@id='tata']"
    name = "classes/4a/class-register-2.xml"
    assert xpath(name, f"{parent}/r:rights-limited/@powers") == ["information", ""]
    assert xpath(name, f"{parent}/r:rights-restored/@since") == ["2026-02-02"]
    page = (DATA / "classes/4a/register.html").read_text(encoding="utf-8")
    for said in (
        "od 1.10.2025 ograniczone do: wgląd (III RNs 7/25)", "od 3.11.2025 zawieszone (III RNs 9/25)",
        "od 2.02.2026 znów pełne (III RNs 1/26)",
    ):  # fmt: skip
        assert said in page


def test_format_1_has_none_of_it() -> None:
    names = {one.relative_to(bag(1)).as_posix() for one in bag(1).rglob("*")}
    assert not {"data/entitlement.xml", "data/proof", "data/messages"} & names
