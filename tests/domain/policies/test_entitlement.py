"""Does each day have its own rule of what is free, and can what the law freed never be sold again?"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dziennik.contracts.entitlement import (
    FREE_BY_LAW,
    RULE_ENDS_BEFORE_START,
    RULES_OVERLAP,
    AccountKind,
    EntitlementRule,
    Feature,
    Level,
)
from dziennik.domain.policies.entitlement import (
    BEGINNING,
    FREE_SINCE,
    REGISTER,
    SALEABLE,
    USUAL_ENTITLEMENT,
    Why,
    fault_in_entitlement,
    is_protected,
    use_of,
    uses_of,
)

BEFORE, AFTER = date(2015, 8, 31), date(2015, 9, 1)
PARENT = AccountKind.PARENT
BASIC = {Feature.MESSAGES, Feature.BOARD, Feature.CALENDAR, Feature.TIMETABLE}

days = st.dates(date(2008, 1, 1), date(2040, 1, 1))
rules = st.builds(
    EntitlementRule,
    feature=st.sampled_from(Feature),
    kind=st.sampled_from(AccountKind),
    level=st.sampled_from(Level),
    since=days,
    until=st.none() | days,
)


def sold(feature: Feature, since: date, until: date | None = None) -> EntitlementRule:
    return EntitlementRule(feature=feature, kind=PARENT, level=Level.EXTENDED, since=since, until=until)


def allowed(on: date, *, extended: bool, kind: AccountKind = PARENT) -> set[Feature]:
    return {use.feature for use in uses_of(kind, on, extended=extended) if use.allowed}


def test_until_august_2015_the_register_was_part_of_the_extended_account() -> None:
    for kind in AccountKind:
        assert allowed(BEFORE, extended=False, kind=kind) == BASIC
        assert allowed(BEFORE, extended=True, kind=kind) == set(Feature)
    why = use_of(Feature.GRADES, PARENT, BEFORE, extended=False)
    assert (why.why, why.rule and why.rule.until) == (Why.NEEDS_EXTENSION, BEFORE)


def test_since_september_2015_the_register_is_free_and_comforts_are_sold() -> None:
    for kind in AccountKind:
        assert allowed(AFTER, extended=False, kind=kind) == BASIC | REGISTER
        assert allowed(AFTER, extended=True, kind=kind) == set(Feature)
    assert use_of(Feature.GRADES, PARENT, AFTER, extended=False).why is Why.FREE_BY_LAW
    assert use_of(Feature.DAY_DIGEST, PARENT, AFTER, extended=False).why is Why.NEEDS_EXTENSION


def test_the_usual_table_is_one_that_could_be_set_and_has_no_gap() -> None:
    assert fault_in_entitlement(USUAL_ENTITLEMENT) is None
    for feature in Feature:
        for on in (BEGINNING, BEFORE, AFTER, date(2100, 1, 1)):
            assert use_of(feature, PARENT, on, extended=True).why is not Why.NOT_OFFERED


def test_what_was_agreed_comes_first_where_it_says_something() -> None:
    free = EntitlementRule(feature=Feature.DAY_DIGEST, kind=PARENT, level=Level.BASIC, since=AFTER)
    gone = EntitlementRule(feature=Feature.QUIET_HOURS, kind=PARENT, level=Level.NOBODY, since=AFTER)
    agreed = (free, gone)
    assert fault_in_entitlement(agreed) is None
    assert use_of(Feature.DAY_DIGEST, PARENT, AFTER, extended=False, agreed=agreed).why is Why.FREE
    assert not use_of(Feature.DAY_DIGEST, PARENT, BEFORE, extended=False, agreed=agreed).allowed
    assert not use_of(Feature.DAY_DIGEST, AccountKind.PUPIL, AFTER, extended=False, agreed=agreed).allowed
    assert use_of(Feature.QUIET_HOURS, PARENT, AFTER, extended=True, agreed=agreed).why is Why.NOT_OFFERED


def test_faults_name_the_rule() -> None:
    late = fault_in_entitlement((sold(Feature.DAY_DIGEST, AFTER), sold(Feature.GRADES, BEFORE)))
    assert late is not None
    assert (late.code, late.field) == (FREE_BY_LAW.code, "rules[1].level")
    assert late.text("en").startswith("From 2015-09-01 on no fee may be taken for: grades")
    assert fault_in_entitlement((sold(Feature.GRADES, BEGINNING, BEFORE),)) is None
    twice = (sold(Feature.DAY_DIGEST, AFTER), sold(Feature.DAY_DIGEST, BEFORE))
    overlap = fault_in_entitlement(twice)
    assert overlap == RULES_OVERLAP(feature="day_digest", on=AFTER, field="rules[1]")
    ends = fault_in_entitlement((sold(Feature.DAY_DIGEST, AFTER, BEFORE),))
    assert ends == RULE_ENDS_BEFORE_START(since=AFTER, until=BEFORE, field="rules[0].until")


@given(
    st.lists(rules, max_size=6), st.sampled_from(Feature), st.sampled_from(AccountKind), days, st.booleans()
)
def test_no_rule_can_hide_what_the_law_freed(
    agreed: list[EntitlementRule], feature: Feature, kind: AccountKind, on: date, extended: bool
) -> None:
    """Rules that would are refused when set; and even if one stood in a journal it would hide nothing."""
    use = use_of(feature, kind, on, extended=extended, agreed=agreed)
    assert use.allowed or not is_protected(feature, on)
    assert (feature in SALEABLE or on < FREE_SINCE) == (not is_protected(feature, on))
    hiding = [
        r for r in agreed if r.level is not Level.BASIC and is_protected(r.feature, r.until or date.max)
    ]
    if hiding:
        assert fault_in_entitlement(agreed) is not None


@given(st.sampled_from(Feature), st.sampled_from(AccountKind), days, st.lists(rules, max_size=4))
def test_an_extension_never_takes_away(
    feature: Feature, kind: AccountKind, on: date, agreed: list[EntitlementRule]
) -> None:
    with_it = use_of(feature, kind, on, extended=True, agreed=agreed)
    without = use_of(feature, kind, on, extended=False, agreed=agreed)
    assert with_it.allowed or not without.allowed
    assert with_it.allowed is not without.allowed or with_it == without


def test_the_day_is_the_first_of_september_2015() -> None:
    assert FREE_SINCE - timedelta(days=1) == BEFORE
    assert not is_protected(Feature.GRADES, BEFORE)
    assert is_protected(Feature.GRADES, AFTER)
