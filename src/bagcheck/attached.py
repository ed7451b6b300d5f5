"""Are the files that came with messages there, each under its own digest, or told to be gone?"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Final

from dziennik.bagcheck.findings import Fault
from dziennik.bagcheck.trees import Tree

FOLDER: Final = "data/messages/files/"
MESSAGES: Final = "data/messages/facts.jsonl"
SENT: Final = "messages.message_sent.1"
WITHHELD: Final = ""  # of a message that the school's rules keep out of archives

OTHER_NAME = Fault(
    "ATTACHED.OTHER_NAME",
    pl="Plik dołączony do wiadomości nie leży pod swoim skrótem.",
    en="The file that came with a message does not lie under its digest.",
)
NOT_THERE = Fault(
    "ATTACHED.NOT_THERE",
    pl="Brakuje pliku dołączonego do wiadomości (SHA-256 {digest}), a spis nie mówi, że go usunięto.",
    en="A file of a message is missing (SHA-256 {digest}), and the index does not tell that it is gone.",
)


def check_attached(tree: Tree, listed: Mapping[str, str], paths: Collection[str], gone: set[str]) -> None:
    """`paths`: of the files by the index; `gone`: digests. Raises Wrong. Facts were checked before."""
    there = set()
    for path in sorted(paths):
        digest = path.removeprefix(FOLDER).partition(".")[0]
        if not path.startswith(FOLDER) or listed[path] != digest or digest in gone:
            raise OTHER_NAME(path)
        there.add(digest)
    if MESSAGES not in listed:
        return
    with tree.open(MESSAGES) as file:
        for number, line in enumerate(file, 1):
            event = json.loads(line)
            if event["type"] != SENT or event["data"]["body"] == WITHHELD:
                continue
            for one in event["data"].get("attachments", ()):
                if one["sha256"] not in there | gone:
                    raise NOT_THERE(f"{MESSAGES}:{number}", digest=one["sha256"])
