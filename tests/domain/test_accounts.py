"""Who lets whom in: codes, blocks, rules of accounts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dziennik.contracts import streams
from dziennik.contracts.accounts import (
    ACCESS_BLOCKED,
    CODE_EXPIRED,
    CODE_FOR_OTHERS,
    CODE_UNKNOWN,
    CODE_USED,
    CODE_WITHDRAWN,
    HAS_ACCOUNT,
    NO_ACCOUNT,
    NOBODY_HERE,
    NOT_BLOCKED,
    RULES_UNSOUND,
    AccessBlocked,
    AccessUnblocked,
    AccountRules,
    AccountRulesSet,
    BlockAccess,
    CodeIssued,
    CodePurpose,
    CodeUsed,
    CodeWithdrawn,
    IssueCode,
    PasswordRules,
    SetAccountRules,
    UnblockAccess,
    UseCode,
    WithdrawCode,
)
from dziennik.contracts.commands import NOT_YOURS_TO_DO, Command
from dziennik.contracts.envelope import Actor, Role
from dziennik.contracts.facts import Fact
from dziennik.contracts.people import NO_SUCH_PERSON, AccountLinked, PersonRegistered, RoleLeft, RoleTaken
from dziennik.contracts.refusals import Refusal
from dziennik.domain.accounts import Access, access
from dziennik.domain.policies.account_rules import OF_2004, USUAL, last_day, rules_on, strictest
from dziennik.domain.rulebook import decide
from dziennik.domain.world import Asked, Past
from tests.domain.sentence import TODAY, at, given

PERSON, ACCESS = streams.person("ewa"), streams.access("ewa")
EWA = at(PERSON, PersonRegistered(person_id="ewa", given_names="Ewa", family_name="Żak"))
PARENT = at(PERSON, RoleTaken(person_id="ewa", role=Role.PARENT, since=date(2026, 9, 1)))
LEFT = at(PERSON, RoleLeft(person_id="ewa", role=Role.PARENT, until=date(2026, 10, 1)))
AUDITOR = at(PERSON, RoleTaken(person_id="ewa", role=Role.AUDITOR, since=date(2026, 9, 1)))
LINKED = at(PERSON, AccountLinked(person_id="ewa", account_id="account-1"))
BLOCKED = at(ACCESS, AccessBlocked(person_id="ewa", reason="zgubiony telefon"))
UNBLOCKED = at(ACCESS, AccessUnblocked(person_id="ewa"))
UNTIL = date(2026, 11, 13)  # thirty days from 15 October on, that day included


def issued(code_id: str, purpose: CodePurpose = CodePurpose.ACTIVATION, until: date = UNTIL) -> CodeIssued:
    return CodeIssued(person_id="ewa", code_id=code_id, purpose=purpose, valid_until=until)


FIRST, SECOND = at(ACCESS, issued("c1")), at(ACCESS, issued("c2"))
TO_RESET = at(ACCESS, issued("c1", CodePurpose.PASSWORD))
WITHDRAWN = at(ACCESS, CodeWithdrawn(person_id="ewa", code_id="c1"))
REPLACED = at(ACCESS, CodeWithdrawn(person_id="ewa", code_id="c1", replaced_by="c2"))
USED = at(ACCESS, CodeUsed(person_id="ewa", code_id="c1", account_id="account-1"))
ISSUE = IssueCode(person_id="ewa", code_id="c1", purpose=CodePurpose.ACTIVATION)
ISSUE_SECOND = IssueCode(person_id="ewa", code_id="c2", purpose=CodePurpose.ACTIVATION)
ISSUE_RESET = IssueCode(person_id="ewa", code_id="c1", purpose=CodePurpose.PASSWORD)
USE = UseCode(person_id="ewa", code_id="c1", account_id="account-1")
OFFICE = Actor(account="a", role=Role.ADMINISTRATOR, person="adm")
INSTALLATION = Actor(account="account-1", role=Role.SYSTEM)
TEN_DAYS = AccountRules(code_days=10)
RULES = at(streams.ACCOUNTS, AccountRulesSet(since=date(2026, 10, 1), rules=TEN_DAYS))
LATER = at(streams.ACCOUNTS, AccountRulesSet(since=date(2026, 12, 1), rules=AccountRules(code_days=3)))


def test_a_code_is_good_for_as_long_as_the_rules_of_its_day_say() -> None:
    given(EWA, PARENT).when(ISSUE, by=OFFICE).then(FIRST)
    given(RULES, LATER, EWA, PARENT).when(ISSUE).then(at(ACCESS, issued("c1", until=date(2026, 10, 24))))
    assert last_day(TODAY, AccountRules(code_days=1)) == TODAY


def test_a_new_code_replaces_the_one_before() -> None:
    given(EWA, PARENT, FIRST).when(ISSUE_SECOND, by=OFFICE).then(REPLACED, SECOND)
    given(EWA, PARENT, FIRST).when(ISSUE, by=OFFICE).nothing()


def test_codes_are_for_those_who_can_use_them() -> None:
    given().when(ISSUE).refused(NO_SUCH_PERSON, "person_id", person="ewa")
    given(EWA).when(ISSUE).refused(NOBODY_HERE, "person_id", person="ewa")
    given(EWA, PARENT, LEFT).when(ISSUE).refused(NOBODY_HERE, "person_id")
    given(EWA, PARENT, LINKED).when(ISSUE).refused(HAS_ACCOUNT, "person_id")
    given(EWA, PARENT).when(ISSUE_RESET).refused(NO_ACCOUNT, "person_id")
    given(EWA, PARENT, LINKED).when(ISSUE_RESET).then(TO_RESET)
    given(EWA, PARENT, BLOCKED).when(ISSUE).refused(ACCESS_BLOCKED, "person_id")


@pytest.mark.parametrize(
    "command", [ISSUE, BlockAccess(person_id="ewa", reason="x"), UnblockAccess(person_id="ewa")]
)
def test_whom_the_director_lets_in_the_director_alone_shuts_out(
    command: IssueCode | BlockAccess | UnblockAccess,
) -> None:
    """An administrator with a director's code would be the director."""
    story = given(EWA, PARENT, AUDITOR, *([BLOCKED] if isinstance(command, UnblockAccess) else []))
    story.when(command, by=OFFICE).refused(NOT_YOURS_TO_DO, "person_id")
    assert not isinstance(story.when(command).decision, Refusal)
    teacher = Actor(account="t", role=Role.TEACHER, person="t")
    story.when(command, by=teacher).refused(NOT_YOURS_TO_DO)


