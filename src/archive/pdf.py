"""How is a register laid out as PDF/A-1 (ISO 19005-1), the same bytes with every version of every library?

By hand and without compression: what a library would write differs with its version, and with zlib's (ADR
0123). One gray colour space with its profile, both fonts embedded whole, texts that can be searched and
copied, bookmarks. Tagged it is level A: headings, tables with the scope of their headings, and what is no
part of the document, so that a reader for the blind tells it in its order (ADR 0130).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from xml.sax.saxutils import escape

from dziennik.archive.pdf_font import Font, bold, regular
from dziennik.archive.pdf_layout import HEIGHT, WIDTH, Pages, laid_out
from dziennik.archive.pdf_structure import write_structure
from dziennik.archive.readable import Readable

_XMP: Final = """\
<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="1"
  pdfaid:conformance="{level}"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>pl</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def pdf(document: Readable, *, tagged: bool = False) -> bytes:
    """The file, of level B, or A where it is tagged."""
    made = laid_out(document, tagged=tagged)
    file = _File()
    said = _XMP.format(title=escape(document.title), level="A" if tagged else "B")
    metadata = file.stream(said.encode(), "/Type /Metadata /Subtype /XML")
    profile = file.stream(_gray_profile(), "/N 1")
    intent = file.add(
        "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (Gray gamma 2.2) "
        f"/Info (Gray gamma 2.2) /DestOutputProfile {profile} 0 R >>"
    )
    fonts = f"<< /F1 {_font(file, regular())} 0 R /F2 {_font(file, bold())} 0 R >>"
    tree = file.reserve()
    pages = [
        _page(file, page.drawn, tree, fonts, f"/StructParents {n} " if tagged else "")
        for n, page in enumerate(made.pages)
    ]
    kids = " ".join(f"{number} 0 R" for number in pages)
    file.fill(tree, f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    outlines = _outlines(file, made, pages)
    structure = write_structure(file, made, pages)
    root = file.add(
        f"<< /Type /Catalog /Pages {tree} 0 R /Outlines {outlines} 0 R /PageMode /UseOutlines /Lang (pl) "
        f"{structure}/Metadata {metadata} 0 R /OutputIntents [{intent} 0 R] >>"
    )
    return file.whole(root)


class _File:
    """Numbered objects, then the table of where they stand."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, content: str) -> int:
        self._objects.append(content.encode("latin-1"))
        return len(self._objects)

    def reserve(self) -> int:
        return self.add("")

    def fill(self, number: int, content: str) -> None:
        self._objects[number - 1] = content.encode("latin-1")

    def stream(self, data: bytes, more: str = "") -> int:
        head = f"<< /Length {len(data)} {more} >>\nstream\n".encode("latin-1")
        self._objects.append(head + data + b"\nendstream")
        return len(self._objects)

    def whole(self, root: int) -> bytes:
        # Bytes beyond ASCII in the second line tell programs that the file is not text.
        parts = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"]
        at, offsets = len(parts[0]), []
        for number, content in enumerate(self._objects, 1):
            part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
            offsets.append(at)
            at += len(part)
            parts.append(part)
        rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
        key = sha256(b"".join(parts)).hexdigest()[:32]
        count = len(self._objects) + 1
        table = f"xref\n0 {count}\n0000000000 65535 f \n{rows}"
        end = f"trailer\n<< /Size {count} /Root {root} 0 R /ID [<{key}> <{key}>] >>\nstartxref\n{at}\n%%EOF\n"
        return b"".join([*parts, table.encode(), end.encode()])


def _page(file: _File, drawn: Iterable[str], tree: int, fonts: str, more: str) -> int:
    contents = file.stream("\n".join(drawn).encode("ascii"))
    return file.add(
        f"<< /Type /Page {more}/Parent {tree} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
        f"/Resources << /Font {fonts} >> /Contents {contents} 0 R >>"
    )


def _outlines(file: _File, made: Pages, pages: list[int]) -> int:
    top = file.reserve()
    numbers = [file.reserve() for _ in made.marks]
    for n, (title, page, y) in enumerate(made.marks):
        before = f"/Prev {numbers[n - 1]} 0 R " if n else ""
        after = f"/Next {numbers[n + 1]} 0 R " if n + 1 < len(numbers) else ""
        said = title.encode("utf-16-be").hex().upper()
        there = f"/Dest [{pages[page]} 0 R /XYZ 0 {y + 14:.0f} 0]"
        file.fill(numbers[n], f"<< /Title <FEFF{said}> /Parent {top} 0 R {before}{after}{there} >>")
    ends = f"/First {numbers[0]} 0 R /Last {numbers[-1]} 0 R /Count {len(numbers)}" if numbers else ""
    file.fill(top, f"<< /Type /Outlines {ends} >>")
    return top


def _font(file: _File, font: Font) -> int:
    data = file.stream(font.data, f"/Length1 {len(font.data)}")
    box = " ".join(map(str, font.box))
    descriptor = file.add(
        f"<< /Type /FontDescriptor /FontName /{font.name} /Flags 32 /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {font.ascent} /Descent {font.descent} /CapHeight {font.ascent} /StemV 80 "
        f"/FontFile2 {data} 0 R >>"
    )
    widths = " ".join(map(str, font.widths))
    inner = file.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{font.name} "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /DW {font.widths[-1]} /W [0 [{widths}]] >>"
    )
    meanings = file.stream(_to_unicode(font))
    return file.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{font.name} /Encoding /Identity-H "
        f"/DescendantFonts [{inner} 0 R] /ToUnicode {meanings} 0 R >>"
    )


def _to_unicode(font: Font) -> bytes:
    """Which character a glyph is, for searching and copying."""
    characters: dict[int, int] = {}
    for code, glyph in sorted(font.glyphs.items()):
        characters.setdefault(glyph, code)
    rows = [f"<{glyph:04X}> <{code:04X}>" for glyph, code in sorted(characters.items())]
    parts = [rows[n : n + 100] for n in range(0, len(rows), 100)]
    blocks = [f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange",
            *blocks,
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
        ]
    ).encode("ascii")


def _gray_profile() -> bytes:
    """An ICC profile (version 2.1) of a gray display of gamma 2.2: what PDF/A wants to know of its grays."""
    white = struct.pack(">4s4x3i", b"XYZ ", 63190, 65536, 54061)  # D50
    curve = struct.pack(">4s4xIH2x", b"curv", 1, 563)  # 2.2 in 8.8 fixed point
    said = b"Gray gamma 2.2\0"
    described = struct.pack(">4s4xI", b"desc", len(said)) + said + bytes(4 + 4 + 2 + 1 + 67)
    described += bytes(-len(described) % 4)
    rights = struct.pack(">4s4x", b"text") + b"CC0\0"
    parts = {b"cprt": rights, b"desc": described, b"kTRC": curve, b"wtpt": white}
    at, table = 128 + 4 + 12 * len(parts), struct.pack(">I", len(parts))
    for tag, part in parts.items():
        table += struct.pack(">4sII", tag, at, len(part))
        at += len(part)
    head = struct.pack(
        ">I4sI4s4s4s6H4s", at, bytes(4), 0x02100000, b"mntr", b"GRAY", b"XYZ ", 2026, 1, 1, 0, 0, 0, b"acsp"
    )
    head += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + b"".join(parts.values())
