"""The sample class-year with what else a year has, up to its end and a correction after it.

Spurious things lie in the streams of another year, of 4b, and of a register that nobody may read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

from dziennik.contracts import (
    behaviour,
    calendar,
    cards,
    classes,
    classification,
    councils,
    counselling,
    curriculum,
    disputes,
    entitlement,
    grades,
    messages,
    people,
    purchases,
    registers,
    school,
    staff,
    streams,
)
from dziennik.contracts.attachments import Attached
from dziennik.contracts.envelope import Actor, Channel, Recorded, Role
from dziennik.contracts.values import GradeKind
from dziennik.domain.policies.defaults import USUAL_CLASSIFICATION
from dziennik.domain.policies.usual_behaviour import USUAL_BEHAVIOUR
from tests.archive.sample import HEAD, JAN, OLA, Story, class_of, grades_of, lessons_of, people_of, school_of

MUM = Actor(account="acc-mama", role=Role.PARENT, person="mama", channel=Channel.WEB)
MAY = date(2026, 5, 11)
END = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
AFTER = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)


def teaching_of(story: Story) -> None:
    """What 4b lacks in the sample, where it is not written out."""
    for assignment_id, subject_id in (("p-obcy", "obcy"), ("p-mat", "mat")):
        assigned = classes.TeachingAssigned(
            assignment_id=assignment_id,
            unit_id="4b",
            subject_id=subject_id,
            teacher_id="t-x",
            since=date(2025, 9, 1),
        )
        story.tell(HEAD, streams.unit("4b"), assigned)


def behaviour_of(story: Story) -> None:
    """Rules, a note with its correction and a parent's acknowledgement, grades; of 4b a note."""
    story.tell(HEAD, streams.SCHOOL, behaviour.BehaviourRulesSet(year_id="y25", rules=USUAL_BEHAVIOUR))
    note = behaviour.NoteWritten(
        note_id="n1", class_id="4a", pupil_id="ala", author_id="t-ola", kind=behaviour.NoteKind.POSITIVE,
        category_id="contest", points=10, on=MAY, text='Konkurs "Kangur" <1.>',
    )  # fmt: skip
    corrected = behaviour.NoteCorrected(
        note_id="n1", pupil_id="ala", was_kind=note.kind, kind=note.kind, was_category_id="contest",
        category_id="contest", was_points=10, points=15, was_on=MAY, on=MAY, was_text=note.text,
        text=note.text, reason="drugi etap",
    )  # fmt: skip
    read = behaviour.NoteAcknowledged(note_id="n1", pupil_id="ala", parent_id="mama")
    graded = behaviour.BehaviourGradeGiven(
        class_id="4a", pupil_id="ala", kind=GradeKind.ANNUAL_FINAL, term_id=None, mark="wz", on=MAY,
        author_id="t-ola",
    )  # fmt: skip
    place = streams.behaviour("4a", "ala")
    story.tell(OLA, place, note).tell(OLA, place, corrected).tell(MUM, place, read).tell(OLA, place, graded)
    other = behaviour.NoteWritten(
        note_id="nx", class_id="4b", pupil_id="bob", author_id="t-x", kind=behaviour.NoteKind.NEGATIVE,
        category_id="late", points=-5, on=MAY, text="OBCA UWAGA",
    )  # fmt: skip
    story.tell(OLA, streams.behaviour("4b", "bob"), other)


def calendar_of(story: Story) -> None:
    """A test announced, free days; those of another year."""
    details = calendar.EntryDetails(title="Sprawdzian: ułamki", on=MAY, period=1)
    planned = calendar.EntryPlanned(
        entry_id="e1", year_id="y25", kind=calendar.EntryKind.TEST, details=details, unit_id="4a",
        assignment_id="p-mat", subject_id="mat",
    )  # fmt: skip
    story.tell(OLA, streams.unit_calendar("4a"), planned)
    free = calendar.FreeDaysDeclared(
        year_id="y25", free_id="f1", name="Boże Ciało", starts=date(2026, 6, 4), ends=date(2026, 6, 5)
    )
    story.tell(HEAD, streams.school_calendar("y25"), free)
    other = calendar.FreeDaysDeclared(
        year_id="y24", free_id="fx", name="OBCE FERIE", starts=date(2025, 2, 3), ends=date(2025, 2, 14)
    )
    story.tell(HEAD, streams.school_calendar("y24"), other)


def disputes_of(story: Story) -> None:
    """A mother asks about a grade; it stands."""
    place = streams.dispute("4a", "d1")
    asked = disputes.QuestionAsked(
        dispute_id="d1", class_id="4a", pupil_id="ala", asked_by="mama", text="Skąd ta ocena?",
        subject_id="mat", grade_id="g1",
    )  # fmt: skip
    decided = disputes.DisputeDecided(
        dispute_id="d1", pupil_id="ala", outcome=disputes.DisputeOutcome.STANDS, text="Praca do wglądu."
    )
    story.tell(MUM, place, asked).tell(OLA, place, decided)


