"""Does the command line write samples, and read them back?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from dziennik.cli.main import app
from dziennik.omr import batch
from dziennik.omr.batch import watch
from dziennik.omr.sample import sample_cards
from dziennik.omr.template import Template

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "ankieta.json"


def test_samples_are_written_and_read_back(tmp_path: Path) -> None:
    run = CliRunner()
    out = tmp_path / "karty"
    assert run.invoke(app, ["cards", "sample", str(out)]).exit_code == 0
    answer = run.invoke(app, ["omr", "read", "--json", "--workers", "1", str(out)])
    assert answer.exit_code == 0
    sheets = [json.loads(line) for line in answer.stdout.splitlines()]
    cards = [card.identity.card_id for card in sample_cards()]
    assert [sheet["card"] for sheet in sheets] == cards + cards[-4:]  # the small ones again, two on a page
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
    code = "CARDS.FORM_MALFORMED" if number == 256 else "CARDS.FORM_NUMBER_TAKEN"
    assert (answer.exit_code, code in answer.stderr) == (2, True)


def test_a_form_of_ones_own_is_printed_and_its_copies_are_read_back(tmp_path: Path) -> None:
    run, out = CliRunner(), tmp_path / "ankieta.pdf"
    form = str(EXAMPLE)
    printed = run.invoke(app, ["cards", "form", form, str(out), "--copies", "2"])
    assert printed.exit_code == 0
    answer = run.invoke(app, ["omr", "read", "--json", "--workers", "1", "--template", form, str(out)])
    sheets = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [(sheet["state"], sheet["layout"], sheet["unsure"]) for sheet in sheets] == [("read", 128, 0)] * 2
    assert printed.stdout == f"{out}: {sheets[0]['card']}, {sheets[1]['card']}\n"
    unknown = run.invoke(app, ["omr", "read", "--json", "--workers", "1", str(out)])
    assert [json.loads(line)["reason"] for line in unknown.stdout.splitlines()] == ["unknown_layout"] * 2


def test_what_is_wrong_with_a_form_is_told_with_its_file_and_place(tmp_path: Path) -> None:
    path, out = tmp_path / "form.json", tmp_path / "form.pdf"
    form = msgspec.json.decode(EXAMPLE.read_bytes(), type=Template)
    path.write_bytes(msgspec.json.encode(replace(form, qr=replace(form.qr, x=50.0))))
    for command in (["cards", "form", path, out], ["omr", "read", "--template", path, tmp_path]):
        answer = CliRunner().invoke(app, [str(part) for part in command])
        assert answer.exit_code == 2
        assert answer.stderr.startswith(f"{path}: CARDS.FORM_COVERED: qr nachodzi na strip. ")
        assert answer.stderr.count("\n") == 1
    assert not out.exists()
    squeezed = [
        replace(one, cells=tuple(replace(c, x=c.x / 2 + 41) for c in one.cells)) for one in form.fields
    ]
    path.write_bytes(msgspec.json.encode(replace(form, fields=tuple(squeezed))))
    answer = CliRunner().invoke(app, ["cards", "form", str(path), str(out)])
    assert answer.stderr.count("CARDS.FORM_CELLS_TOO_NEAR") == 20
    assert answer.stderr.endswith("i 5 dalszych / and 5 more\n")


def test_watching_needs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    answer = CliRunner().invoke(app, ["omr", "read", "--watch", str(tmp_path / "a.png")])
    assert (answer.exit_code, answer.stdout) == (2, "")
    told = " ".join(answer.stderr.replace("│", " ").split())
    assert "podaj folder, w którym pojawiają się skany / name a folder in which scans appear" in told


def test_what_lies_in_a_watched_folder_is_read_once_it_stopped_growing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    apart = tmp_path / "b.jpg"
    apart.write_bytes(b"")
    sizes = iter([1, 2, 2])  # of a.png, look by look

    def grown(folders: Iterable[Path], *, seen: Iterable[Path] = ()) -> Iterator[list[Path]]:
        return watch(folders, seen=seen, every=0.0, rounds=3)

    monkeypatch.setattr(batch, "_sizes", lambda folder: {folder / "a.png": next(sizes)})
    monkeypatch.setattr(batch, "watch", grown)
    answer = CliRunner().invoke(app, ["omr", "read", "--watch", "--workers", "1", str(tmp_path), str(apart)])
    assert [line.partition(":")[0] for line in answer.stdout.splitlines()] == [
        str(apart),
        "refused 1",
        str(tmp_path / "a.png"),
        "refused 1",
    ]
    assert next(sizes, None) is None
