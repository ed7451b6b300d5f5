"""Which files came with a year's messages, and where do they lie in its archive?

Each file once, under its digest, as it was sent. One whose key was destroyed with its person's data, or that
was lost or changed, is told in the index with its digest. Where the school's rules leave texts out of
archives, files stay out too (ADR 0128).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from dziennik.archive.bagging import Draft
from dziennik.archive.class_files import FileOf
from dziennik.contracts.attachments import ENDINGS, Attached

# The bytes of a file to which a fact refers; None: they are gone. Raises ValueError when they were changed.
ReadFile = Callable[[Attached], bytes | None]
FOLDER: Final = "data/messages/files"


@dataclass(frozen=True, slots=True)
class Gone:
    """A file that cannot be shown any more."""

    sha256: str
    size: int
    media_type: str


def write_attached(
    draft: Draft, attached: Iterable[Attached], read: ReadFile
) -> tuple[list[FileOf], list[Gone]]:
    """Write them in the order of their digests; which files, and which are gone.

    The same content may have come in several times, under keys of several people: one that opens is enough.
    """
    copies: dict[str, list[Attached]] = {}
    for one in attached:
        copies.setdefault(one.sha256, []).append(one)
    files, gone = [], []
    for digest, several in sorted(copies.items()):
        one = several[0]
        content = next((found for each in several if (found := _content(each, read)) is not None), None)
        if content is None:
            gone.append(Gone(digest, one.size, one.media_type))
            continue
        path = f"{FOLDER}/{digest}.{ENDINGS[one.media_type]}"
        draft.add(path, content)
        files.append(FileOf(path, "attachment", media_type=one.media_type))
    return files, gone


def _content(attached: Attached, read: ReadFile) -> bytes | None:
    """What is not what the fact says is as good as gone; the digest decides."""
    try:
        content = read(attached)
    except ValueError:
        return None
    return content if content is not None and sha256(content).hexdigest() == attached.sha256 else None
