"""What kind of file is this? Its first bytes tell; what the sender calls it does not count."""

from __future__ import annotations

from collections.abc import Mapping

# Documents and pictures that every browser shows and none executes.
ENDINGS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}


def media_type(content: bytes) -> str | None:
    """One of ENDINGS, or None."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
