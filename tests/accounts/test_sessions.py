"""Sessions are seen and ended by their owner; passwords suit the rules; second factors are shown."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pyotp
import pytest

from dziennik.accounts.accounts import Accounts, Attempt
from dziennik.accounts.naming import owner
from dziennik.accounts.second_factor import Enrolment
from dziennik.accounts.sessions import Client, Session
from dziennik.contracts import access as said
from dziennik.contracts.accounts import PasswordRules
from dziennik.contracts.refusals import Refusal
from dziennik.domain.policies.account_rules import OF_2004
from dziennik.journal.journal import Journal
from tests.accounts.conftest import BY, PASSWORD, Clock, code, opened, session

PHONE = Client(address="192.0.2.7", agent="Telefon\x00 Ewy")


def entered(accounts: Accounts, second_factor: str = "", client: Client = PHONE) -> Session | Refusal:
    attempt = Attempt(login="anna.nowak", password=PASSWORD, second_factor=second_factor, client=client)
    return accounts.enter(attempt)


def enrolled(accounts: Accounts, clock: Clock, account_id: str) -> tuple[pyotp.TOTP, list[str]]:
    """A second factor, and its recovery codes; the code that was shown is spent."""
    begun = accounts.second_factors.begin(account_id, "anna.nowak")
    assert isinstance(begun, Enrolment)
    totp = pyotp.TOTP(begun.secret)
    codes = accounts.second_factors.confirm(account_id, None, totp.at(clock.at), by=owner(account_id))
    assert isinstance(codes, list)
    clock.at += timedelta(seconds=60)
    return totp, codes


def test_the_owner_sees_sessions_and_ends_them(accounts: Accounts, journal: Journal, clock: Clock) -> None:
    account_id = opened(accounts)
    opened(accounts, "somebody.else")
    first, second = session(entered(accounts)), session(entered(accounts))
    session(accounts.login("somebody.else", PASSWORD))
    clock.at += timedelta(minutes=1)
    second = session(accounts.refresh(second.refresh_token))
    seen = accounts.sessions.of(account_id)
    assert [one.session_id for one in seen] == [second.session_id, first.session_id]
    assert (seen[0].address, seen[0].agent, seen[0].second_factor) == ("192.0.2.7", "Telefon Ewy", False)
    assert seen[0].seen_at - seen[0].begun_at == timedelta(minutes=1)
    foreign = session(accounts.login("somebody.else", PASSWORD)).session_id
    by = owner(account_id)
    for wrong in (foreign, "", "no such"):
        assert code(accounts.sessions.end(account_id, wrong, by=by)) == "ACCESS.NO_SUCH_SESSION"
    assert accounts.sessions.end(account_id, first.session_id, by=by) is None
    assert code(accounts.refresh(first.refresh_token)) == "ACCESS.SESSION_ENDED"
    session(entered(accounts))
    assert accounts.sessions.end_others(account_id, second.session_id, by=by) == 1
    assert [one.session_id for one in accounts.sessions.of(account_id)] == [second.session_id]
    ended = [r.fact for r in journal.read(0) if isinstance(r.fact, said.SessionEnded)]
    assert ended[0] == said.SessionEnded(account_id=account_id, session_id=first.session_id)
    assert len(ended) == 2


def test_a_second_factor_is_asked_for_and_each_code_works_once(
    accounts: Accounts, journal: Journal, clock: Clock, dsn: str
) -> None:
    account_id = opened(accounts)
    totp, codes = enrolled(accounts, clock, account_id)
    assert code(entered(accounts)) == "ACCESS.SECOND_FACTOR_WANTED"
    now = totp.at(clock.at)
    made = session(entered(accounts, f"{now[:3]} {now[3:]}"))
    bearer = accounts.sessions.bearer(made.access_token)
    assert bearer
    assert bearer.second_factor
    assert code(entered(accounts, now)) == "ACCESS.SECOND_FACTOR_WRONG"  # the same step again
    session(entered(accounts, totp.at(clock.at + timedelta(seconds=30))))
    clock.at += timedelta(minutes=5)
    for off in (-60, 60):
        assert (
            code(entered(accounts, totp.at(clock.at + timedelta(seconds=off))))
            == "ACCESS.SECOND_FACTOR_WRONG"
        )
    written = codes[0].lower().replace("0", "o").replace("1", "l").replace("-", " ")
    session(entered(accounts, written))
    assert code(entered(accounts, codes[0])) == "ACCESS.SECOND_FACTOR_WRONG"
    facts = [r.fact for r in journal.read(0)]
    assert said.SecondFactorEnrolled(account_id=account_id, recovery_codes=10) in facts
    assert said.RecoveryCodeUsed(account_id=account_id, left=9) in facts
    with psycopg.connect(dsn) as connection:  # what is stored tells neither the secret nor the codes
        stored = connection.execute("SELECT secret FROM credentials.second_factors").fetchone()
        assert stored
        assert totp.secret.encode() not in bytes(stored[0])


def test_codes_are_not_tried_out_between_right_passwords(accounts: Accounts, clock: Clock) -> None:
    account_id = opened(accounts)
    totp, codes = enrolled(accounts, clock, account_id)
    for _ in range(5):
        assert code(entered(accounts)) == "ACCESS.SECOND_FACTOR_WANTED"
        assert code(entered(accounts, "000000")) == "ACCESS.SECOND_FACTOR_WRONG"
    assert code(entered(accounts, totp.at(clock.at))) == "ACCESS.TOO_MANY_ATTEMPTS"
    clock.at += timedelta(seconds=16)
    session(entered(accounts, codes[0]))


def test_a_lost_second_factor_is_removed_and_a_stolen_session_cannot(
    accounts: Accounts, clock: Clock, journal: Journal
) -> None:
    account_id = opened(accounts)
    assert code(accounts.second_factors.remove(account_id, "x", by=BY)) == "ACCESS.NO_SECOND_FACTOR"
    totp, _ = enrolled(accounts, clock, account_id)
    assert code(accounts.second_factors.begin(account_id, "anna")) == "ACCESS.SECOND_FACTOR_STANDS"
    assert code(accounts.prove(account_id, "guess")) == "ACCESS.LOGIN_FAILED"
    assert code(accounts.prove(account_id, PASSWORD, "123")) == "ACCESS.SECOND_FACTOR_WRONG"
    assert code(accounts.prove(account_id, PASSWORD, "")) == "ACCESS.SECOND_FACTOR_WANTED"
    assert accounts.prove(account_id, PASSWORD, totp.at(clock.at)) is None
    assert accounts.second_factors.remove(account_id, "zgubiony telefon", by=BY) is None
    session(entered(accounts))
    removed = said.SecondFactorRemoved(account_id=account_id, reason="zgubiony telefon")
    assert journal.read(0)[-1].fact == removed


def test_an_old_password_is_replaced_where_rules_say_so(accounts: Accounts, clock: Clock) -> None:
    account_id = accounts.open_account("anna.nowak", "osiem zn", by=BY, rules=OF_2004)
    assert isinstance(account_id, str)

    def enter(new_password: str = "", password: str = "osiem zn") -> Session | Refusal:
        attempt = Attempt(login="anna.nowak", password=password, new_password=new_password)
        return accounts.enter(attempt, lambda account: OF_2004 if account == account_id else PasswordRules())

    clock.at += timedelta(days=30, seconds=-1)
    before = session(enter())
    clock.at += timedelta(seconds=1)
    wanted = enter()
    assert isinstance(wanted, Refusal)
    assert (wanted.code, wanted.field, wanted.details) == (
        "ACCESS.PASSWORD_EXPIRED",
        "new_password",
        {"days": "30"},
    )
    assert code(enter("siedem.")) == "ACCESS.PASSWORD_TOO_SHORT"
    assert code(enter("osiem zn")) == "ACCESS.PASSWORD_UNCHANGED"
    assert code(enter("inne haslo", password="guess")) == "ACCESS.LOGIN_FAILED"
    session(enter("inne haslo"))
    assert code(accounts.refresh(before.refresh_token)) == "ACCESS.SESSION_ENDED"
    session(enter(password="inne haslo"))
    session(accounts.login("anna.nowak", "inne haslo"))  # by today's advice nothing has to be changed


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "qwertyuiop12",
        "Katarzyna1985",
        "polskapolska",
        "anna.nowak12",
        "abcabcabcabc",
        "słoneczko1234",
    ],
)
def test_passwords_that_are_guessed_first_are_refused(accounts: Accounts, password: str) -> None:
    assert code(accounts.open_account("anna.nowak", password, by=BY)) == "ACCESS.PASSWORD_COMMON"


def test_any_spelling_of_a_password_is_the_same(accounts: Accounts) -> None:
    composed, decomposed = (
        "za\u017c\u00f3\u0142\u0107 g\u0119\u015bl\u0105 ja\u017a\u0144",
        "zażółć gęślą jaźń",
    )
    assert isinstance(accounts.open_account("anna.nowak", decomposed, by=BY), str)
    session(accounts.login("anna.nowak", composed))


def test_an_address_that_fails_and_fails_has_to_wait(accounts: Accounts, clock: Clock) -> None:
    """A thousand tries from one address: each is answered, most without a hash; other addresses go on."""
    opened(accounts)
    answers = [
        code(accounts.enter(Attempt(login=f"login{n}", password="guess", client=PHONE))) for n in range(1000)
    ]
    assert answers == ["ACCESS.LOGIN_FAILED"] * 101 + ["ACCESS.TOO_MANY_ATTEMPTS"] * 899
    assert code(entered(accounts)) == "ACCESS.TOO_MANY_ATTEMPTS"
    session(entered(accounts, client=Client(address="192.0.2.8")))
    clock.at += timedelta(seconds=11)
    session(entered(accounts))
    assert code(accounts.enter(Attempt(login="x.x", password="guess", client=PHONE))) == "ACCESS.LOGIN_FAILED"
    assert code(entered(accounts)) == "ACCESS.TOO_MANY_ATTEMPTS"


def test_a_proxy_that_does_not_tell_for_whom_it_asks_holds_nobody_up(accounts: Accounts) -> None:
    opened(accounts)
    for address in ("127.0.0.1", "::1", ""):
        for n in range(105):
            accounts.enter(Attempt(login=f"login{n}", password="guess", client=Client(address=address)))
        session(entered(accounts, client=Client(address=address)))


def test_the_addresses_of_one_network_are_one(accounts: Accounts) -> None:
    for n in range(101):
        address = f"2001:db8::{n:x}"
        accounts.enter(Attempt(login=f"login{n}", password="guess", client=Client(address=address)))
    opened(accounts)
    assert code(entered(accounts, client=Client(address="2001:db8::ffff:1"))) == "ACCESS.TOO_MANY_ATTEMPTS"
    session(entered(accounts, client=Client(address="2001:db8:0:1::1")))


def test_guesses_before_a_login_are_on_record(accounts: Accounts, clock: Clock, journal: Journal) -> None:
    account_id = opened(accounts)
    for _ in range(6):
        accounts.login("anna.nowak", "guess")
    clock.at += timedelta(minutes=1)
    session(entered(accounts))
    assert journal.read(0)[-1].fact == said.GuessingNoticed(account_id=account_id, failures=5)


def test_no_more_sessions_than_somebody_can_have(accounts: Accounts, clock: Clock) -> None:
    account_id = opened(accounts)
    first = session(entered(accounts))
    for _ in range(50):
        clock.at += timedelta(seconds=1)
        session(entered(accounts))
    assert len(accounts.sessions.of(account_id)) == 50
    assert code(accounts.refresh(first.refresh_token)) == "ACCESS.SESSION_ENDED"
