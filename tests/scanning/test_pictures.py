"""Do pictures of a card's foot show where topics are written?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from dziennik.attachments.scans import Scans
from dziennik.omr.layouts import Paper, lesson_card, lines_to_write, written_card
from dziennik.omr.template import Template
from dziennik.scanning.pictures import NOTES, Part, Pictures

SCALE = 8  # pixels a mm, of the scan and of pictures


def shown(form: Template, scan: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The foot of a card that fills a scan."""
    content = cv2.imencode(".png", scan)[1].tobytes()
    kept = SimpleNamespace(read=lambda *_: SimpleNamespace(content=content))
    pictures = Pictures(cast(Scans, kept), b"k" * 32)
    high, wide = scan.shape
    part = Part(
        scan_id="s", page=1, corners=(0, 0, wide, 0, wide, high, 0, high), layout=form.number, line=NOTES
    )
    try:
        picture = pictures.cut("sp1", part)
    finally:
        pictures.close()
    assert picture
    return np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


@pytest.mark.parametrize("paper", list(Paper))
def test_lines_to_write_on_are_in_the_picture_and_no_pupils_cells(paper: Paper) -> None:
    form = written_card(paper, 4)
    scan = np.full((round(form.height * SCALE), round(form.width * SCALE)), 255, dtype=np.uint8)
    for y in lines_to_write(form):
        cv2.line(scan, (85 * SCALE, round(y * SCALE)), (185 * SCALE, round(y * SCALE)), 0, 6)
    last = max(cell.y for _, cell in form.cells())
    scan[: round((last + 3.6) * SCALE)] = 128  # everything down to the last pupil's cells
    picture = shown(form, scan)
    dark = np.flatnonzero((picture < 60).sum(axis=1) > 600)
    assert np.count_nonzero(np.diff(dark) > 5) == 1  # two lines
    assert not ((picture > 100) & (picture < 160)).any()


def test_a_card_without_such_lines_shows_its_notes_alone() -> None:
    form = lesson_card(Paper.A4, 4)
    scan = np.full((round(form.height * SCALE), round(form.width * SCALE)), 255, dtype=np.uint8)
    assert shown(form, scan).shape == (64, 1264)
