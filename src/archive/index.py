"""What stands in an archive's index: whose, of which year, which edition, which files, and what is not
there?"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Final

from dziennik.archive.attached import Gone
from dziennik.archive.canonical import Tag, attribute, day, encode, moment, number, text
from dziennik.archive.class_files import FileOf
from dziennik.archive.editions import WARSAW, Edition
from dziennik.archive.html import STYLE

INDEX, PAGE = "data/index.xml", "data/index.html"

ARCHIVE, SCHOOL, YEAR, EARLIER = Tag("archive"), Tag("school"), Tag("year"), Tag("earlier")
CLASS, FILE, LEFT_OUT, TREE = Tag("class"), Tag("file"), Tag("left-out"), Tag("tree")
GONE = Tag("gone")

# What the issue of archives names, and of what there may be no entries: (kind, Polish, English).
ABSENT: Final = {
    "hours": ("godziny dodatkowe", "additional hours"),
    "messages": ("wiadomości", "messages"),
    "other-register": ("inne dzienniki", "other registers"),
    "entitlement": ("uprawnienia kont", "entitlement of accounts"),
    "cards": ("użycie kart", "card use"),
}
# Of format 1, and since then.
ATTACHMENTS_1: Final = (
    "plików dołączonych do wpisów archiwum nie zawiera; wpisy podają ich skróty",
    "the archive does not hold the files attached to entries; the entries tell their digests",
)
ATTACHMENTS: Final = (
    "plików dołączonych do usprawiedliwień archiwum nie zawiera (dane o zdrowiu); wpisy podają ich skróty",
    "the archive does not hold files attached to excuses (data on health); the entries tell their digests",
)
RESTRICTED: Final = (
    "dzienników, które czytają tylko ich prowadzący (§ 18), archiwum szkoły nie zawiera",
    "registers that only their keepers read (s. 18) are not in the school's archive",
)
KINDS: Final = {
    "class-register": "dziennik oddziału (XML)",
    "other-register": "inny dziennik (XML)",
    "readable": "do czytania",
    "printable": "do druku (PDF/A)",
    "facts": "zapisy źródłowe (CloudEvents)",
    "statistics": "zestawienia (CSV)",
    "corrections": "poprawki i skreślenia (XML)",
    "hours": "godziny dodatkowe",
    "cards": "użycie kart (XML)",
    "messages": "wiadomości (XML)",
    "attachment": "plik dołączony do wiadomości",
    "entitlement": "uprawnienia kont i przydziały kart (XML)",
    "proof": "dowód zapisów",
    "blocks": "skróty wierszy",
    "index": "spis",
}


def index_xml(edition: Edition, files: Sequence[tuple[FileOf, int]], gone: Sequence[Gone] = ()) -> bytes:
    """The index that programs read; `files` with their sizes, without the index itself."""
    year = edition.year
    parts = [
        ARCHIVE.block(
            as_of=moment(edition.as_of),
            cut_off=str(edition.cut_off),
            edition=str(edition.number),
            format=str(edition.format.number),
        ).replace(" ", f' xmlns="{edition.format.namespace}" ', 1),
        SCHOOL.whole(
            city=edition.city, id=edition.school_id, name=edition.school, number=edition.school_number
        ),
        YEAR.whole(
            closed=day(edition.closed.on),
            ends=day(year.ends),
            id=year.year_id,
            name=year.name,
            starts=day(year.starts),
        ),
    ]
    parts += [
        EARLIER.whole(cut_off=str(one.cut_off), edition=str(one.edition), manifest=one.manifest_sha256)
        for one in edition.earlier
    ]
    if edition.root is not None:
        root = b64encode(edition.root).decode()
        parts.append(TREE.whole(root=root, size=str(edition.cut_off)))
    parts += [CLASS.whole(id=one.class_id, name=one.name) for one in edition.classes]
    for file, size in sorted(files, key=lambda item: item[0].path):
        parts.append(
            FILE.whole(
                bytes=number(size),
                class_=file.class_id,
                format=file.format,
                kind=file.kind,
                media_type=file.media_type,
                path=file.path,
            )
        )
    parts += [
        GONE.whole(bytes=number(one.size), media_type=one.media_type, sha256=one.sha256) for one in gone
    ]
    for kind, (polish, english) in left_out(edition, [file for file, _ in files]):
        parts.append(LEFT_OUT.whole(kind=kind, reason_en=english, reason_pl=polish))
    return encode("".join(parts) + ARCHIVE.end.rstrip("\n"))


def left_out(edition: Edition, files: Sequence[FileOf]) -> list[tuple[str, tuple[str, str]]]:
    """What the archive does not hold, and why in Polish and English."""
    there = {file.kind for file in files}
    found = [(kind, words) for kind, words in ABSENT.items() if kind not in there]
    told = [(kind, (f"nie ma zapisów: {pl}", f"there are no entries: {en}")) for kind, (pl, en) in found]
    told.append(("attachments", ATTACHMENTS if edition.format.attachments else ATTACHMENTS_1))
    closed = ", ".join(one.name for one in edition.registers if one.restricted)
    if closed:
        polish, english = RESTRICTED
        told.append(("restricted-register", (f"{polish}: {closed}", f"{english}: {closed}")))
    return told


def index_page(edition: Edition, files: Sequence[tuple[FileOf, int]], gone: Sequence[Gone] = ()) -> bytes:
    """The index that people read, with links to the files beside it."""
    names = {one.class_id: one.name for one in edition.classes}
    title = f"Archiwum dzienników, rok szkolny {edition.year.name}"
    as_of = edition.as_of.astimezone(WARSAW)
    lines = [
        edition.school,
        f"Wydanie {edition.number}, według zapisów do pozycji {edition.cut_off} "
        f"({as_of:%d.%m.%Y %H:%M}). Rok zamknięto {edition.closed.on:%d.%m.%Y}.",
        *edition.vouched(),
    ]
    rows = [_row(file, size, names) for file, size in sorted(files, key=lambda item: item[0].path)]
    missing = "".join(
        f"<li>{text(polish)}</li>\n" for _, (polish, _) in left_out(edition, [file for file, _ in files])
    )
    missing += "".join(
        f"<li>usunięty plik wiadomości: SHA-256 {one.sha256}, {one.size} B</li>\n" for one in gone
    )
    return encode(
        '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="pl" xml:lang="pl">\n<head>\n'
        '<meta charset="utf-8"/>\n<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{text(title)} – {text(edition.school)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{text(title)}</h1>\n"
        + "".join(f"<p>{text(line)}</p>\n" for line in lines)
        + '</header>\n<main>\n<div class="table" tabindex="0" role="region" aria-label="Pliki">\n<table>\n'
        "<caption>Pliki archiwum</caption>\n<thead>\n<tr>"
        + "".join(f'<th scope="col">{one}</th>' for one in ("Plik", "Oddział", "Rodzaj", "Bajty"))
        + "</tr>\n</thead>\n<tbody>\n"
        + "".join(rows)
        + "</tbody>\n</table>\n</div>\n"
        + f"<h2>Czego archiwum nie zawiera</h2>\n<ul>\n{missing}</ul>\n"
        + "</main>\n</body>\n</html>\n"
    )


def _row(file: FileOf, size: int, names: Mapping[str, str]) -> str:
    below = file.path.removeprefix("data/")
    whose = text(names.get(file.class_id or "", "–"))
    return (
        f'<tr><th scope="row"><a href="{attribute(below)}">{text(below)}</a></th><td>{whose}</td>'
        f"<td>{text(KINDS.get(file.kind, file.kind))}</td><td>{size}</td></tr>\n"
    )
