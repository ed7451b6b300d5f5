"""Samples of the facts of cards, with every field filled (see samples.py)."""

from __future__ import annotations

from datetime import date

from dziennik.contracts import cards
from dziennik.contracts.curriculum import FromPlan
from dziennik.contracts.facts import Fact

CARD = "03NQ-K8NH"
SCAN = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

CARDS: tuple[Fact, ...] = (
    cards.StockGranted(grant_id="g1", count=5000, basis="umowa 7/2026"),
    cards.CardIssued(
        card_id=CARD,
        layout=11,
        kind=cards.CardKind.LESSONS,
        unit_id="4a",
        lines=(cards.CardLine(line=1, number=7, pupil_id="p1", class_id="4a"),),
        lessons=(
            cards.CardLesson(
                unit_id="4a",
                assignment_id="pol-4a",
                on=date(2026, 10, 14),
                period=3,
                topics=("Rzeczownik", "Czasownik"),
                plan=FromPlan(plan_id="rp", items=("7", "8")),
            ),
        ),
        column_id="k1",
        assignment_id="pol-4a",
    ),
    cards.CardsPrinted(card_ids=(CARD,)),
    cards.CardsSpoilt(card_ids=(CARD,), reason="zacięcie papieru"),
    cards.CardVoided(card_id=CARD, reason="zgubiona"),
    cards.ScanReceived(scan_id=SCAN, sha256=SCAN, media_type="application/pdf", size=123_456),
    cards.PageSetAside(scan_id=SCAN, page=2, why="cut", card_id=CARD),
    cards.PageNamed(scan_id=SCAN, page=3, card_id=CARD),
    cards.SheetWithdrawn(card_id=CARD, scan_id=SCAN),
    cards.SheetRead(
        card_id=CARD,
        scan_id=SCAN,
        page=1,
        corners=(0, 1, 1653, 2, 1652, 2337, 3, 2338),
        cells=(
            cards.FoundCell(
                cell=12, line=1, field="presence-1", value="late", finding=cards.CellFinding.UNSURE, ink=87
            ),
        ),
        why="doubtful_cells",
    ),
    cards.FieldDecided(card_id=CARD, scan_id=SCAN, line=1, field="presence-1", values=("late",)),
    cards.TopicTranscribed(card_id=CARD, scan_id=SCAN, lesson=1, topic="Zdania złożone – ćwiczenia"),
    cards.ScanDestroyed(scan_id=SCAN, received_on=date(2026, 10, 15), allowed_from=date(2033, 1, 1)),
    cards.CardLessonApplied(card_id=CARD, scan_id=SCAN, lesson=1),
    cards.CardApplied(card_id=CARD, scan_id=SCAN),
)
