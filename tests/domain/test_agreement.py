"""What may be decided about a school's contract: signed, renewed in time, ended, data handed over?"""

from __future__ import annotations

from datetime import date

from msgspec.structs import asdict, replace

from dziennik.contracts import agreement as said
from dziennik.contracts import purchase_commands, purchases, streams
from dziennik.contracts.cards import StockGranted
from dziennik.contracts.commands import NOT_YOURS_TO_DO, TEXT_MISSING
from dziennik.domain.world import Entry
from tests.domain.commerce_story import AUGUST, FEE, OPERATOR, SIGN, SIGNED, TODAY, agreed
from tests.domain.register import OFFICE
from tests.domain.sentence import DIRECTOR, at, given


def fee(year: int, lines: tuple[purchases.OrderLine, ...], on: date, pay_by: date) -> Entry:
    placed = purchases.OrderPlaced(
        order_id=f"u7.{year}",
        reference="DZ-52C2Q-FGM699",
        buyer=purchases.BuyerKind.SCHOOL,
        payer_id=None,
        lines=lines,
        covers=None,
        on=on,
        pay_by=pay_by,
        contract_id="u7",
    )
    return at(streams.purchase(f"u7.{year}"), placed)


STOCK = at(streams.CARD_STOCK, StockGranted(grant_id="u7", count=5000, basis="umowa 7/2026: podpisanie"))


def test_at_signing_the_fee_is_owed_and_cards_are_granted() -> None:
    owed = fee(1, (FEE,), TODAY, date(2026, 10, 29))
    given().when(SIGN, by=OPERATOR).then(*agreed(SIGNED), owed, STOCK)
    given().when(replace(SIGN, cards=0), by=OPERATOR).then(*agreed(replace(SIGNED, cards=0)), owed)
    given(agreed(SIGNED)).when(SIGN, by=OPERATOR).nothing()
    given(agreed(SIGNED)).when(replace(SIGN, contract_id="u8"), by=OPERATOR).refused(
        said.CONTRACT_EXISTS, "contract_id", contract="7/2026", until=AUGUST
    )
    given().when(SIGN, by=DIRECTOR).refused(NOT_YOURS_TO_DO)


def test_terms_are_sound() -> None:
    for field, value in (
        ("until", date(2026, 8, 31)),
        ("until", date(2029, 8, 31)),
        ("pupils", 0),
        ("on", date(2026, 10, 16)),
        ("cards", -1),
        ("reminder_days", 400),
    ):
        refused = given().when(replace(SIGN, **{field: value}), by=OPERATOR)
        refused.refused(said.TERMS_UNSOUND, field)
    given().when(replace(SIGN, lines=()), by=OPERATOR).refused(purchase_commands.SUM_UNSOUND, "lines")
    given().when(replace(SIGN, number=" "), by=OPERATOR).refused(TEXT_MISSING, "number")


def test_terms_up_to_the_last_day_there_is_are_refused_or_kept() -> None:
    far, last = date(9999, 1, 1), date.max
    given().when(replace(SIGN, until=last), by=OPERATOR).refused(said.TERMS_UNSOUND, "until")
    given().when(replace(SIGN, since=last), by=OPERATOR).refused(said.TERMS_UNSOUND, "until")
    endless = replace(SIGNED, since=far, until=last)
    owed = fee(1, (FEE,), TODAY, date(2026, 10, 29))
    given().when(replace(SIGN, since=far, until=last), by=OPERATOR).then(*agreed(endless), owed, STOCK)
    given(agreed(endless)).when(RENEW, by=OPERATOR).refused(said.TERMS_UNSOUND, "until")


LATER_FEE = replace(FEE, unit_gross=21000)
RENEW = said.RenewContract(
    contract_id="u7", reference="DZ-52C2Q-FGM699", until=date(2028, 8, 31), pupils=530, lines=(LATER_FEE,)
)
RENEWED = said.ContractRenewed(
    contract_id="u7", year=2, since=date(2027, 9, 1), until=date(2028, 8, 31), pupils=530, lines=(LATER_FEE,)
)
REMIND = said.RemindOfRenewal(contract_id="u7")
IN_TIME = date(2027, 7, 2)


def test_a_contract_is_renewed_after_a_reminder() -> None:
    given(agreed(SIGNED)).when(REMIND, by=OPERATOR, today=date(2027, 7, 1)).nothing()
    reminded = said.RenewalReminded(contract_id="u7", until=AUGUST, on=IN_TIME)
    given(agreed(SIGNED)).when(REMIND, by=OPERATOR, today=IN_TIME).then(*agreed(reminded))
    given(agreed(SIGNED, reminded)).when(REMIND, by=OPERATOR, today=AUGUST).nothing()
    owed = fee(2, (LATER_FEE,), IN_TIME, date(2027, 7, 16))
    given(agreed(SIGNED)).when(RENEW, by=OPERATOR, today=IN_TIME).then(*agreed(RENEWED), owed)
    given(agreed(SIGNED, RENEWED)).when(RENEW, by=OPERATOR).nothing()
    backwards = replace(RENEW, until=date(2027, 8, 1))
    given(agreed(SIGNED)).when(backwards, by=OPERATOR).refused(said.TERMS_UNSOUND, "until")
    given().when(RENEW, by=OPERATOR).refused(said.NO_SUCH_CONTRACT, "contract_id")


END = said.EndContract(contract_id="u7", on=AUGUST, reason="wypowiedzenie szkoły")
ENDED = said.ContractEnded(contract_id="u7", on=AUGUST, reason="wypowiedzenie szkoły")
HAND_OVER = said.HandOverData(contract_id="u7", position=71, root="ab" * 32, archives=("2026-2027",))


def test_at_the_end_the_school_gets_its_data() -> None:
    given(agreed(SIGNED)).when(END, by=OPERATOR).then(*agreed(ENDED))
    given(agreed(SIGNED, ENDED)).when(END, by=OPERATOR).nothing()
    given(agreed(SIGNED)).when(replace(END, on=date(2028, 1, 1)), by=OPERATOR).refused(
        said.TERMS_UNSOUND, "on"
    )
    given(agreed(SIGNED)).when(replace(END, reason=""), by=OPERATOR).refused(TEXT_MISSING, "reason")
    given(agreed(SIGNED)).when(HAND_OVER, by=OPERATOR).refused(said.CONTRACT_NOT_OVER, "contract_id")
    handed = said.DataHandedOver(**asdict(HAND_OVER), on=TODAY)
    given(agreed(SIGNED, ENDED)).when(HAND_OVER, by=DIRECTOR).then(*agreed(handed))
    given(agreed(SIGNED, ENDED)).when(HAND_OVER, by=OFFICE).refused(NOT_YOURS_TO_DO)
    given().when(HAND_OVER, by=OPERATOR).refused(said.NO_SUCH_CONTRACT, "contract_id")
    for command in (RENEW, REMIND, replace(END, reason="inny")):
        over = given(agreed(SIGNED, ENDED)).when(command, by=OPERATOR)
        over.refused(said.CONTRACT_IS_OVER, "contract_id")


def test_after_one_contract_another_may_follow() -> None:
    again = replace(SIGN, contract_id="u8", since=date(2027, 9, 1), until=date(2028, 8, 31))
    early = replace(again, since=date(2027, 8, 1))
    given(agreed(SIGNED, ENDED)).when(early, by=OPERATOR).refused(said.CONTRACT_IS_OVER, "since")
    decided = given(agreed(SIGNED, ENDED)).when(again, by=OPERATOR).decision
    assert not hasattr(decided, "code")
