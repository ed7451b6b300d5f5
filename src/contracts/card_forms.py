"""What is wrong with a form that somebody described for the card reader? Refusals only: a form is no fact.

`at` and `by` name parts of the form as its JSON has them: "fields[3].cells[0]", "timing.rows[2]".
"""

from __future__ import annotations

from dziennik.contracts.refusals import Reason

FORM_MALFORMED = Reason(
    "CARDS.FORM_MALFORMED",
    pl="Wzór nie pasuje do schematu card-template-1.json w miejscu „{at}”: {why}.",
    en="The form does not match the schema card-template-1.json at '{at}': {why}.",
)
FORM_NUMBER_TAKEN = Reason(
    "CARDS.FORM_NUMBER_TAKEN",
    pl="Numer {number} należy do kart dziennika: własny wzór ma numer od 128 do 255.",
    en="The number {number} is one of the register's own cards: a form of one's own has 128 to 255.",
)
FORM_TWICE = Reason(
    "CARDS.FORM_TWICE",
    pl="{at} powtarza to, co już jest we wzorze: {what}. Każde musi być jedno.",
    en="{at} is there a second time: {what}. There has to be one of each.",
)
FORM_OFF_PAGE = Reason(
    "CARDS.FORM_OFF_PAGE",
    pl="{at} wychodzi poza kartkę {width} x {height} mm. Przesuń albo powiększ kartkę.",
    en="{at} reaches beyond the page of {width} x {height} mm. Move it, or make the page larger.",
)
FORM_COVERED = Reason(
    "CARDS.FORM_COVERED",
    pl="{at} nachodzi na {by}. Pole zajmuje {wide} x {high} mm wokół środka; rozsuń te części.",
    en="{at} lies over {by}. A cell takes {wide} x {high} mm around its centre; move them apart.",
)
FORM_CELLS_TOO_NEAR = Reason(
    "CARDS.FORM_CELLS_TOO_NEAR",
    pl="{at} leży zbyt blisko {by}: środki pól dzieli {wide} mm w poziomie albo {high} mm w pionie.",
    en="{at} is too near to {by}: centres of cells are {wide} mm apart sideways, or {high} mm up and down.",
)
FORM_OUT_OF_TIMING = Reason(
    "CARDS.FORM_OUT_OF_TIMING",
    pl="{at} leży poza znacznikami taktu (timing): pola muszą leżeć między nimi.",
    en="{at} lies outside of the timing marks: cells have to be between them.",
)
FORM_NOT_ASCENDING = Reason(
    "CARDS.FORM_NOT_ASCENDING",
    pl="{at} nie leży dalej niż poprzedni: znaczniki podaje się po kolei, od lewej i od góry.",
    en="{at} is not further on than the one before: marks go in order, from the left, from the top.",
)
FORM_UNLIKE_OTHERS = Reason(
    "CARDS.FORM_UNLIKE_OTHERS",
    pl="{at} różni się od wzoru „{form}” o tych samych numerach znaczników. Czytaj te wzory osobno.",
    en="{at} differs from the form '{form}' with the same numbers of markers. Read these forms apart.",
)
FORM_NO_ROOM = Reason(
    "CARDS.FORM_NO_ROOM",
    pl="Pod kodem QR nie ma 30 x 4 mm wolnego miejsca na numer karty. Przesuń kod albo to, co jest pod nim.",
    en="There are no 30 x 4 mm below the QR code for the card's number. Move the code or what is below it.",
)
