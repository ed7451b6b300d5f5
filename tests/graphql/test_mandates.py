"""An auditor sees what a mandate names, while it holds; the school sees who may look at what."""

from __future__ import annotations

from datetime import date

import pytest

from dziennik.application.register import Accepted
from dziennik.contracts import audits, classes, grades, movement, school
from dziennik.contracts.commands import Command
from dziennik.contracts.values import Term
from tests.graphql.conftest import BEGIN, OFFICE, TODAY, Follow, Served

LAST = Term(term_id="t0", name="Okres", starts=date(2024, 9, 1), ends=date(2025, 6, 27))
DENIED = "ACCESS.DENIED"
DAYS = 'from: "2025-09-01", to: "2025-10-31"'
MOMENTS = 'from: "2025-09-01T00:00:00Z", to: "2026-09-01T00:00:00Z"'
# What is asked, about 4a and p1 of the year y25, and about others.
ASKED = {
    "class": 'gradebook(school: "sp1", classId: "4a") { classId }',
    "other class": 'gradebook(school: "sp1", classId: "4b") { classId }',
    "class then": 'gradebook(school: "sp1", classId: "4a", asOf: { position: 40 }) { classId }',
    "pupil": 'pupilGrades(school: "sp1", pupilId: "p1") { subjectId }',
    "other pupil": 'pupilGrades(school: "sp1", pupilId: "p3") { subjectId }',
    "pupil, all of it": f'pupilHistory(school: "sp1", pupilId: "p1", {MOMENTS}) {{ totalCount }}',
    "pupil in year": f'pupilAttendance(school: "sp1", pupilId: "p1", yearId: "y25", {DAYS}) {{ pupilId }}',
    "pupil in class": 'pupilYear(school: "sp1", pupilId: "p1", classId: "4a") { subjectId }',
    "year": 'closingCheck(school: "sp1", yearId: "y25") { yearId }',
    "other year": 'closingCheck(school: "sp1", yearId: "y24") { yearId }',
    "year, other class": 'pupilsAtRisk(school: "sp1", yearId: "y25", classId: "old") { pupilId }',
    "facts of class": 'journalFacts(school: "sp1", prefix: "year/4a/") { head }',
    "facts of many": 'journalFacts(school: "sp1", prefix: "year/4a") { head }',
    "school": 'people(school: "sp1", role: PUPIL) { totalCount }',
    "open": 'schoolYears(school: "sp1") { name }',
}
SEEN = {
    "class_id": {"class", "class then", "pupil", "pupil in class", "facts of class", "open"},
    "pupil_id": {"pupil", "pupil, all of it", "pupil in year", "pupil in class", "open"},
    "year_id": {
        "class", "other class", "class then", "pupil", "other pupil", "pupil in year", "pupil in class", "year",
        "facts of class", "open",
    },
    None: set(ASKED),
}  # fmt: skip
PARTS = {"class_id": "4a", "pupil_id": "p1", "year_id": "y25"}


def done(served: Served, *commands: Command) -> None:
    for command in commands:
        outcome = served.system.register("sp1").execute(command, actor=OFFICE)
        assert isinstance(outcome, Accepted), outcome
    served.system.follower.run_once("sp1")


def only(served: Served, **part: str) -> None:
    """The auditor's one mandate from now on."""
    revoke = audits.RevokeMandate(mandate_id="all", auditor_id="aud", reason="za szerokie")
    issue = audits.IssueMandate(
        mandate_id="part", auditor_id="aud", since=TODAY, until=TODAY, reason="skarga", **part
    )
    done(served, revoke, issue)


def test_what_a_mandate_opens(served: Served) -> None:
    """For a class, a pupil, a year: nothing that reaches beyond; for the school everything."""
    done(
        served,
        school.OpenSchoolYear(
            year_id="y24", name="2024/2025", starts=LAST.starts, ends=date(2025, 8, 31), terms=(LAST,)
        ),
        classes.OpenClass(class_id="old", year_id="y24", name="3a", level=3),
    )
    for part, seen in SEEN.items():
        if part is not None:
            done(served, audits.RevokeMandate(mandate_id="all", auditor_id="aud", reason="za szerokie"))
        issue = audits.IssueMandate(
            mandate_id=f"m-{part}", auditor_id="aud", since=TODAY, until=TODAY, reason="skarga",
            **({part: PARTS[part]} if part else {}),
        )  # fmt: skip
        done(served, issue)
        answered = {name for name, query in ASKED.items() if served.code(f"{{ {query} }}", "aud") is None}
        assert answered == seen, part
        done(served, audits.RevokeMandate(mandate_id=f"m-{part}", auditor_id="aud", reason="koniec"))
    assert {served.code(f"{{ {query} }}", "aud") for query in ASKED.values()} == {DENIED}


