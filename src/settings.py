"""What can an operator set, and where do secrets come from?

Read once at the start; a wrong value stops the start. Secrets have no default: they come from
the environment, or from files that are made once, readable by the owner only, beside the data.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import shlex
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dziennik.accounts.provider import Provider, providers_of
from dziennik.mail.smtp import SmtpServer, smtp_server
from dziennik.postgres.embedded import default_data_dir
from dziennik.selling.przelewy24 import Shop, shop_of

KEY_BYTES = 32
LOG_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?")


class SettingsFault(Exception):
    """A setting is wrong or missing; the text names it and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation may differ in."""

    # The embedded PostgreSQL, keys and other files of this installation.
    data_dir: Path
    # A libpq URL or conninfo of a real server; None: the embedded one in `data_dir`.
    database_url: str | None
    # Wraps the persons' keys. Whoever loses it loses every name in the register.
    master_key: bytes = field(repr=False)
    # Signs access tokens; changing it logs everybody out.
    token_key: bytes = field(repr=False)
    # Signs checkpoints of the journals (Ed25519 seed). Whoever has it can vouch for a false history.
    proof_key: bytes = field(repr=False)
    # Who sends push messages, to the services of browsers (P-256 by way of HKDF). Changing it ends what
    # browsers subscribed to.
    push_key: bytes = field(repr=False)
    # Where checkpoints and hashes lie: outside the database, best on another machine's disk.
    proof_dir: Path
    # What this installation's logs are called, a name of its own like "dziennik.example.pl".
    log_name: str = "dziennik"
    # How often a checkpoint is signed while the server runs.
    checkpoint_minutes: int = 15
    # Where signed checkpoints are copied to: a folder, or s3://bucket/prefix; empty: nowhere.
    checkpoint_copies: str = ""
    # Wrap the persons' keys instead of a key made from the master key; the one in use first.
    wrapping_keys: tuple[bytes, ...] = field(default=(), repr=False)
    # Where the server listens. Loopback unless a proxy with TLS stands in front.
    host: str = "127.0.0.1"
    port: int = 8000
    # Where archives lie: a folder, or s3://bucket/prefix; empty: the folder `archives` in `data_dir`.
    archives: str = ""
    # PEM of the authorities that must vouch for who signs an archive; None: any certificate with the name of
    # a director is recorded, and whoever verifies the archive judges.
    archive_authorities: Path | None = None
    # Lists of revoked certificates (PEM or DER): a file, or a folder of them, read anew at each signature.
    archive_revocations: Path | None = None
    # Whether the issuer of a director's certificate is asked if it was revoked (OCSP); needs the authorities.
    archive_ocsp: bool = False
    # Where people find the register, for letters and e-mails: "https://dziennik.example.pl"; empty: not told.
    url: str = ""
    # Through whom people may log in besides a password (OpenID Connect).
    providers: tuple[Provider, ...] = ()
    # Through which server e-mails go; None: none are sent.
    smtp: SmtpServer | None = None
    # The provider's shop at Przelewy24; None: orders are paid by bank transfer alone.
    shop: Shop | None = None
    # Command that reads an uploaded file and ends with 0 (clean) or 1 (infected); none: nobody looks.
    scanner: tuple[str, ...] = ()
    # Shows GraphiQL, introspection and suggestions in errors to everybody.
    explore: bool = False


def read_settings(
    data_dir: Path | None = None,
    database_url: str | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    host: str | None = None,
    port: int | None = None,
    explore: bool = False,
) -> Settings:
    """Settings from what the command line says, then DZIENNIK_... variables, then defaults.

    A data folder given on the command line outweighs a database URL of the environment, so that a
    trial run with --data-dir touches nothing else. Raises SettingsFault.
    """
    named = environ.get("DZIENNIK_DATA_DIR")
    folder = data_dir or (Path(named) if named else default_data_dir())
    url = database_url or (None if data_dir else environ.get("DZIENNIK_DATABASE_URL"))
    return Settings(
        data_dir=folder,
        database_url=url,
        master_key=_secret("DZIENNIK_MASTER_KEY", folder / "secrets" / "master.key", environ),
        token_key=_secret("DZIENNIK_TOKEN_KEY", folder / "secrets" / "token.key", environ),
        proof_key=_secret("DZIENNIK_PROOF_KEY", folder / "secrets" / "proof.key", environ),
        push_key=_secret("DZIENNIK_PUSH_KEY", folder / "secrets" / "push.key", environ),
        proof_dir=Path(environ.get("DZIENNIK_PROOF_DIR", folder / "proofs")),
        wrapping_keys=_wrapping_keys(folder / "secrets"),
        log_name=_log_name(environ.get("DZIENNIK_LOG_NAME", "dziennik")),
        checkpoint_minutes=_minutes(environ.get("DZIENNIK_CHECKPOINT_MINUTES", "15")),
        host=host or environ.get("DZIENNIK_HOST", "127.0.0.1"),
        port=port if port is not None else _port(environ.get("DZIENNIK_PORT", "8000")),
        explore=explore,
        archive_authorities=_file("DZIENNIK_ARCHIVE_CA", environ),
        archive_revocations=_lists("DZIENNIK_ARCHIVE_CRL", environ),
        archive_ocsp=_asks(environ),
        archives=_place("DZIENNIK_ARCHIVES", environ),
        checkpoint_copies=_place("DZIENNIK_CHECKPOINTS", environ),
        url=_url(environ.get("DZIENNIK_URL", "")),
        providers=_providers(_file("DZIENNIK_OIDC", environ)),
        shop=_shop(_file("DZIENNIK_P24", environ), environ.get("DZIENNIK_URL", "")),
        smtp=_smtp(environ),
        scanner=tuple(shlex.split(environ.get("DZIENNIK_SCANNER", ""))),
    )


def _file(variable: str, environ: Mapping[str, str]) -> Path | None:
    path = environ.get(variable)
    if path is None:
        return None
    if not Path(path).is_file():
        raise SettingsFault(f"{variable} is {path!r}: there is no such file.")
    return Path(path)


def _lists(variable: str, environ: Mapping[str, str]) -> Path | None:
    path = Path(environ[variable]) if variable in environ else None
    if path is not None and not path.exists():
        raise SettingsFault(f"{variable} is {str(path)!r}: there is no such file or folder.")
    return path


def _asks(environ: Mapping[str, str]) -> bool:
    said = environ.get("DZIENNIK_ARCHIVE_OCSP", "no")
    if said not in ("yes", "no"):
        raise SettingsFault(f"DZIENNIK_ARCHIVE_OCSP is {said!r}: it must be yes or no.")
    if said == "yes" and not environ.get("DZIENNIK_ARCHIVE_CA"):
        raise SettingsFault("DZIENNIK_ARCHIVE_OCSP needs DZIENNIK_ARCHIVE_CA: nobody else is asked.")
    return said == "yes"


def _providers(file: Path | None) -> tuple[Provider, ...]:
    """The file is not told in an error: it holds secrets."""
    try:
        return providers_of(tomllib.loads(file.read_text(encoding="utf-8"))) if file else ()
    except tomllib.TOMLDecodeError as fault:
        raise SettingsFault(f"DZIENNIK_OIDC: {file} is no TOML: {fault.args[0]}.") from None
    except ValueError as fault:
        raise SettingsFault(f"DZIENNIK_OIDC: {file}: {fault}.") from None


def _shop(file: Path | None, url: str) -> Shop | None:
    """The file is not told in an error: it holds secrets."""
    if file and not url:
        raise SettingsFault("DZIENNIK_P24 needs DZIENNIK_URL: where payers come back to, and notices go.")
    try:
        return shop_of(tomllib.loads(file.read_text(encoding="utf-8"))) if file else None
    except tomllib.TOMLDecodeError as fault:
        raise SettingsFault(f"DZIENNIK_P24: {file} is no TOML: {fault.args[0]}.") from None
    except ValueError as fault:
        raise SettingsFault(f"DZIENNIK_P24: {file}: {fault}.") from None


def _smtp(environ: Mapping[str, str]) -> SmtpServer | None:
    """The URL is not told in an error: it may hold a password."""
    url = environ.get("DZIENNIK_SMTP_URL")
    if not url:
        return None
    try:
        return smtp_server(url, environ.get("DZIENNIK_MAIL_FROM", ""), _file("DZIENNIK_SMTP_CA", environ))
    except ValueError as fault:
        raise SettingsFault(f"DZIENNIK_SMTP_URL or DZIENNIK_MAIL_FROM: {fault}.") from None


def _place(variable: str, environ: Mapping[str, str]) -> str:
    place = environ.get(variable, "")
    if place.startswith("s3://") and not place.removeprefix("s3://").partition("/")[0]:
        raise SettingsFault(f"{variable} is {place!r}: it must be a folder or s3://bucket/prefix.")
    return place


def _url(text: str) -> str:
    parts = urlsplit(text)
    plain = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if text and not ((parts.scheme == "https" or plain) and parts.hostname and not parts.query):
        raise SettingsFault(f"DZIENNIK_URL is {text!r}: it must be like https://dziennik.example.pl.")
    return text.rstrip("/")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 <= int(text) <= 65535:
        return int(text)
    raise SettingsFault(f"DZIENNIK_PORT is {text!r}: it must be a number between 0 and 65535.")


def _wrapping_keys(secrets_folder: Path) -> tuple[bytes, ...]:
    """Keys that were rotated in, newest first (`dziennik privacy rotate-key`)."""
    files = sorted(secrets_folder.glob("wrapping-[0-9]*.key"), reverse=True)
    return tuple(_decoded(file.read_text(encoding="ascii"), str(file)) for file in files)


def new_wrapping_key(secrets_folder: Path) -> Path:
    """Make the next wrapping key; from the next start on it is the one in use."""
    last = max([0, *(int(file.stem.split("-")[1]) for file in secrets_folder.glob("wrapping-[0-9]*.key"))])
    file = secrets_folder / f"wrapping-{last + 1:04}.key"
    _make_secret(file)
    return file


def _log_name(text: str) -> str:
    if LOG_NAME.fullmatch(text):
        return text
    raise SettingsFault(
        f"DZIENNIK_LOG_NAME is {text!r}: letters, digits, dots and hyphens, as in a host's name."
    )


def _minutes(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 24 * 60:
        return int(text)
    raise SettingsFault(f"DZIENNIK_CHECKPOINT_MINUTES is {text!r}: it must be a number between 1 and 1440.")


def _secret(variable: str, file: Path, environ: Mapping[str, str]) -> bytes:
    given = environ.get(variable)
    if given is not None:
        return _decoded(given, variable)
    if not file.exists():
        _make_secret(file)
    return _decoded(file.read_text(encoding="ascii"), str(file))


def _make_secret(file: Path) -> None:
    """Write whole or not at all: two first starts at once must end with one key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):  # another process was first: its key holds
        os.link(draft, file)
    draft.unlink()


def _decoded(text: str, where: str) -> bytes:
    """The key must not be told in the error: only where it was found."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsFault(f"{where} must hold {KEY_BYTES} bytes in base64.")
    return key
