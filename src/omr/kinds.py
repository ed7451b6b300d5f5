"""What kind of file is this, and how much of one is looked at? Known without any decoder."""

from __future__ import annotations

FILE_BYTES = 512 << 20
PAGES = 5_000


def kind_of(data: bytes) -> str | None:
    """What the first bytes say; names lie."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "tiff"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None
