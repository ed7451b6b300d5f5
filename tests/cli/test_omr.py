"""Does the command line write samples, and read them back?"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from dziennik.cli.main import app
from dziennik.omr.sample import sample_cards


def test_samples_are_written_and_read_back(tmp_path: Path) -> None:
    run = CliRunner()
    out = tmp_path / "karty"
    assert run.invoke(app, ["cards", "sample", str(out)]).exit_code == 0
    answer = run.invoke(app, ["omr", "read", "--json", "--workers", "1", str(out)])
    assert answer.exit_code == 0
    sheets = [json.loads(line) for line in answer.stdout.splitlines()]
    cards = [card.identity.card_id for card in sample_cards()]
    assert [sheet["card"] for sheet in sheets] == cards + cards[-3:]  # the small ones again, two on a page
    assert {sheet["state"] for sheet in sheets} == {"read"}
    first = sheets[0]
    assert (first["page"], first["reason"], first["unsure"]) == (1, None, 0)
    described = json.loads((out / f"{cards[0]}.json").read_text(encoding="utf-8"))
    said = [(cell["row"], cell["field"], cell["value"]) for cell in first["cells"]]
    assert said == [(cell["row"], cell["field"], cell["value"]) for cell in described["cells"]]
    assert {cell["state"] for cell in first["cells"]} == {"blank"}


def test_what_is_no_scan_is_told_and_the_rest_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    answer = CliRunner().invoke(app, ["omr", "read", "--workers", "1", str(tmp_path)])
    assert answer.exit_code == 0
    assert "Plik jest pusty. / The file is empty." in answer.stdout
    assert answer.stdout.splitlines()[-1] == "refused 1"


def test_a_template_that_is_none_is_refused(tmp_path: Path) -> None:
    form = tmp_path / "form.json"
    form.write_text("{}")
    answer = CliRunner().invoke(app, ["omr", "read", "--template", str(form), str(tmp_path)])
    assert answer.exit_code == 2


@pytest.mark.parametrize("number", [1, 127, 256])
def test_a_template_takes_no_layout_of_the_schools_own_cards(tmp_path: Path, number: int) -> None:
    form = tmp_path / "form.json"
    form.write_bytes(msgspec.json.encode(replace(sample_cards()[0].template, number=number)))
    answer = CliRunner().invoke(app, ["omr", "read", "--template", str(form), str(tmp_path)])
    assert (answer.exit_code, f"number {number}" in answer.stderr) == (2, True)
