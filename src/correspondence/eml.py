"""How does a letter look to a mail program? RFC 5322, MIME, one file a letter or all in one mbox (RFC 4155).

Addresses are ids below the reserved domain ``invalid`` (RFC 2606): nobody gets an answer by accident. The
text is text/plain, whatever signs are in it. The same letter makes the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from dziennik.attachments.kinds import ENDINGS
from dziennik.attachments.store import File
from dziennik.contracts.attachments import Attached
from dziennik.contracts.facts import ERASED
from dziennik.contracts.messages import Importance
from dziennik.correspondence.selecting import Letter

POLICY: Final = SMTP.clone(cte_type="7bit", max_line_length=78)
ERASED_TEXT: Final = "[usunięto / erased]"
WITHDRAWN_TEXT: Final = "[wycofano / withdrawn]"

# The file that a fact refers to, or None when it is gone.
Fetch = Callable[[Attached], File | None]
# The name of a person.
NameOf = Callable[[str], str]


def eml(letter: Letter, school_id: str, name_of: NameOf, fetch: Fetch, person_id: str | None = None) -> bytes:
    """The letter with its files. `person_id`: for whom it is made, if it is somebody's mailbox."""
    domain = f"{school_id.lower()}.dziennik.invalid"
    fact, recorded = letter.fact, letter.recorded
    hidden = letter.withdrawn is not None and person_id not in (None, fact.sender_id)
    message = EmailMessage(POLICY)
    message["From"] = _address(fact.sender_id, domain, name_of)
    shown = letter.recipients_for(person_id)
    message["To"] = [_address(who, domain, name_of) for who in shown]
    message["Date"] = format_datetime(recorded.origin.recorded_at)
    message["Subject"] = _line(letter.opened.subject)
    message["Message-ID"] = f"<{fact.message_id}.{fact.thread_id}@{domain}>"
    if fact.reply_to:
        answered = f"<{fact.reply_to}.{fact.thread_id}@{domain}>"
        message["In-Reply-To"] = answered
        message["References"] = answered
    if fact.importance is Importance.HIGH:
        message["Importance"] = "high"
    message["X-Dziennik-Position"] = str(recorded.position)
    message["X-Dziennik-Recipients"] = str(len(fact.recipient_ids))
    for who in shown:
        if who in letter.read:
            message["X-Dziennik-Read"] = f"{who}; {format_datetime(letter.read[who])}"
    if letter.withdrawn:
        message["X-Dziennik-Withdrawn"] = format_datetime(letter.withdrawn)
    message.set_content(WITHDRAWN_TEXT if hidden else _text(fact.body), cte="base64")
    for place, attached in enumerate(() if hidden else fact.attachments, 1):
        _enclose(message, place, attached, fetch(attached))
    if message.is_multipart():
        message.set_boundary(f"=_dziennik_{recorded.position}_{fact.message_id}")
    return message.as_bytes()


def mbox(letters: Iterable[tuple[Letter, bytes]]) -> Iterable[bytes]:
    """The letters, made by `eml`, one after the other in one file (mboxrd: no line is lost)."""
    for letter, content in letters:
        at = letter.recorded.origin.recorded_at
        yield f"From {letter.fact.sender_id}@dziennik.invalid {at:%a %b %d %H:%M:%S %Y}\n".encode("ascii")
        for line in content.replace(b"\r\n", b"\n").split(b"\n"):
            yield (b">" if line.lstrip(b">").startswith(b"From ") else b"") + line + b"\n"
        yield b"\n"


def _enclose(message: EmailMessage, place: int, attached: Attached, file: File | None) -> None:
    if file is None:
        missing = f"{attached.media_type}, {attached.size} B, sha256 {attached.sha256}: {ERASED_TEXT}"
        message.add_attachment(missing, filename=f"zalacznik-{place}.txt", cte="base64")
        return
    kind, _, subtype = file.media_type.partition("/")
    name = f"zalacznik-{place}.{ENDINGS[file.media_type]}"
    message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=name)


def _address(person_id: str, domain: str, name_of: NameOf) -> Address:
    return Address(display_name=_line(name_of(person_id)), username=person_id, domain=domain)


def _line(text: str) -> str:
    """A text as a header holds it: a line of its own could be a header of its own."""
    return ERASED_TEXT if text == ERASED else " ".join(text.split())


def _text(text: str) -> str:
    return ERASED_TEXT if text == ERASED else text
