"""What kind of file is this? Its first bytes tell; what the sender calls it does not count."""

from __future__ import annotations


def media_type(content: bytes) -> str | None:
    """One of dziennik.contracts.attachments.ENDINGS, or None."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
