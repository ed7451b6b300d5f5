"""The page on which scanned cards are decided, at GET /cards, without anything from elsewhere.

WCAG 2.1 AA: everything is a form of native fields, so Tab, arrows, Space and Enter do it all; what happened
is said in a status, and focus goes where work goes on. Contrast 7:1, no motion, no single-key shortcuts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from dziennik.contracts.access import NOT_LOGGED_IN
from dziennik.graphql.headers import of_page
from dziennik.graphql.requests import language_of

_SHOWN = {
    "pl": {
        "lang": "pl",
        "title": "Dziennik – karty do rozstrzygnięcia",
        "skip": "Przejdź do treści",
        "nobody": "niezalogowany",
        "login": "Login",
        "password": "Hasło",
        "enter": "Zaloguj",
        "where": "Gdzie czekają karty?",
        "school": "Szkoła",
        "pile": "Oddział, grupa albo skan",
        "show": "Pokaż karty",
        "print": "Drukuj karty",
        "print_class": "Dla oddziału albo grupy",
        "print_what": "Na co",
        "print_on": "Od dnia",
        "print_days": "Przez ile dni (1–14)",
        "print_period": "Tylko lekcja nr (puste: wszystkie)",
        "print_paper": "Papier",
        "a4": "A4",
        "a5": "A5, dwie na arkuszu A4",
        "again": "Wydrukowane, jeszcze nie zeskanowane (ponowny wydruk nie zużywa zapasu)",
        "files": "Skany kart (PDF, TIFF, PNG, JPEG, WebP)",
        "upload": "Wyślij skany",
        "noscript": "Ta strona potrzebuje JavaScriptu; bez niego: dziennik cards queue, decide, apply.",
    },
    "en": {
        "lang": "en",
        "title": "Dziennik – cards to decide",
        "skip": "Skip to the content",
        "nobody": "not logged in",
        "login": "Login",
        "password": "Password",
        "enter": "Log in",
        "where": "Where do cards wait?",
        "school": "School",
        "pile": "Class, group or scan",
        "show": "Show cards",
        "print": "Print cards",
        "print_class": "For class or group",
        "print_what": "What for",
        "print_on": "From",
        "print_days": "For how many days (1–14)",
        "print_period": "Only lesson number (empty: all)",
        "print_paper": "Paper",
        "a4": "A4",
        "a5": "A5, two on a sheet of A4",
        "again": "Printed, not yet scanned (to print again takes nothing from the stock)",
        "files": "Scans of cards (PDF, TIFF, PNG, JPEG, WebP)",
        "upload": "Send scans",
        "noscript": "This page needs JavaScript; without it: dziennik cards queue, decide, apply.",
    },
}
# What the script says.
_SAID: Mapping[str, Mapping[str, object]] = {
    "pl": {
        "waiting": "{name} ({waiting})",
        "piles": {"classes": "Oddziały i grupy", "scans": "Skany"},
        "scan": "skan z {when} ({waiting})",
        "scanHead": "Skan z {when}",
        "aside": "Strony bez karty do wpisania ({count})",
        "asidePage": "strona {page}: {card} {message}",
        "pagePicture": "Pomniejszony obraz strony {page}",
        "sameMarks": "Karta czeka też w skanie z {when}, strona {page}, z tymi samymi znakami: to kopia."
        " Wpisz ją z jednego skanu, z drugiego zniknie sama.",
        "otherMarks": "Karta czeka też w skanie z {when}, strona {page}, z innymi znakami."
        " Sprawdź na papierze, które obowiązują; wpisać można tylko jeden skan.",
        "lessons": "lekcje według planu",
        "column": "oceny: {subject}, {title} ({on})",
        "printing": "{title}: {count} kart, wydane {when} (PDF)",
        "paper": "Otwórz karty do druku: {count} (PDF)",
        "unprintable": "Karta {card}: w nazwiskach nr {numbers} brakuje liter („�”). Wpisz je ręcznie.",
        "stock": "Zapas kart: zostało {left}, przyznano {granted}, wydrukowano {printed}, zeskanowano"
        " {scanned}, zepsute w druku {spoilt}, unieważnione {voided}.",
        "found": "Kart czeka: {count}.",
        "nothing": "Żadna karta nie czeka.",
        "teacher": "Nauczyciel",
        "nobodyThere": "(brak ucznia w tym wierszu)",
        "none": "nic nie zaznaczono",
        "open": "rozstrzygnij",
        "picture": "Wiersz na skanie: {name}",
        "cell": "Kratka na skanie, {value}: {name}",
        "noMark": "Kratka na skanie, bez znaku: {name}",
        "notes": "Dół karty na skanie: tematy do wyboru i temat wpisany ręcznie",
        "byHand": "Temat wpisany ręcznie",
        "topic": "Temat: {period}. {subject} (puste, jeśli nic nie wpisano)",
        "rest": "Pozostałe odczytane pola ({count}) – można poprawić",
        "apply": "Zapisz i wpisz do dziennika",
        "applyLesson": "Zapisz i wpisz tę lekcję",
        "lesson": "{period}. {subject}",
        "progress": "W dzienniku: {applied} z {total} lekcji.",
        "lessonLine": "{period}. {subject}, {teacher}: {state}",
        "lessonStates": {"applied": "w dzienniku", "own": "do wpisania", "waits": "czeka na nauczyciela"},
        "notYours": "Rozstrzyga i wpisuje nauczyciel prowadzący albo dyrektor.",
        "appliedPart": "Karta {card}: w dzienniku {applied} z {total} lekcji.",
        "save": "Zapisz, wpisz później",
        "applied": "Karta {card} jest w dzienniku.",
        "saved": "Zapisano rozstrzygnięcia karty {card}.",
        "page": "strona {page}: {card} {state}",
        "number": "Numer karty ze strony {page} (pod kodem QR, np. 03NQ-K8NH)",
        "name": "Odczytaj jako tę kartę",
        "named": "Odczytano kartę {card}.",
        "fields": {
            "presence": "frekwencja",
            "lesson": "sprawdzono obecność",
            "topic": "temat",
            "mark": "ocena",
            "sign": "plus lub minus",
            "void": "nic w tym wierszu",
            "control": "nauczyciel potwierdza",
        },
        "values": {
            "absent": "nieobecny (nb)",
            "late": "spóźniony (sp)",
            "released": "zwolniony (zw)",
            "confirmed": "tak",
            "void": "nic nie wpisywać",
            "topic-1": "T1",
            "topic-2": "T2",
        },
        "states": {
            "read": "odczytana",
            "review": "do rozstrzygnięcia",
            "refused": "odrzucona",
            "blank": "pusta",
        },
    },
    "en": {
        "waiting": "{name} ({waiting})",
        "piles": {"classes": "Classes and groups", "scans": "Scans"},
        "scan": "scan of {when} ({waiting})",
        "scanHead": "Scan of {when}",
        "aside": "Pages without a card to enter ({count})",
        "asidePage": "page {page}: {card} {message}",
        "pagePicture": "Page {page}, made small",
        "sameMarks": "The card waits in the scan of {when}, page {page}, too, with the same marks: a copy."
        " Enter it from one scan, and it goes from the other.",
        "otherMarks": "The card waits in the scan of {when}, page {page}, too, with other marks."
        " See on the paper which ones hold; only one scan can be entered.",
        "lessons": "lessons by the timetable",
        "column": "grades: {subject}, {title} ({on})",
        "printing": "{title}: {count} cards, issued {when} (PDF)",
        "paper": "Open the cards to print: {count} (PDF)",
        "unprintable": "Card {card}: letters are missing (“�”) in names no. {numbers}. Write them in.",
        "stock": "Stock of cards: {left} left, {granted} granted, {printed} printed, {scanned} scanned,"
        " {spoilt} spoilt in printing, {voided} voided.",
        "found": "Cards waiting: {count}.",
        "nothing": "No card is waiting.",
        "teacher": "Teacher",
        "nobodyThere": "(no pupil in this line)",
        "none": "nothing is marked",
        "open": "decide",
        "picture": "The line in the scan: {name}",
        "cell": "The cell in the scan, {value}: {name}",
        "noMark": "The cell in the scan, without a mark: {name}",
        "notes": "The card's foot in the scan: topics to choose from, and one written by hand",
        "byHand": "Topic written by hand",
        "topic": "Topic: {period}. {subject} (empty if nothing is written)",
        "rest": "Other fields that were read ({count}) – can be changed",
        "apply": "Save and enter into the register",
        "applyLesson": "Save and enter this lesson",
        "lesson": "{period}. {subject}",
        "progress": "In the register: {applied} of {total} lessons.",
        "lessonLine": "{period}. {subject}, {teacher}: {state}",
        "lessonStates": {"applied": "in the register", "own": "to enter", "waits": "waits for its teacher"},
        "notYours": "Decided and entered by the teacher or the director.",
        "appliedPart": "Card {card}: {applied} of {total} lessons are in the register.",
        "save": "Save, enter later",
        "applied": "The card {card} is in the register.",
        "saved": "The decisions on card {card} are saved.",
        "page": "page {page}: {card} {state}",
        "number": "Number of the card on page {page} (below the QR code, e.g. 03NQ-K8NH)",
        "name": "Read as this card",
        "named": "The card {card} was read.",
        "fields": {
            "presence": "attendance",
            "lesson": "roll called",
            "topic": "topic",
            "mark": "grade",
            "sign": "plus or minus",
            "void": "nothing in this line",
            "control": "teacher confirms",
        },
        "values": {
            "absent": "absent (nb)",
            "late": "late (sp)",
            "released": "released (zw)",
            "confirmed": "yes",
            "void": "enter nothing",
            "topic-1": "T1",
            "topic-2": "T2",
        },
        "states": {"read": "read", "review": "to decide", "refused": "refused", "blank": "blank"},
    },
}

_FOLDER = Path(__file__).parent / "card_page"
_STYLE = (_FOLDER / "cards.css").read_text(encoding="utf-8")
_SCRIPT = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("cards.js", "print.js"))
_PAGE = Template((_FOLDER / "cards.html").read_text(encoding="utf-8"))
_HEADERS = of_page(_STYLE, _SCRIPT, pictures=True)


def page(language: str) -> str:
    """The page in Polish ("pl") or English."""
    said = {**_SAID[language], "over": NOT_LOGGED_IN.code}
    texts = {key: escape(text) for key, text in _SHOWN[language].items()}
    words = escape(json.dumps(said, ensure_ascii=False))
    return _PAGE.substitute(texts, words=words, style=_STYLE, script=_SCRIPT)


def mount(app: FastAPI, _: object = None) -> None:
    """Add the route. The page is the same for everybody: nothing of the system is needed."""

    @app.get("/cards", include_in_schema=False)
    async def cards(request: Request) -> Response:
        return HTMLResponse(page(language_of(request)), headers=_HEADERS)
