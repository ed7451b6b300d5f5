"""How are letters taken out: as mail files, or as JSON with the facts and their proof?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from dziennik.archive.naming import persons
from dziennik.archive.readable import Names
from dziennik.archive.register import ClassRegister, Person
from dziennik.archive.source import Facts
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED
from dziennik.contracts.people import PersonRegistered, PersonRenamed
from dziennik.correspondence.eml import Fetch, eml, mbox
from dziennik.correspondence.selecting import Letter

FORMAT: Final = "dziennik.messages.1"
# The proof of the fact at a position (docs/proof.md), or None where there is none.
Prove = Callable[[int], str | None]


class Export:
    """Letters of one school to be written out. `person_id`: whose mailbox it is, if it is somebody's."""

    def __init__(
        self,
        journal: Facts,
        school_id: str,
        letters: Sequence[Letter],
        until: int,
        person_id: str | None = None,
    ) -> None:
        self._school_id = school_id
        self._letters = letters
        self._until = until
        self._person_id = person_id
        self._names = _names(journal, letters, until)

    def write_mbox(self, out: Path, fetch: Fetch) -> None:
        """One file with all of them; it is there whole or not at all."""
        draft = out.with_name(f".{out.name}.part")
        with draft.open("wb") as file:
            file.writelines(mbox((one, self._eml(one, fetch)) for one in self._letters))
        draft.replace(out)

    def write_eml(self, folder: Path, fetch: Fetch) -> None:
        """A file for each in a new folder, named by position. Raises FileExistsError."""
        folder.mkdir(parents=True)
        for one in self._letters:
            (folder / f"{one.recorded.position:010d}.eml").write_bytes(self._eml(one, fetch))

    def json(self, prove: Prove) -> bytes:
        """One document: people by id, threads with their messages in order, facts with their proofs."""
        threads: dict[str, dict[str, Any]] = {}
        for one in self._letters:
            subject = one.opened.subject
            thread = threads.setdefault(
                one.fact.thread_id,
                {
                    "threadId": one.fact.thread_id,
                    "subject": None if subject == ERASED else subject,
                    "pupilId": one.opened.pupil_id,
                    "messages": [],
                },
            )
            thread["messages"].append(self._message(one, prove))
        told = {
            "format": FORMAT,
            "school": self._school_id,
            "until": self._until,
            "people": {who: self._names.of(who) for who in sorted(self._people())},
            "threads": list(threads.values()),
        }
        return msgspec.json.format(msgspec.json.encode(told)) + b"\n"

    def _people(self) -> Iterator[str]:
        for one in self._letters:
            yield from (one.fact.sender_id, *one.recipients_for(self._person_id))

    def _eml(self, letter: Letter, fetch: Fetch) -> bytes:
        return eml(letter, self._school_id, self._names.of, fetch, self._person_id)

    def _message(self, one: Letter, prove: Prove) -> dict[str, Any]:
        fact, origin = one.fact, one.recorded.origin
        shown = one.recipients_for(self._person_id)
        hidden = one.withdrawn is not None and self._person_id not in (None, fact.sender_id)
        return {
            "messageId": fact.message_id,
            "position": one.recorded.position,
            "stream": one.recorded.stream,
            "version": one.recorded.version,
            "sentAt": origin.recorded_at,
            "senderId": fact.sender_id,
            "senderRole": origin.actor.role,
            "recipients": len(fact.recipient_ids),
            "recipientIds": shown,
            "audiences": fact.audiences,
            "importance": fact.importance,
            "replyTo": fact.reply_to,
            "body": None if hidden or fact.body == ERASED else fact.body,
            "erased": fact.body == ERASED,
            "withdrawnAt": one.withdrawn,
            "readAt": {who: at for who, at in sorted(one.read.items()) if who in shown},
            "attachments": () if hidden else fact.attachments,
            "proof": prove(one.recorded.position),
        }


def _names(journal: Facts, letters: Sequence[Letter], until: int) -> Names:
    wanted = {who for one in letters for who in (one.fact.sender_id, *one.fact.recipient_ids)}
    register = ClassRegister(class_id="", cut_off=until)
    known: Iterator[list[Recorded]] = persons(journal, sorted(wanted), until)
    for each in (each for part in known for each in part):
        if isinstance(each.fact, PersonRegistered | PersonRenamed):
            register.people.setdefault(each.fact.person_id, Person()).names.append(each)
    return Names(register)
