"""Which headers go with every answer, so that browsers, proxies and search machines keep nothing of it?"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Final

PRIVATE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# Of what has an address of its own.
UNLISTED: Final = {**PRIVATE, "X-Robots-Tag": "noindex"}
# Of files that strangers made: nothing in them runs.
SANDBOXED: Final = {**UNLISTED, "Content-Security-Policy": "default-src 'none'; sandbox"}


def _content_security(style: str, script: str, *, pictures: bool, worker: bool) -> str:
    """Nothing but a page's own style and script runs; answers, `pictures` and a `worker` come from this
    server only.
    """
    shown = ("img-src 'self'; " if pictures else "") + ("worker-src 'self'; " if worker else "")
    return (
        f"default-src 'none'; connect-src 'self'; {shown}base-uri 'none'; form-action 'self'; "
        f"frame-ancestors 'none'; style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'"
    )


def of_page(style: str, script: str, *, pictures: bool = False, worker: bool = False) -> dict[str, str]:
    """The headers of a page of ours."""
    said = _content_security(style, script, pictures=pictures, worker=worker)
    return {**PRIVATE, "Content-Security-Policy": said}


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
