"""Which glyph stands for a character, and how wide is it? From the two fonts that lie beside this file.

They are embedded whole and as they are, so that a printed register is the same bytes for ever (ADR 0123).
OpenType 1.8: tables head, hhea, hmtx, cmap (format 4), OS/2.
"""

from __future__ import annotations

import struct
from functools import cache
from importlib.resources import files
from typing import Final

UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"


class Font:
    """A TrueType font. Widths are in thousandths of the font's size."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data
        self._tables = self._directory()
        head, hhea = self._tables["head"], self._tables["hhea"]
        self._units: int = struct.unpack_from(">H", head, 18)[0]
        self.box: tuple[int, ...] = tuple(map(self._thousandth, struct.unpack_from(">4h", head, 36)))
        self.ascent, self.descent = map(self._thousandth, struct.unpack_from(">2h", hhea, 4))
        count: int = struct.unpack_from(">H", hhea, 34)[0]
        advances = struct.unpack_from(">" + "Hh" * count, self._tables["hmtx"])[::2]
        self.widths: tuple[int, ...] = tuple(map(self._thousandth, advances))
        self.glyphs = self._characters()
        self._known: dict[str, int] = {}
        self.hexadecimal = _Hexadecimal(self)

    def glyph(self, character: str) -> int:
        """The glyph's number; of a character that the font lacks, the sign for it."""
        return self.glyphs.get(ord(character)) or self.glyphs[ord(UNKNOWN)]

    def width(self, text: str) -> int:
        """The width of a text on one line; words come again and again."""
        known = self._known.get(text)
        if known is None:
            last = len(self.widths) - 1
            known = sum(self.widths[min(self.glyph(one), last)] for one in text)
            if len(text) < 24:
                self._known[text] = known
        return known

    def _thousandth(self, value: int) -> int:
        return round(value * 1000 / self._units)

    def _directory(self) -> dict[str, bytes]:
        count: int = struct.unpack_from(">H", self.data, 4)[0]
        rows = (struct.unpack_from(">4sIII", self.data, 12 + 16 * n) for n in range(count))
        return {tag.decode("ascii"): self.data[at : at + size] for tag, _, at, size in rows}

    def _characters(self) -> dict[int, int]:
        cmap = self._tables["cmap"]
        count: int = struct.unpack_from(">H", cmap, 2)[0]
        for n in range(count):
            platform, _, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * n)
            if platform in (0, 3) and struct.unpack_from(">H", cmap, offset)[0] == 4:
                return _format_4(cmap[offset:])
        raise ValueError(f"{self.name} has no cmap of format 4")


class _Hexadecimal(dict[int, str]):
    """For str.translate: each character's glyph as PDF writes it."""

    def __init__(self, font: Font) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, code: int) -> str:
        made = self[code] = f"{self._font.glyph(chr(code)):04X}"
        return made


def _format_4(table: bytes) -> dict[int, int]:
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", table, 14)
    starts = struct.unpack_from(f">{segments}H", table, 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}h", table, 16 + 4 * segments)
    ranges_at = 16 + 6 * segments
    ranges = struct.unpack_from(f">{segments}H", table, ranges_at)
    found: dict[int, int] = {}
    for n, (start, end, delta, shift) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            if shift == 0:
                glyph = (code + delta) & 0xFFFF
            else:
                at = ranges_at + 2 * n + shift + 2 * (code - start)
                glyph = struct.unpack_from(">H", table, at)[0]
                glyph = (glyph + delta) & 0xFFFF if glyph else 0
            if glyph:
                found[code] = glyph
    return found


@cache
def regular() -> Font:
    """For texts."""
    return _font("DejaVuSansCondensed", "regular.ttf")


@cache
def bold() -> Font:
    """For headings."""
    return _font("DejaVuSansCondensed-Bold", "bold.ttf")


def _font(name: str, file: str) -> Font:
    return Font(name, (files("dziennik.archive.fonts") / file).read_bytes())
