"""How is a register laid out as a page that needs nothing: no scripts, no network, no fonts of ours?

HTML5 in its XML spelling, so that every program reads the same. WCAG 2.1 AA: language, headings in order, a
way past the contents, captions and scopes of tables, contrast of 7:1, text that grows; prints on A4.
"""

from __future__ import annotations

from collections.abc import Iterator

from dziennik.archive.canonical import attribute, encode, text
from dziennik.archive.readable import Readable, Section, Table

STYLE = """\
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; color: #1a1a1a; background: #ffffff;
  margin: 0 auto; max-width: 80rem; padding: 1rem; }
h1 { font-size: 1.75rem; } h2 { font-size: 1.375rem; margin-top: 2.5rem; border-bottom: 2px solid #1a1a1a; }
a { color: #003d80; } a:focus { outline: 3px solid #003d80; outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .25rem 0; }
th, td { border: 1px solid #767676; padding: .2rem .4rem; text-align: left; vertical-align: top; }
thead th { background: #e8eef4; } tbody th { font-weight: normal; }
tbody tr:nth-child(even) { background: #f6f6f6; }
@media print { @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 8.5pt; max-width: none; padding: 0; }
  nav, .skip { display: none; } .table { overflow: visible; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } thead { display: table-header-group; } a { color: inherit; } }
"""


def html(document: Readable) -> bytes:
    """The page as UTF-8."""
    return encode("".join(_page(document)))


def _page(document: Readable) -> Iterator[str]:
    title = text(document.title)
    yield '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="pl" xml:lang="pl">\n<head>\n'
    yield '<meta charset="utf-8"/>\n<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
    yield f"<title>{title} – {text(document.lines[0])}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    yield '<a class="skip" href="#tresc">Przejdź do treści</a>\n'
    yield f"<header>\n<h1>{title}</h1>\n"
    yield from (f"<p>{text(line)}</p>\n" for line in document.lines)
    yield '</header>\n<nav aria-label="Spis treści">\n<ul>\n'
    for section in document.sections:
        yield f'<li><a href="#{attribute(section.key)}">{text(section.title)}</a></li>\n'
    yield '</ul>\n</nav>\n<main id="tresc">\n'
    for section in document.sections:
        yield from _section(section)
    yield "</main>\n</body>\n</html>\n"


def _section(section: Section) -> Iterator[str]:
    key = attribute(section.key)
    yield f'<section aria-labelledby="{key}">\n<h2 id="{key}">{text(section.title)}</h2>\n'
    yield from (f"<p>{text(note)}</p>\n" for note in section.notes)
    shown = [table for table in section.tables if table.rows]
    for table in shown:
        yield from _table(table)
    if not shown:
        yield "<p>Brak wpisów.</p>\n"
    yield "</section>\n"


def _table(table: Table) -> Iterator[str]:
    # A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
    yield f'<div class="table" tabindex="0" role="region" aria-label="{attribute(table.caption)}">\n<table>\n'
    yield f"<caption>{text(table.caption)}</caption>\n<thead>\n<tr>"
    yield from (f'<th scope="col">{text(one)}</th>' for one in table.head)
    yield "</tr>\n</thead>\n<tbody>\n"
    for first, *others in table.rows:
        yield f'<tr><th scope="row">{text(first)}</th>'
        yield "".join([f"<td>{text(one)}</td>" for one in others])
        yield "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