def test_a_code_opens_once_and_only_on_its_days() -> None:
    story = given(EWA, PARENT, FIRST)
    story.when(USE, by=INSTALLATION, today=UNTIL).then(USED, LINKED)
    late = story.when(USE, by=INSTALLATION, today=date(2026, 11, 14))
    late.refused(CODE_EXPIRED, "code", until=UNTIL)
    given(EWA, PARENT, FIRST, USED, LINKED).when(USE, by=INSTALLATION).refused(CODE_USED, "code")
    given(EWA, PARENT, FIRST, REPLACED, SECOND).when(USE, by=INSTALLATION).refused(CODE_WITHDRAWN, "code")
    given(EWA, PARENT, FIRST, BLOCKED).when(USE, by=INSTALLATION).refused(ACCESS_BLOCKED, "code")
    given(EWA, PARENT).when(USE, by=INSTALLATION).refused(CODE_UNKNOWN, "code")
    given(EWA, PARENT, FIRST, LINKED).when(USE, by=INSTALLATION).refused(HAS_ACCOUNT, "code")
    story.when(USE).refused(NOT_YOURS_TO_DO)  # nobody says of somebody else that they showed a code


def test_a_password_code_is_for_its_own_account() -> None:
    story = given(EWA, PARENT, LINKED, TO_RESET)
    story.when(USE, by=INSTALLATION).then(USED)
    other = UseCode(person_id="ewa", code_id="c1", account_id="account-2")
    story.when(other, by=INSTALLATION).refused(CODE_FOR_OTHERS, "code")


def test_a_lost_letter_is_withdrawn() -> None:
    command = WithdrawCode(person_id="ewa", code_id="c1")
    given(EWA, PARENT, FIRST).when(command, by=OFFICE).then(WITHDRAWN)
    given(EWA, PARENT, FIRST, LEFT).when(command, by=OFFICE).then(WITHDRAWN)
    given(EWA, PARENT, FIRST, WITHDRAWN).when(command, by=OFFICE).nothing()
    given(EWA, PARENT, FIRST, USED).when(command, by=OFFICE).refused(CODE_USED, "code_id")
    given(EWA, PARENT).when(command, by=OFFICE).refused(CODE_UNKNOWN, "code_id")


