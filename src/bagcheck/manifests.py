"""Do the files of a bag agree with its manifests (BagIt 1.0, RFC 8493)?

Manifests have one spelling only: lines of `digest, two spaces, path`, sorted by path, one per file. What is
not listed must not be there, what is listed must be, and every byte must be the same.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from dziennik.bagcheck.blocks import first_difference
from dziennik.bagcheck.findings import Fault
from dziennik.bagcheck.trees import Tree, check_name, digest_of, read_all

MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
SIGNATURE: Final = "manifest-sha256.txt.xades"
DECLARATION: Final = "bagit.txt"
INFO: Final = "bag-info.txt"
CHECKPOINT: Final = "checkpoint"  # of the school's log, signed by it
PAYLOAD: Final = "data/"
DECLARED: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

NOT_A_BAG = Fault(
    "BAG.NOT_A_BAG",
    pl="To nie jest archiwum Dziennika: nie ma pliku {name}.",
    en="This is not an archive of Dziennik: there is no {name}.",
)
BAD_DECLARATION = Fault(
    "BAG.BAD_DECLARATION",
    pl="Plik bagit.txt zmieniono.",
    en="The file bagit.txt was changed.",
)
BAD_LINE = Fault(
    "MANIFEST.BAD_LINE",
    pl="Wiersz manifestu nie ma postaci „skrót, dwie spacje, ścieżka” w kolejności ścieżek.",
    en="This line of the manifest is not “digest, two spaces, path” in the order of paths.",
)
FILE_MISSING = Fault("BAG.FILE_MISSING", pl="Brakuje pliku.", en="The file is missing.")
FILE_UNKNOWN = Fault(
    "BAG.FILE_UNKNOWN",
    pl="Tego pliku nie ma w manifeście.",
    en="The manifest does not list this file.",
)
FILE_CHANGED = Fault(
    "BAG.FILE_CHANGED",
    pl="Plik zmieniono{where}.",
    en="The file was changed{where}.",
)

_LINE = re.compile(rb"([0-9a-f]{64})  ([ -~]+)\n")


def check_manifests(tree: Tree) -> dict[str, str]:
    """The digest of each payload file, all of them checked. Raises Wrong at the first that differs."""
    names = set(tree.names)
    for needed in (DECLARATION, INFO, MANIFEST, TAG_MANIFEST):
        if needed not in names:
            raise NOT_A_BAG(needed, name=needed)
    if read_all(tree, DECLARATION) != DECLARED:
        raise BAD_DECLARATION(DECLARATION)
    payload = {name for name in names if name.startswith(PAYLOAD)}
    tags = names - payload - {TAG_MANIFEST}
    listed_tags = read_manifest(read_all(tree, TAG_MANIFEST), TAG_MANIFEST)
    _same_files(tags, listed_tags, allowed={DECLARATION, INFO, MANIFEST, SIGNATURE, CHECKPOINT})
    for name, digest in listed_tags.items():
        if digest_of(tree, name) != digest:
            raise FILE_CHANGED(name, where="")
    listed = read_manifest(read_all(tree, MANIFEST), MANIFEST)
    _same_files(payload, listed, allowed=payload)
    for name, digest in listed.items():
        if digest_of(tree, name) != digest:
            raise FILE_CHANGED(name, where=first_difference(tree, name, listed))
    return listed


def read_manifest(data: bytes, place: str) -> dict[str, str]:
    """Digest by path. Raises Wrong with the line that is not as it should be."""
    found: dict[str, str] = {}
    last = ""
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        match = _LINE.fullmatch(line)
        if match is None or (name := match[2].decode()) <= last:
            raise BAD_LINE(f"{place}:{number}")
        check_name(name, f"{place}:{number}")
        found[name] = match[1].decode()
        last = name
    return found


def manifest_digest(tree: Tree) -> str:
    """What names the archive as a whole: the digest of the manifest's bytes."""
    return sha256(read_all(tree, MANIFEST)).hexdigest()


def _same_files(there: set[str], listed: dict[str, str], *, allowed: set[str]) -> None:
    for name in sorted(listed):
        if name not in there:
            raise FILE_MISSING(name)
    for name in sorted(there):
        if name not in listed or name not in allowed:
            raise FILE_UNKNOWN(name)
