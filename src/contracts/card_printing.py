"""Why cards are not printed: refusals that come before any card is issued. The others: `cards`."""

from __future__ import annotations

from dziennik.contracts.refusals import Reason

NOTHING_TO_PRINT = Reason(
    "CARDS.NOTHING_TO_PRINT",
    pl="Nie ma czego drukować: plan nie ma w tych dniach lekcji, na które możesz wydać karty, albo nie ma"
    " takiej kolumny ocen z uczniami.",
    en="There is nothing to print: on these days the timetable has no lessons for which you may issue cards,"
    " or there is no such column of grades with pupils.",
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