def plans_of(story: Story) -> None:
    """A curriculum plan that 4a follows, and one that nobody does, of another year."""
    items = (curriculum.PlanItem(item_id="i1", topic="Ułamki zwykłe", hours=4),)
    drawn = curriculum.PlanDrawnUp(
        plan_id="pl1", year_id="y25", subject_id="mat", name="Matematyka 4", items=items
    )
    story.tell(OLA, streams.curriculum_plan("pl1"), drawn)
    other = curriculum.PlanDrawnUp(
        plan_id="plx", year_id="y24", subject_id="mat", name="OBCY PLAN", items=items
    )
    story.tell(OLA, streams.curriculum_plan("plx"), other)
    assigned = curriculum.PlanAssigned(unit_id="4a", assignment_id="p-mat", plan_id="pl1")
    story.tell(OLA, streams.unit_curriculum("4a"), assigned)


def others_of(story: Story) -> None:
    """Hours of a teacher, a day-care register, and a pedagogue's, which the school's archive leaves out."""
    hours = staff.HoursEntered(
        hours_id="h1", year_id="y25", teacher_id="t-jan", kind_id="extra", on=MAY, hours=Decimal("1.50"),
        what="kółko szachowe",
    )  # fmt: skip
    place = f"staff/y25/{hours.teacher_id}"
    story.tell(JAN, place, hours)
    story.tell(HEAD, place, staff.HoursConfirmed(hours_id="h1", year_id="y25", teacher_id="t-jan"))
    for unit_id, name, kind in (
        ("sw1", "Świetlica, grupa 1", registers.RegisterKind.DAY_CARE),
        ("ped", "Pedagog", registers.RegisterKind.PEDAGOGUE),
    ):
        opened = registers.RegisterOpened(unit_id=unit_id, year_id="y25", kind=kind, name=name)
        story.tell(HEAD, streams.unit(unit_id), opened)
    plan = registers.WorkPlanSet(
        unit_id="sw1", since=date(2025, 9, 1), text="Gry i zabawy; odrabianie lekcji"
    )
    story.tell(JAN, streams.register_details("sw1"), plan)
    secret = counselling.EntryWritten(
        entry_id="c1", unit_id="ped", author_id="t-jan", pupil_id="ala", on=MAY, text="TAJEMNICA",
        kind=counselling.CounsellingKind.CONVERSATION,
    )  # fmt: skip
    story.tell(JAN, streams.counselling("ped", "c1"), secret)


def cards_of(story: Story) -> None:
    """A card for 4a, voided; one for a class of another year."""
    for card_id, unit_id in (("k1", "4a"), ("kx", "3a-obca")):
        issued = cards.CardIssued(
            card_id=card_id, layout=1, kind=cards.CardKind.LESSONS, unit_id=unit_id, lines=()
        )
        voided = cards.CardVoided(card_id=card_id, reason="zgubiona" if card_id == "k1" else "OBCA KARTA")
        story.tell(OLA, streams.card(card_id), issued).tell(OLA, streams.card(card_id), voided)


def end_of(story: Story) -> None:
    """Resolution, promotion, closed registers, closed year."""
    story.tell(
        HEAD,
        streams.SCHOOL,
        classification.ClassificationRulesSet(year_id="y25", rules=USUAL_CLASSIFICATION),
        at=END,
    )
    resolution = councils.ResolutionAdopted(
        resolution_id="u1", year_id="y25", term_id=None, kind=councils.ResolutionKind.CLASSIFICATION,
        number="7/2026", on=date(2026, 6, 19), text="Wyniki klasyfikacji", class_ids=("4a",),
    )  # fmt: skip
    story.tell(HEAD, streams.councils("y25"), resolution, at=END)
    promoted = classification.PromotionDecided(
        class_id="4a", pupil_id="ala", outcome=classification.Outcome.PROMOTED, rule_version=1,
        average=Decimal("4.50"), behaviour="wz",
    )  # fmt: skip
    for class_id, facts in (("4a", (promoted,)), ("4b", ())):
        closed = classification.RegisterClosed(
            class_id=class_id, on=date(2026, 6, 30), gaps=2, reason="egzamin klasyfikacyjny w sierpniu"
        )
        story.tell(HEAD, streams.classification(class_id), *facts, closed, at=END)
    year = school.SchoolYearClosed(year_id="y25", on=date(2026, 6, 30), class_ids=("4a", "4b"))
    story.tell(HEAD, streams.SCHOOL, year, at=END)


def correction_of(story: Story) -> None:
    """What the director permits after the year, and the teacher then corrects."""
    permitted = classification.CorrectionPermitted(
        permit_id="z1", unit_id="4a", person_id="t-ola", until=date(2026, 9, 20), what="ocena g5",
        reason="pomyłka", legal_basis="§ 22",
    )  # fmt: skip
    story.tell(HEAD, streams.classification("4a"), permitted, at=AFTER)
    corrected = grades.GradeCorrected(
        grade_id="g6", pupil_id="zan", was="12/15", value="13/15", reason="suma punktów"
    )
    story.tell(OLA, streams.grades("4a", "wf", "zan"), corrected, at=AFTER)


