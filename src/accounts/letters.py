"""How does a code get to its owner? On paper: one letter a person, A4, many in a file.

The same letters give the same bytes. The typography is Polish: a line does not end with a word of one letter,
and a date keeps together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import fontpkg_noto_sans
import msgspec
import segno
from fpdf import FPDF
from fpdf.enums import TextMode, WrapMode

from dziennik.contracts.accounts import CodePurpose

_FONT = "noto"
_LEFT, _WIDTH = 25.0, 160.0
_MONTHS = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
)  # fmt: skip
_SHORT_WORD = re.compile(r"(?<![^\s\u00a0„(])([aiouwzAIOUWZ]) ")
_BLACK, _GREY = 0, 110


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is written to one person. `about`: whom it concerns (names of children), if it is for a parent."""

    name: str
    code: str
    purpose: CodePurpose
    valid_until: date
    school: str
    about: tuple[str, ...] = ()
    place: str = ""  # class, for handing out
    url: str = ""


def print_letters(letters: Sequence[Letter], on: date) -> bytes:
    """The letters as PDF, in their order, a page each."""
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_creation_date(datetime(on.year, on.month, on.day, tzinfo=UTC))
    pdf.set_title("Kody dostępu do dziennika")
    pdf.set_lang("pl")
    pdf.set_auto_page_break(False)
    pdf.set_margins(_LEFT, 20, 210 - _LEFT - _WIDTH)
    pdf.add_font(_FONT, fname=_font())
    for letter in letters:
        pdf.add_page()
        _letter(pdf, letter, on)
    return bytes(pdf.output())


@cache
def _font() -> Path:
    return Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"


def _letter(pdf: FPDF, letter: Letter, on: date) -> None:
    _text(pdf, letter.school, 10, align="L")
    _text(pdf, f"dnia {polish_date(on)}", 10, align="R")
    pdf.ln(14)
    _text(pdf, letter.name, 13, bold=True)
    if letter.place:
        _text(pdf, letter.place, 10, grey=True)
    pdf.ln(10)
    _text(pdf, _TITLES[letter.purpose], 15, bold=True)
    pdf.ln(4)
    for paragraph in _opening(letter):
        _text(pdf, paragraph, 11)
        pdf.ln(2.5)
    _code(pdf, letter)
    for number, step in enumerate(_steps(letter), 1):
        _text(pdf, f"{number}. {step}", 11)
        pdf.ln(1.5)
    pdf.ln(3)
    for paragraph in _closing():
        _text(pdf, paragraph, 9.5, grey=True)
        pdf.ln(1.5)


_TITLES = {
    CodePurpose.ACTIVATION: "Dostęp do dziennika elektronicznego",
    CodePurpose.PASSWORD: "Nowe hasło do dziennika elektronicznego",
}


def _opening(letter: Letter) -> list[str]:
    if letter.purpose is CodePurpose.PASSWORD:
        return ["Szkoła wydała kod, za pomocą którego ustawisz nowe hasło do swojego konta."]
    if letter.about:
        children = ", ".join(letter.about)
        return [
            f"Szkoła zaprasza do dziennika elektronicznego. Zobaczysz w nim oceny, frekwencję i wiadomości"
            f", które dotyczą: {children}. Dostęp do tych informacji jest bezpłatny."
        ]
    return ["Szkoła zaprasza do dziennika elektronicznego. Poniższy kod służy do założenia konta."]


def _code(pdf: FPDF, letter: Letter) -> None:
    top = pdf.get_y() + 4
    pdf.set_draw_color(_GREY)
    pdf.rect(_LEFT, top, _WIDTH, 34, round_corners=True, corner_radius=2)
    side = _qr(pdf, letter, top)
    pdf.set_xy(_LEFT + 6, top + 5)
    _text(pdf, "Kod jednorazowy", 9.5, grey=True, width=_WIDTH - side - 12)
    pdf.set_x(_LEFT + 6)
    _text(pdf, letter.code, 22, bold=True, width=_WIDTH - side - 12)
    pdf.set_x(_LEFT + 6)
    until = polish_date(letter.valid_until)
    _text(pdf, f"ważny do {until}", 10, width=_WIDTH - side - 12)
    pdf.set_xy(_LEFT, top + 40)


def _qr(pdf: FPDF, letter: Letter, top: float) -> float:
    """The address with the code after #, which a browser sends to nobody; the width taken."""
    if not letter.url:
        return 0
    matrix = segno.make_qr(address(letter), error="m").matrix
    size, x = 28.0, _LEFT + _WIDTH - 31
    step = size / len(matrix)
    pdf.set_fill_color(_BLACK)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                pdf.rect(x + column * step, top + 3 + row * step, step + 0.01, step + 0.01, style="F")
    return size + 3


def address(letter: Letter) -> str:
    """Where the code is typed in already."""
    kind = "activate" if letter.purpose is CodePurpose.ACTIVATION else "reset"
    return f"{letter.url}/account#{kind}={letter.code}"


def _steps(letter: Letter) -> list[str]:
    where = f"Otwórz stronę {letter.url}/account" if letter.url else "Otwórz stronę dziennika"
    if letter.purpose is CodePurpose.PASSWORD:
        return [
            f"{where} i wybierz „Mam kod”.",
            "Przepisz kod i ustaw nowe hasło.",
            "Zaloguj się nowym hasłem.",
        ]
    return [
        f"{where} i wybierz „Mam kod”. Zamiast przepisywać kod możesz zeskanować znak obok niego."
        if letter.url
        else f"{where} i wybierz „Mam kod”.",
        "Wybierz login i hasło: co najmniej kilka słów, które nie mają ze sobą związku.",
        "Masz już konto w tym dzienniku, na przykład w innej szkole? Zaloguj się i wybierz „Dodaj kod”:"
        " jedno konto wystarczy.",
    ]


def _closing() -> list[str]:
    return [
        "Kod działa raz. Kto go zna, może wejść w Twoim imieniu: nie pokazuj go nikomu i zniszcz to pismo"
        " po użyciu. Jeżeli list dotarł otwarty albo kod wygasł, poproś sekretariat o nowy.",
        "Wielkość liter i kreski nie mają znaczenia; w kodzie nie ma liter I, L, O i U.",
    ]


def polish_date(day: date) -> str:
    """The day as it is written in Polish; its parts keep together."""
    return f"{day.day}\u00a0{_MONTHS[day.month - 1]}\u00a0{day.year}\u00a0r."


def typeset(text: str) -> str:
    """No line ends with a word of one letter: „w”, „z”, „i” ..."""
    return _SHORT_WORD.sub("\\1\u00a0", text)


def _text(
    pdf: FPDF,
    text: str,
    size: float,
    *,
    bold: bool = False,
    grey: bool = False,
    align: str = "L",
    width: float = _WIDTH,
) -> None:
    pdf.set_font(_FONT, size=size)
    pdf.set_text_color(_GREY if grey else _BLACK)
    pdf.set_draw_color(_GREY if grey else _BLACK)
    mode = TextMode.FILL_STROKE if bold else TextMode.FILL
    with pdf.local_context(text_mode=mode, line_width=size * 0.006):
        pdf.multi_cell(
            width,
            size * 0.52,
            typeset(text),
            align=align,
            new_x="LMARGIN",
            new_y="NEXT",
            wrapmode=WrapMode.WORD,
        )
