"""Why cards are not printed: refusals that come before any card is issued. The others: `cards`."""

from __future__ import annotations

from dziennik.contracts.refusals import Reason

NOTHING_TO_PRINT = Reason(
    "CARDS.NOTHING_TO_PRINT",
    pl="Nie ma czego drukować: w planie tych dni nie ma lekcji, na które możesz wydać karty (bo dni są wolne,"
    " a lekcje odwołane, przeniesione albo nie Twoje), lub nie ma takiej kolumny ocen z uczniami.",
    en="There is nothing to print: on these days there are no lessons for which you may issue cards (days are"
    " free, lessons called off, moved or not yours), or there is no such column of grades with pupils.",
)
DAYS_OR_COLUMN = Reason(
    "CARDS.DAYS_OR_COLUMN",
    pl="Podaj albo dzień lekcji, albo kolumnę ocen.",
    en="Give either a day of lessons or a column of grades.",
)
DAYS_OUT_OF_RANGE = Reason(
    "CARDS.DAYS_OUT_OF_RANGE",
    pl="Karty drukuje się na 1–{most} dni, nie na {days}.",
    en="Cards are printed for 1–{most} days, not for {days}.",
)
HOUR_OF_ONE_DAY = Reason(
    "CARDS.HOUR_OF_ONE_DAY",
    pl="Kartę jednej lekcji drukuje się na jeden dzień: podaj dzień i jego godzinę lekcyjną.",
    en="A card for one lesson is for one day: give the day and its hour.",
)
