"""Does the demo serve what it prints: the address, the logins, four queries with something in them?"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from graphql import parse, validate

from dziennik.cli import demo
from dziennik.demo.former import SCHOOL_ID as FORMER
from dziennik.graphql.schema import SCHEMA
from tests.cli.conftest import Line

Ask = Callable[[str, str | None], dict[str, Any]]


@pytest.fixture
def running(new_database: Callable[[], str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", "from dziennik.cli.main import main; main()", "demo", "--size", "tiny"]
    options = ["--port", "0", "--data-dir", str(tmp_path), "--database-url", new_database()]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as server:
        yield server
        server.kill()


def printed(server: subprocess.Popen[str]) -> str:
    """Everything up to the end of the fourth query."""
    assert server.stdout
    lines: list[str] = []
    for line in server.stdout:
        lines.append(line)
        if line == "}\n" and any(early.startswith("4. ") for early in lines):
            break
    return "".join(lines)


def asking(text: str) -> Ask:
    found = re.search(r"http://\S+/graphql", text)
    assert found
    address = found.group()

    def ask(query: str, token: str | None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        request = Request(address, json.dumps({"query": query}).encode(), headers)
        with urlopen(request) as answer:
            said = json.load(answer)
        assert "errors" not in said, said["errors"]
        data: dict[str, Any] = said["data"]
        return data

    return ask


def test_what_is_printed_can_be_pasted(running: subprocess.Popen[str]) -> None:
    text = printed(running)
    passwords = dict(re.findall(r"^  (\w+@demo_tiny) +(\S+)  \S", text, re.MULTILINE))
    assert len(passwords) == 6
    ask = asking(text)
    login, gradebook, children, attendance = re.split(r"^\d\. .*$", text, flags=re.MULTILINE)[1:]

    def token(role: str) -> str:
        of_role = login.replace("nauczyciel@", f"{role}@").replace(
            passwords["nauczyciel@demo_tiny"], passwords[f"{role}@demo_tiny"]
        )
        return str(ask(of_role, None)["login"]["accessToken"])

    book = ask(gradebook, token("nauczyciel"))["gradebook"]
    assert len(book["pupils"]) == 10
    assert sum(len(cell["grades"]) for cell in book["cells"]) > 100
    parent = token("rodzic")
    seen = ask(children, parent)
    assert len(seen["myChildren"]) == 1
    assert sum(len(cell["grades"]) for cell in seen["pupilGrades"]) > 10
    presence = ask(attendance, parent)["pupilAttendance"]
    assert presence["percentage"]["counted"] > 100
    running.send_signal(signal.SIGINT)
    assert running.wait() == 0


def test_what_is_printed_of_former_years_can_be_asked() -> None:
    queries = (demo.THEN % (FORMER, 2014), demo.BOUGHT % FORMER, demo.STATEMENT % (FORMER, FORMER))
    for query in queries:
        assert validate(SCHEMA._schema, parse(query)) == []


def test_a_built_demo_is_found_complete(line: Line) -> None:
    counts = []
    for _ in range(2):
        assert line("demo", "--size", "tiny", "--build-only").code == 0
        counts.append(json.loads(line("school", "list", "--json").out))
    assert counts[0] == counts[1]
    assert [row["school"] for row in counts[0]] == ["demo_tiny"]
