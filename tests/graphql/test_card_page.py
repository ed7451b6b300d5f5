"""Does the page for deciding cards run nothing but its own script, and load nothing from elsewhere?"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import FastAPI
from starlette.testclient import TestClient

from dziennik.graphql import card_page


def test_the_page_asks_this_server_only_and_runs_its_own_script() -> None:
    app = FastAPI()
    card_page.mount(app)
    client = TestClient(app)
    polish, english = (
        client.get("/cards", headers={"Accept-Language": language}) for language in ("pl", "en")
    )
    assert '<html lang="pl">' in polish.text
    assert "Cards waiting" in english.text
    assert "://" not in polish.text
    policy = polish.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; connect-src 'self'; img-src 'self'")
    assert "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", polish.text, re.DOTALL)
        digest = b64encode(sha256(inline.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert not re.findall(r"\son[a-z]+=|style=", polish.text)  # nothing that the policy would stop


def test_both_languages_say_the_same_things() -> None:
    for words in (card_page._SHOWN, card_page._SAID):
        polish, english = words["pl"], words["en"]
        assert polish.keys() == english.keys()
        for key, value in polish.items():
            if isinstance(value, dict):
                assert value.keys() == english[key].keys()  # type: ignore[attr-defined]
            else:
                assert re.findall(r"{\w+}", str(value)) == re.findall(r"{\w+}", str(english[key]))
