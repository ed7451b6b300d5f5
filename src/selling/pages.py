"""How does the school's statement look on paper? In Polish: it is the school's."""

from __future__ import annotations

from datetime import date

from dziennik.archive.readable import Readable, Section, Table, day
from dziennik.contracts.offers import PointsKind
from dziennik.contracts.purchases import BUYER_NAMES, END_NAMES
from dziennik.domain.policies.prices import amount_of
from dziennik.projections.purchases import Order
from dziennik.selling.invoices import zlotys
from dziennik.selling.statement import Statement

_KINDS = {PointsKind.HARDWARE: "sprzętowe", PointsKind.PLUS: "plus"}


def as_page(found: Statement) -> Readable:
    """The statement. Who paid is told by kind, never by name."""
    even = "Wszystko się zgadza." if found.agrees else "NIE ZGADZA SIĘ: sprawdź oznaczone sumy."
    sections = (_contracts(found), _money(found), _points(found), _cards(found), _messages(found))
    return Readable(f"Zestawienie szkoły {found.school_id}", (f"Stan na {day(found.on)}. {even}",), sections)


def _mark(agrees: bool) -> str:
    return "zgadza się" if agrees else "NIE ZGADZA SIĘ"


def _contracts(found: Statement) -> Section:
    rows = [
        (
            row.number,
            str(year.year),
            f"{day(year.since)} – {day(year.until)}",
            str(year.pupils),
            ", ".join(line.name for line in year.lines),
            zlotys(sum(map(amount_of, year.lines))),
        )
        for row in found.contracts
        for year in row.years
    ]
    head = ("Umowa", "Rok", "Okres", "Uczniów", "Pozycje", "Kwota")
    return Section("contract", "Umowa", (), (Table("Lata umowy", head, rows, (2, 1, 4, 1, 6, 2)),))


def _money(found: Statement) -> Section:
    money = found.money
    rows = [
        (
            row.reference,
            BUYER_NAMES[row.buyer][0],
            day(row.on),
            ", ".join(f"{line.count} × {line.name}" for line in row.lines),
            zlotys(row.total),
            zlotys(row.credited),
            zlotys(row.refunded),
            _became(row, found.on),
        )
        for row in found.orders
    ]
    head = ("Tytuł", "Kto płaci", "Dzień", "Co", "Kwota", "Wpłacono", "Zwrócono", "Stan")
    notes = (
        f"Zamówiono {zlotys(money.ordered)} = do zapłaty {zlotys(money.open)} + wpłacono "
        f"{zlotys(money.credited)} + odpuszczono {zlotys(money.given_up)}: {_mark(money.agrees)}.",
        f"Wpłacono {zlotys(money.credited)} = zostało {zlotys(money.kept)} + zwrócono "
        f"{zlotys(money.refunded)}. Do zwrotu po odstąpieniach: {zlotys(money.refund_due)}.",
    )
    table = Table("Zamówienia", head, rows, (4, 2, 2, 6, 2, 2, 2, 3))
    return Section("money", "Pieniądze", notes, (table,))


def _became(row: Order, today: date) -> str:
    if row.how:
        return END_NAMES[row.how][0]
    if row.until:
        return f"działa do {day(row.until)}" if row.until >= today else f"wygasło {day(row.until)}"
    return "do zapłaty" if row.open else "zapłacone"


def _points(found: Statement) -> Section:
    sums = [
        (
            _KINDS[one.kind],
            str(one.issued),
            str(one.balance),
            str(one.spent),
            str(one.expired),
            str(one.usable),
            _mark(one.agrees),
        )
        for one in found.points
    ]
    head = (
        "Punkty",
        "Przyznano",
        "Saldo",
        "Wydano",
        "Wygasło",
        "Do wydania",
        "Przyznano = saldo + wydano + wygasło",
    )
    rewards = [
        (day(row.on), row.school_year, str(row.accounts), "karty" if row.cards else "punkty", str(row.cards))
        for row in found.rewards
    ]
    spent = [
        (
            day(row.on),
            f"{row.count} × {row.item.name}",
            _KINDS[row.item.points_kind],
            str(row.item.points * row.count),
            f"cofnięto {day(row.reversed_on)}" if row.reversed_on else "",
        )
        for row in found.spendings
    ]
    tables = (
        Table("Punkty", head, sums, (2, 2, 2, 2, 2, 2, 5)),
        Table(
            "Nagrody", ("Dzień", "Rok szkolny", "Aktywne konta", "Wybór", "Karty"), rewards, (2, 2, 2, 2, 2)
        ),
        Table("Wydatki", ("Dzień", "Na co", "Punkty", "Ile", "Uwagi"), spent, (2, 5, 2, 2, 3)),
    )
    return Section("points", "Punkty", (), tables)


def _cards(found: Statement) -> Section:
    cards = found.cards
    note = (
        f"Przyznano {cards.granted} = wydrukowano {cards.printed} + zostało {cards.left}: "
        f"{_mark(cards.agrees)}. Wśród wydrukowanych zepsutych: {cards.spoilt}."
    )
    rows = [(day(row.granted_at.date()), row.basis, str(row.count)) for row in found.grants]
    return Section(
        "cards", "Karty", (note,), (Table("Przyznane", ("Dzień", "Podstawa", "Karty"), rows, (2, 8, 2)),)
    )


def _messages(found: Statement) -> Section:
    """Numbers alone: whose messages they are is nobody's business here."""
    told = found.messages
    note = (
        f"Doręczono {told.delivered} = przeczytano {told.read} + czeka {told.unread}; w skrzynkach leży "
        f"{told.in_mailboxes} = wysłane {told.sent} + doręczone {told.delivered}: {_mark(told.agrees)}."
    )
    head = ("Wysłano", "W tym wycofane", "Doręczono", "Przeczytano", "Czeka", "W skrzynkach")
    row = (told.sent, told.withdrawn, told.delivered, told.read, told.unread, told.in_mailboxes)
    table = Table("Liczby", head, [tuple(map(str, row))], (2, 2, 2, 2, 2, 2))
    return Section("messages", "Wiadomości", (note,), (table,))