def test_access_is_blocked_and_unblocked() -> None:
    block = BlockAccess(person_id="ewa", reason="zgubiony telefon")
    unblock = UnblockAccess(person_id="ewa")
    given(EWA, PARENT).when(block, by=OFFICE).then(BLOCKED)
    given(EWA, PARENT, LEFT).when(block, by=OFFICE).then(BLOCKED)
    given(EWA, PARENT, BLOCKED).when(block, by=OFFICE).nothing()
    given(EWA, PARENT, BLOCKED).when(unblock, by=OFFICE).then(UNBLOCKED)
    given(EWA, PARENT).when(unblock, by=OFFICE).refused(NOT_BLOCKED, "person_id")
    given(EWA, PARENT, BLOCKED, UNBLOCKED).when(ISSUE, by=OFFICE).then(FIRST)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (AccountRules(password=PasswordRules(least_length=7)), "rules.password.least_length"),
        (AccountRules(password=PasswordRules(least_length=65)), "rules.password.least_length"),
        (AccountRules(password=PasswordRules(change_after_days=0)), "rules.password.change_after_days"),
        (AccountRules(code_days=0), "rules.code_days"),
        (AccountRules(code_days=367), "rules.code_days"),
    ],
)
def test_rules_beyond_reason_are_refused(rules: AccountRules, field: str) -> None:
    given().when(SetAccountRules(since=TODAY, rules=rules)).refused(RULES_UNSOUND, field)


def test_rules_are_dated_and_the_director_sets_them() -> None:
    command = SetAccountRules(since=date(2026, 10, 1), rules=TEN_DAYS)
    given().when(command).then(RULES)
    given(RULES).when(command).nothing()
    given().when(command, by=OFFICE).refused(NOT_YOURS_TO_DO)
    dated = [(date(2013, 9, 1), AccountRules(password=OF_2004)), (date(2018, 5, 25), AccountRules())]
    assert rules_on(dated, date(2013, 8, 31)) == USUAL
    assert rules_on(dated, date(2018, 5, 24)).password == PasswordRules(
        least_length=8, change_after_days=30, refuse_common=False
    )
    assert rules_on(dated, date(2018, 5, 25)).password == PasswordRules(least_length=12)
    assert rules_on([*dated, (date(2018, 5, 25), TEN_DAYS)], TODAY) == TEN_DAYS


def test_an_account_of_several_schools_suits_the_strictest() -> None:
    long, changing = PasswordRules(least_length=16, refuse_common=False), PasswordRules(change_after_days=90)
    assert strictest([long, changing, OF_2004]) == PasswordRules(least_length=16, change_after_days=30)
    assert strictest([OF_2004]) == OF_2004
    assert strictest([]) == USUAL.password


class OneCodeAtATime(RuleBasedStateMachine):
    """Whatever an office does, at most one code of a person is open, and each opens once, on its days."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: dict[str, list[Fact]] = {PERSON: [EWA.fact, PARENT.fact]}
        self.today = TODAY
        self.used: list[str] = []

    def give(self, command: Command, by: Actor) -> Refusal | None:
        asked = Asked(actor=by, at=datetime.combine(self.today, time(9), UTC), today=self.today)
        decision = decide(Past(self.facts), command, asked)
        if isinstance(decision, Refusal):
            return decision
        for entry in decision:
            self.facts.setdefault(entry.stream, []).append(entry.fact)
        return None

    @rule(number=st.integers(0, 5), purpose=st.sampled_from(CodePurpose))
    def issue(self, number: int, purpose: CodePurpose) -> None:
        self.give(IssueCode(person_id="ewa", code_id=f"c{number}", purpose=purpose), OFFICE)

    @rule(number=st.integers(0, 5))
    def withdraw(self, number: int) -> None:
        self.give(WithdrawCode(person_id="ewa", code_id=f"c{number}"), OFFICE)

    @rule(number=st.integers(0, 5), account=st.sampled_from(["account-1", "account-2"]))
    def use(self, number: int, account: str) -> None:
        code = self.state().codes.get(f"c{number}")
        command = UseCode(person_id="ewa", code_id=f"c{number}", account_id=account)
        if self.give(command, INSTALLATION) is None:
            assert code is not None
            assert code.is_open
            assert self.today <= code.valid_until
            assert not self.state().blocked
            self.used.append(f"c{number}")

    @rule(blocked=st.booleans())
    def block(self, blocked: bool) -> None:
        command = BlockAccess(person_id="ewa", reason="x") if blocked else UnblockAccess(person_id="ewa")
        self.give(command, OFFICE)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    def state(self) -> Access:
        return Past(self.facts)[access("ewa")]

    @invariant()
    def no_code_opens_twice(self) -> None:
        assert len(self.used) == len(set(self.used))
        assert sum(code.is_open for code in self.state().codes.values()) <= 1
        linked = [fact for fact in self.facts[PERSON] if isinstance(fact, AccountLinked)]
        assert len(linked) <= 1


TestOneCodeAtATime = OneCodeAtATime.TestCase
TestOneCodeAtATime.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
