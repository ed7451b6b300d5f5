"""What is an e-mail to the register, and who sends it?

Whoever has something to say makes a Mail and gives it to a Mailer. Sending is not part of any decision: a
fact is written first, then told of, at least once. `key` makes the Message-ID, so that a mail which is sent
again after a crash is recognised as the same by whoever receives it (RFC 5322 s. 3.6.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

LONGEST_ADDRESS = 254  # RFC 5321 s. 4.5.3.1.3 without the brackets


class MailFault(Exception):
    """A mail was not sent. `again`: it may work later (no connection, mailbox busy), as opposed to never.

    The text names no address and holds nothing of the mail: it may end in logs.
    """

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address: nobody learns who else got it."""

    to: str
    subject: str
    text: str
    html: str | None = None
    # What tells this mail from all others of the installation; the same key again is the same mail.
    key: str = ""
    # Where a reader can say that no more should come (RFC 2369, RFC 8058), an https address.
    unsubscribe: str | None = None


class Mailer(Protocol):
    """Something that sends mails. Thread-safe."""

    def send(self, mail: Mail) -> None:
        """Send one. Raises MailFault."""
        ...

    def send_all(self, mails: Sequence[Mail]) -> list[MailFault | None]:
        """Send many over one connection; for each mail None (the server took it), or why not."""
        ...


def is_address(text: str) -> bool:
    """Whether the text can be an address at all: one @, something on both sides, nothing that ends a header.

    What is a mailbox only its server knows; this keeps out what would say something else in a header.
    """
    local, at, domain = text.rpartition("@")
    sound = text.isprintable() and not any(sign in text for sign in ' <>,;:"()[]\\')
    return bool(sound and at and local and "@" not in local and domain and len(text) <= LONGEST_ADDRESS)
