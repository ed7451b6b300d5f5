"""Who is let in today: rights that a court limits, access that a school blocks, roles that need more."""

from __future__ import annotations

from dziennik.application.register import Accepted
from dziennik.contracts import accounts, people
from dziennik.contracts.commands import Command
from dziennik.contracts.envelope import Role
from dziennik.contracts.people import ParentalPower
from tests.graphql.conftest import OFFICE, TODAY, Follow, Served

GRADES = '{ pupilGrades(school: "sp1", pupilId: "p1") { subjectId } }'
ASK = """mutation { askAboutEntry(school: "sp1", input: { disputeId: "d1", classId: "4a", pupilId: "p1",
  subjectId: "maths", gradeId: "g-a-maths-0", text: "Dlaczego?" }) { __typename ... on Refusal { code } } }"""
CHILDREN = "{ myChildren { pupil { personId parents { powers } } } }"


def do(served: Served, follow: Follow, command: Command) -> None:
    assert isinstance(served.system.register("sp1").execute(command, actor=OFFICE), Accepted)
    follow()


def test_a_parent_with_limited_rights_knows_and_does_not_act_until_they_are_restored(
    served: Served, follow: Follow
) -> None:
    limit = people.LimitParentalRights(
        pupil_id="p1",
        parent_id="m1",
        since=TODAY,
        powers=(ParentalPower.INFORMATION,),
        basis="III Nsm 7/26",
    )
    do(served, follow, limit)
    assert served.data(GRADES, "m1")["pupilGrades"]
    (child,) = served.data(CHILDREN, "m1")["myChildren"]
    assert [right["powers"] for right in child["pupil"]["parents"]] == [
        ["INFORMATION", "DECISIONS"],
        ["INFORMATION"],
    ]
    asked = served.data(ASK, "m1")["askAboutEntry"]
    assert asked == {"__typename": "Refusal", "code": "DISPUTES.NOT_YOUR_ENTRY"}
    # Rights that rest let see nothing, until they are restored.
    rest = people.LimitParentalRights(
        pupil_id="p1", parent_id="m1", since=TODAY, powers=(), basis="III Nsm 7/26"
    )
    do(served, follow, rest)
    assert served.code(GRADES, "m1") == "ACCESS.DENIED"
    assert served.data(CHILDREN, "m1") == {"myChildren": []}
    assert served.code(GRADES, "p1") is None
    back = people.RestoreParentalRights(pupil_id="p1", parent_id="m1", since=TODAY, basis="III Nsm 9/26")
    do(served, follow, back)
    assert served.code(GRADES, "m1") is None


def test_whoever_is_blocked_is_told_so_and_each_role_of_one_person_sees_what_it_may(
    served: Served, follow: Follow
) -> None:
    do(served, follow, accounts.BlockAccess(person_id="m1", reason="zgubiony telefon"))
    assert served.code(GRADES, "m1") == "ACCOUNTS.ACCESS_BLOCKED"
    assert served.code(ASK, "m1") == "ACCOUNTS.ACCESS_BLOCKED"
    assert served.data("{ me { identities { school } } }", "m1") == {"me": {"identities": []}}
    assert served.code(GRADES, "p1") is None
    do(served, follow, accounts.UnblockAccess(person_id="m1"))
    assert served.code(GRADES, "m1") is None

    # The mathematics teacher of 4a has a child in 4b: grades of mathematics there, all grades of the child.
    do(served, follow, people.TakeRole(person_id="t-maths", role=Role.PARENT, since=TODAY))
    grant = people.GrantParentalRights(
        pupil_id="p3", parent_id="t-maths", guardianship=people.Guardianship.PARENT, since=TODAY
    )
    do(served, follow, grant)
    me = served.data("{ me { identities { school roles } } }", "t-maths")["me"]["identities"]
    assert me == [{"school": "sp1", "roles": ["PARENT", "TEACHER"]}]
    book = 'gradebook(school: "sp1", classId: "%s") { cells { subjectId } }'
    assert served.data("{ %s }" % (book % "4a"), "t-maths")["gradebook"]["cells"] == [{"subjectId": "maths"}]
    assert served.code("{ %s }" % (book % "4b"), "t-maths") == "ACCESS.DENIED"
    child = '{ pupilGrades(school: "sp1", pupilId: "p3") { subjectId } }'
    assert served.data(child, "t-maths")["pupilGrades"] == [{"subjectId": "maths"}]
    # Acting takes one role: the nearest that may, or the one that is named.
    ask = """mutation { askAboutEntry(school: "sp1", actingAs: %s, input: { disputeId: "d1", classId: "4b",
      pupilId: "p3", subjectId: "maths", gradeId: "g-b-maths-0", text: "Dlaczego?" }) {
      __typename ... on Refusal { code } } }"""
    refused = served.data(ask % "TEACHER", "t-maths")["askAboutEntry"]
    assert refused["code"] == "ACCESS.NOT_YOURS_TO_DO"
    assert served.data(ask % "PARENT", "t-maths")["askAboutEntry"] == {"__typename": "Accepted"}
