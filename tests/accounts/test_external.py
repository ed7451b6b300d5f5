"""An external provider is believed when everything fits, and not otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from joserfc.jwk import ECKey, OctKey

from dziennik.accounts.accounts import Accounts
from dziennik.accounts.external import Begun, External, Recognised
from dziennik.accounts.naming import owner
from dziennik.accounts.second_factor import Enrolment
from dziennik.accounts.sessions import NOWHERE
from dziennik.contracts import access as said
from dziennik.contracts.refusals import Refusal
from dziennik.journal.journal import Journal
from dziennik.settings import SettingsFault, read_settings
from tests.accounts.conftest import Clock, code, opened, session
from tests.accounts.oidc_server import CALLBACK, SECRET, Idp, running


@pytest.fixture
def idp(clock: Clock) -> Iterator[Idp]:
    with running(clock) as found:
        yield found


@pytest.fixture
def external(accounts: Accounts, idp: Idp) -> Iterator[External]:
    made = External(accounts.vault, [idp.provider()])
    yield made
    made.close()


def came_back(external: External, idp: Idp, sub: str = "jan@gmina") -> Recognised | Refusal:
    begun = external.begin("gmina", CALLBACK)
    assert isinstance(begun, Begun), begun
    back, state = idp.visit(begun.url, sub)
    return external.recognise(begun.attempt, back, state)


def test_a_linked_identity_logs_in(
    accounts: Accounts, external: External, idp: Idp, journal: Journal
) -> None:
    account_id = opened(accounts)
    other_id = opened(accounts, "somebody.else")
    who = came_back(external, idp)
    assert isinstance(who, Recognised)
    assert external.account_of(who) is None
    assert external.link(account_id, who) is None
    assert external.link(account_id, who) is None
    assert external.account_of(who) == account_id
    assert external.of(account_id) == ["gmina"]
    assert code(external.link(other_id, who)) == "ACCESS.EXTERNAL_TAKEN"
    second = came_back(external, idp, "another@gmina")
    assert isinstance(second, Recognised)
    assert code(external.link(account_id, second)) == "ACCESS.EXTERNAL_TAKEN"
    session(accounts.enter_recognised(account_id, NOWHERE, vouched=False))
    external.unlink(account_id, "gmina")
    external.unlink(account_id, "gmina")
    assert external.account_of(who) is None
    facts = [r.fact for r in journal.read(0)][2:]
    assert facts == [
        said.ExternalIdentityLinked(account_id=account_id, provider="gmina"),
        said.ExternalIdentityUnlinked(account_id=account_id, provider="gmina"),
    ]
    assert b"jan@gmina" not in b"".join(bytes(raw.state) for raw in journal.read_raw(0))


def claims(**wrong: Any) -> Callable[[Idp, Clock], None]:  # noqa: ANN401
    return lambda idp, _: idp.claims.update(wrong)


def expired(idp: Idp, clock: Clock) -> None:
    idp.claims["exp"] = int(clock.at.timestamp()) - 61


def another_key(idp: Idp, _: Clock) -> None:
    idp.key = ECKey.generate_key("P-256", {"kid": "k1"})


def secret_as_key(idp: Idp, _: Clock) -> None:
    """The client's secret signs as well as any key the client knows: it is no signature of the provider."""
    idp.key, idp.algorithm = OctKey.import_key(SECRET.ljust(32)), "HS256"
    idp.published = [idp.key]


LIES = [
    claims(nonce="another"),
    claims(nonce=None),
    claims(aud="another"),
    claims(aud=["dziennik", "another"]),
    claims(azp="another"),
    claims(iss="https://another.example"),
    claims(sub=None),
    claims(sub=7),
    claims(exp=None),
    expired,
    another_key,
    secret_as_key,
]


def test_a_token_that_does_not_fit_is_not_believed(accounts: Accounts, idp: Idp, clock: Clock) -> None:
    honest = vars(idp).copy()
    believed = []
    for number, lie in enumerate(LIES):
        vars(idp).update({**honest, "claims": {}, "codes": {}})
        lie(idp, clock)
        external = External(accounts.vault, [idp.provider()])
        outcome = came_back(external, idp)
        external.close()
        assert idp.codes == {}  # the code was shown, so it was the token
        if not isinstance(outcome, Refusal) or outcome.code != "ACCESS.EXTERNAL_LOGIN_FAILED":
            believed.append(number)
    assert believed == []