def rights_of(story: Story) -> None:
    """A court limits a father's rights, then lets them rest, then restores them."""
    place = streams.person("ala")
    granted = people.ParentalRightsGranted(
        pupil_id="ala", parent_id="tata", guardianship=people.Guardianship.PARENT, since=date(2025, 9, 1)
    )
    limited = people.ParentalRightsLimited(
        pupil_id="ala", parent_id="tata", since=date(2025, 10, 1), basis="III RNs 7/25",
        powers=(people.ParentalPower.INFORMATION,),
    )  # fmt: skip
    resting = people.ParentalRightsLimited(
        pupil_id="ala", parent_id="tata", since=date(2025, 11, 3), powers=(), basis="III RNs 9/25"
    )
    restored = people.ParentalRightsRestored(
        pupil_id="ala", parent_id="tata", since=date(2026, 2, 2), basis="III RNs 1/26"
    )
    story.tell(HEAD, place, granted, limited, resting, restored)


def entitlement_of(story: Story) -> None:
    """A rule that was agreed, an extension of this year with what was paid, one of another year, cards."""
    rule = entitlement.EntitlementRule(
        feature=entitlement.Feature.CALENDAR_FEEDS, kind=entitlement.AccountKind.PARENT,
        level=entitlement.Level.BASIC, since=date(2025, 9, 1),
    )  # fmt: skip
    story.tell(HEAD, streams.ENTITLEMENT, entitlement.EntitlementAgreed(rules=(rule,)))
    for order_id, year in (("o1", 2025), ("OBCE", 2023)):
        covers = purchases.Coverage(
            kind=purchases.CoverageKind.PUPILS, since=date(year, 9, 1), until=date(year + 1, 8, 31),
            pupil_ids=("ala",),
        )  # fmt: skip
        placed = purchases.OrderPlaced(
            order_id=order_id, reference=f"DZ-{order_id}", buyer=purchases.BuyerKind.PARENT, payer_id="mama",
            lines=(), covers=covers, on=date(year, 9, 1), pay_by=date(year, 9, 15),
        )  # fmt: skip
        paid = purchases.PaymentCredited(order_id=order_id, payment_id="p1", amount=3900, on=date(year, 9, 2))
        holds = purchases.ExtensionActivated(order_id=order_id, since=covers.since, until=covers.until)
        story.tell(MUM, streams.purchase(order_id), placed, paid, holds)
    printed = cards.CardsPrinted(card_ids=("k1",))
    granted = cards.StockGranted(grant_id="z1", count=500, basis="umowa 1/2025")
    story.tell(HEAD, streams.CARD_STOCK, granted, printed, cards.CardsPrinted(card_ids=("kx",)))


PLAN = b"%PDF-1.4\nPlan wycieczki"
LOST = b"%PDF-1.4\nZgoda"


def attached(attachment_id: str, content: bytes) -> Attached:
    digest = sha256(content).hexdigest()
    return Attached(
        attachment_id=attachment_id, media_type="application/pdf", size=len(content), sha256=digest
    )


def file_of(which: Attached) -> bytes | None:
    """The files of the story's messages: one was lost with its key."""
    return PLAN if which.attachment_id in ("f1", "f2") else None


def messages_of(story: Story) -> None:
    """A letter with two files, one of them sent again."""
    place = streams.thread("t1")
    opened = messages.ThreadOpened(
        thread_id="t1", opened_by="t-ola", concerns_id="t-ola", subject="Wycieczka"
    )
    for number, files in ((1, (("f1", PLAN), ("f3", LOST))), (2, (("f2", PLAN),))):
        sent = messages.MessageSent(
            thread_id="t1", message_id=f"w{number}", sender_id="t-ola", concerns_id="t-ola",
            body="Plan w załączniku.", recipient_ids=("mama",), named_ids=("mama",),
            attachments=tuple(attached(*one) for one in files),
        )  # fmt: skip
        story.tell(OLA, place, *((opened,) if number == 1 else ()), sent)


def tell_year(*, corrected: bool = False, further: bool = False) -> list[Recorded]:
    """The whole year; `corrected`: and what was corrected after it; `further`: and what format 2 of archives
    began to hold.
    """
    story = Story()
    entered = (school_of, people_of, class_of, teaching_of, lessons_of, grades_of, behaviour_of, calendar_of)
    more = (rights_of, entitlement_of, messages_of) if further else ()
    later = (disputes_of, plans_of, others_of, cards_of, *more, end_of)
    for part in (*entered, *later, *((correction_of,) if corrected else ())):
        part(story)
    return story.recorded
