"""The usual Polish rules of behaviour, in force in a year until the director sets others.

They are version 0 of every year's rules, and years gone by are reckoned with them: never changed (ADR 0060).
"""

from __future__ import annotations

from dziennik.contracts.behaviour import (
    BehaviourMark,
    BehaviourRules,
    BehaviourThreshold,
    NoteCategory,
    NoteKind,
)


def _plus(category_id: str, name: str, points: int, most: int) -> NoteCategory:
    return NoteCategory(
        category_id=category_id,
        name=name,
        symbol="+",
        kind=NoteKind.POSITIVE,
        points=points,
        least=0,
        most=most,
    )


def _minus(category_id: str, name: str, points: int, least: int) -> NoteCategory:
    return NoteCategory(
        category_id=category_id,
        name=name,
        symbol="−",
        kind=NoteKind.NEGATIVE,
        points=points,
        least=least,
        most=0,
    )


USUAL_BEHAVIOUR = BehaviourRules(
    scale=tuple(
        BehaviourMark(mark=mark, name=name)
        for mark, name in (
            ("wz", "wzorowe"),
            ("bdb", "bardzo dobre"),
            ("db", "dobre"),
            ("popr", "poprawne"),
            ("ndp", "nieodpowiednie"),
            ("ng", "naganne"),
        )
    ),
    categories=(
        _plus("community", "Praca na rzecz klasy, szkoły lub środowiska", 10, 30),
        _plus("contest", "Udział w konkursie lub zawodach", 10, 50),
        _plus("helping", "Pomoc innym", 5, 20),
        _plus("diligence", "Wzorowe wypełnianie obowiązków", 5, 20),
        _plus("praise", "Pochwała", 10, 30),
        NoteCategory(category_id="information", name="Informacja", symbol="i", kind=NoteKind.NEUTRAL),
        _minus("disturbing", "Przeszkadzanie na lekcji", -5, -20),
        _minus("neglect", "Niewypełnianie obowiązków", -5, -20),
        _minus("manners", "Brak kultury osobistej", -10, -30),
        _minus("safety", "Narażanie zdrowia lub bezpieczeństwa", -20, -50),
        _minus("damage", "Niszczenie mienia", -15, -50),
        _minus("truancy", "Samowolne opuszczenie lekcji", -10, -30),
        _minus("reprimand", "Nagana", -30, -50),
    ),
    with_points=True,
    start=100,
    thresholds=tuple(
        BehaviourThreshold(points=points, mark=mark)
        for points, mark in ((170, "wz"), (120, "bdb"), (80, "db"), (40, "popr"), (1, "ndp"))
    ),
)
