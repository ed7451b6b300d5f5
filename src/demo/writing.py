"""What do teachers, parents and the director of the demo school write to each other, and who reads it when?

Every month each homeroom teacher writes to the parents of the class; most read it in the evening, some
answer, one asks about the own child. The director writes to all teachers; a letter goes to the wrong people
and is withdrawn; the office forms the parents' council.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Final

from dziennik.contracts import message_commands as orders
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.messages import Audience, AudienceKind, GroupKind, Importance, QuietHours
from dziennik.demo.chance import Chance
from dziennik.demo.people import People, Person
from dziennik.demo.structure import ClassPlan, Place, Year

OFFICE_HOUR, AFTERNOON, READING, ANSWERING = time(15, 50), time(16, 10), time(18, 30), time(19, 15)
LETTERS: Final = {
    9: ("Pierwsze zebranie z rodzicami", "Zapraszam na zebranie w środę o godz. 17.00 w naszej sali."),
    10: (
        "Wyjście do muzeum",
        "W piątek idziemy do muzeum. Zbiórka przed szkołą o godz. 8.00, powrót o 13.30.",
    ),
    11: ("Zdrowie i frekwencja", "Proszę o usprawiedliwianie nieobecności w ciągu dwóch tygodni."),
    12: ("Spotkanie przed świętami", "Spotykamy się ostatniego dnia przed przerwą. Potrzebne będą pierniki."),
    1: ("Oceny śródroczne", "Proponowane oceny są już w dzienniku. W razie pytań proszę pisać."),
    2: ("Wycieczka trzydniowa", "Zbieramy zgody na wycieczkę w maju. Proszę o odpowiedź do końca miesiąca."),
    3: ("Konsultacje", "Konsultacje w tym miesiącu we wtorki, godz. 16.00-17.00."),
    4: (
        "Sprawdziany przed majówką",
        "Terminy sprawdzianów są w kalendarzu. Proszę nie planować wtedy wyjazdów.",
    ),
    5: ("Dzień Rodziny", "Zapraszamy na przedstawienie dzieci. Szukamy trojga rodziców do pomocy."),
    6: ("Zakończenie roku", "Uroczystość o godz. 9.00. Proszę o zwrot podręczników do biblioteki."),
}
ANSWERS: Final = (
    "Dziękuję za wiadomość, będziemy.",
    "Potwierdzam. Pozdrawiam serdecznie.",
    "Czy dziecko może wyjść wcześniej? Mamy wizytę u lekarza.",
)
EVENINGS: Final = QuietHours(starts="19:00", ends="07:00", weekdays=(1, 2, 3, 4, 5))


@dataclass(frozen=True, slots=True)
class Doing:
    """What one person does in their mailbox at one moment."""

    key: str
    who: Person
    role: Role
    at: time
    commands: tuple[Command, ...]


@dataclass(slots=True)
class Letters:
    """The letters of a year by the school day on which they are written."""

    year: Year
    people: People
    chance: Chance
    days: list[date]
    _by_day: dict[date, list[Doing]] = field(default_factory=dict)

    def on(self, day: date) -> Iterator[Doing]:
        """What is written and read on a day, by the clock."""
        if not self._by_day:
            self._by_day = defaultdict(list)
            for on, doing in self._all():
                self._by_day[on].append(doing)
        yield from sorted(self._by_day.get(day, ()), key=lambda doing: doing.at)

    def _all(self) -> Iterator[tuple[date, Doing]]:
        if not self.days:
            return
        yield from self._office()
        for place, unit in enumerate(self.year.classes):
            for month in LETTERS:
                on = self._day(month, 4 + 2 * (place % 8))
                if on:
                    yield from ((on, doing) for doing in self._letter(unit, month, on))

    def _day(self, month: int, number: int) -> date | None:
        """The first school day of the month from that one on."""
        wanted = date(self.year.starts.year + (month < 9), month, number)
        found = next((day for day in self.days if day >= wanted), None)
        return found if found and found.month == month else None

    def _office(self) -> Iterator[tuple[date, Doing]]:
        first = self.days[0]
        council = [unit.places[0].pupil.parents[0].person_id for unit in self.year.classes if unit.places]
        group = orders.FormRecipientGroup(
            group_id=self._id("council"),
            kind=GroupKind.PARENTS_COUNCIL,
            name=f"Rada Rodziców {self.year.name}",
            member_ids=tuple(dict.fromkeys(council)),
        )
        secretary, director = self.people.secretary, self.people.director
        yield first, self._doing("council", secretary, Role.ADMINISTRATOR, OFFICE_HOUR, group)
        welcome = orders.SendMessage(
            thread_id=self._id("welcome"),
            message_id=self._id("welcome", 1),
            subject="Rada pedagogiczna",
            body="Zapraszam na radę w czwartek o godz. 14.30. Proszę o sprawdzenie planu dyżurów.",
            audiences=(Audience(kind=AudienceKind.ALL_TEACHERS),),
            importance=Importance.HIGH,
        )
        yield first, self._doing("welcome", director, Role.DIRECTOR, OFFICE_HOUR, welcome)
        for number, teacher in enumerate(self.people.teachers[:6]):
            read = orders.MarkMessagesRead(thread_id=welcome.thread_id, message_ids=(welcome.message_id,))
            more: list[Command] = [orders.SetQuietHours(hours=(EVENINGS,))] if number < 2 else []
            if number == 2:
                more.append(
                    orders.ReplyToMessage(
                        thread_id=welcome.thread_id,
                        message_id=self._id("welcome", "answer"),
                        reply_to=welcome.message_id,
                        body="Dziękuję, będę. Proszę o zmianę dyżuru w poniedziałek.",
                    )
                )
            yield first, self._doing(f"welcome/{number}", teacher.person, Role.TEACHER, READING, read, *more)
        away = self._day(11, 20)
        if away:
            told = orders.AnnounceOutOfOffice(
                starts=away,
                ends=away + timedelta(days=3),
                text="Jestem na szkoleniu. Pilne sprawy proszę kierować do sekretariatu.",
                instead_id=secretary.person_id,
            )
            yield away, self._doing("away", self.people.teachers[0].person, Role.TEACHER, OFFICE_HOUR, told)

    def _letter(self, unit: ClassPlan, month: int, on: date) -> Iterator[Doing]:
        """A letter to the class's parents, who reads and who answers it."""
        subject, body = LETTERS[month]
        key, teacher = f"{unit.name}/{month}", unit.homeroom.person
        sent = orders.SendMessage(
            thread_id=self._id(key),
            message_id=self._id(key, 1),
            subject=f"{subject}, klasa {unit.name}",
            body=f"Szanowni Państwo,\n{body}\n{teacher.name}",
            audiences=(Audience(kind=AudienceKind.CLASS_PARENTS, target_id=unit.class_id),),
            importance=Importance.HIGH if month in (9, 2) else Importance.NORMAL,
        )
        yield self._doing(key, teacher, Role.TEACHER, AFTERNOON, sent)
        if month == 10:
            yield self._mistake(unit, key)
        rng = self.chance.of("letters", key, self.year.name)
        here = [place for place in unit.places if place.covers(on)]
        reading = [place for place in here if rng.random() < 0.7]
        # Parents of twins read a letter once.
        readers = list({place.pupil.parents[0].person_id: place for place in reading}.values())
        answering = readers[: 1 + int(rng.random() * 3)]
        for place in readers:
            parent = place.pupil.parents[0]
            read = orders.MarkMessagesRead(thread_id=sent.thread_id, message_ids=(sent.message_id,))
            done: list[Command] = [read]
            if place in answering:
                number = place.number
                done.append(
                    orders.ReplyToMessage(
                        thread_id=sent.thread_id,
                        message_id=self._id(key, "answer", number),
                        reply_to=sent.message_id,
                        body=rng.choice(ANSWERS),
                    )
                )
            yield self._doing(f"{key}/{place.number}", parent, Role.PARENT, READING, *done)
        if readers and month in (11, 3):
            yield from self._question(readers[-1], unit, key)

    def _mistake(self, unit: ClassPlan, key: str) -> Doing:
        """To the wrong people, and taken back at once."""
        wrong = orders.SendMessage(
            thread_id=self._id(key, "wrong"),
            message_id=self._id(key, "wrong", 1),
            subject="Lista obecności",
            body="Przesyłam listę, o którą Pani prosiła.",
            audiences=(Audience(kind=AudienceKind.CLASS_PARENTS, target_id=unit.class_id),),
        )
        back = orders.WithdrawMessage(thread_id=wrong.thread_id, message_id=wrong.message_id)
        return self._doing(f"{key}/wrong", unit.homeroom.person, Role.TEACHER, AFTERNOON, wrong, back)

    def _question(self, place: Place, unit: ClassPlan, key: str) -> Iterator[Doing]:
        """A parent asks about the own child; the teacher answers in the evening."""
        thread, first = self._id(key, "question"), self._id(key, "question", 1)
        asked = orders.SendMessage(
            thread_id=thread,
            message_id=first,
            subject="Prośba o rozmowę",
            body="Dzień dobry, chciałabym porozmawiać o postępach dziecka. Kiedy mogę przyjść?",
            recipient_ids=(unit.homeroom.person.person_id,),
            pupil_id=place.pupil.person.person_id,
        )
        answer = orders.ReplyToMessage(
            thread_id=thread,
            message_id=self._id(key, "question", 2),
            reply_to=first,
            body="Dzień dobry, zapraszam we wtorek o 16.00.",
        )
        read = orders.MarkMessagesRead(thread_id=thread, message_ids=(first,))
        yield self._doing(f"{key}/question", place.pupil.parents[0], Role.PARENT, READING, asked)
        yield self._doing(f"{key}/answer", unit.homeroom.person, Role.TEACHER, ANSWERING, read, answer)

    def _doing(self, key: str, who: Person, role: Role, at: time, *commands: Command) -> Doing:
        return Doing(f"{self.year.name}/letters/{key}", who, role, at, commands)

    def _id(self, *named: object) -> str:
        return self.chance.id("letters", self.year.name, *named)
