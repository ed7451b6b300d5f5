"""What are the people of the demo school called?

Lists of our own: common Polish given names and surnames, chosen so that every letter of the Polish
alphabet occurs. Nobody in particular is meant.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIRLS: Final = _words(
    "Zuzanna Julia Maja Zofia Hanna Lena Alicja Maria Oliwia Amelia Wiktoria Aleksandra Antonina Laura "
    "Helena Nikola Natalia Emilia Gabriela Kornelia Łucja Małgorzata Agnieszka Róża Żaneta Bożena Kinga "
    "Michalina Jagoda Weronika Świętosława Ewa "
)
BOYS: Final = _words(
    "Antoni Jan Aleksander Franciszek Jakub Szymon Filip Mikołaj Stanisław Wojciech Adam Kacper Marcel "
    "Leon Wiktor Piotr Igor Oskar Nikodem Tymon Maksymilian Ignacy Michał Łukasz Paweł Błażej Grzegorz "
    "Kajetan Bartłomiej Józef Sławomir Żegota "
)
WOMEN: Final = _words(
    "Anna Katarzyna Agnieszka Małgorzata Joanna Barbara Ewa Krystyna Elżbieta Magdalena Monika Teresa "
    "Beata Aleksandra Dorota Renata Grażyna Bożena Iwona Justyna Sylwia Żaneta Urszula Wioletta Kinga "
    "Łucja "
)
MEN: Final = _words(
    "Piotr Krzysztof Andrzej Tomasz Paweł Marcin Michał Grzegorz Jerzy Tadeusz Adam Łukasz Zbigniew "
    "Ryszard Dariusz Mariusz Wojciech Robert Mateusz Rafał Jacek Sławomir Bogusław Włodzimierz Kazimierz "
    "Błażej "
)

# In the masculine form; see `of_woman`.
SURNAMES: Final = _words(
    "Pączek Dzięcioł "
    "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak "
    "Dąbrowski Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski "
    "Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski "
    "Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora Baran "
    "Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski Marciniak Jasiński "
    "Zawadzki Bąk Jakubowski Sadowski Duda Włodarczyk Wilk Chmielewski Borkowski Sokołowski Szczepański "
    "Sawicki Kucharski Lis Maciejewski Kubiak Kalinowski Mazurek Wysocki Kołodziej Kaźmierczak Czarnecki "
    "Sobczak Konieczny Urbański Głowacki Zakrzewski Krajewski Szulc Gajewski Laskowski Wasilewski "
    "Kaczmarczyk Makowski Ziółkowski Brzęczyszczykiewicz Źdźbło Ćwikła Żółkiewski Ślusarczyk Gęślicki Jeż "
    "Święcicki Łącki Kuźniar Ósmak Ćma "
)

STREETS: Final = _words(
    "Lipowa Kwiatowa Szkolna Polna Słoneczna Leśna Krótka Łąkowa Źródlana Różana Żeglarska Świętojańska "
    "Ogrodowa Brzozowa Wiśniowa Dębowa Młyńska Wąska "
)
TOWNS: Final = (
    "Brzozów Łęgowy",
    "Nowa Różanka",
    "Świerkowo",
    "Żurawie Błoto",
    "Ćmielów Dolny",
    "Kuźnia Góra",
)


def of_woman(surname: str) -> str:
    """The feminine form: -ski, -cki, -dzki and -ny, -ty change, others stay."""
    for masculine, feminine in (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"), ("ny", "na")):
        if surname.endswith(masculine):
            return surname[: -len(masculine)] + feminine
    return surname
