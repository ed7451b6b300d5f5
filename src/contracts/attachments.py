"""Attachments: what a fact says about a file that came with it. The file itself is no fact.

It is kept encrypted beside the journal (dziennik.attachments, ADR 0070) with the key of the person whom the
entry is about. Commands and facts that take files have a field `attachments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dziennik.contracts.refusals import Reason
from dziennik.contracts.values import Value

# Documents and pictures that every browser shows and none executes, and how their files' names end.
ENDINGS: Final[Mapping[str, str]] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}


class Attached(Value, frozen=True, kw_only=True):
    """A file as it was taken in: `sha256` in hexadecimal digits, `size` in bytes."""

    attachment_id: str
    media_type: str
    size: int
    sha256: str


TOO_LARGE = Reason(
    "ATTACHMENTS.TOO_LARGE",
    pl="Załącznik jest za duży: najwyżej {limit} bajtów.",
    en="The attachment is too large: at most {limit} bytes.",
)
WRONG_TYPE = Reason(
    "ATTACHMENTS.WRONG_TYPE",
    pl="Tego pliku nie można załączyć. Dozwolone są: {types}.",
    en="This file cannot be attached. Allowed are: {types}.",
)
NO_SUCH_UPLOAD = Reason(
    "ATTACHMENTS.NO_SUCH_UPLOAD",
    pl="Nie ma takiego przesłanego pliku ({attachment}). Prześlij go jeszcze raz.",
    en="There is no such uploaded file ({attachment}). Upload it again.",
)
TOO_MANY_UPLOADS = Reason(
    "ATTACHMENTS.TOO_MANY_UPLOADS",
    pl="Przesłano {limit} plików, które do niczego nie zostały załączone. Spróbuj jutro.",
    en="{limit} files were uploaded and attached to nothing. Try again tomorrow.",
)
TOO_MANY_A_DAY = Reason(
    "ATTACHMENTS.TOO_MANY_A_DAY",
    pl="Przesłano {limit} plików w ciągu doby. Następne prześlij jutro.",
    en="{limit} files were sent within a day. Send further ones tomorrow.",
)
TOO_MANY_ATTACHED = Reason(
    "ATTACHMENTS.TOO_MANY_ATTACHED",
    pl="Załączników może być najwyżej {limit}.",
    en="There may be at most {limit} attachments.",
)
NOT_AN_UPLOAD = Reason(
    "ATTACHMENTS.NOT_AN_UPLOAD",
    pl="To nie jest przesłany plik: {what}.",
    en="This is not an upload: {what}.",
)
INFECTED = Reason(
    "ATTACHMENTS.INFECTED",
    pl="Program antywirusowy szkoły odrzucił ten plik.",
    en="The school's virus scanner refused this file.",
)
NOT_SCANNED = Reason(
    "ATTACHMENTS.NOT_SCANNED",
    pl="Nie udało się sprawdzić pliku programem antywirusowym. Spróbuj za chwilę.",
    en="The file could not be checked for viruses. Try again in a moment.",
)
