"""How does a letter look to a mail program? RFC 5322, MIME, one file a letter or all in one mbox (RFC 4155).

Addresses are ids below the reserved domain ``invalid`` (RFC 2606): nobody gets an answer by accident. The
text is text/plain, whatever signs are in it. The same letter makes the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from typing import Final

from dziennik.attachments.store import File
from dziennik.contracts.attachments import ENDINGS, Attached
from dziennik.contracts.facts import ERASED
from dziennik.contracts.messages import Importance
from dziennik.correspondence.selecting import Letter

POLICY: Final = compat32.clone(linesep="\r\n", cte_type="7bit")
ERASED_TEXT: Final = "[usunięto / erased]"
WITHDRAWN_TEXT: Final = "[wycofano / withdrawn]"

# The file that a fact refers to, or None when it is gone.
Fetch = Callable[[Attached], File | None]
# The name of a person.
NameOf = Callable[[str], str]


def eml(letter: Letter, school_id: str, name_of: NameOf, fetch: Fetch, person_id: str | None = None) -> bytes:
    """The letter with its files. `person_id`: for whom it is made, if it is somebody's mailbox."""
    domain = f"{school_id.lower().replace('_', '-')}.dziennik.invalid"
    fact = letter.fact
    hidden = letter.withdrawn is not None and person_id not in (None, fact.sender_id)
    text: Message = MIMEText(WITHDRAWN_TEXT if hidden else _text(fact.body), "plain", "utf-8")
    files = () if hidden else fact.attachments
    whole = text
    if files:
        whole = MIMEMultipart(boundary=f"=_dziennik_{letter.recorded.position}_{fact.message_id}"[:69])
        whole.attach(text)
        for place, attached in enumerate(files, 1):
            whole.attach(_enclosed(place, attached, fetch(attached)))
    for name, value in _headers(letter, domain, name_of, person_id):
        whole[name] = value
    return whole.as_bytes(policy=POLICY)


def _headers(
    letter: Letter, domain: str, name_of: NameOf, person_id: str | None
) -> Iterator[tuple[str, str]]:
    fact, recorded = letter.fact, letter.recorded
    shown = letter.recipients_for(person_id)
    yield "From", _address(fact.sender_id, domain, name_of)
    yield "To", ", ".join([_address(who, domain, name_of) for who in shown])
    yield "Date", format_datetime(recorded.origin.recorded_at)
    yield "Subject", Header(_line(letter.opened.subject), "utf-8").encode()
    yield "Message-ID", f"<{fact.message_id}.{fact.thread_id}@{domain}>"
    if fact.reply_to:
        answered = f"<{fact.reply_to}.{fact.thread_id}@{domain}>"
        yield "In-Reply-To", answered
        yield "References", answered
    if fact.importance is Importance.HIGH:
        yield "Importance", "high"
    yield "X-Dziennik-Position", str(recorded.position)
    yield "X-Dziennik-Recipients", str(len(fact.recipient_ids))
    for who in shown:
        if who in letter.read:
            yield "X-Dziennik-Read", f"{who}; {format_datetime(letter.read[who])}"
    if letter.withdrawn:
        yield "X-Dziennik-Withdrawn", format_datetime(letter.withdrawn)


def mbox(letters: Iterable[tuple[Letter, bytes]]) -> Iterable[bytes]:
    """The letters, made by `eml`, one after the other in one file (mboxrd: no line is lost)."""
    for letter, content in letters:
        at = letter.recorded.origin.recorded_at
        yield f"From {letter.fact.sender_id}@dziennik.invalid {at:%a %b %d %H:%M:%S %Y}\n".encode("ascii")
        for line in content.replace(b"\r\n", b"\n").split(b"\n"):
            yield (b">" if line.lstrip(b">").startswith(b"From ") else b"") + line + b"\n"
        yield b"\n"


def _enclosed(place: int, attached: Attached, file: File | None) -> Message:
    if file is None:
        told = f"{attached.media_type}, {attached.size} B, sha256 {attached.sha256}: {ERASED_TEXT}"
        part: Message = MIMEText(told, "plain", "utf-8")
        name = f"zalacznik-{place}.txt"
    else:
        part = MIMEApplication(file.content)
        part.set_type(file.media_type)
        name = f"zalacznik-{place}.{ENDINGS[file.media_type]}"
    part["Content-Disposition"] = f'attachment; filename="{name}"'
    return part


def _address(person_id: str, domain: str, name_of: NameOf) -> str:
    return formataddr((_line(name_of(person_id)), f"{person_id}@{domain}"))


def _line(text: str) -> str:
    """A text as a header holds it: a line of its own could be a header of its own."""
    return ERASED_TEXT if text == ERASED else " ".join(text.split())


def _text(text: str) -> str:
    return ERASED_TEXT if text == ERASED else text
