"""Archives: that a year was written out, in which edition, signed by whom, and who fetched it (s. 22).

In the stream ``archive/{year}``. The facts say what was written and signed, so that an archive made again
from the facts can be held against them; they are no part of the archive that they speak of.
"""

from __future__ import annotations

from datetime import datetime

from dziennik.contracts.commands import Command, command
from dziennik.contracts.facts import Fact, fact
from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import Value, YearId


class ArchivedFile(Value, frozen=True, kw_only=True):
    """A file of an archive: its path in the bag, the SHA-256 of its bytes in hex, and how many they are."""

    path: str
    sha256: str
    size: int


@fact("archives.archive_written.1")
class ArchiveWritten(Fact, frozen=True, kw_only=True):
    """A year's registers were written out, as of the position `cut_off`, both included.

    `format`: the version of archives. `manifest_sha256` names the edition: it is the digest of the manifest
    that `files` make. `reason`: why there is a further edition.
    """

    year_id: YearId
    edition: int
    cut_off: int
    format: int
    manifest_sha256: str
    files: tuple[ArchivedFile, ...]
    reason: str | None = None


@fact("archives.archive_signed.1")
class ArchiveSigned(Fact, frozen=True, kw_only=True):
    """The manifest of an edition was signed; the signature was checked and fits it.

    `signature`: the XAdES file in base64. The rest is what the check found in it: whom the certificate names,
    its SHA-256 in hex, the time that the signer claims and the one that a time-stamping service gave;
    `trusted`: an authority that was set vouched for the signer; `not_revoked`: a list of its issuer said so.
    None: of a release that did not tell.
    """

    year_id: YearId
    edition: int
    manifest_sha256: str
    signature: str
    signer: str
    certificate_sha256: str
    claimed_at: datetime
    stamped_at: datetime | None = None
    trusted: bool | None = None
    not_revoked: bool | None = None


@fact("archives.archive_fetched.1")
class ArchiveFetched(Fact, frozen=True, kw_only=True):
    """Somebody got a link to an edition's bag, good for `seconds`; who, the envelope says."""

    year_id: YearId
    edition: int
    seconds: int


@command("archives.record_archive")
class RecordArchive(Command, frozen=True, kw_only=True):
    """Record what was written. The same edition again changes nothing."""

    year_id: YearId
    edition: int
    cut_off: int
    format: int
    manifest_sha256: str
    files: tuple[ArchivedFile, ...]
    reason: str | None = None


@command("archives.record_signature")
class RecordSignature(Command, frozen=True, kw_only=True):
    """Record a signature that was checked; dziennik.archive.signatures makes this command."""

    year_id: YearId
    edition: int
    manifest_sha256: str
    signature: str
    signer: str
    certificate_sha256: str
    claimed_at: datetime
    stamped_at: datetime | None = None
    trusted: bool | None = None
    not_revoked: bool | None = None


@command("archives.record_fetch")
class RecordFetch(Command, frozen=True, kw_only=True):
    """Record that a link was given out."""

    year_id: YearId
    edition: int
    seconds: int


YEAR_STILL_OPEN = Reason(
    "ARCHIVES.YEAR_STILL_OPEN",
    pl="Rok szkolny {year} nie jest zamknięty. Archiwum powstaje po jego zamknięciu.",
    en="The school year {year} is not closed. The archive is made once it is.",
)
NO_SUCH_EDITION = Reason(
    "ARCHIVES.NO_SUCH_EDITION",
    pl="Rok szkolny {year} nie ma wydania archiwum {edition}.",
    en="The school year {year} has no archive edition {edition}.",
)
EDITION_DIFFERS = Reason(
    "ARCHIVES.EDITION_DIFFERS",
    pl="Wydanie {edition} jest już zapisane i jest inne.",
    en="Edition {edition} is recorded already and differs.",
)
NOT_THE_NEXT_EDITION = Reason(
    "ARCHIVES.NOT_THE_NEXT_EDITION",
    pl="Następne wydanie ma numer {expected} i późniejszy stan zapisów niż poprzednie.",
    en="The next edition has the number {expected} and a later position than the one before.",
)
FILES_DIFFER = Reason(
    "ARCHIVES.FILES_DIFFER",
    pl="Lista plików nie zgadza się ze skrótem manifestu.",
    en="The list of files does not agree with the digest of the manifest.",
)
SIGNED_ALREADY = Reason(
    "ARCHIVES.SIGNED_ALREADY",
    pl="Wydanie {edition} jest już podpisane przez: {signer}.",
    en="Edition {edition} is signed already, by {signer}.",
)
SIGNED_SOMETHING_ELSE = Reason(
    "ARCHIVES.SIGNED_SOMETHING_ELSE",
    pl="Podpis nie dotyczy manifestu wydania {edition}.",
    en="The signature is not over the manifest of edition {edition}.",
)
YEAR_NOT_OVER = Reason(
    "ARCHIVES.YEAR_NOT_OVER",
    pl="Rok szkolny trwa do {until}. Archiwum powstaje po jego końcu.",
    en="The school year goes on until {until}. The archive is made after its end.",
)
STORAGE_FAILED = Reason(
    "ARCHIVES.STORAGE_FAILED",
    pl="Nie udało się zapisać archiwum ({what}). Niczego nie zapisano; spróbuj ponownie.",
    en="The archive could not be written ({what}). Nothing was recorded; try again.",
)
JOURNAL_CHANGED = Reason(
    "ARCHIVES.JOURNAL_CHANGED",
    pl="Od pozycji {position} zapisy dziennika są inne, niż były ({what}): zmieniono je poza programem."
    " Archiwum nie powstało. Nie zmieniaj bazy danych; zawiadom dyrektora i administratora systemu.",
    en="The journal cannot be vouched for from position {position} on ({what}): it was changed outside of"
    " this program. No archive was made. Leave the database as it is; tell the director and the operator.",
)
SIGNATURE_REFUSED = Reason(
    "ARCHIVES.SIGNATURE_REFUSED",
    pl="Podpisu nie przyjęto: {what} ({code}, {place}).",
    en="The signature was not accepted: {what} ({code}, {place}).",
)
NOT_ENCODED = Reason(
    "ARCHIVES.NOT_ENCODED",
    pl="Plik podpisu trzeba przesłać w base64.",
    en="The signature file is to be sent in base64.",
)
