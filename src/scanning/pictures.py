"""What does a cell look like on the paper? Cut out of the kept scan by a worker, for whoever decides.

Addresses are signed and soon over, like those of attachments; a picture shows one line of one card, or a page
without one, small.
"""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

import msgspec

from dziennik.addresses import Addresses, utc_now
from dziennik.attachments.scans import Scans
from dziennik.domain.policies.card_doubts import lesson_of
from dziennik.omr.layouts import PITCH_Y, known, lines_to_write
from dziennik.omr.template import Template
from dziennik.omr.working import Cut, Set, Task, Worker

LASTS = timedelta(minutes=10)
KEPT = 200  # pictures
NOTES, PAGE = -1, -2
NOTES_BELOW, NOTES_WIDTH, NOTES_HEIGHT = 1.5, 158.0, 8.0  # the examples begin below
LINE_FROM, LINE_WIDTH, AROUND = 28.0, 166.0, 5.0


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a card in a kept scan: the line, and in it one cell or all of it (`cell` None).

    With `lesson` the line ends where cells of other lessons begin: not everybody may see those. The line
    NOTES is what stands below the cells: topics to choose from, and those written by hand. The line PAGE is
    all of the page, small, whatever is on it.
    """

    scan_id: str
    page: int
    corners: tuple[int, ...] = ()
    layout: int = 0
    line: int = PAGE
    cell: int | None = None
    lesson: int | None = None


class _Shown(msgspec.Struct, frozen=True):
    school: str
    part: Part


class Pictures:
    """Makes addresses of pictures, and the pictures. Thread-safe; one picture is cut at a time. Close it."""

    def __init__(self, scans: Scans, token_key: bytes, *, now: Callable[[], datetime] = utc_now) -> None:
        self._scans = scans
        self._addresses = Addresses(token_key, "dziennik card picture", _Shown, LASTS, now)
        self._worker = Worker(Set(keys=()))
        self._lock = Lock()
        self._made: OrderedDict[tuple[str, Part], bytes] = OrderedDict()

    def address(self, school_id: str, part: Part) -> str:
        """A token that is good for LASTS."""
        return self._addresses.make(_Shown(school_id, part))

    def show(self, token: str) -> bytes | None:
        """The picture as PNG; None for no token of ours, one that is over, or a scan that is gone."""
        said = self._addresses.read(token)
        return self.cut(said.school, said.part) if said else None

    def cut(self, school_id: str, part: Part) -> bytes | None:
        """The picture of a part; the last ones are remembered."""
        with self._lock:
            if (school_id, part) not in self._made:
                picture = self._cut(school_id, part)
                if not picture:
                    return None
                self._made[school_id, part] = picture
                if len(self._made) > KEPT:
                    self._made.popitem(last=False)
            return self._made[school_id, part]

    def _cut(self, school_id: str, part: Part) -> bytes:
        file = self._scans.read(school_id, part.scan_id)
        if file is None:
            return b""
        with tempfile.NamedTemporaryFile(prefix="dziennik-scan-") as lying:
            Path(lying.name).write_bytes(file.content)
            if part.line == PAGE:
                return self._worker.picture(Task(path=lying.name, first=part.page, small=True))
            form = known().get(part.layout)
            if form is None or part.line >= len(form.timing.rows):
                return b""
            cut = Cut(corners=part.corners, size=(form.width, form.height), box=_box(form, part))
            return self._worker.picture(Task(path=lying.name, first=part.page, cut=cut))

    def forget(self, school_id: str, scan_id: str) -> None:
        """The scan is gone: its pictures, too."""
        with self._lock:
            for known in [key for key in self._made if (key[0], key[1].scan_id) == (school_id, scan_id)]:
                del self._made[known]

    def close(self) -> None:
        """End the worker."""
        self._worker.stop()


def _box(form: Template, part: Part) -> tuple[float, float, float, float]:
    """Where the part is on the card: x, y, width, height in mm."""
    if part.line == NOTES:
        return _notes(form)
    if part.cell is not None:
        place = form.cells()[part.cell][1]
        return (place.x - AROUND, place.y - AROUND, 2 * AROUND, 2 * AROUND)
    top = form.timing.rows[part.line] - AROUND
    if part.lesson is None:
        return (LINE_FROM, top, LINE_WIDTH, 2 * AROUND)
    own = [cell.x for field, cell in form.cells() if lesson_of(field.name) == part.lesson]
    if not own:
        return (LINE_FROM, top, 0.0, 0.0)
    return (min(own) - AROUND, top, max(own) - min(own) + 2 * AROUND, 2 * AROUND)


def _notes(form: Template) -> tuple[float, float, float, float]:
    """The foot, and above it the lines to write on, if the card has any."""
    bottom, lines = form.timing.bottom + NOTES_BELOW + NOTES_HEIGHT, lines_to_write(form)
    if not lines:
        return (LINE_FROM - 2, bottom - NOTES_HEIGHT, NOTES_WIDTH, NOTES_HEIGHT)
    top = lines[0] - PITCH_Y / 2
    return (LINE_FROM - 2, top, LINE_WIDTH, bottom - top)
