"""What does a tool by others (axe-core, in Chromium) find wrong with our pages, as people use them?

Each page in both languages, at the width of a desk, of a telephone (320 CSS pixels: also what 400 % zoom leaves of
a desk) and at 200 % zoom (half the pixels). DZIENNIK_PICTURES names a folder for what they look like.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn

from dziennik.accounts.external import External
from dziennik.accounts.provider import Provider
from dziennik.application.register import Accepted
from dziennik.contracts.cards import GrantStock
from dziennik.graphql.app import create_app
from dziennik.scanning.intake import take_in
from tests.accounts.oidc_server import SECRET, Idp, running
from tests.checkers import needs_axe
from tests.graphql.conftest import OFFICE, PASSWORD, Follow, Served
from tests.graphql.test_cards import LESSON, a_lesson, a_letter, a_pile, png
from tests.omr.cards import mark

CHECK: Final = Path(__file__).with_name("accessibility.cjs")
ARCHIVE: Final = Path(__file__).parents[1] / "archive" / "golden" / "archive-1" / "data"
DESK, ZOOMED, TELEPHONE = 1280, 640, 320
WIDTHS: Final = {"desk": DESK, "zoomed": ZOOMED, "telephone": TELEPHONE}
Step = tuple[str, ...]
LOGIN: Final[list[Step]] = [
    ("fill", "#l-login", "dir.login"),
    ("fill", "#l-password", PASSWORD),
    ("click", "#login button"),
    ("wait", "#inside"),
]
pytestmark = needs_axe


@dataclass
class Site:
    """A server on this machine, and what is asked of its pages."""

    address: str
    pages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def visit(
        self,
        name: str,
        path: str = "/account",
        steps: list[Step] | None = None,
        language: str = "pl",
        *,
        once: bool = False,
        without: tuple[str, ...] = (),
        dark: bool = False,
    ) -> None:
        """At each width, or `once` what cannot be done again; `without` some of axe's rules."""
        url = path if "://" in path else self.address + path
        for width_name, width in list(WIDTHS.items())[: 1 if once else None]:
            page: dict[str, Any] = {"url": url, "language": language, "width": width, "steps": steps or []}
            page |= {"without": without, "dark": dark}
            self.pages.append((f"{name}, {width_name}", page))

    def faults(self) -> dict[str, Any]:
        """By page: everything that is wrong."""
        pictures = os.environ.get("DZIENNIK_PICTURES")
        for number, (name, page) in enumerate(self.pages):
            page["picture"] = f"{pictures}/{number:02} {name}.png" if pictures else None
        asked = {"chromium": shutil.which("chromium"), "pages": [page for _, page in self.pages]}
        done = subprocess.run(
            ["node", CHECK], input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=240
        )
        assert done.returncode == 0, done.stderr
        found = zip(self.pages, json.loads(done.stdout), strict=True)
        return {name: said for (name, _), said in found if any(said.values())}


@contextmanager
def serving(served: Served) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as claim:
        server = uvicorn.Server(uvicorn.Config(create_app(served.system), log_level="error", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [claim]}, daemon=True)
        thread.start()
        while not server.started:
            sleep(0.01)
        yield f"http://127.0.0.1:{claim.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@contextmanager
