"""Is the repository free of what belongs to one machine?"""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.packaging.repository import ROOT, files

# Spelled so that this file does not contain what it forbids.
HOSTS = re.compile(
    "|".join(("pypi[.]org", "python" + "hosted", "npm" + "js", "deb[.]debian", "py" + "pi-mirror")),
    re.IGNORECASE,
)
PLACES = re.compile(r"(?<![\w.$}~*<>-])/(?:work|root|tmp|home|Users)/[A-Za-z]")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for name in files():
        path = ROOT / name
        if path.is_symlink() or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{n}" for n, line in enumerate(text.split("\n"), 1) if pattern.search(line)]
    return found


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(HOSTS) == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert lines_with(PLACES) == []


def test_no_link_leaves_the_repository() -> None:
    links = [name for name in files() if (ROOT / name).is_symlink()]
    assert [str(name) for name in links if not (ROOT / name).resolve().is_relative_to(ROOT.resolve())] == []


@pytest.mark.smoke
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pins = re.findall(r"^([a-z0-9-]+)==\S+(.*(?:\n .*)*)", text, re.MULTILINE)
    assert len(pins) > 40
    assert [pin for pin, rest in pins if "--hash=sha256:" not in rest] == []
    assert len(re.findall(r"^[a-z]", text, re.MULTILINE)) == len(pins)


def test_both_locks_agree() -> None:
    run, dev = ((ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    pin = re.compile(r"^\S+==\S+", re.MULTILINE)
    assert set(pin.findall(run)) < set(pin.findall(dev))


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [g for group in project["dependency-groups"].values() for g in group if isinstance(g, str)]
    wanted = {re.split(r"[\[=>;]", line)[0].lower() for line in project["project"]["dependencies"] + groups}
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE))
    assert wanted - locked == set()
