"""How long does it take to read a card? An A4 of 30 x 12, filled, 200 dpi, on one core, stage by stage.

Each figure is the best of many: the machine does other things, too. It is measured in a process with a
worker's environment: of more threads than one those that wait count as work. What the corpus says of being
right comes from `make omr-corpus N=... WRITE=--write`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from bench.omr_corpus.campaign import PER_MM
from bench.omr_corpus.pens import fill
from dziennik.omr import flattening, inking, judging, markers, witnesses
from dziennik.omr.identity import SAMPLE_KEY, genuine
from dziennik.omr.inking import prepare
from dziennik.omr.layouts import Paper
from dziennik.omr.loading import pages
from dziennik.omr.printing import print_cards
from dziennik.omr.reader import Reader
from dziennik.omr.sample import grade_sheets
from dziennik.omr.thresholds import HOUSE
from dziennik.omr.working import ENVIRONMENT

Grey = np.ndarray[Any, np.dtype[np.uint8]]
AGAIN = 40
PROTOTYPE = "the prototype of OMR.md: 9 ms reading, 15 with JPEG, 31 with PNG, 12 with TIFF G4"
TEXTBOOK = "light evened, outlines traced, page flattened by OpenCV alone (`textbook`), same run"
SHARED = "processor time on whatever machine it was: see omr.textbook_ms"


def best(work: Callable[[], object]) -> float:
    """Milliseconds of processor time of the quickest of many."""
    work()
    found = []
    for _ in range(AGAIN):
        started = process_time()
        work()
        found.append(process_time() - started)
    return 1000 * min(found)


def a_scan() -> Grey:
    """A filled card as a scanner gives it."""
    (card,) = grade_sheets(Paper.A4, 30, 1)
    with pypdfium2.PdfDocument(print_cards([card])) as document:
        shown = np.squeeze(document[0].render(scale=200 / 72, grayscale=True).to_numpy())
    page = np.minimum(shown, 245).astype(np.uint8)
    return fill(page, card.template, PER_MM, np.random.default_rng(1), mixed=False).grey


def saved(grey: Grey, kind: str, **how: Any) -> bytes:  # noqa: ANN401
    out = BytesIO()
    Image.fromarray(grey).save(out, kind, **how)
    return out.getvalue()


def textbook(grey: Grey) -> Grey:
    """The steps that sheet readers take over a whole page before they look at a single cell."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 12)
    outlines, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    corners = cv2.boxPoints(cv2.minAreaRect(np.concatenate(outlines)))
    high, wide = grey.shape
    page = np.array([(0, high), (0, 0), (wide, 0), (wide, high)], dtype=np.float32)
    turned = cv2.getPerspectiveTransform(corners, page)
    return np.asarray(cv2.warpPerspective(grey, turned, (wide, high)), dtype=np.uint8)


def stages(grey: Grey) -> dict[str, float]:
    """Milliseconds of each stage."""
    (form,) = {card.template.number: card.template for card in grade_sheets(Paper.A4, 30, 1)}.values()
    prepared = prepare(form, HOUSE.per_mm)
    (card,) = markers.find_cards(grey, [form], HOUSE)
    flat = flattening.flatten(grey, card, flattening.body_box(form), HOUSE)
    waves = flattening.find_waves(flat, form, HOUSE)
    inked = inking.measure(flat, prepared, waves)
    return {
        "find": best(lambda: markers.find_cards(grey, [form], HOUSE)),
        "identity": best(lambda: witnesses.hear(grey, card, lambda _: True, HOUSE)),
        "flatten": best(lambda: flattening.flatten(grey, card, flattening.body_box(form), HOUSE)),
        "waves": best(lambda: flattening.find_waves(flat, form, HOUSE)),
        "cells": best(lambda: inking.measure(flat, prepared, waves)),
        "judge": best(
            lambda: judging.judge(
                inked,
                prepared,
                HOUSE,
                judging.Scan(two_tone=False, bilevel=False, coarse=False, fine=lambda: False),
            )
        ),
    }


def hundred(grey: Grey) -> tuple[float, float]:
    """Seconds of processor time and MiB of a process that reads 100 JPEG cards, with its start."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(100):
            Path(folder, f"{number:03}.jpg").write_bytes(saved(grey, "JPEG", quality=75))
        program = (
            "import sys; from pathlib import Path; from dziennik.omr.identity import SAMPLE_KEY, genuine;"
            "from dziennik.omr.loading import pages; from dziennik.omr.reader import Reader;"
            "reader = Reader(lambda said: genuine(SAMPLE_KEY, said));"
            "[reader.read(page.grey) for path in sorted(Path(sys.argv[1]).iterdir())"
            " for page in pages(path.read_bytes()) if page.grey is not None];"
            "peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0];"
            "import time; print(peak, time.process_time())"
        )
        told = subprocess.run(
            [sys.executable, "-c", program, folder], check=True, capture_output=True, text=True, env=_worker()
        )
    peak, seconds = told.stdout.split()
    return float(seconds), int(peak) / 1024


def _worker() -> dict[str, str]:
    return {**os.environ, **ENVIRONMENT}


def run(_: str) -> dict[str, dict[str, Any]]:
    """The figures. No database is needed."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.omr"], check=True, capture_output=True, text=True, env=_worker()
    )
    found: dict[str, dict[str, Any]] = json.loads(told.stdout)
    return found


def measured() -> dict[str, dict[str, Any]]:
    """The figures of this process."""
    cv2.setNumThreads(1)
    grey = a_scan()
    reader = Reader(lambda said: genuine(SAMPLE_KEY, said))
    files = {
        "jpeg": saved(grey, "JPEG", quality=75),
        "png": saved(grey, "PNG"),
        "tiff_g4": saved(np.where(grey > 140, 255, 0).astype(bool), "TIFF", compression="group4"),
    }

    def row(value: float, unit: str = "ms", limit: str = SHARED, baseline: str = PROTOTYPE) -> dict[str, Any]:
        return {"value": value, "unit": unit, "baseline": baseline, "limit": limit}

    def read(data: bytes) -> None:
        for page in pages(data):
            if page.grey is not None:
                reader.read(page.grey)

    reading, beside = best(lambda: reader.read(grey)), best(lambda: textbook(grey))
    found = {
        "omr.read_ms_200dpi": row(reading),
        "omr.textbook_ms": row(beside, limit="", baseline="nothing: it is one"),
        "omr.read_ratio_to_textbook": row(reading / beside, "x", "no cell is looked at there", TEXTBOOK),
    }
    for name, data in files.items():
        found[f"omr.read_{name}_ms_200dpi"] = row(best(lambda data=data: read(data)))  # type: ignore[misc]
    for name, value in stages(grey).items():
        found[f"omr.stage.{name}_ms"] = row(value)
    seconds, memory = hundred(grey)
    found["omr.hundred_jpeg_s"] = row(seconds, "s")
    found["omr.hundred_jpeg_mib"] = row(memory, "MiB", "OpenCV, Pillow and PDFium loaded")
    return found


if __name__ == "__main__":
    print(json.dumps(measured()))