def logging_in(idp: Idp) -> Iterator[str]:
    """A provider's page on which everybody is at once who they are; its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            code = f"code-{len(idp.codes)}"
            idp.codes[code] = {**asked, "sub": "anna@gmina"}
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/authorize"
    server.shutdown()
    server.server_close()


def test_nothing_keeps_people_from_our_pages(served: Served) -> None:
    with serving(served) as address:
        site = Site(address)
        for language in ("pl", "en"):
            site.visit(f"account {language}", "/account", [("wait", "#login")], language)
        wrong = [("fill", "#l-login", "x"), ("fill", "#l-password", "y"), ("click", "#login button")]
        site.visit("account, refused", "/account", [*wrong, ("wait", "#fault:not(:empty)")])
        site.visit("account, inside", "/account", LOGIN)
        enrolling: list[Step] = [
            ("fill", "#b-password", PASSWORD),
            ("click", "#factor-begin button"),
            ("wait", "#factor-confirm"),
        ]
        site.visit("account, second factor", "/account", [*LOGIN, *enrolling])
        parent = [(what, selector, value.replace("dir.", "m1.")) for what, selector, value in LOGIN[:2]]
        taking = [*parent, *LOGIN[2:], ("click", "#children button"), ("wait", "#done:not(:empty)")]
        site.visit("account, a parent", "/account", taking)
        site.visit("cards", "/cards", [("wait", "#login")])
        entering = [
            ("fill", "#name", "dir.login"),
            ("fill", "#password", PASSWORD),
            ("click", "#login button"),
        ]
        for dark in (False, True):
            site.visit(f"cards, inside, {dark=}", "/cards", [*entering, ("wait", "#places")], dark=dark)
        site.visit("explorer", "/graphql", [("wait", "#login")])
        for page in ("index.html", "classes/4a/register.html"):
            # No rule of WCAG: two regions with one heading. The bytes of a published format stay as they are.
            name, url = f"archive {page.replace('/', ' ')}", (ARCHIVE / page).as_uri()
            site.visit(name, url, without=("landmark-unique",))
        found = site.faults()
        assert found == {}, json.dumps(found, indent=1, ensure_ascii=False)


def test_nothing_keeps_people_from_deciding_cards(served: Served, follow: Follow) -> None:
    """A doubtful field with its pictures, a copy with other marks, and a page on which there is no card."""
    _, grey = a_lesson(served)
    mark(grey, LESSON, 0, "confirmed")
    mark(grey, LESSON, 2, "absent")
    mark(grey, LESSON, 2, "released")
    copy = grey.copy()
    mark(copy, LESSON, 1, "late")
    pile = a_pile(grey, a_letter(grey))
    for content in (pile, png(copy)):
        path = served.system.settings.data_dir / "scan"
        path.write_bytes(content)
        taken = take_in(served.system, "sp1", path, actor=OFFICE, workers=1)
        assert isinstance(taken.outcome, Accepted)
    follow()
    entering: list[Step] = [
        ("fill", "#name", "dir.login"),
        ("fill", "#password", PASSWORD),
        ("click", "#login button"),
        ("wait", "#stock:not(:empty)"),
        ("choose", "#pile", "scan " + sha256(pile).hexdigest()),
        ("click", "#choose button"),
        ("wait", "#sheets fieldset.open img.cell"),
        ("click", "#sheets summary"),
        ("wait", "img.page"),
    ]
    more = GrantStock(grant_id="more", count=9, basis="umowa")
    assert isinstance(served.system.register("sp1").execute(more, actor=OFFICE), Accepted)
    printing: list[Step] = [
        *entering[:4],
        ("choose", "#p-column", "c1"),
        ("click", "#print button"),
        ("wait", "#paper a"),
    ]
    with serving(served) as address:
        site = Site(address)
        site.visit("cards, printing", "/cards", printing)
        for language in ("pl", "en"):
            site.visit(f"cards, deciding {language}", "/cards", entering, language)
        site.visit("cards, deciding in the dark", "/cards", entering, dark=True, once=True)
        found = site.faults()
        assert found == {}, json.dumps(found, indent=1, ensure_ascii=False)


def test_an_external_identity_is_linked_used_and_unlinked_on_the_page(served: Served) -> None:
    accounts = served.system.accounts
    with (
        serving(served) as address,
        running(lambda: datetime.now(UTC)) as idp,
        logging_in(idp) as authorize,
    ):
        idp.discovered = {"authorization_endpoint": authorize}
        provider = Provider(
            name="gmina",
            label="Logowanie gminne",
            issuer=idp.issuer,
            client_id="dziennik",
            client_secret=SECRET,
            redirect_uris=(f"{address}/account",),
        )
        accounts.external = External(accounts.vault, [provider])
        director = served.accounts["dir"]
        linking: list[Step] = [*LOGIN, ("click", "#linked button"), ("wait", "#done:not(:empty)")]
        through: list[Step] = [("click", "#providers button"), ("wait", "#inside"), ("wait", "#unlink")]
        removing: list[Step] = [
            *through,
            ("fill", "#u-password", PASSWORD),
            ("click", "#unlink button"),
            ("wait", "#linked button"),
        ]
        site = Site(address)
        site.visit("account, back to link", steps=linking)
        site.visit("account, linked", steps=[*linking, *LOGIN, ("wait", "#unlink")], once=True)
        site.visit("account, entered through the provider", steps=through)
        assert site.faults() == {}
        assert accounts.external.of(director) == ["gmina"]
        site = Site(address)
        site.visit("account, unlinked", steps=removing, once=True)
        assert site.faults() == {}
        assert accounts.external.of(director) == []
