"""Which pictures are in a file, and what becomes of files that are damaged, hostile, or none?"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dziennik.omr.kinds import kind_of
from dziennik.omr.loading import PIXELS, Unreadable, count_pages, pages
from dziennik.omr.printing import print_cards
from dziennik.omr.sheet import Why
from tests.omr.cards import GRADES, Grey, mark, picture, printed, read, said


def filled() -> tuple[Grey, int]:
    grey = picture(GRADES)
    return grey, mark(grey, GRADES, 4, "3")


def saved(grey: Grey, kind: str, **how: object) -> bytes:
    out = BytesIO()
    Image.fromarray(grey).save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 60}),
        ("WEBP", {"quality": 60}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("PDF", {"resolution": 200}),
    ],
)
def test_every_kind_is_read(kind: str, how: dict[str, object]) -> None:
    grey, at = filled()
    data = saved(grey, kind, **how)
    (page,) = pages(data)
    assert page.grey is not None
    assert list(said(read(page.grey))) == [at]
    assert kind_of(data) == kind.lower()


def test_fax_pages_of_one_bit_are_read_one_by_one() -> None:
    grey, at = filled()
    black = Image.fromarray(grey).point(lambda value: 255 * (value > 140)).convert("1")
    out = BytesIO()
    black.save(out, "TIFF", compression="group4", save_all=True, append_images=[black, black])
    data = out.getvalue()
    assert count_pages(data) == 3
    found = list(pages(data, first=2))
    assert [page.number for page in found] == [2, 3]
    assert found[1].grey is not None
    assert list(said(read(found[1].grey))) == [at]


def test_colour_is_read_as_grey_and_orientation_does_not_matter() -> None:
    grey, at = filled()
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(grey)).convert("RGB").save(out, "JPEG", quality=80, exif=exif)
    (page,) = pages(out.getvalue())
    assert page.grey is not None
    assert list(said(read(page.grey))) == [at]


def test_a_mirroring_phone_is_put_right() -> None:
    grey, at = filled()
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 2
    Image.fromarray(np.ascontiguousarray(grey[:, ::-1])).save(out, "JPEG", quality=80, exif=exif)
    (page,) = pages(out.getvalue())
    assert page.grey is not None
    assert list(said(read(page.grey))) == [at]


def test_a_pdf_of_drawings_is_drawn_and_counted() -> None:
    data = print_cards([printed(GRADES), printed(GRADES, 78)])
    assert count_pages(data) == 2
    cards = [read(page.grey).card_id for page in pages(data) if page.grey is not None]
    assert cards == [printed(GRADES, n).identity.card_id for n in (77, 78)]


def huge_png() -> bytes:
    """A header that promises 60,000 x 60,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def locked_pdf() -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption("owner", "user")
    return bytes(pdf.output())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Why.EMPTY_FILE),
        (b"to nie skan", Why.UNKNOWN_TYPE),
        (b"%PDF-1.7 and no more", Why.UNREADABLE_FILE),
        (b"\xff\xd8\xff\xe0 cut", Why.UNREADABLE_FILE),
        (b"II*\0\x08\0\0\0", Why.UNREADABLE_FILE),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Why.UNREADABLE_FILE),
        (huge_png(), Why.TOO_LARGE),
        (locked_pdf(), Why.PASSWORD),
    ],
    ids=["empty", "text", "pdf", "jpeg", "tiff", "webp", "bomb", "locked"],
)
def test_what_cannot_be_read_says_why(data: bytes, why: Why) -> None:
    with pytest.raises(Unreadable) as refused:
        list(pages(data))
    assert refused.value.why is why


def test_a_damaged_page_does_not_take_the_others_with_it() -> None:
    small, huge = Image.new("L", (100, 100), 255), Image.new("1", (20_001, 10))
    out = BytesIO()
    small.save(out, "TIFF", save_all=True, append_images=[huge, small])
    assert [(page.number, page.why) for page in pages(out.getvalue())] == [
        (1, None),
        (2, Why.TOO_LARGE),
        (3, None),
    ]


def test_the_limit_lets_an_a4_at_600_dpi_through() -> None:
    pixels = 4961 * 7016
    assert pixels < PIXELS


def test_a_cut_off_png_gives_no_page(tmp_path: Path) -> None:
    data = saved(picture(GRADES), "PNG")
    with pytest.raises(Unreadable):
        list(pages(data[:50]))
