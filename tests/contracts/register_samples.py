"""Samples of other registers, of what a pedagogue writes, and of pupils who move."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dziennik.contracts import counselling, earlier_grades, movement, registers, stays, studies
from dziennik.contracts.facts import Fact
from dziennik.contracts.values import GradeKind

SEPTEMBER = date(2026, 9, 1)
OCTOBER = date(2026, 10, 12)

REGISTERS: tuple[Fact, ...] = (
    registers.RegisterOpened(
        unit_id="swietlica", year_id="y2026", kind=registers.RegisterKind.DAY_CARE, name="Świetlica"
    ),
    registers.WorkPlanSet(unit_id="swietlica", since=SEPTEMBER, text="Gry, zabawy, odrabianie lekcji."),
    registers.IndividualTeachingArranged(
        unit_id="ni-p1",
        pupil_id="p1",
        since=OCTOBER,
        hours_per_week=Decimal("8.5"),
        decision="Orzeczenie PPP nr 12/2026",
        programme="Program dla klasy 4 dostosowany do możliwości ucznia.",
    ),
    registers.AuditorAdmitted(
        unit_id="pedagog", auditor_id="a1", since=OCTOBER, until=date(2026, 10, 30), reason="kontrola"
    ),
)

COUNSELLING: tuple[Fact, ...] = (
    counselling.EntryWritten(
        entry_id="w1",
        unit_id="pedagog",
        author_id="t1",
        pupil_id="p1",
        kind=counselling.CounsellingKind.CONVERSATION,
        on=OCTOBER,
        text="Rozmowa o trudnościach w grupie.",
    ),
    counselling.ActivityNoted(
        entry_id="w2",
        unit_id="pedagog",
        author_id="t1",
        kind=counselling.CounsellingKind.CONTACT_WITH_INSTITUTION,
        on=OCTOBER,
        text="Spotkanie w poradni.",
    ),
    counselling.EntryCorrected(
        entry_id="w1",
        person_id="p1",
        was="Rozmowa o trudnościach w grupie.",
        text="Rozmowa o trudnościach w klasie.",
        reason="nieprecyzyjnie",
    ),
    counselling.EntryStruckOut(entry_id="w1", person_id="p1", reason="wpisana innemu uczniowi"),
    counselling.EntryShared(entry_id="w1", pupil_id="p1", shared=True),
)

MOVEMENT: tuple[Fact, ...] = (
    movement.MovementRulesSet(year_id="y2026", rules=movement.MovementRules(renumber_days=30)),
    movement.ClassChanged(
        pupil_id="p1", from_class_id="4a", to_class_id="4b", on=OCTOBER, reason="na prośbę rodziców"
    ),
    movement.PupilTransferredIn(class_id="4a", pupil_id="p1", since=OCTOBER, school="SP 12 w Łodzi"),
    movement.PupilLeftSchool(
        class_id="4a",
        pupil_id="p1",
        until=OCTOBER,
        kind=movement.LeavingKind.ABROAD,
        reason="wyjazd rodziny",
        destination="Berlin",
    ),
    movement.PupilStruckOff(
        class_id="4a",
        pupil_id="p1",
        until=OCTOBER,
        decision="7/2026",
        legal_basis="art. 68 ust. 2 Prawa oświatowego",
        reason="uchwała rady pedagogicznej",
    ),
    movement.YearRepeated(pupil_id="p1", from_class_id="4a", class_id="4c", since=SEPTEMBER),
    movement.PupilTaughtApart(class_id="4a", pupil_id="p1", unit_id="ni-p1", since=OCTOBER),
    movement.TeachingApartEnded(class_id="4a", pupil_id="p1", unit_id="ni-p1", until=OCTOBER),
    movement.PupilsRenumbered(
        class_id="4a",
        since=SEPTEMBER,
        numbers=(
            movement.RegisterNumber(pupil_id="p2", number=1),
            movement.RegisterNumber(pupil_id="p1", number=2),
        ),
    ),
)

EARLIER_GRADES: tuple[Fact, ...] = (
    earlier_grades.RuleSet(year_id="y2026", rule=earlier_grades.EarlierGradesRule(counted=True)),
    earlier_grades.EarlierGradeRecorded(
        grade_id="e1",
        class_id="4a",
        subject_id="pol",
        pupil_id="p1",
        school="SP 12 w Łodzi",
        kind=GradeKind.TERM_FINAL,
        value="4",
        weight=Decimal("1.5"),
        on=SEPTEMBER,
        comment="z arkusza ocen",
    ),
    earlier_grades.EarlierGradeCorrected(
        grade_id="e1",
        pupil_id="p1",
        was_value="4",
        value="5",
        was_kind=GradeKind.TERM_FINAL,
        kind=GradeKind.CURRENT,
        was_weight=Decimal("1.5"),
        weight=Decimal(2),
        was_on=SEPTEMBER,
        on=OCTOBER,
        reason="pomyłka w arkuszu",
    ),
    earlier_grades.EarlierGradeStruckOut(grade_id="e1", pupil_id="p1", reason="inny uczeń"),
)

STAYS: tuple[Fact, ...] = (
    stays.PupilArrived(unit_id="swietlica", pupil_id="p1", on=OCTOBER, number=1, at="12:40"),
    stays.PupilDeparted(
        unit_id="swietlica",
        pupil_id="p1",
        on=OCTOBER,
        number=1,
        at="15:55",
        kind=stays.DepartureKind.WITH_AUTHORISED,
        collector_id="u1",
    ),
    stays.StayCorrected(
        unit_id="swietlica",
        pupil_id="p1",
        on=OCTOBER,
        number=1,
        was_arrived="12:40",
        arrived="12:30",
        reason="zegar",
        was_departed="15:55",
        departed="15:50",
    ),
    stays.StayStruckOut(unit_id="swietlica", pupil_id="p1", on=OCTOBER, number=1, reason="inne dziecko"),
    stays.CollectorAuthorised(
        collector_id="u1",
        unit_id="swietlica",
        pupil_id="p1",
        since=SEPTEMBER,
        name="Maria Źrebiec, babcia",
        until=OCTOBER,
    ),
    stays.LeavingAloneAllowed(
        collector_id="u2", unit_id="swietlica", pupil_id="p1", since=SEPTEMBER, until=OCTOBER
    ),
    stays.AuthorisationWithdrawn(collector_id="u1", unit_id="swietlica", pupil_id="p1", until=OCTOBER),
)

STUDIES: tuple[Fact, ...] = (
    studies.IndividualStudyGranted(
        study_id="i1",
        class_id="4a",
        pupil_id="p1",
        kind=studies.StudyKind.COURSE,
        subjects=("mat", "inf"),
        since=SEPTEMBER,
        decision="3/2026",
        legal_basis="art. 115 Prawa oświatowego",
        supervisor_id="t1",
        until=OCTOBER,
    ),
    studies.IndividualStudyEnded(study_id="i1", pupil_id="p1", until=OCTOBER, reason="na wniosek rodziców"),
)
