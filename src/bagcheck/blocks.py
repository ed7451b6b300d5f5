"""Where in a file that was changed is the first change?

The payload holds digests of each twenty lines of its text files. While that list itself is as it was, it
leads to the first lines that differ; otherwise nothing is said about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Final

from dziennik.bagcheck.trees import Tree, digest_of, read_all

BLOCKS: Final = "data/blocks-sha256.txt"
LINES: Final = 20
_ROW = re.compile(r"([0-9a-f]{32})  (\d+)  (\S+)")


def first_difference(tree: Tree, name: str, listed: dict[str, str]) -> str:
    """Words such as " (lines 41-60)", or none when that cannot be known."""
    if BLOCKS not in listed or BLOCKS not in tree.names or name == BLOCKS:
        return ""
    if digest_of(tree, BLOCKS) != listed[BLOCKS]:
        return ""
    rows = (_ROW.fullmatch(line) for line in read_all(tree, BLOCKS).decode("ascii").splitlines())
    expected = {int(row[2]): row[1] for row in rows if row and row[3] == name}
    for first, digest in _blocks(tree, name):
        if expected.pop(first, None) != digest:
            return f" ({first}-{first + LINES - 1})"
    return f" ({min(expected)}-)" if expected else ""


def _blocks(tree: Tree, name: str) -> Iterator[tuple[int, str]]:
    first = 1
    with tree.open(name) as file:
        while lines := list(islice(file, LINES)):
            yield first, sha256(b"".join(lines)).hexdigest()[:32]
            first += LINES
