"""What is taught, for how many hours, by which kind of teacher, and about what?

Weekly hours follow the framework timetable of primary schools (MEN regulation of 3 April 2019). Topics are
made of themes, so that a year of lessons reads like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: `key` in ids, weekly hours by level, themes; `split` into groups."""

    key: str
    name: str
    short_name: str
    hours: dict[int, int]
    themes: tuple[str, ...]
    split: str | None = None  # "language" halves, "sex" girls and boys
    graded: bool = True
    points: bool = False  # tests are marked in points


def _hours(*by_level: int) -> dict[int, int]:
    return {level: hours for level, hours in zip(range(4, 9), by_level, strict=True) if hours}


SUBJECTS: Final = (
    Subject(
        "pol", "Język polski", "j. pol.", _hours(5, 5, 5, 5, 5),
        ("Baśnie i legendy", "Części mowy", "„Akademia pana Kleksa”", "Opis i opowiadanie", "Pisownia ó i u",
         "Poezja – środki stylistyczne", "„Chłopcy z Placu Broni”", "Składnia zdania", "Mity greckie",
         "Rozprawka i list", "„Balladyna”", "Teatr i film"),
    ),
    Subject(
        "mat", "Matematyka", "mat.", _hours(4, 4, 4, 4, 4),
        ("Liczby naturalne", "Ułamki zwykłe", "Ułamki dziesiętne", "Pola figur", "Procenty", "Równania",
         "Wyrażenia algebraiczne", "Twierdzenie Pitagorasa", "Graniastosłupy", "Statystyka i wykresy"),
        points=True,
    ),
    Subject(
        "ang", "Język angielski", "j. ang.", _hours(3, 3, 3, 3, 3),
        ("My family", "Present simple", "Food and drink", "Past simple", "Travelling", "Comparatives",
         "The weather & the sea", "Future plans"),
        split="language",
    ),
    Subject(
        "niem", "Język niemiecki", "j. niem.", _hours(0, 0, 0, 2, 2),
        ("Ich und meine Familie", "In der Schule", "Essen und Trinken", "Perfekt", "Reisen nach Österreich"),
    ),
    Subject(
        "hist", "Historia", "hist.", _hours(1, 2, 2, 2, 2),
        ("Starożytny Egipt", "Grecja i Rzym", "Polska pierwszych Piastów", "Złoty wiek", "Rozbiory",
         "Powstania narodowe", "II Rzeczpospolita", "II wojna światowa"),
    ),
    Subject("wos", "Wiedza o społeczeństwie", "WOS", _hours(0, 0, 0, 0, 2),
            ("Człowiek w społeczeństwie", "Samorząd", "Konstytucja", "Unia Europejska")),
    Subject("przyr", "Przyroda", "przyr.", _hours(2, 0, 0, 0, 0),
            ("Poznajemy warsztat przyrodnika", "Pogoda", "Organizm człowieka", "Krajobraz okolicy")),
    Subject("biol", "Biologia", "biol.", _hours(0, 1, 1, 2, 1),
            ("Komórka", "Rośliny", "Bezkręgowce", "Układ krążenia", "Genetyka")),
    Subject("geo", "Geografia", "geogr.", _hours(0, 1, 1, 2, 1),
            ("Mapa i skala", "Krajobrazy Polski", "Europa", "Azja", "Ludność świata")),
    Subject("fiz", "Fizyka", "fiz.", _hours(0, 0, 0, 2, 2),
            ("Ruch i siły", "Praca, moc, energia", "Ciśnienie", "Prąd elektryczny", "Fale"), points=True),
    Subject("chem", "Chemia", "chem.", _hours(0, 0, 0, 2, 2),
            ("Substancje", "Budowa atomu", "Wiązania", "Kwasy i zasady", "Sole"), points=True),
    Subject("muz", "Muzyka", "muz.", _hours(1, 1, 1, 1, 0),
            ("Pieśni ludowe", "Instrumenty", "Fryderyk Chopin", "Rytm i metrum")),
    Subject("plas", "Plastyka", "plast.", _hours(1, 1, 1, 1, 0),
            ("Barwa", "Perspektywa", "Rzeźba", "Sztuka współczesna")),
    Subject("tech", "Technika", "techn.", _hours(1, 1, 1, 0, 0),
            ("Bezpieczeństwo na drodze", "Papier i drewno", "Rysunek techniczny")),
    Subject("inf", "Informatyka", "inf.", _hours(1, 1, 1, 1, 1),
            ("Edytor tekstu", "Arkusz kalkulacyjny", "Programowanie w Pythonie", "Bezpieczeństwo w sieci")),
    Subject("edb", "Edukacja dla bezpieczeństwa", "EDB", _hours(0, 0, 0, 0, 1),
            ("Pierwsza pomoc", "Alarmy i ewakuacja")),
    Subject(
        "wf", "Wychowanie fizyczne", "wf", _hours(4, 4, 4, 4, 4),
        ("Lekkoatletyka – biegi", "Piłka siatkowa", "Gimnastyka", "Piłka ręczna", "Gry i zabawy na śniegu",
         "Testy sprawności"),
        split="sex",
    ),
    Subject(
        "gw", "Zajęcia z wychowawcą", "g. wych.", _hours(1, 1, 1, 1, 1),
        ("Poznajemy się", "Regulaminy i kontrakt", "Bezpieczeństwo", "Jak się uczyć?", "Emocje"),
        graded=False,
    ),
)  # fmt: skip
BY_KEY: Final = {subject.key: subject for subject in SUBJECTS}

# What one teacher may teach. The homeroom teacher takes "gw".
FACULTIES: Final[tuple[tuple[str, ...], ...]] = (
    ("pol",), ("mat",), ("ang",), ("wf",), ("hist", "wos"), ("przyr", "biol"), ("geo", "edb"),
    ("fiz", "chem"), ("muz", "plas"), ("tech", "inf"), ("niem",),
)  # fmt: skip

# The shape of a theme: n lessons, the last one the test.
FORMS: Final = (
    "{theme} – wprowadzenie",
    "{theme} – ćwiczenia",
    "{theme} – praca w grupach",
    "{theme} – rozwiązywanie zadań",
    "{theme} – kartkówka i omówienie",
    "{theme} – utrwalenie",
    "{theme} – praca z tekstem źródłowym",
    "Powtórzenie wiadomości: {theme}",
    "Sprawdzian: {theme}",
)
