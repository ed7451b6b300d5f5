"""Which pictures are in a file? PDF, TIFF, PNG, JPEG and WebP, told by content, one page in memory at a time.

A file is hostile until shown otherwise: sizes are read and judged before anything is decoded. What cannot be
read gives an Unreadable with a reason, never an exception of a library. Decoding crashes all the same now and
then: it happens in a worker process (`working`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from dziennik.omr.kinds import FILE_BYTES, PAGES, kind_of
from dziennik.omr.markers import Grey
from dziennik.omr.sheet import Why

# What is decoded at most: an A4 at 600 dpi has 35 million pixels.
PIXELS = 64_000_000
SIDE = 20_000
# Pages that are more than one picture are drawn at this resolution.
DRAWN_DPI = 200
# JPEGs of more pixels are decoded at half their size, four times as fast: still 200 dpi of an A4 or more.
HALVED = 12_000_000
Image.MAX_IMAGE_PIXELS = None  # ours is stricter, and a refusal instead of a warning


class Unreadable(Exception):
    """This file or page cannot be read; `why` says so to a secretary."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


Source: TypeAlias = bytes | Path  # a file's content, or where it lies


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its grey picture, or why there is none."""

    number: int
    grey: Grey | None
    why: Why | None = None


def pages(data: Source, *, first: int = 1, last: int | None = None) -> Iterator[Page]:
    """The pages of a file from `first` to `last`. Raises Unreadable when the file as a whole is none.

    Of a PDF or TIFF that is named by its path only what a page needs is in memory. Raises OSError when there
    is no such file.
    """
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    if not size:
        raise Unreadable(Why.EMPTY_FILE)
    if size > FILE_BYTES:
        raise Unreadable(Why.TOO_LARGE)
    kind = kind_of(_head(data))
    if kind is None:
        raise Unreadable(Why.UNKNOWN_TYPE)
    if kind == "pdf":
        from dziennik.omr.pdf_pages import of_pdf  # PDFium is 30 MB: only when there is a PDF

        yield from of_pdf(data, first, last)
    elif kind == "tiff":
        yield from _of_tiff(data, first, last)
    elif first == 1:
        yield Page(1, _of_picture(data.read_bytes() if isinstance(data, Path) else data, kind))


def _head(data: Source) -> bytes:
    """The first bytes, that tell the kind."""
    if not isinstance(data, Path):
        return data[:1024]
    with data.open("rb") as file:
        return file.read(1024)


def count_pages(data: Source) -> int:
    """How many pages there are to read; 1 for whatever cannot be counted."""
    try:
        kind = kind_of(_head(data))
        if kind == "pdf":
            from dziennik.omr.pdf_pages import opened

            with opened(data) as document:
                return min(len(document), PAGES)
        if kind == "tiff":
            with Image.open(_opened(data)) as picture:
                return min(int(getattr(picture, "n_frames", 1)), PAGES)
    except (Unreadable, *DAMAGED):
        return 1
    return 1


# What Pillow raises on damaged files, beside its own errors.
DAMAGED = (
    UnidentifiedImageError, OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, EOFError,
    OverflowError, RuntimeError, AttributeError, ZeroDivisionError,
)  # fmt: skip


def fits(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise Unreadable(Why.UNREADABLE_FILE)
    if width * height > PIXELS or max(width, height) > SIDE:
        raise Unreadable(Why.TOO_LARGE)


def _of_picture(data: bytes, kind: str) -> Grey:
    """PNG, JPEG, WebP. The size comes from the header, before anything is decoded."""
    try:
        with Image.open(BytesIO(data), formats=[kind.upper()]) as picture:
            width, height = picture.size
            fits(width, height)
            # A turn does not matter to markers; a phone that mirrors says so. Asking a PNG decodes it.
            mirrored = kind == "jpeg" and picture.getexif().get(0x0112) in (2, 4, 5, 7)
    except DAMAGED as fault:
        raise Unreadable(Why.UNREADABLE_FILE) from fault
    halved = kind == "jpeg" and width * height > HALVED
    flags = cv2.IMREAD_REDUCED_GRAYSCALE_2 if halved else cv2.IMREAD_GRAYSCALE
    try:
        grey = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as fault:
        raise Unreadable(Why.UNREADABLE_FILE) from fault
    if grey is None:
        raise Unreadable(Why.UNREADABLE_FILE)
    done = np.asarray(grey, dtype=np.uint8)
    return np.ascontiguousarray(done[:, ::-1]) if mirrored else done


def _opened(data: Source) -> BytesIO | Path:
    return data if isinstance(data, Path) else BytesIO(data)


def _of_tiff(data: Source, first: int, last: int | None) -> Iterator[Page]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd tags are no matter while the picture can be decoded
            picture = Image.open(_opened(data), formats=["TIFF"])
    except DAMAGED as fault:
        raise Unreadable(Why.UNREADABLE_FILE) from fault
    with picture:
        for number in range(first, min(last or PAGES, PAGES) + 1):
            try:
                picture.seek(number - 1)
            except EOFError:
                if number == 1:
                    raise Unreadable(Why.UNREADABLE_FILE) from None
                return
            except DAMAGED:
                yield Page(number, None, Why.UNREADABLE_FILE)
                return
            try:
                fits(*picture.size)
                yield Page(number, np.asarray(picture.convert("L"), dtype=np.uint8))
            except Unreadable as fault:
                yield Page(number, None, fault.why)
            except DAMAGED:
                yield Page(number, None, Why.UNREADABLE_FILE)
