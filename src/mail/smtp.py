"""How are mails sent over SMTP?

TLS from the first byte (smtps, RFC 8314), or from STARTTLS on (smtp+starttls); the server's certificate must
be right, and a server that does not offer STARTTLS gets nothing. Without TLS only to this machine.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from enum import StrEnum
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dziennik.addresses import utc_now
from dziennik.mail.mailing import Mail, MailFault, is_address

TIMEOUT = 20.0  # seconds that one word of the server may take
MOST_A_CONNECTION = 100  # mails; servers end connections that go on for ever
_WIRE = SMTP.clone(cte_type="7bit")  # any server takes it


class Protection(StrEnum):
    """What keeps others from reading on the way: the schemes of a server's URL."""

    TLS = "smtps"
    STARTTLS = "smtp+starttls"
    NONE = "smtp"


_PORTS = {Protection.TLS: 465, Protection.STARTTLS: 587, Protection.NONE: 25}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Through which server, and as whom. `sender` is an address, or a name with one in angle brackets."""

    host: str
    port: int
    protection: Protection
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    # PEM of the authority that vouches for the server; None: those that this machine trusts.
    authority: Path | None = None


def smtp_server(url: str, sender: str, authority: Path | None = None) -> SmtpServer:
    """The server that a URL like smtps://user:password@host:465 names; %-signs as in any URL.

    Raises ValueError saying what is wrong, without the URL: it may hold a password.
    """
    parts = urlsplit(url)
    try:
        protection, port = Protection(parts.scheme), parts.port
    except ValueError:
        raise ValueError("it must begin with smtps://, smtp+starttls:// or smtp:// and name a port") from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("it must be like smtps://user:password@host:465")
    if protection is Protection.NONE and not _is_this_machine(parts.hostname):
        raise ValueError("smtp:// sends in clear, so only to this machine: use smtps:// or smtp+starttls://")
    if not is_address(parseaddr(sender)[1]):
        raise ValueError("the sender must be an address, or a name with an address in angle brackets")
    credentials = unquote(parts.username or ""), unquote(parts.password or "")
    if not "".join(credentials).isascii():
        raise ValueError("user and password must be plain ASCII")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[protection],
        protection=protection,
        sender=sender,
        user=credentials[0] or None,
        password=credentials[1] or None,
        authority=authority,
    )


class SmtpMailer:
    """Sends through one server; opens a connection when there is something to send. Thread-safe."""

    def __init__(self, server: SmtpServer, *, timeout: float = TIMEOUT) -> None:
        self._server = server
        self._timeout = timeout

    def send(self, mail: Mail) -> None:
        """Send one. Raises MailFault."""
        fault = self.send_all([mail])[0]
        if fault:
            raise fault

    def send_all(self, mails: Sequence[Mail]) -> list[MailFault | None]:
        """Send many; for each None, or why not. A connection that breaks is opened anew for the rest."""
        outcomes: list[MailFault | None] = []
        while len(outcomes) < len(mails):
            part = mails[len(outcomes) : len(outcomes) + MOST_A_CONNECTION]
            try:
                with self._connected() as connection:
                    for mail in part:
                        outcomes.append(self._sent(connection, mail))
                        if outcomes[-1] is not None and connection.sock is None:
                            break  # the connection is gone: the others over a new one
            except (OSError, smtplib.SMTPException) as fault:
                broken = MailFault(f"SMTP: {type(fault).__name__}", again=not _is_final(fault))
                outcomes += [broken] * (len(mails) - len(outcomes))
        return outcomes

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server, tls = self._server, self._tls()
        if server.protection is Protection.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            if server.protection is Protection.STARTTLS:
                connection.starttls(context=tls)
            if server.user is not None:
                connection.login(server.user, server.password or "")
            yield connection
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()

    def _tls(self) -> ssl.SSLContext | None:
        if self._server.protection is Protection.NONE:
            return None
        return ssl.create_default_context(cafile=self._server.authority)

    def _sent(self, connection: smtplib.SMTP, mail: Mail) -> MailFault | None:
        if not is_address(mail.to):
            return MailFault("the address is none", again=False)
        try:
            connection.send_message(written(mail, self._server.sender), to_addrs=[mail.to])
        except smtplib.SMTPNotSupportedError:
            return MailFault("the server knows no addresses of this kind", again=False)
        except smtplib.SMTPRecipientsRefused as fault:
            code = next((code for code, _ in fault.recipients.values()), 550)
            return MailFault(f"the server refused the recipient: {code}", again=code < 500)
        except smtplib.SMTPResponseException as fault:
            return MailFault(f"the server refused the mail: {fault.smtp_code}", again=fault.smtp_code < 500)
        except (OSError, smtplib.SMTPException) as fault:
            connection.close()
            return MailFault(f"SMTP: {type(fault).__name__}", again=True)
        return None


def _is_final(fault: Exception) -> bool:
    """A wrong password or certificate does not mend itself by trying; a server that is away may come back."""
    return isinstance(fault, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError) or (
        isinstance(fault, smtplib.SMTPResponseException) and fault.smtp_code >= 500
    )


def written(mail: Mail, sender: str) -> EmailMessage:
    """The message as it is sent. Raises ValueError on texts that would end a header."""
    message = EmailMessage(policy=_WIRE)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["From"], message["To"] = sender, mail.to
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = _message_id(mail, domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nothing answers this by itself
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    return message


def _message_id(mail: Mail, domain: str) -> str:
    if not mail.key:
        return make_msgid(domain=domain)
    digest = sha256("\n".join((mail.key, mail.to)).encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
