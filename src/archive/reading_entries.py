"""How are the further entries read: behaviour, classification, calendar, resolutions, disputes and the rest?

One row an entry: when, who, what, and what it says in the words of its fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

import msgspec

from dziennik.archive.elements import element_name, fields_of
from dziennik.archive.entries import PEOPLE
from dziennik.archive.readable import Names, Section, Table, day, figure, instant, text
from dziennik.contracts.envelope import Recorded

TITLES: Final = {
    "school": "Zasady i ustalenia szkoły",
    "classification": "Klasyfikacja i zamknięcie dziennika",
    "behaviour": "Zachowanie: uwagi i oceny",
    "absences": "Nieobecności zapowiedziane, zwolnienia, usprawiedliwienia",
    "attendance": "Frekwencja: dalsze wpisy",
    "lessons": "Lekcje: dalsze wpisy",
    "grades": "Oceny: dalsze wpisy",
    "earlier_grades": "Oceny z poprzedniego oddziału lub szkoły",
    "studies": "Indywidualny program lub tok nauki",
    "finals": "Oceny końcowe przeniesione, przedmioty ukończone",
    "descriptive": "Oceny opisowe",
    "movement": "Ruch uczniów",
    "curriculum": "Rozkłady materiału",
    "calendar": "Terminarz i zmiany planu",
    "councils": "Uchwały rady pedagogicznej",
    "disputes": "Pytania o wpisy i rozstrzygnięcia",
}
WORDS: Final = {
    "promotion-decided": "promocja",
    "register-closed": "zamknięcie dziennika",
    "correction-permitted": "zgoda na poprawkę",
    "year-correction-permitted": "zgoda na poprawkę ksiąg roku",
    "classification-rules-set": "zasady klasyfikacji",
    "behaviour-rules-set": "zasady oceniania zachowania",
    "note-written": "uwaga",
    "note-corrected": "poprawka uwagi",
    "note-struck-out": "skreślenie uwagi",
    "note-acknowledged": "potwierdzenie uwagi",
    "behaviour-grade-given": "ocena zachowania",
    "behaviour-grade-corrected": "poprawka oceny zachowania",
    "behaviour-grade-struck-out": "skreślenie oceny zachowania",
    "entry-planned": "zapowiedź",
    "entry-changed": "zmiana zapowiedzi",
    "entry-cancelled": "odwołanie zapowiedzi",
    "free-days-declared": "dni wolne",
    "free-days-withdrawn": "odwołanie dni wolnych",
    "day-changed": "zmiana planu dnia",
    "day-restored": "powrót do planu",
    "lesson-added": "dodatkowa lekcja",
    "lesson-moved": "przesunięcie lekcji",
    "lesson-called-off": "odwołanie lekcji",
    "lesson-change-withdrawn": "wycofanie zmiany lekcji",
    "room-changed": "zmiana sali",
    "calendar-rules-set": "zasady terminarza",
    "resolution-adopted": "uchwała",
    "resolution-repealed": "uchylenie uchwały",
    "question-asked": "pytanie o wpis",
    "question-answered": "odpowiedź",
    "question-withdrawn": "wycofanie pytania",
    "dispute-decided": "rozstrzygnięcie",
    "column-publication-set": "ogłoszenie ocen kolumny",
    "absence-announced": "zapowiedź nieobecności",
    "announcement-withdrawn": "wycofanie zapowiedzi",
    "school-absence-arranged": "wyjście ze szkołą",
    "school-absence-cancelled": "odwołanie wyjścia",
    "exemption-granted": "zwolnienie z przedmiotu",
    "roll-prefilled": "wpisy znane przed lekcją",
    "plan-assigned": "przydział rozkładu",
    "plan-taken-away": "odebranie rozkładu",
}
FIELDS: Final = {
    "text": "treść", "kind": "rodzaj", "on": "dzień", "points": "punkty", "mark": "ocena", "reason": "powód",
    "outcome": "wynik", "average": "średnia", "behaviour": "zachowanie", "number": "nr", "title": "tytuł",
    "until": "do", "was": "było", "now": "jest", "description": "opis", "gaps": "braki", "what": "co",
    "legal-basis": "podstawa prawna", "pupil-id": "uczeń", "teacher-id": "nauczyciel", "details": "szczegóły",
    "was-text": "było", "was-kind": "poprzedni rodzaj", "was-on": "poprzedni dzień", "period": "godz.",
    "name": "nazwa", "starts": "od", "ends": "do", "since": "od", "override": "mimo limitu, bo",
}  # fmt: skip
# What only leads programs from entry to entry, or is said by the section itself.
UNSAID: Final = frozenset(
    {"class-id", "unit-id", "year-id", "note-id", "rule-version", "dispute-id", "permit-id", "entry-id",
     "category-id", "resolution-id", "term-id", "assignment-id", "subject-id", "grade-id", "lesson-id"}
)  # fmt: skip


def further(found: Mapping[str, list[Recorded]], names: Names) -> Iterator[Section]:
    """A section for each context that has entries."""
    for context, entries in found.items():
        if not entries:
            continue
        rows = [
            (
                instant(each.origin.recorded_at),
                names.author(each),
                WORDS.get(element_name(type(each.fact)), element_name(type(each.fact))),
                _said(each.fact, names),
            )
            for each in entries
        ]
        head = ("Kiedy zapisano", "Kto", "Co", "Treść")
        table = Table("Wpisy w kolejności zapisu", head, rows, (3, 4, 3, 10))
        yield Section(f"wpisy-{context}", TITLES.get(context, context), tables=[table])


def _said(value: msgspec.Struct, names: Names) -> str:
    parts = []
    for field in fields_of(type(value)):
        held = getattr(value, field.name)
        if held is None or held == () or field.written in UNSAID:
            continue
        label = FIELDS.get(field.written, field.written)
        parts.append(f"{label}: {_told(held, field.name, names)}")
    return "; ".join(parts)


def _told(held: object, name: str, names: Names) -> str:
    if isinstance(held, tuple):
        return ", ".join(_told(one, name, names) for one in held)
    if isinstance(held, msgspec.Struct):
        return f"({_said(held, names)})"
    if isinstance(held, Enum):
        return str(held.value)
    if isinstance(held, bool):
        return "tak" if held else "nie"
    if isinstance(held, Decimal | int):
        return figure(held)
    if isinstance(held, date):
        return day(held)
    if name == "pupil_id" and held in names.numbers:
        return names.pupil(str(held))
    return names.of(str(held)) if name in PEOPLE else text(str(held))
