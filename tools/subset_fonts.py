"""Make the two fonts that printed registers embed: `python -m tools.subset_fonts FOLDER-WITH-DEJAVU`.

Needs fonttools, which nothing else does. The result is committed: a printed register is made of these bytes,
so they change only with the format of archives (ADR 0123).
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found, unused-ignore]

FONTS = Path(__file__).parents[1] / "src" / "archive" / "fonts"
NAMES = {"regular.ttf": "DejaVuSansCondensed.ttf", "bold.ttf": "DejaVuSansCondensed-Bold.ttf"}
# Latin, Greek and Cyrillic for topics and names, punctuation, arrows, signs of attendance.
KEPT = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), *range(0x370, 0x400),
    *range(0x400, 0x460), 0x490, 0x491, *range(0x1E80, 0x1E86), *range(0x2010, 0x2028), 0x2030, 0x2032,
    0x2033, 0x2039, 0x203A, *range(0x2070, 0x2095), 0x20AC, 0x2116, 0x2122, *range(0x2150, 0x2190),
    *range(0x2190, 0x2196), 0x2205, 0x2208, 0x2211, 0x2212, 0x221A, 0x221E, 0x222B, 0x2248, 0x2260, 0x2264,
    0x2265, 0x25A1, 0x25CB, 0x25CF, 0x2605, 0x2606, 0x2713, 0x2717, 0xFFFD,
]  # fmt: skip


def main() -> None:
    """Write both files."""
    source = Path(sys.argv[1])
    for name, original in NAMES.items():
        options = subset.Options()
        options.hinting = False
        options.layout_features = []
        options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
        options.notdef_outline = True
        options.recalc_timestamp = False
        font = subset.load_font(str(source / original), options)
        chosen = subset.Subsetter(options)
        chosen.populate(unicodes=KEPT)
        chosen.subset(font)
        for table in ("GSUB", "GPOS", "GDEF", "kern", "FFTM", "gasp", "post"):
            if table in font and table != "post":
                del font[table]
        FONTS.mkdir(exist_ok=True)
        subset.save_font(font, str(FONTS / name), options)


if __name__ == "__main__":
    main()
