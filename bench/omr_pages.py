"""Does a pile of a thousand pages need more memory than one of a hundred? One PDF, as a feeder makes it.

What counts is the process that read and the largest worker, each at its peak; workers are as many as cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2

from bench.omr import a_scan, saved
from dziennik.omr.working import ENVIRONMENT

PAGES = (100, 1000)
PROGRAM = (
    "import resource, sys; from pathlib import Path; from dziennik.omr.batch import read_files;"
    "from dziennik.omr.identity import SAMPLE_KEY; from dziennik.omr.working import Set;"
    "read = sum(sheet.state == 'read' for sheet in read_files([Path(sys.argv[1])], Set(keys=(SAMPLE_KEY,))));"
    "peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)];"
    "print(read, *peaks)"
)


def write_pdf(out: Path, jpeg: bytes, size: tuple[int, int], pages: int) -> None:
    """A PDF of so many pages, each with its own copy of a grey JPEG of `size` pixels, 200 to the inch."""
    wide, high = (round(side * 72 / 200) for side in size)
    places: list[int] = []
    with out.open("wb") as file:

        def put(body: bytes) -> None:
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (len(places), body))

        file.write(b"%PDF-1.4\n")
        put(b"<</Type/Catalog/Pages 2 0 R>>")
        kids = b" ".join(b"%d 0 R" % (3 + 3 * page) for page in range(pages))
        put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids))
        for page in range(pages):
            at = 3 + 3 * page
            box = b"/MediaBox[0 0 %d %d]/Contents %d 0 R" % (wide, high, at + 1)
            put(b"<</Type/Page/Parent 2 0 R%s/Resources<</XObject<</I %d 0 R>>>>>>" % (box, at + 2))
            shown = b"%d 0 0 %d 0 0 cm /I Do" % (wide, high)
            put(b"<</Length %d>>\nstream\n%s\nendstream" % (len(shown), shown))
            kind = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode"
            head = b"<<%s/Width %d/Height %d/Length %d>>" % (kind, *size, len(jpeg))
            put(b"%s\nstream\n%s\nendstream" % (head, jpeg))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        file.writelines(b"%010d 00000 n \n" % place for place in places)
        file.write(b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))


def read(pdf: Path) -> tuple[int, float, float, float]:
    """Cards read, seconds, and MiB at the peak of the process that read and of its largest worker."""
    started = perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(pdf)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **ENVIRONMENT},
    )
    cards, own, worker = (int(part) for part in told.stdout.split())
    return cards, perf_counter() - started, own / 1024, worker / 1024


def run(_: str) -> dict[str, dict[str, Any]]:
    """The figures. No database is needed."""
    cv2.setNumThreads(1)
    grey = a_scan()
    jpeg, size = saved(grey, "JPEG", quality=75), (grey.shape[1], grey.shape[0])
    found: dict[int, tuple[int, float, float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for pages in PAGES:
            pdf = Path(folder, f"{pages}.pdf")
            write_pdf(pdf, jpeg, size, pages)
            found[pages] = read(pdf)
            assert found[pages][0] == pages, "every page is a card that is read"
    few, many = (found[pages] for pages in PAGES)
    megabytes = len(jpeg) * PAGES[1] >> 20
    told = f"the same of {PAGES[0]} pages: {few[2]:.0f} MiB, and {few[3]:.0f} MiB in a worker"

    def row(value: float, unit: str, limit: str = "") -> dict[str, Any]:
        return {"value": value, "unit": unit, "baseline": told, "limit": limit}

    return {
        "omr.pages_1000.peak_mib": row(many[2], "MiB", f"a PDF of {megabytes} MiB"),
        "omr.pages_1000.worker_peak_mib": row(many[3], "MiB", f"a PDF of {megabytes} MiB"),
        "omr.pages_1000.peak_ratio_to_100": row((many[2] + many[3]) / (few[2] + few[3]), "x"),
        "omr.pages_1000.ms_per_page_ratio_to_100": row(
            many[1] / PAGES[1] / (few[1] / PAGES[0]), "x", "starting workers counts in both"
        ),
    }
