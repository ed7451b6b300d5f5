"""The queue of scanned cards and their lessons from the command line."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PIL import Image

from dziennik.app import open_system
from dziennik.application.register import Accepted
from dziennik.cli.actors import OFFICE
from dziennik.cli.card_options import follow
from dziennik.contracts import card_scans, cards, classes, grades, people, school
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.values import Term, TimetableSlot
from dziennik.omr.identity import identify
from dziennik.omr.layouts import known
from dziennik.omr.printing import print_cards
from dziennik.omr.sheet import Why
from dziennik.omr.sheet import told as why_told
from dziennik.projections.card_questions import of_unit
from dziennik.scanning import intake
from tests.cli.conftest import Line
from tests.omr.cards import MM, Grey, drawn, mark, printed

BEGIN, DAY = date(2025, 9, 1), date(2025, 10, 6)
SCAN = "a" * 64
CARD = cards.NewCard(
    card_id="03NQ-K8NH",
    layout=12,
    kind=cards.CardKind.LESSONS,
    unit_id="4a",
    lines=(cards.CardLine(line=1, number=1, pupil_id="p1", class_id="4a"),),
    lessons=tuple(
        cards.CardLesson(unit_id="4a", assignment_id=f"by-{who}", on=DAY, period=period)
        for period, who in ((2, "t1"), (3, "t2"))
    ),
)


def cell(field: str, finding: cards.CellFinding, value: str = "confirmed", line: int = 0) -> cards.FoundCell:
    return cards.FoundCell(cell=0, line=line, field=field, value=value, finding=finding, ink=500)


SHEET = cards.FoundSheet(
    page=1,
    card_id=CARD.card_id,
    corners=(0, 0, 9, 0, 9, 9, 0, 9),
    cells=(
        cell("lesson-1", cards.CellFinding.MARKED),
        cell("lesson-2", cards.CellFinding.MARKED),
        cell("presence-2", cards.CellFinding.UNSURE, "late", 1),
    ),
)
TERM = Term(term_id="t1", name="Okres 1", starts=BEGIN, ends=date(2026, 1, 31))
STORY: tuple[Command, ...] = (
    school.FoundSchool(school_id="sp1", name="Szkoła nr 1", short_name="SP1"),
    school.OpenSchoolYear(
        year_id="y25", name="2025/2026", starts=BEGIN, ends=date(2026, 8, 31), terms=(TERM,)
    ),
    school.IntroduceSubject(subject_id="maths", name="Matematyka", short_name="mat"),
    *(
        people.RegisterPerson(person_id=who, given_names="Jan", family_name="Żak", since=BEGIN, roles=(role,))
        for who, role in (("t1", Role.TEACHER), ("t2", Role.TEACHER), ("p1", Role.PUPIL))
    ),
    classes.OpenClass(class_id="4a", year_id="y25", name="4a", level=4),
    classes.EnrolPupil(class_id="4a", pupil_id="p1", since=BEGIN),
    *(
        classes.AssignTeaching(
            assignment_id=f"by-{who}", unit_id="4a", subject_id="maths", teacher_id=who, since=BEGIN
        )
        for who in ("t1", "t2")
    ),
    cards.IssueCards(cards=(CARD,)),
    card_scans.RecordScan(scan_id=SCAN, sha256=SCAN, media_type="image/png", size=7, sheets=(SHEET,)),
)


@pytest.fixture
def scanned(line: Line) -> Line:
    given(line, *STORY[:-2], cards.GrantStock(grant_id="g", count=1, basis="umowa"), *STORY[-2:])
    return line


def given(line: Line, *commands: Command) -> None:
    with open_system(None, line.where[1]) as system:
        register = system.found("sp1")
        for command in commands:
            outcome = register.execute(command, actor=OFFICE)
            assert isinstance(outcome, Accepted), outcome


def test_lessons_of_a_card_are_applied_one_by_one_or_all_that_are_left(scanned: Line) -> None:
    where = ("--school", "sp1")

    def waiting() -> list[dict[str, object]]:
        told: list[dict[str, object]] = json.loads(
            scanned("cards", "queue", "--class", "4a", *where, "--json").out
        )
        return told

    one = scanned("cards", "apply", CARD.card_id, "--lesson", "1", *where)
    # CardLessonApplied, LessonHeld, RollCalled
    assert one.out.startswith("03NQ-K8NH  3 fact(s)")
    assert one.out.endswith("lekcje w dzienniku / lessons applied 1/2\n")
    (row,) = waiting()
    assert (row["applied"], [each["applied_at"] is None for each in row["lessons"]]) == (1, [False, True])  # type: ignore[attr-defined]
    told = scanned("cards", "queue", "--class", "4a", *where).out.splitlines()
    # one card, how many places are open, and then each in the words of `cards decide`
    assert [line.split() for line in told[1:2]] == [["03NQ-K8NH", "4a", SCAN[:12], "1", "1/2", "1"]]
    assert [line.split() for line in told[4:]] == [["03NQ-K8NH", "1", "presence-2", "late", "Żak", "Jan"]]
    doubtful = scanned("cards", "apply", CARD.card_id, *where)
    assert (doubtful.code, "CARDS.UNDECIDED_FIELDS" in doubtful.err) == (2, True)
    assert scanned("cards", "decide", CARD.card_id, "1", "presence-2", *where).code == 0
    # CardApplied, LessonHeld, RollCalled
    rest = scanned("cards", "apply", CARD.card_id, *where).out
    assert rest.startswith("03NQ-K8NH  3 fact(s)")
    assert rest.endswith("lessons applied 2/2\n")
    assert scanned("cards", "apply", CARD.card_id, "--lesson", "2", *where).out.startswith(
        "03NQ-K8NH  0 fact(s)"
    )
    assert waiting() == []


def test_whose_names_no_font_has_is_told_once_with_card_and_number(scanned: Line, tmp_path: Path) -> None:
    slots = tuple(
        TimetableSlot(weekday=weekday, period=5, assignment_id="by-t1")
        for weekday in (DAY.isoweekday(), DAY.isoweekday() + 1)
    )
    given(
        scanned,
        *(
            people.RegisterPerson(
                person_id=who, given_names=given, family_name=family, since=BEGIN, roles=(Role.PUPIL,)
            )
            for who, family, given in (("p2", "王", "小明"), ("p3", "כהן", "דוד"), ("p4", "Kim", "민준"))
        ),
        *(classes.EnrolPupil(class_id="4a", pupil_id=who, since=BEGIN) for who in ("p2", "p3", "p4")),
        classes.SetTimetable(unit_id="4a", valid_from=BEGIN, slots=slots),
        cards.GrantStock(grant_id="more", count=3, basis="umowa"),
    )
    printing = ("cards", "print", "--class", "4a", "--day", DAY.isoformat(), "--school", "sp1")
    told = scanned(*printing, "--days", "2", tmp_path / "cards.pdf")
    first, second = told.out.rpartition(": ")[2].strip().split(", ")
    places = f"{first}, {second}: 2, 4"
    assert told.err == (
        f"Nazwiska z literami, których nie da się wydrukować („�”; karta: numery w klasie) – {places} / "
        f"Names with letters that cannot be printed (“�”; card: numbers in class) – {places}\n"
    )


def test_the_queue_of_a_scan_tells_its_cards_copies_and_pages_without_a_card(scanned: Line) -> None:
    copy, where = "b" * 64, ("--school", "sp1")
    pages = (cards.FoundPage(page=2, why="no_card"),)
    record = card_scans.RecordScan(
        scan_id=copy, sha256=copy, media_type="application/pdf", size=9, sheets=(SHEET,), pages=pages
    )
    with open_system(None, scanned.where[1]) as system:
        assert isinstance(system.register("sp1").execute(record, actor=OFFICE), Accepted)
    told = scanned("cards", "queue", "--scan", copy[:12], *where)
    assert (told.code, "aaaaaaaaaaaa te same / same" in told.out) == (0, True)
    assert told.err == f"2  -  {why_told(Why.NO_CARD)} / {why_told(Why.NO_CARD, 'en')}\n"
    ((row),) = json.loads(scanned("cards", "queue", "--scan", copy, *where, "--json").out)
    assert (row["card"], row["class"], row["scan"]) == (CARD.card_id, "4a", copy)
    assert row["also_in"] == [{"scan": SCAN, "page": 1, "same_marks": True}]
    both = json.loads(scanned("cards", "queue", "--class", "4a", *where, "--json").out)
    assert {one["scan"]: one["also_in"][0]["scan"] for one in both} == {SCAN: copy, copy: SCAN}
    for wrong in (("--scan", "c"), (), ("--scan", copy, "--class", "4a")):
        assert scanned("cards", "queue", *wrong, *where).code == 2


def test_what_cannot_be_written_takes_no_cards_from_the_stock(scanned: Line, tmp_path: Path) -> None:
    slot = TimetableSlot(weekday=DAY.isoweekday(), period=5, assignment_id="by-t1")
    given(
        scanned,
        classes.SetTimetable(unit_id="4a", valid_from=BEGIN, slots=(slot,)),
        cards.GrantStock(grant_id="more", count=1, basis="umowa"),
    )
    where = ("--school", "sp1")
    printing = ("cards", "print", "--class", "4a", "--day", DAY.isoformat(), *where)
    stock = {"granted": 2, "printed": 1, "spoilt": 0, "voided": 0, "scanned": 1, "left": 1}

    def in_stock() -> dict[str, int]:
        told: dict[str, int] = json.loads(scanned("cards", "stock", *where, "--json").out)
        return told

    nowhere = scanned(*printing, tmp_path / "none" / "cards.pdf")
    assert (nowhere.code, in_stock()) == (1, stock)
    out = tmp_path / "cards.pdf"
    printed = scanned(*printing, out)
    assert (printed.code, printed.err) == (0, "")
    assert out.read_bytes().startswith(b"%PDF-")
    refused = scanned(*printing, tmp_path / "more.pdf")
    assert (refused.code, "CARDS.OUT_OF_STOCK" in refused.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".pdf", ".part")] == ["cards.pdf"]
    assert in_stock() == {**stock, "printed": 2, "left": 0}


def test_a_single_lesson_is_printed_by_its_hour(scanned: Line, tmp_path: Path) -> None:
    slots = tuple(
        TimetableSlot(weekday=DAY.isoweekday(), period=hour, assignment_id=f"by-{who}")
        for hour, who in ((5, "t1"), (7, "t2"))
    )
    given(
        scanned,
        classes.SetTimetable(unit_id="4a", valid_from=BEGIN, slots=slots),
        cards.GrantStock(grant_id="more", count=1, basis="umowa"),
    )
    where, out = ("--school", "sp1"), tmp_path / "cards.pdf"
    printing = ("cards", "print", "--class", "4a", "--day", DAY.isoformat(), *where)
    none = scanned(*printing, "--period", "6", out)
    assert (none.code, out.exists()) == (2, False)
    assert none.err == (
        "CARDS.NOT_IN_TIMETABLE: W dniu 2025-10-06 oddział nie ma w planie lekcji nr 6. W planie są: 5, 7."
        " / On 2025-10-06 the class has no lesson number 6 in its timetable. It has: 5, 7.\n"
    )
    sunday = scanned("cards", "print", "--class", "4a", "--day", "2025-10-05", "--period", "5", *where, out)
    assert (sunday.code, "W planie są: –." in sunday.err) == (2, True)
    assert scanned(*printing, "--period", "5", "--days", "2", out).code == 2
    assert scanned("cards", "print", "--class", "4a", "--column", "k", "--period", "5", *where, out).code == 2
    assert scanned(*printing, "--period", "7", out).code == 0
    with open_system(None, scanned.where[1]) as system:
        follow(system, "sp1")
        with system.read_models.view("sp1") as view:
            latest, _ = of_unit(view, "4a")
    assert [(lesson.period, lesson.assignment_id) for lesson in latest.lessons] == [(7, "by-t2")]


def test_a_column_is_printed_by_its_title_or_id(scanned: Line, tmp_path: Path) -> None:
    given(
        scanned,
        *(
            grades.OpenColumn(
                column_id=key,
                unit_id="4a",
                assignment_id="by-t1",
                title=title,
                category_id="quiz",
                on=DAY,
            )
            for key, title in (("k1", "Ułamki"), ("k2", "Procenty"), ("k3", "Procenty"))
        ),
        cards.GrantStock(grant_id="more", count=2, basis="umowa"),
    )
    where, out = ("--school", "sp1"), tmp_path / "cards.pdf"
    printing = ("cards", "print", "--class", "4a", *where)
    for wrong, found in (("Procenty", 2), ("Liczby", 0)):
        refused = scanned(*printing, "--column", wrong, out)
        assert (refused.code, out.exists()) == (2, False)
        assert f"{wrong}: {found}." in refused.err
        assert "k2 “Procenty”" in " ".join(refused.err.split())
    for column in ("Ułamki", "k3"):
        assert scanned(*printing, "--column", column, out).code == 0
    with open_system(None, scanned.where[1]) as system:
        follow(system, "sp1")
        with system.read_models.view("sp1") as view:
            printed_for = [card.column_id for card in of_unit(view, "4a")]
    assert sorted(filter(None, printed_for)) == ["k1", "k3"]


def test_what_the_printer_spoilt_is_told_and_stays_taken(scanned: Line) -> None:
    where = ("--school", "sp1")
    jam = ("--reason", "zacięcie papieru", *where)
    fresh = msgspec.structs.replace(CARD, card_id="0001-AAAA")
    with open_system(None, scanned.where[1]) as system:
        for command in (
            cards.GrantStock(grant_id="more", count=1, basis="umowa"),
            cards.IssueCards(cards=(fresh,)),
        ):
            outcome = system.register("sp1").execute(command, actor=OFFICE)
            assert isinstance(outcome, Accepted), outcome
    told = scanned("cards", "spoil", fresh.card_id, *jam)
    assert told.out == "zostało / left 0 (2 − 2); zepsute / spoilt 1; zeskanowane / scanned 1\n"
    assert scanned("cards", "void", CARD.card_id, "--reason", "zgubiona", *where).code == 0
    assert "; unieważnione / voided 1; " in scanned("cards", "stock", *where).out
    other = scanned("cards", "spoil", "0000-0000", *jam)
    assert (other.code, "CARDS.NOT_PRINTED" in other.err) == (2, True)
    read = scanned("cards", "spoil", CARD.card_id, *jam)
    assert (read.code, "CARDS.SCANNED_CARD" in read.err) == (2, True)


def test_a_scan_that_is_not_there_does_not_stop_the_others(scanned: Line, tmp_path: Path) -> None:
    empty = tmp_path / "b.png"
    empty.write_bytes(b"")
    told = scanned("omr", "scan", tmp_path / "a.png", empty, "--school", "sp1")
    assert (told.code, "Plik jest pusty." in told.out) == (1, True)
    assert told.err.splitlines() == [
        f"{tmp_path / 'a.png'}: Nie ma takiego pliku. / There is no such file.",
        "Nieprzyjęte pliki: 1 / Files that were not taken in: 1",
    ]


def test_a_file_larger_than_any_scan_is_not_even_read(
    scanned: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST", 6)
    monkeypatch.setattr(Path, "read_bytes", None)
    (tmp_path / "a.png").write_bytes(b"1234567")
    told = scanned("omr", "scan", tmp_path / "a.png", "--school", "sp1")
    assert (told.code, "ATTACHMENTS.TOO_LARGE" in told.err) == (1, True)


def paper(scanned: Line, number: int) -> tuple[str, Grey]:
    """A card of two lessons that the school issued, with its paper."""
    with open_system(None, scanned.where[1]) as system:
        identity = identify(system.card_key_of("sp1"), CARD.layout, number)
        register = system.register("sp1")
        for command in (
            cards.GrantStock(grant_id=f"g{number}", count=1, basis="umowa"),
            cards.IssueCards(cards=(replace(CARD, card_id=identity.card_id),)),
        ):
            assert isinstance(register.execute(command, actor=OFFICE), Accepted)
    form = known()[CARD.layout]
    grey = drawn(print_cards([replace(printed(form, pupils=1), identity=identity)]))
    mark(grey, form, 0, "confirmed", field="lesson-1")
    return identity.card_id, grey


def saved(path: Path, *pages: Grey) -> Path:
    first, *others = (Image.fromarray(page) for page in pages)
    first.save(path, "TIFF", save_all=True, append_images=others)
    return path


def test_reading_for_a_school_says_what_the_register_would_say_and_records_nothing(
    scanned: Line, tmp_path: Path
) -> None:
    (good, one), (void, two) = paper(scanned, 1), paper(scanned, 2)
    pile, where = saved(tmp_path / "a.tif", one, two, one), ("--school", "sp1", "--workers", "1")
    with open_system(None, scanned.where[1]) as system:
        register = system.register("sp1")
        register.execute(cards.VoidCard(card_id=void, reason="zgubiona"), actor=OFFICE)
        head = register.journal.position()
        told = scanned("omr", "read", pile, *where).out.splitlines()
        read = [json.loads(row) for row in scanned("omr", "read", "--json", pile, *where).out.splitlines()]
        assert register.journal.position() == head
    assert [(sheet["card"], sheet["state"], sheet["reason"]) for sheet in read] == [
        (good, "read", None),
        (void, "set_aside", "voided"),
        (good, "set_aside", "copy_in_scan"),
    ]
    assert read[1]["message"] == {"pl": "Ta karta jest unieważniona.", "en": "This card is void."}
    assert told == [
        f"{pile}:1  {good}  read  1 zaznaczeń / marked, 0 niepewnych / unsure",
        f"{pile}:2  {void}  set aside  Ta karta jest unieważniona. / This card is void.",
        f"{pile}:3  {good}  set aside  Ta karta jest w tym pliku więcej niż raz: liczy się pierwsza."
        " / This card is in this file more than once: the first counts.",
        "read 1, set_aside 2",
    ]
    scan = scanned("omr", "scan", pile, "--school", "sp1")
    assert (scan.code, scan.out.splitlines()) == (0, told[:-1])


def test_a_card_whose_number_cannot_be_read_is_told_how_to_name_it(scanned: Line, tmp_path: Path) -> None:
    card_id, grey = paper(scanned, 3)
    grey[round(12 * MM) : round(33 * MM), round(31 * MM) : round(150 * MM)] = 128
    file, where = saved(tmp_path / "a.tif", grey), ("--school", "sp1")
    digest = sha256(file.read_bytes()).hexdigest()
    told = scanned("omr", "scan", file, *where)
    assert f"dziennik omr name {digest[:12]} 1 NUMER --school sp1" in told.err
    assert (
        "1  -  Nie da się odczytać numeru karty." in scanned("cards", "queue", "--scan", digest, *where).err
    )
    wrong = scanned("omr", "name", digest[:12], "2", card_id, *where)
    assert (wrong.code, "CARDS.PAGE_NEEDS_NO_NUMBER" in wrong.err) == (2, True)
    assert scanned("omr", "name", file, "1", card_id, *where).out.startswith(f"{card_id}  2 fact(s)")
    assert scanned("omr", "name", digest, "1", card_id, *where).out.startswith(f"{card_id}  0 fact(s)")
    unknown = scanned("omr", "name", "ffff", "1", card_id, *where)
    assert (unknown.code, "0 scans match" in unknown.err) == (2, True)
    assert scanned("cards", "queue", "--scan", digest, *where).err == ""
    again = scanned("omr", "scan", file, *where)
    assert again.out == (
        f"{file}:1  {card_id}  named  Numer karty wpisała osoba. / A person typed the card's number.\n"
    )
    assert again.err == ""