def test_an_attempt_is_whose_it_is_and_works_once(external: External, idp: Idp, clock: Clock) -> None:
    begun, other = external.begin("gmina", CALLBACK), external.begin("gmina", CALLBACK)
    assert isinstance(begun, Begun)
    assert isinstance(other, Begun)
    back, state = idp.visit(begun.url, "jan")
    failed = "ACCESS.EXTERNAL_LOGIN_FAILED"
    assert code(external.recognise(begun.attempt, back, "another state")) == failed
    assert code(external.recognise(other.attempt, back, state)) == failed
    for forged in ("", "x" * 200, begun.attempt[:-8] + "AAAAAAA=", external.continuation("account")):
        assert code(external.recognise(forged, back, state)) == failed
    assert isinstance(external.recognise(begun.attempt, back, state), Recognised)
    again, _ = idp.visit(begun.url, "jan")
    assert code(external.recognise(begun.attempt, again, state)) == failed
    late_code, late_state = idp.visit(other.url, "jan")
    clock.at += timedelta(minutes=10, seconds=1)
    assert code(external.recognise(other.attempt, late_code, late_state)) == failed


def test_only_our_own_addresses_and_known_providers(external: External) -> None:
    assert code(external.begin("gmina", CALLBACK + "/x")) == "ACCESS.ADDRESS_NOT_ALLOWED"
    assert code(external.begin("another", CALLBACK)) == "ACCESS.NO_SUCH_PROVIDER"


def test_a_discovery_that_does_not_fit_is_not_believed(external: External, idp: Idp) -> None:
    lies: list[dict[str, object]] = [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://mail.example/token"},
        {"jwks_uri": 7},
    ]
    for lie in lies:
        idp.discovered = lie
        assert code(external.begin("gmina", CALLBACK)) == "ACCESS.EXTERNAL_LOGIN_FAILED"
    idp.discovered = {}
    assert isinstance(external.begin("gmina", CALLBACK), Begun)


def test_a_provider_that_is_away_is_a_failed_login(accounts: Accounts, idp: Idp) -> None:
    provider = idp.provider()
    idp.issuer = "http://127.0.0.1:1"
    away = External(accounts.vault, [idp.provider()])
    assert code(away.begin("gmina", CALLBACK)) == "ACCESS.EXTERNAL_LOGIN_FAILED"
    away.close()
    assert provider.issuer != idp.issuer


def test_new_keys_of_the_provider_are_asked_for(external: External, idp: Idp, clock: Clock) -> None:
    assert isinstance(came_back(external, idp), Recognised)
    assert isinstance(came_back(external, idp), Recognised)
    assert idp.asked == ["/.well-known/openid-configuration", "/keys"]
    idp.key = ECKey.generate_key("P-256", {"kid": "k2"})
    idp.published = [idp.key]
    clock.at += timedelta(seconds=61)
    assert isinstance(came_back(external, idp), Recognised)
    assert idp.asked[2:] == ["/keys"]


@pytest.mark.parametrize(("trusted", "amr"), [(True, ["pwd", "mfa"]), (True, ["pwd"]), (False, ["mfa"])])
def test_the_second_factor_of_a_provider_counts_where_it_is_trusted(
    accounts: Accounts, idp: Idp, clock: Clock, trusted: bool, amr: list[str]
) -> None:
    idp.claims["amr"] = amr
    external = External(accounts.vault, [idp.provider(second_factor=trusted)])
    who = came_back(external, idp)
    external.close()
    assert isinstance(who, Recognised)
    assert who.second_factor == (trusted and "mfa" in amr)
    account_id = opened(accounts)
    begun = accounts.second_factors.begin(account_id, "anna")
    assert isinstance(begun, Enrolment)
    totp = pyotp.TOTP(begun.secret)
    accounts.second_factors.confirm(account_id, None, totp.at(clock.at), by=owner(account_id))
    entered = accounts.enter_recognised(account_id, NOWHERE, vouched=who.second_factor)
    if who.second_factor:
        bearer = accounts.sessions.bearer(session(entered).access_token)
        assert bearer
        assert bearer.second_factor
    else:
        assert code(entered) == "ACCESS.SECOND_FACTOR_WANTED"
        clock.at += timedelta(seconds=30)
        session(accounts.enter_recognised(account_id, NOWHERE, vouched=False, code=totp.at(clock.at)))


GOOD = """[[provider]]
name = "gmina"
issuer = "https://login.gmina.example"
client_id = "dziennik"
client_secret = "bardzo tajne"
redirect_uris = ["https://dziennik.example.pl/account"]
"""


def test_providers_are_settings_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "oidc.toml"
    file.write_text(GOOD, encoding="utf-8")
    (provider,) = read_settings(tmp_path, environ={"DZIENNIK_OIDC": str(file)}).providers
    assert (provider.name, provider.label, provider.second_factor) == ("gmina", "gmina", False)
    assert "bardzo tajne" not in repr(provider)
    for wrong in (
        GOOD + GOOD,
        GOOD.replace("https://l", "http://l"),
        GOOD + "x = 1\n",
        "[",
        "[[provider]]\n",
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(SettingsFault, match="DZIENNIK_OIDC") as fault:
            read_settings(tmp_path, environ={"DZIENNIK_OIDC": str(file)})
        assert "tajne" not in str(fault.value)
