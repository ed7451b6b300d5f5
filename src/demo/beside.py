"""What else does the running year hold, beside lessons and grades of the classes?

A day-care room with its children, a pedagogue's register, a first class that is assessed in words, a
curriculum plan that lessons follow, an absence that is announced, questions of parents about entries.
Written in the evening of some of the first school days; all follows from the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Final

from dziennik.contracts import (
    absence_commands,
    attendance,
    classes,
    counselling,
    descriptive,
    disputes,
    lessons,
    people,
    registers,
    school,
    stays,
)
from dziennik.contracts.absences import AbsenceScope
from dziennik.contracts.commands import Command
from dziennik.contracts.counselling import CounsellingKind
from dziennik.contracts.disputes import DisputeOutcome
from dziennik.contracts.envelope import Role
from dziennik.contracts.registers import RegisterKind
from dziennik.contracts.values import GradeKind
from dziennik.demo import arranging
from dziennik.demo.chance import Chance
from dziennik.demo.days import Step, actor_of, moment
from dziennik.demo.hours import Hour
from dziennik.demo.names import BOYS, GIRLS, SURNAMES
from dziennik.demo.people import People, Person, Pupil, Teacher
from dziennik.demo.rules import DESCRIPTIVE
from dziennik.demo.structure import ClassPlan, Year

EVENING: Final = time(20, 0)
CHILDREN = 8  # in the first class
STEPS: Final = ("W", "B", "B", "D", "D", "P", "S", "B")
CARE_HOUR: Final = 8  # the lesson hour of activities in the day-care room


@dataclass(slots=True)
class Beside:
    """The steps by school day, counted from the first one; of the year that is lived through last."""

    year: Year
    people: People
    chance: Chance
    hours: dict[date, list[Hour]]
    _days: list[date] = field(default_factory=list)

    def on(self, day: date) -> Iterator[Step]:
        """What is written in the evening of that day."""
        self._days = self._days or list(self.hours)
        place = self._days.index(day)
        told = {
            0: self._opened,
            1: self._first_class,
            4: self._arranged,
            5: self._care,
            6: self._asked,
            7: self._answered,
            8: self._assessed,
            9: self._announced,
        }.get(place)
        if told:
            for number, (who, role, commands) in enumerate(told(day)):
                key = f"{self.year.name}/{day}/beside/{number}"
                yield Step(key, actor_of(who, role), moment(day, EVENING), commands)

    def _id(self, *named: object) -> str:
        return self.chance.id("beside", self.year.name, *named)

    @property
    def _class(self) -> ClassPlan:
        return self.year.classes[0]

    @property
    def _keeper(self) -> Teacher:
        """Who keeps the day-care room and, another one, the pedagogue's register."""
        return self._free()[0]

    def _free(self) -> list[Teacher]:
        homerooms = [unit.homeroom for unit in self.year.classes]
        return [teacher for teacher in self.people.teachers if teacher not in homerooms]

    def _child(self) -> Pupil:
        """A pupil whose parent has an account."""
        there = [place.pupil for place in self._class.places if place.covers(self.year.starts)]
        return next(pupil for pupil in there if pupil.parents)

    def _opened(self, _: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """The registers, who keeps them and who takes part."""
        starts, keepers = self.year.starts, {"care": self._free()[0], "pedagogue": self._free()[1]}
        kinds = {"care": RegisterKind.DAY_CARE, "pedagogue": RegisterKind.PEDAGOGUE}
        names = {"care": "Świetlica", "pedagogue": "Dziennik pedagoga"}
        commands: list[Command] = []
        for key, kind in kinds.items():
            unit_id, subject = self._id(key), self._id("subject", key)
            commands += [
                school.IntroduceSubject(subject_id=subject, name=names[key], short_name=names[key][:5]),
                registers.OpenRegister(
                    unit_id=unit_id, year_id=self.year.year_id, kind=kind, name=names[key]
                ),
                classes.AssignTeaching(
                    assignment_id=self._id(key, "teaching"),
                    unit_id=unit_id,
                    subject_id=subject,
                    teacher_id=keepers[key].person.person_id,
                    since=starts,
                ),
            ]
        taking_part = [("care", place) for place in self._class.places[:5]]
        taking_part.append(("pedagogue", self._class.places[-1]))
        commands += [
            registers.AddParticipant(
                unit_id=self._id(key),
                pupil_id=place.pupil.person.person_id,
                since=starts,
                class_id=self._class.class_id,
            )
            for key, place in taking_part
            if place.covers(starts)
        ]
        yield self.people.director, Role.DIRECTOR, tuple(commands)

    def _first_class(self, _: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """Children of the first class, which is assessed in words."""
        levels = descriptive.SetDescriptiveRules(year_id=self.year.year_id, rules=DESCRIPTIVE)
        rng, class_id = self.chance.of("first class"), self._id("1a")
        commands: list[Command] = [
            levels,
            classes.OpenClass(class_id=class_id, year_id=self.year.year_id, name="1a", level=1),
            classes.AppointHomeroomTeacher(
                class_id=class_id, teacher_id=self._free()[2].person.person_id, since=self.year.starts
            ),
        ]
        for number in range(CHILDREN):
            commands += [
                people.RegisterPerson(
                    person_id=self._id("1a", number),
                    given_names=rng.choice(GIRLS if number % 2 else BOYS),
                    family_name=rng.choice(SURNAMES),
                    since=self.year.starts,
                    roles=(Role.PUPIL,),
                ),
                classes.EnrolPupil(
                    class_id=class_id, pupil_id=self._id("1a", number), since=self.year.starts
                ),
            ]
        yield self.people.director, Role.DIRECTOR, tuple(commands)

    def _arranged(self, _: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """What is to be in the weeks to come, and who may collect a child."""
        unit, year = self._class, self.year
        yield (
            self.people.director,
            Role.DIRECTOR,
            tuple(arranging.by_director(year, unit, self.chance, self.hours)),
        )
        yield unit.homeroom.person, Role.TEACHER, tuple(arranging.by_homeroom(year, unit, self.chance))
        child = unit.places[0].pupil
        named = arranging.collector(year, self._id("care"), child, self.chance)
        yield child.parents[0], Role.PARENT, (named,)

    def _care(self, day: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """An afternoon in the day-care room; the pedagogue writes about a talk."""
        care, keeper = self._id("care"), self._keeper.person
        children = tuple([p.pupil.person.person_id for p in self._class.places[:5] if p.covers(day)])
        key = lessons.lesson_id(day, CARE_HOUR, self._id("care", "teaching"))
        commands: list[Command] = [
            lessons.HoldLesson(
                unit_id=care,
                assignment_id=self._id("care", "teaching"),
                on=day,
                period=CARE_HOUR,
                topic="Gry planszowe i odrabianie lekcji",
                sign=True,
            ),
            attendance.CallRoll(unit_id=care, lesson_id=key),
            stays.RecordArrivals(unit_id=care, on=day, at="12:40", pupils=children),
        ]
        commands += [
            stays.RecordDeparture(
                unit_id=care,
                pupil_id=child,
                on=day,
                at="15:30",
                kind=stays.DepartureKind.TO_LESSON,
            )
            for child in children[:2]
        ]
        yield keeper, Role.TEACHER, tuple(commands)
        talk = counselling.WriteCounsellingEntry(
            entry_id=self._id("talk"),
            unit_id=self._id("pedagogue"),
            kind=CounsellingKind.CONVERSATION,
            on=day,
            text="Rozmowa o tym, jak radzić sobie ze stresem przed sprawdzianem.",
            pupil_id=self._class.places[-1].pupil.person.person_id,
        )
        yield self._free()[1].person, Role.TEACHER, (talk,)

    def _lesson(self, day: date) -> Hour:
        """A lesson of the whole class that was held that day."""
        return next(
            hour
            for hour in self.hours[day]
            if hour.assignment.unit_id == self._class.class_id
            and hour.assignment.group is None
            and not hour.cancelled
        )

    def _asked(self, day: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """A parent asks about two entries of the day."""
        child, hour = self._child(), self._lesson(day)
        questions = tuple(
            [
                disputes.AskAboutEntry(
                    dispute_id=self._id("question", number),
                    class_id=self._class.class_id,
                    pupil_id=child.person.person_id,
                    text=text,
                    unit_id=hour.assignment.unit_id,
                    lesson_id=hour.lesson_id,
                )
                for number, text in enumerate(
                    (
                        "Prosimy o sprawdzenie wpisu frekwencji.",
                        "Czy ta lekcja odbyła się w całości?",
                    )
                )
            ]
        )
        yield child.parents[0], Role.PARENT, questions

    def _answered(self, _: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """The homeroom teacher answers one question and decides; the other one waits."""
        where = {"class_id": self._class.class_id, "dispute_id": self._id("question", 0)}
        answer = disputes.AnswerQuestion(**where, text="Sprawdzone z nauczycielem: wpis jest prawdziwy.")
        decided = disputes.DecideDispute(**where, outcome=DisputeOutcome.STANDS, text="Wpis pozostaje.")
        yield self._class.homeroom.person, Role.TEACHER, (answer, decided)

    def _assessed(self, day: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """What the children of the first class can do already."""
        commands = tuple(
            [
                descriptive.WriteAssessments(
                    class_id=self._id("1a"),
                    area_id=area,
                    kind=GradeKind.CURRENT,
                    on=day,
                    assessments=tuple(
                        [
                            descriptive.AssessmentEntry(
                                assessment_id=self._id("assessment", area, number),
                                pupil_id=self._id("1a", number),
                                step=STEPS[(number + shift) % len(STEPS)],
                                text=text,
                            )
                            for number in range(CHILDREN)
                        ]
                    ),
                )
                for shift, (area, text) in enumerate(
                    (("polish", "Czyta pierwsze wyrazy."), ("maths", "Liczy w zakresie dziesięciu."))
                )
            ]
        )
        yield self._free()[2].person, Role.TEACHER, commands

    def _announced(self, _: date) -> Iterator[tuple[Person, Role, tuple[Command, ...]]]:
        """A parent tells of a day away that is still to come when the school is looked at."""
        child = self._child()
        away = arranging.monday_after(self.year)
        announced = absence_commands.AnnounceAbsence(
            announcement_id=self._id("announced"),
            class_id=self._class.class_id,
            pupil_id=child.person.person_id,
            scope=AbsenceScope(starts=away, ends=away + timedelta(days=1)),
            reason="Wizyta w poradni specjalistycznej.",
        )
        yield child.parents[0], Role.PARENT, (announced,)
