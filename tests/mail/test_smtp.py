"""Mails reach a server as they were meant; what cannot be sent says whether trying again helps."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dziennik.mail.mailing import Mail, MailFault, is_address
from dziennik.mail.smtp import SmtpMailer, smtp_server
from dziennik.settings import SettingsFault, read_settings
from tests.mail.server import Kept, serving

FROM = "Szkoła Podstawowa nr 7 <dziennik@sp7.example>"
HELLO = Mail("anna@example.org", "Zażółć gęślą jaźń", "Dzień dobry,\nłąka.\n", key="welcome/1")


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def plain(kept: Kept) -> Iterator[int]:
    with serving(kept) as port:
        yield port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, vouched for by itself."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "m")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def with_starttls(kept: Kept, certificate: Path) -> Iterator[int]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    def judge(_: SMTP, __: Session, ___: Envelope, ____: str, given: Any) -> AuthResult:  # noqa: ANN401
        right = (given.login, given.password) == (b"kto@to", b"ha:s lo")
        return AuthResult(success=right, handled=False)

    with serving(
        kept, tls_context=tls, require_starttls=True, authenticator=judge, auth_required=True
    ) as port:
        yield port


def test_a_mail_arrives_as_it_was_meant(kept: Kept, plain: int) -> None:
    mailer = SmtpMailer(smtp_server(f"smtp://127.0.0.1:{plain}", FROM))
    mailer.send(HELLO)
    mailer.send(HELLO)
    first, again = kept.mails
    assert (first["Subject"], first["To"]) == ("Zażółć gęślą jaźń", "anna@example.org")
    assert first["From"].addresses[0].display_name == "Szkoła Podstawowa nr 7"
    assert first.get_content().splitlines() == HELLO.text.splitlines()
    assert first["Auto-Submitted"] == "auto-generated"
    # The same mail sent again is recognised as the same.
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@sp7.example>")


def test_each_of_many_gets_an_own_mail_and_an_own_answer(kept: Kept, plain: int) -> None:
    mailer = SmtpMailer(smtp_server(f"smtp://127.0.0.1:{plain}", FROM))
    to = ["a@x.example", "nobody@x.example", "busy@x.example", "no address", "gone@x.example", "b@x.example"]
    outcomes = mailer.send_all([Mail(one, "s", "t") for one in to])
    assert [outcome and outcome.again for outcome in outcomes] == [None, False, True, False, True, None]
    assert [mail["To"] for mail in kept.mails] == ["a@x.example", "b@x.example"]
    assert not any("@" in str(outcome) for outcome in outcomes if outcome)  # no address in what may be logged


def test_over_starttls_with_a_password_and_never_without(
    kept: Kept, plain: int, with_starttls: int, certificate: Path
) -> None:
    good = f"smtp+starttls://kto%40to:ha%3As%20lo@127.0.0.1:{with_starttls}"
    SmtpMailer(smtp_server(good, FROM, certificate)).send(HELLO)
    assert len(kept.mails) == 1
    for url, authority in (
        (good.replace("ha%3A", "hm%3A"), certificate),  # a wrong password
        (good, None),  # nobody vouches for the server
        (f"smtp+starttls://127.0.0.1:{plain}", certificate),  # no TLS to be had
    ):
        with pytest.raises(MailFault) as fault:
            SmtpMailer(smtp_server(url, FROM, authority)).send(HELLO)
        assert not fault.value.again
    assert len(kept.mails) == 1


def test_a_server_that_is_away_may_come_back(plain: int) -> None:
    mailer = SmtpMailer(smtp_server("smtp://127.0.0.1:1", FROM))
    assert [fault and fault.again for fault in mailer.send_all([HELLO, HELLO])] == [True, True]


def test_lines_in_a_subject_make_no_headers(kept: Kept, plain: int) -> None:
    mailer = SmtpMailer(smtp_server(f"smtp://127.0.0.1:{plain}", FROM))
    mailer.send(Mail("a@x.example", "Hi\r\nBcc: all@x.example", "t", html="<p>t</p>"))
    assert kept.mails[0]["Bcc"] is None
    assert kept.mails[0]["Subject"] == "Hi Bcc: all@x.example"
    assert [part.get_content_type() for part in kept.mails[0].iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "text", ["", "a", "@b", "a@", "a@b@c", "a@b\nBcc: c@d", "a b@c", "<a@b>", "a,b@c", "a@" + "b" * 260]
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)
    assert is_address("józef.o'hara+dziennik@szkoła.example")


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp://mail.example", FROM),  # in clear over the network
        ("http://mail.example", FROM),
        ("smtps://", FROM),
        ("smtps://u:sekret@mail.example/x", FROM),
        ("smtps://u:sekret@mail.example:x", FROM),
        ("smtps://u:sekret%C5%82@mail.example", FROM),
        ("smtps://u:sekret@mail.example", "Szkoła"),
    ],
)
def test_a_wrong_server_stops_the_start_without_telling_its_password(
    tmp_path: Path, url: str, sender: str
) -> None:
    with pytest.raises(SettingsFault, match="DZIENNIK_SMTP_URL") as fault:
        read_settings(tmp_path, environ={"DZIENNIK_SMTP_URL": url, "DZIENNIK_MAIL_FROM": sender})
    assert "sekret" not in str(fault.value)


def test_the_password_is_in_no_text_of_the_settings(tmp_path: Path) -> None:
    url = "smtps://u:sekret@mail.example"
    settings = read_settings(tmp_path, environ={"DZIENNIK_SMTP_URL": url, "DZIENNIK_MAIL_FROM": FROM})
    assert settings.smtp
    assert (settings.smtp.port, settings.smtp.password) == (465, "sekret")
    assert "sekret" not in repr(settings)
