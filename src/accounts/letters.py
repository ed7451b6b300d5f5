"""What does a letter with a one-time code say?

The typography is Polish: a line does not end with a word of one letter, and a date keeps together.
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from dziennik.contracts.accounts import CodePurpose

_MONTHS = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
)  # fmt: skip
_SHORT_WORD = re.compile(r"(?<![^\s\u00a0„(])([aiouwzAIOUWZ]) ")


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


TITLES = {
    CodePurpose.ACTIVATION: "Dostęp do dziennika elektronicznego",
    CodePurpose.PASSWORD: "Nowe hasło do dziennika elektronicznego",
}


def opening(letter: Letter) -> list[str]:
    """Why the letter is written, by paragraphs."""
    if letter.purpose is CodePurpose.PASSWORD:
        return ["Szkoła wydała kod, za pomocą którego ustawisz nowe hasło do swojego konta."]
    if letter.about:
        children = ", ".join(letter.about)
        return [
            f"Szkoła zaprasza do dziennika elektronicznego. Zobaczysz w nim oceny, frekwencję i wiadomości"
            f", które dotyczą: {children}. Dostęp do tych informacji jest bezpłatny."
        ]
    return ["Szkoła zaprasza do dziennika elektronicznego. Poniższy kod służy do założenia konta."]


def address(letter: Letter) -> str:
    """Where the code is typed in already."""
    kind = "activate" if letter.purpose is CodePurpose.ACTIVATION else "reset"
    return f"{letter.url}/account#{kind}={letter.code}"


def steps(letter: Letter) -> list[str]:
    """What to do with the code, one thing after the other."""
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


def closing() -> list[str]:
    """What else to know, by paragraphs."""
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
