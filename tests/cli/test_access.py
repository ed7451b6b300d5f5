"""An account of two schools outlives being erased in one of them."""

from __future__ import annotations

from datetime import date

from dziennik.accounts.sessions import Session
from dziennik.app import open_system
from dziennik.application.register import Accepted
from dziennik.cli.actors import OFFICE
from dziennik.contracts import people
from tests.cli.conftest import Line

PASSWORD = "cztery zielone parasole"


def test_who_is_erased_in_one_school_still_logs_in_to_the_other(line: Line) -> None:
    for school_id in ("sp1", "sp2"):
        assert line("school", "found", school_id, "--name", school_id).code == 0
    url = line.where[1]
    with open_system(database_url=url) as system:
        account_id = system.accounts.open_account("ewa.zak", PASSWORD, by=OFFICE)
        assert isinstance(account_id, str)
        for school_id in ("sp1", "sp2"):
            register = system.register(school_id)
            for command in (
                people.RegisterPerson(
                    person_id=f"ewa-{school_id}", given_names="Ewa", family_name="Żak", since=date(2025, 9, 1)
                ),
                people.LinkAccount(person_id=f"ewa-{school_id}", account_id=account_id),
            ):
                assert isinstance(register.execute(command, actor=OFFICE), Accepted)
    for school_id, still in (("sp1", True), ("sp2", False)):
        erase = ("--school", school_id, "--person", f"ewa-{school_id}", "--basis", "wniosek")
        assert line("privacy", "erase", *erase).code == 0
        with open_system(database_url=url) as system:
            assert isinstance(system.accounts.login("ewa.zak", PASSWORD), Session) == still