def test_of_a_pupil_an_auditor_of_a_class_sees_what_was_entered_there(served: Served) -> None:
    """p1 was moved to 4b: an auditor of 4a keeps the grades of 4a, one of 4b has those of 4b."""
    moved = movement.ChangeClass(
        from_class_id="4a", to_class_id="4b", pupil_id="p1", on=TODAY, reason="prośba"
    )
    late = grades.GiveGrade(
        grade_id="late", unit_id="4b", class_id="4b", assignment_id="b-maths", pupil_id="p1", value="2",
        category_id="test", on=TODAY,
    )  # fmt: skip
    done(served, moved, late)
    query = '{ pupilGrades(school: "sp1", pupilId: "p1") { subjectId grades { id } } }'

    def seen() -> set[str]:
        cells = served.data(query, "aud")["pupilGrades"]
        return {grade["id"] for cell in cells for grade in cell["grades"]}

    everything = seen()
    only(served, class_id="4b")
    assert seen() == {"late"} < everything
    done(served, audits.RevokeMandate(mandate_id="part", auditor_id="aud", reason="x"))
    other = audits.IssueMandate(
        mandate_id="4a", auditor_id="aud", since=TODAY, until=TODAY, reason="k", class_id="4a"
    )
    done(served, other)
    assert seen() == everything - {"late"}


@pytest.mark.parametrize("when", ["over", "not yet", "revoked"])
def test_without_a_mandate_in_force_an_auditor_sees_nothing(served: Served, when: str) -> None:
    done(served, audits.RevokeMandate(mandate_id="all", auditor_id="aud", reason="x"))
    assert served.code(f"{{ {ASKED['open']} }}", "aud") == DENIED
    days = {"over": (BEGIN, date(2025, 10, 5)), "not yet": (date(2025, 10, 7), date(2025, 10, 8))}
    since, until = days.get(when, (TODAY, TODAY))
    done(
        served,
        audits.IssueMandate(mandate_id="n", auditor_id="aud", since=since, until=until, reason="kontrola"),
    )
    if when == "revoked":
        assert served.code(f"{{ {ASKED['class']} }}", "aud") is None
        done(served, audits.RevokeMandate(mandate_id="n", auditor_id="aud", reason="x"))
    assert {served.code(f"{{ {query} }}", "aud") for query in ASKED.values()} == {DENIED}
    link = 'mutation { fetchArchive(school: "sp1", yearId: "y25", edition: 1) { __typename } }'
    assert served.code(link, "aud") == DENIED


def test_the_archive_of_the_mandates_year_alone(served: Served) -> None:
    link = 'mutation {{ fetchArchive(school: "sp1", yearId: "{}", edition: 1) {{ __typename }} }}'
    only(served, class_id="4a")
    assert served.code(link.format("y25"), "aud") == DENIED
    done(served, audits.RevokeMandate(mandate_id="part", auditor_id="aud", reason="x"))
    done(
        served,
        audits.IssueMandate(
            mandate_id="year", auditor_id="aud", since=TODAY, until=TODAY, reason="k", year_id="y25"
        ),
    )
    assert served.data(link.format("y25"), "aud") == {"fetchArchive": {"__typename": "Refusal"}}  # none made
    assert served.code(link.format("y24"), "aud") == DENIED


def test_the_director_issues_them_and_the_school_sees_them(served: Served, follow: Follow) -> None:
    issue = """mutation($i: IssueMandateInput!) { issueMandate(school: "sp1", input: $i) {
      ... on Accepted { id } ... on Refusal { code field } } }"""
    wish = {
        "auditorId": "aud",
        "since": "2025-10-06",
        "until": "2025-10-20",
        "reason": "skarga",
        "pupilId": "p1",
    }
    assert served.code(issue, "adm", i=wish) == DENIED
    mandate_id = served.data(issue, "dir", i=wish)["issueMandate"]["id"]
    follow()
    query = '{ auditMandates(school: "sp1") { id auditorId pupilId until issuedBy holds revokedFor } }'
    told = served.data(query, "adm")["auditMandates"]
    assert told == served.data(query, "dir")["auditMandates"] == served.data(query, "aud")["auditMandates"]
    assert told[1] == {
        "id": mandate_id, "auditorId": "aud", "pupilId": "p1", "until": "2025-10-20", "issuedBy": "dir",
        "holds": True, "revokedFor": None,
    }  # fmt: skip
    assert [one["id"] for one in told] == ["all", mandate_id]
    assert served.code(query, "t-maths") == DENIED
