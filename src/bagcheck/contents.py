"""Is the archive complete, and does each of its documents keep to its published schema?

`data/index.xml` says which school, year and edition this is and which files belong to it; the bag must hold
these and no others. Schemas are the published ones of dziennik.contracts.archive, read as files.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from lxml import etree

from dziennik.bagcheck.attached import check_attached
from dziennik.bagcheck.findings import Fault
from dziennik.bagcheck.manifests import CHECKPOINT, INFO, PAYLOAD
from dziennik.bagcheck.proofs import REST, check_facts, check_root
from dziennik.bagcheck.strict_xml import line_of, parse
from dziennik.bagcheck.trees import Tree, read_all

INDEX: Final = "data/index.xml"
NAMESPACE: Final = re.compile(r"\{urn:dziennik:archive:([1-9][0-9]{0,3})\}archive")
PROVEN: Final = 2  # since this format facts come with their proof

NO_SCHEMA = Fault(
    "XML.UNKNOWN_FORMAT",
    pl="Nieznany format dokumentu: {name}. Użyj nowszego programu.",
    en="The format of this document is unknown: {name}. Use a newer program.",
)
BREAKS_SCHEMA = Fault(
    "XML.BREAKS_SCHEMA",
    pl="Dokument nie jest zgodny ze schematem {name}: {what}.",
    en="The document breaks the schema {name}: {what}.",
)
INDEX_DIFFERS = Fault(
    "INDEX.DIFFERS",
    pl="Spis archiwum nie zgadza się z plikami: {what}.",
    en="The archive's index does not agree with its files: {what}.",
)
INFO_DIFFERS = Fault(
    "INDEX.INFO_DIFFERS",
    pl="Plik bag-info.txt nie zgadza się ze spisem archiwum.",
    en="bag-info.txt does not agree with the archive's index.",
)
CHECKPOINT_DIFFERS = Fault(
    "INDEX.CHECKPOINT_DIFFERS",
    pl="Punkt kontrolny nie dotyczy drzewa skrótów, które podaje spis archiwum.",
    en="The checkpoint is not over the tree that the archive's index names.",
)


@dataclass(frozen=True, slots=True)
class Document:
    """A file as the index describes it."""

    path: str
    kind: str
    size: int
    format: str | None
    class_id: str | None


@dataclass(frozen=True, slots=True)
class Index:
    """What the archive says of itself."""

    school_id: str
    school: str
    year: str
    edition: int
    cut_off: int
    as_of: str
    classes: tuple[tuple[str, str], ...]  # id, name
    documents: tuple[Document, ...]
    left_out: tuple[str, ...]
    root: str | None = None  # base64; of the tree over the facts up to `cut_off`
    format: int = 1
    facts: int = 0  # that were found to be in that tree
    gone: tuple[str, ...] = ()  # digests of files that came with messages and can be shown no more


def check_contents(tree: Tree, listed: dict[str, str]) -> Index:
    """Raises Wrong at the first document that does not agree."""
    if INDEX not in listed:
        raise INDEX_DIFFERS(INDEX, what=INDEX)
    root = parse(read_all(tree, INDEX), INDEX)
    named = NAMESPACE.fullmatch(root.tag)
    if named is None:
        raise NO_SCHEMA(INDEX, name=root.tag)
    _valid(root, f"archive-{named[1]}", INDEX)
    index = _index(root, int(named[1]))
    described = {one.path: one for one in index.documents}
    for path in sorted(set(listed) - {INDEX} | set(described)):
        if path not in described or path not in listed:
            raise INDEX_DIFFERS(path, what=path)
        if tree.size(path) != described[path].size:
            raise INDEX_DIFFERS(path, what=f"{tree.size(path)} B")
    _each_class_is_there(index)
    _check_info(tree, index, listed)
    _check_checkpoint(tree, index)
    for document in index.documents:
        if document.format:
            _check_document(tree, document, index)
    if index.format < PROVEN:
        return index
    facts = _check_proofs(tree, index)
    attached = [one.path for one in index.documents if one.kind == "attachment"]
    check_attached(tree, listed, attached, set(index.gone))
    return replace(index, facts=facts)


def _check_proofs(tree: Tree, index: Index) -> int:
    """How many facts were found in the tree."""
    leaves: dict[int, bytes] = {}
    for one in index.documents:
        if one.kind == "facts":
            check_facts(tree, one.path, index.school_id, leaves)
    if (index.root is not None) is not any(one.path == REST for one in index.documents):
        raise INDEX_DIFFERS(INDEX, what=REST)
    if index.root is None:
        return 0
    check_root(tree, index.cut_off, b64decode(index.root), leaves)
    return len(leaves)


def _index(root: etree._Element, version: int) -> Index:
    def _r(name: str) -> str:
        return f"{{urn:dziennik:archive:{version}}}{name}"

    school, year = root.find(_r("school")), root.find(_r("year"))
    if school is None or year is None:  # the schema says that they are there
        raise INDEX_DIFFERS(INDEX, what="school, year")
    tree = root.find(_r("tree"))
    return Index(
        school_id=school.get("id", ""),
        school=school.get("name", ""),
        year=year.get("name", ""),
        edition=int(root.get("edition", "0")),
        cut_off=int(root.get("cut-off", "0")),
        as_of=root.get("as-of", ""),
        classes=tuple((one.get("id", ""), one.get("name", "")) for one in root.iter(_r("class"))),
        documents=tuple(
            Document(
                path=one.get("path", ""),
                kind=one.get("kind", ""),
                size=int(one.get("bytes", "-1")),
                format=one.get("format"),
                class_id=one.get("class"),
            )
            for one in root.iter(_r("file"))
        ),
        left_out=tuple(one.get("kind", "") for one in root.iter(_r("left-out"))),
        root=tree.get("root") if tree is not None else None,
        format=version,
        gone=tuple(one.get("sha256", "") for one in root.iter(_r("gone"))),
    )


def _each_class_is_there(index: Index) -> None:
    """A class of the index without its register would be an archive with a hole."""
    for class_id, name in index.classes:
        kinds = {one.kind for one in index.documents if one.class_id == class_id}
        for needed in ("class-register", "readable", "printable", "facts"):
            if needed not in kinds:
                raise INDEX_DIFFERS(INDEX, what=f"{name}: {needed}")


def _check_info(tree: Tree, index: Index, listed: dict[str, str]) -> None:
    """bag-info.txt is not signed: it may only repeat what the signed files say."""
    sizes = sum(tree.size(path) for path in listed if path.startswith(PAYLOAD))
    rows = (
        ("Source-Organization", index.school),
        ("External-Identifier", f"{index.school_id}/{index.year}/{index.edition}"),
        ("Bagging-Date", index.as_of[:10]),
        ("Payload-Oxum", f"{sizes}.{len(listed)}"),
        ("Dziennik-Format", f"archive-{index.format}"),
        ("Dziennik-Cut-Off", str(index.cut_off)),
    )
    expected = "".join(f"{label}: {' '.join(value.split())}\n" for label, value in rows)
    if read_all(tree, INFO) != expected.encode():
        raise INFO_DIFFERS(INFO)


def _check_checkpoint(tree: Tree, index: Index) -> None:
    """The log's note beside the payload is over the very tree that the signed index names.

    Whether the log signed it, whoever has its key can tell: the key is not in a bag.
    """
    if CHECKPOINT not in tree.names:
        return
    lines = read_all(tree, CHECKPOINT).split(b"\n")[1:3]
    if index.root is None or lines != [str(index.cut_off).encode(), index.root.encode()]:
        raise CHECKPOINT_DIFFERS(CHECKPOINT)


def _check_document(tree: Tree, document: Document, index: Index) -> None:
    root = parse(read_all(tree, document.path), document.path, huge=True)
    _valid(root, document.format or "", document.path)
    own = root.get("cut-off")
    if own != str(index.cut_off) or root.get("class", document.class_id) != document.class_id:
        raise INDEX_DIFFERS(line_of(document.path, root), what=f"@cut-off={own} @class={root.get('class')}")


def _valid(root: etree._Element, name: str, place: str) -> None:
    schema = _schema(name)
    if schema is None:
        raise NO_SCHEMA(place, name=name)
    try:
        schema.assertValid(root)
    except etree.DocumentInvalid as fault:
        what, _, line = str(fault).rpartition(", line ")
        raise BREAKS_SCHEMA(f"{place}:{line}", name=f"{name}.xsd", what=what) from fault


@cache
def _schema(name: str) -> etree.XMLSchema | None:
    found = files("dziennik.contracts.archive") / f"{name}.xsd"
    if not found.is_file():
        return None
    return etree.XMLSchema(etree.fromstring(found.read_bytes()))
