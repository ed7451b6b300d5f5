"""The composition root: who knows whom at run time.

Everything that needs more than one room is put together here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from threading import Lock

from cryptography import x509

from dziennik.accounts.accounts import Accounts
from dziennik.accounts.calendar_tokens import CalendarTokens
from dziennik.application.register import Register
from dziennik.archive.asking import asked
from dziennik.archive.jobs import ArchiveJobs
from dziennik.archive.links import ArchiveLinks
from dziennik.archive.signatures import Ask
from dziennik.archive.storing import Store, store_at
from dziennik.archive.year_archive import Access
from dziennik.attachments.links import Links
from dziennik.attachments.scanner import nothing_found, scanner
from dziennik.attachments.scans import Scans
from dziennik.attachments.store import Attachments
from dziennik.bagcheck.trust import read_authorities, read_revocations
from dziennik.contracts import registry
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Actor, Channel, Role
from dziennik.contracts.notifications import DropPushDevice
from dziennik.correspondence.drafts import Drafts
from dziennik.correspondence.later import Later
from dziennik.journal.journal import Journal
from dziennik.journal.journals import PROVIDER, Journals
from dziennik.journal.keyring import Keyring
from dziennik.mail.mailing import Mailer
from dziennik.mail.posting import Posting
from dziennik.mail.smtp import SmtpMailer
from dziennik.notifying.notifier import Notifier
from dziennik.notifying.outbox import Outbox
from dziennik.notifying.postman import Postman
from dziennik.notifying.push_post import PushPost
from dziennik.notifying.push_service import HttpPushService
from dziennik.notifying.store import Notices
from dziennik.notifying.web_push import Vapid
from dziennik.omr.identity import card_key
from dziennik.postgres.embedded import embedded
from dziennik.projections.follower import Follower
from dziennik.projections.models import MODELS
from dziennik.projections.reading import ReadModels
from dziennik.proof.copying import Copies
from dziennik.proof.keeper import Keeper
from dziennik.proof.links import ProofLinks
from dziennik.proof.log import SchoolLog
from dziennik.proof.notes import Signer
from dziennik.proof.vouching import Vouched
from dziennik.scanning.ending import Sweeper
from dziennik.scanning.pictures import Pictures
from dziennik.scanning.reprinting import PaperLinks
from dziennik.selling.przelewy24 import Przelewy24
from dziennik.settings import Settings, read_settings

LANGUAGE = registry.CONTEXTS
_PUSH = Actor(account="push", role=Role.SYSTEM, channel=Channel.SYSTEM)
FIRST_KEYS = range(1, 9)  # ids of the first people's keys


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _contact(settings: Settings) -> str:
    """Where push services find whoever runs this; "" where nobody said."""
    if settings.url.startswith("https://"):
        return settings.url
    return f"mailto:{parseaddr(settings.smtp.sender)[1]}" if settings.smtp else ""


class System:
    """One running Dziennik: its settings, journals, read models and each school's door for commands.

    The follower is there to be started by a server, or asked to `run_once` by a command.
    """

    def __init__(self, settings: Settings, conninfo: str) -> None:
        self.settings = settings
        self.conninfo = conninfo
        self.journals = Journals(conninfo, keyring=Keyring(settings.master_key, settings.wrapping_keys))
        self.read_models = ReadModels(conninfo)
        self.follower = Follower(conninfo, self.journals, MODELS, self.read_models.progress)
        self.mailer: Mailer | None = SmtpMailer(settings.smtp) if settings.smtp else None
        self.accounts = Accounts(
            conninfo,
            self.provider(),
            settings.token_key,
            secret=settings.master_key,
            post=Posting(self.mailer) if self.mailer else None,
            base_url=settings.url,
            providers=settings.providers,
        )
        self.calendar_tokens = CalendarTokens(conninfo)
        scan = scanner(settings.scanner) if settings.scanner else nothing_found
        self.attachments = Attachments(conninfo, self.journals, scan=scan)
        self.drafts = Drafts(conninfo, self.journals)
        self.later = Later(conninfo)
        self.attachment_links = Links(settings.token_key)
        self.archives: Store = self._store(settings.archives or str(settings.data_dir / "archives"))
        self.archive_authorities = (
            read_authorities(settings.archive_authorities) if settings.archive_authorities else []
        )
        self.archive_jobs = ArchiveJobs(settings.data_dir / "jobs")
        self.archive_links = ArchiveLinks(settings.token_key)
        self.proof_links = ProofLinks(settings.token_key)
        self.scans = Scans(conninfo, self.journals)
        self.pictures = Pictures(self.scans, settings.token_key)
        self.card_papers = PaperLinks(settings.token_key)
        self.operator = Przelewy24(settings.shop) if settings.shop and settings.url else None
        self.base_url = settings.url
        self.notices = Notices(conninfo)
        self.outbox = Outbox(self.notices)
        self.notifier = Notifier(
            self.journals,
            self.read_models,
            self.notices,
            self.follower.held,
            sends=self.mailer is not None,
            pushes=True,
        )
        self.vapid = Vapid(settings.push_key, _contact(settings))
        self.push_post = PushPost(
            self.notices, self.read_models, HttpPushService(self.vapid), self._browser_gone
        )
        self.postman = Postman(self.notices, self.read_models, self.mailer) if self.mailer else None
        copies = settings.checkpoint_copies
        self.checkpoint_copies = Copies(copies, self._store(copies).put) if copies else None
        self.keeper = Keeper(lambda: [*self.schools(), PROVIDER], self.log, settings.checkpoint_minutes)
        self.sweeper = Sweeper(self)
        self._registers: dict[str, Register] = {}
        self._lock = Lock()

    def _browser_gone(self, school_id: str, person_id: str, device_id: str) -> None:
        command = DropPushDevice(person_id=person_id, device_id=device_id)
        self.register(school_id).execute(command, actor=_PUSH)

    def _store(self, place: str) -> Store:
        return store_at(place, os.environ, self.settings.data_dir / "work")

    def provider(self) -> Journal:
        """The provider's journal, made when missing."""
        return self.journals.create_school(PROVIDER)

    def schools(self) -> list[str]:
        """Ids of all schools here, sorted."""
        return sorted(self.journals.schools())

    def found(self, school_id: str) -> Register:
        """The school's register; its schema is made when missing."""
        self.journals.create_school(school_id)
        return self.register(school_id)

    def log(self, school_id: str) -> SchoolLog:
        """What vouches for the school's history. Raises UnknownSchool."""
        journal, settings = self.journals.school(school_id), self.settings
        signer = Signer(f"{settings.log_name}/{journal.school_id}", settings.proof_key)
        folder = settings.proof_dir / journal.school_id
        return SchoolLog(folder, journal, signer, copies=self.checkpoint_copies)

    def vouching(self, school_id: str) -> Callable[[int], Vouched]:
        """Root and signed checkpoint of the tree as of a position; the log is brought up to date first.

        Raises CannotVouch when the journal is not what it was: then there is nothing to archive.
        """

        def vouch(position: int) -> Vouched:
            log = self.log(school_id)
            log.publish()
            return Vouched(log, position)

        return vouch

    def reading(self, school_id: str) -> Callable[[Attached], bytes | None]:
        """Files that came with a school's entries; None where they are gone."""

        def read(attached: Attached) -> bytes | None:
            found = self.attachments.read(school_id, attached)
            return found.content if found else None

        return read

    def archive_revocations(self) -> list[x509.CertificateRevocationList]:
        """The lists of the settings, as they are now. Raises OSError, ValueError: one that is none."""
        place = self.settings.archive_revocations
        if place is None:
            return []
        files = sorted(one for one in place.iterdir() if one.is_file()) if place.is_dir() else [place]
        return [each for file in files for each in read_revocations(file)]

    @property
    def archive_ask(self) -> Ask:
        """How a signer's certificate is asked about; not at all unless the settings say so."""
        return asked if self.settings.archive_ocsp else (lambda _certificate, _issuer: None)

    def archive_access(self, school_id: str) -> Access:
        """How other processes that make an archive get at the school's journal."""
        return Access(self.conninfo, self.settings.master_key, school_id, self.settings.wrapping_keys)

    def register(self, school_id: str, *, now: Callable[[], datetime] | None = None) -> Register:
        """A school's door for commands, one for the whole process. Raises UnknownSchool.

        `now` is for whoever lives through other days (the demo school): a register of their own.
        """
        if now is not None:
            return Register(self.journals.school(school_id), now=now)
        with self._lock:
            if school_id not in self._registers:
                self._registers[school_id] = Register(self.journals.school(school_id), now=_utc_now)
            return self._registers[school_id]

    def card_key_of(self, school_id: str) -> bytes:
        """The key under which the school's cards are tagged."""
        return card_key(self.settings.master_key, school_id)

    def check_key(self) -> None:
        """Raises WrongMasterKey: what is written under another key could not be read with the right one.

        All schools hang on one key: some people of one school tell.
        """
        for school_id in self.schools()[:1]:
            self.journals.school(school_id).keys.for_reading(FIRST_KEYS)

    def close(self) -> None:
        """Give the database connections back. A follower that was started must be stopped first."""
        self.accounts.close()
        self.calendar_tokens.close()
        self.attachments.close()
        self.drafts.close()
        self.later.close()
        self.pictures.close()
        self.scans.close()
        self.notices.close()
        if self.operator:
            self.operator.close()
        self.read_models.close()
        self.journals.close()


@contextmanager
def open_system(data_dir: Path | None = None, database_url: str | None = None) -> Iterator[System]:
    """A System for the length of a command, with the embedded database unless a URL is set.

    Raises SettingsFault or PostgresFault when it cannot come up.
    """
    with running(read_settings(data_dir, database_url)) as system:
        yield system


@contextmanager
def running(settings: Settings) -> Iterator[System]:
    """The same from settings that were read already."""
    with ExitStack() as stack:
        conninfo = settings.database_url or stack.enter_context(embedded(settings.data_dir))
        system = System(settings, conninfo)
        stack.callback(system.close)
        system.check_key()
        yield system
