"""What hangs on the notice board of the demo school, and who confirms reading it?

The director announces something to everybody each month, homeroom teachers to the parents of their class
twice a year; most parents confirm. One announcement is put right, one taken down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dziennik.contracts import board
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.demo.chance import Chance
from dziennik.demo.people import People, Person
from dziennik.demo.structure import ClassPlan, Year

TO_ALL: Final = {
    9: ("Witamy w nowym roku szkolnym", "Plan lekcji i dzwonki są w dzienniku. Sekretariat czynny od 7.30."),
    10: ("Dzień Edukacji Narodowej", "14 października lekcji nie ma; świetlica czynna od 7.00 do 16.00."),
    11: ("Święto Niepodległości", "Akademia w przeddzień o godz. 10.00. Obowiązuje strój galowy."),
    12: ("Kiermasz świąteczny", "Zapraszamy w sobotę. Dochód przeznaczymy na bibliotekę."),
    1: ("Ferie zimowe", "Zapisy na zajęcia w czasie ferii trwają do końca tygodnia w sekretariacie."),
    3: ("Dzień otwarty", "Przyszłych uczniów i ich rodziców zapraszamy w sobotę od 10.00 do 13.00."),
    5: ("Święto szkoły", "Zawody sportowe i koncert. Lekcje skrócone do 30 minut."),
}
TO_PARENTS: Final = {
    9: ("Zgody i ubezpieczenie", "Proszę o zapoznanie się z warunkami ubezpieczenia i potwierdzenie."),
    11: ("Wywiadówka", "Zapraszam na wywiadówkę w ostatni czwartek listopada o godz. 17.30."),
}
LASTS: Final = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Posting:
    """What one person does on the board on one day."""

    on: date
    key: str
    who: Person
    role: Role
    commands: tuple[Command, ...]


def postings(year: Year, people: People, chance: Chance) -> Iterator[Posting]:
    """What is done in a year, for as long as it is lived through."""
    found = [*_to_all(year, people, chance)]
    for unit in year.classes:
        found += _to_parents(year, unit, chance)
    yield from (each for each in sorted(found, key=lambda each: (each.on, each.key)) if each.on <= year.until)


def _to_all(year: Year, people: People, chance: Chance) -> Iterator[Posting]:
    director = people.director
    for month, (title, text) in TO_ALL.items():
        on, key = _day(year, month, 5), f"board/{month}"
        posted = _posted(chance.id("board", year.name, month), title, text, on, board.BoardAudience())
        yield Posting(on, key, director, Role.DIRECTOR, (posted,))
        if month == 10:
            right = board.CorrectAnnouncement(
                announcement_id=posted.announcement_id, title=title, until=posted.until,
                text=text.replace("16.00", "17.00"), reason="dłuższe godziny świetlicy",
            )  # fmt: skip
            yield Posting(on + timedelta(days=1), f"{key}/corrected", director, Role.DIRECTOR, (right,))
        if month == 3:
            down = board.TakeDownAnnouncement(
                announcement_id=posted.announcement_id, reason="przeniesiony na kwiecień"
            )
            yield Posting(on + timedelta(days=3), f"{key}/down", director, Role.DIRECTOR, (down,))


def _to_parents(year: Year, unit: ClassPlan, chance: Chance) -> Iterator[Posting]:
    for month, (title, text) in TO_PARENTS.items():
        on, key = _day(year, month, 12), f"board/{unit.name}/{month}"
        audience = board.BoardAudience(
            parts=(board.AudiencePart(unit_id=unit.class_id),), roles=(Role.PARENT,)
        )
        announcement_id = chance.id("board", year.name, unit.name, month)
        posted = _posted(announcement_id, title, text, on, audience, confirm=True)
        yield Posting(on, key, unit.homeroom.person, Role.TEACHER, (posted,))
        rng = chance.of("board", key, year.name)
        # Parents of twins read it once; parents who lost a right are none of those who come first.
        readers = {p.pupil.parents[0].person_id: p for p in unit.places if p.covers(on + timedelta(days=2))}
        for place in readers.values():
            if rng.random() < 0.6:
                done = board.ConfirmReading(
                    announcement_id=announcement_id, pupil_id=place.pupil.person.person_id
                )
                parent = place.pupil.parents[0]
                yield Posting(on + timedelta(days=2), f"{key}/{place.number}", parent, Role.PARENT, (done,))


def _posted(
    announcement_id: str,
    title: str,
    text: str,
    on: date,
    audience: board.BoardAudience,
    *,
    confirm: bool = False,
) -> board.PostAnnouncement:
    return board.PostAnnouncement(
        announcement_id=announcement_id,
        title=title,
        text=text,
        audience=audience,
        since=on,
        until=on + LASTS,
        confirm=confirm,
    )


def _day(year: Year, month: int, number: int) -> date:
    return date(year.starts.year + (month < 9), month, number)
