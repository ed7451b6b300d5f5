"""Messages over GraphQL: written, answered, read, found, withdrawn, reported; nobody sees others' letters."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from dziennik.contracts.facts import MESSAGES
from dziennik.domain.policies.usual_messages import USUAL_MESSAGES
from dziennik.graphql import message_limits
from dziennik.graphql.app import create_app
from dziennik.projections.messages import MESSAGES as MODEL
from dziennik.projections.rebuild import rebuild
from tests.graphql.conftest import Follow, Served
from tests.graphql.test_attachment_files import PNG, bearer
from tests.graphql.test_year_end import do

THREAD = """{ myThread(school: "sp1", threadId: "%s") { subject pupil { name } messages {
  id body erased mine readAt timesRead to { id } audiences { kind name } recipients
  attachments { id } withdrawn { by { id } } } } }"""
INBOX = """query ($box: MailboxBox! = ALL, $first: Int! = 50, $after: String) {
  myThreads(school: "sp1", box: $box, first: $first, after: $after) { totalCount
    pageInfo { hasNextPage endCursor } edges { node { id subject unread messages last { id body } } } } }"""
FOUND = """query ($text: String!) { searchMyMessages(school: "sp1", text: $text) {
  edges { node { threadId id } } } }"""


USUAL = [{"sender": one.sender.name, "recipient": one.recipient.name} for one in USUAL_MESSAGES.recipients]


def write(served: Served, by: str, to: list[str], **given: Any) -> Any:  # noqa: ANN401
    message = {"subject": "Wycieczka", "body": "Zbiórka o 8.", "recipientIds": to, **given}
    return do(served, by, "sendMessage", message)


def thread(served: Served, who: str, thread_id: str) -> Any:  # noqa: ANN401
    return served.data(THREAD % thread_id, who)["myThread"]


def unread(served: Served, who: str) -> int:
    found: int = served.data('{ myMailbox(school: "sp1") { unread } }', who)["myMailbox"]["unread"]
    return found


def test_a_teacher_writes_to_parents_and_pupils_of_a_class(served: Served, follow: Follow) -> None:
    audiences = [{"kind": "CLASS_PARENTS", "targetId": "4a"}, {"kind": "CLASS_PUPILS", "targetId": "4a"}]
    key = {"idempotencyKey": "once"}
    query = """mutation ($input: SendMessageInput!, $idempotencyKey: String) { sendMessage(school: "sp1",
      input: $input, idempotencyKey: $idempotencyKey) { ... on Accepted { id facts repeated position } } }"""
    given = {
        "subject": "Wycieczka",
        "body": "<b>Zbiórka</b> o 8.",
        "recipientIds": ["t-art"],
        "audiences": audiences,
    }
    sent = served.data(query, "t-maths", input=given, **key)["sendMessage"]
    again = served.data(query, "t-maths", input=given, **key)["sendMessage"]
    assert (sent["facts"], sent["repeated"], again) == (2, False, {**sent, "repeated": True})
    t1 = sent["id"]
    follow()
    assert [unread(served, who) for who in ("m1", "p1", "p2", "t-art", "t-maths", "p3")] == [1, 1, 1, 1, 0, 0]
    (first,) = thread(served, "m1", t1)["messages"]
    assert (first["body"], first["recipients"], first["mine"]) == ("<b>Zbiórka</b> o 8.", 4, False)
    assert first["to"] == [{"id": "t-art"}]  # staff; of other families nothing
    assert {"kind": "CLASS_PARENTS", "name": "4a"} in first["audiences"]
    # Nobody else: not another parent, not the director.
    assert [thread(served, who, t1) for who in ("f3", "p3", "dir", "adm")] == [None] * 4
    read = {"threadId": t1, "messageIds": [first["id"]]}
    page = """query ($t: ID!, $after: ID) { myThread(school: "sp1", threadId: $t, first: 1, after: $after) {
      messageCount messages { id } } }"""
    assert do(served, "m1", "markMessagesRead", read)["facts"] == 1
    assert do(served, "dir", "markMessagesRead", read)["code"] == "MESSAGES.NO_SUCH_THREAD"
    answer = {"threadId": t1, "replyTo": first["id"], "body": "Dziękuję, będziemy."}
    assert do(served, "m1", "replyToMessage", answer)["facts"] == 1
    follow()
    assert (unread(served, "m1"), unread(served, "t-maths")) == (0, 1)
    told = thread(served, "t-maths", t1)["messages"]
    assert [(one["body"], one["timesRead"]) for one in told] == [
        ("<b>Zbiórka</b> o 8.", 1),
        ("Dziękuję, będziemy.", None),
    ]
    pages = [served.data(page, "m1", t=t1, after=one)["myThread"] for one in (None, first["id"])]
    assert [one["messageCount"] for one in pages] == [2, 2]
    (earlier,), (later,) = (one["messages"] for one in pages)
    assert (earlier["id"], later["id"] == first["id"]) == (first["id"], False)
    assert len(thread(served, "p1", t1)["messages"]) == 1  # the answer was to the teacher
    receipts = f"""{{ myMessageReceipts(school: "sp1", threadId: "{t1}", messageId: "{first["id"]}") {{
      edges {{ node {{ person {{ id name }} readAt }} }} }} }}"""
    assert served.data(receipts, "m1")["myMessageReceipts"] is None
    edges = served.data(receipts, "t-maths")["myMessageReceipts"]["edges"]
    assert [(one["node"]["person"]["id"], one["node"]["readAt"] is not None) for one in edges] == [
        ("p2", False), ("t-art", False), ("m1", True), ("p1", False)
    ]  # fmt: skip
    # Found by the one who got it, in another case of the word, and by nobody else.
    for who, text, count in (
        ("m1", "wycieczki", 1),
        ("m1", "dziekuje", 1),
        ("p1", "dziekuje", 0),
        ("dir", "wycieczki", 0),
    ):
        assert len(served.data(FOUND, who, text=text)["searchMyMessages"]["edges"]) == count, (who, text)
    facts = served.data('{ journalFacts(school: "sp1", first: 200, after: 60) { facts { stream } } }', "dir")
    assert [
        one for one in facts["journalFacts"]["facts"] if one["stream"].startswith(("thread/", "mailbox/"))
    ] == []


def the_mailbox_is_paged_and_what_was_withdrawn_or_erased_keeps_its_place(
    served: Served, follow: Follow
) -> None:
    ids = [write(served, "m1", ["t-maths"], subject=f"Sprawa {n}")["id"] for n in range(3)]
    about = write(served, "t-maths", ["m1"], pupilId="p1", subject="Ocena")["id"]
    follow()
    (message,) = thread(served, "m1", about)["messages"]
    assert (
        do(served, "t-maths", "withdrawMessage", {"threadId": about, "messageId": message["id"]})["facts"]
        == 1
    )
    follow()
    (hidden,) = thread(served, "m1", about)["messages"]
    assert (hidden["body"], hidden["erased"], hidden["withdrawn"]["by"]["id"]) == (None, False, "t-maths")
    (own,) = thread(served, "t-maths", about)["messages"]
    assert own["body"] == "Zbiórka o 8."
    page = served.data(INBOX, "m1", first=2)["myThreads"]
    assert [edge["node"]["id"] for edge in page["edges"]] == [about, ids[2]]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (4, True)
    rest = served.data(INBOX, "m1", first=2, after=page["pageInfo"]["endCursor"])["myThreads"]
    assert [edge["node"]["id"] for edge in rest["edges"]] == [ids[1], ids[0]]
    assert rest["pageInfo"]["hasNextPage"] is False
    boxes = {
        box: served.data(INBOX, "m1", box=box)["myThreads"]["totalCount"]
        for box in ("RECEIVED", "SENT", "UNREAD")
    }
    assert boxes == {"RECEIVED": 1, "SENT": 3, "UNREAD": 1}
    # The child's key goes: what was written about the child is a gap, all else is as it was.
    served.system.journals.school("sp1").keys.destroy("p1", MESSAGES)
    rebuild(served.system.conninfo, served.system.journals.school("sp1"), MODEL)
    gone = thread(served, "m1", about)
    assert (gone["subject"], gone["messages"][0]["erased"], gone["messages"][0]["body"]) == (None, True, None)
    assert [edge["node"]["subject"] for edge in served.data(INBOX, "m1")["myThreads"]["edges"]] == [
        None,
        "Sprawa 2",
        "Sprawa 1",
        "Sprawa 0",
    ]
    assert served.code(INBOX, "m1", after="x") == "COMMAND.CURSOR_UNKNOWN"


def the_director_sees_what_was_reported_and_no_more(served: Served, follow: Follow) -> None:
    t1 = write(served, "t-maths", ["m1", "t-art"], body="Nieładna wiadomość.")["id"]
    follow()
    (message,) = thread(served, "m1", t1)["messages"]
    place = {"threadId": t1, "messageId": message["id"]}
    reported = do(served, "m1", "reportAbuse", {**place, "reason": "To mnie obraża."})["id"]
    assert do(served, "dir", "reportAbuse", {**place, "reason": "x"})["code"] == "MESSAGES.NO_SUCH_THREAD"
    follow()
    query = """{ reportedMessages(school: "sp1") { edges { node { id reason outcome reported { by { id } }
      message { body sender { id } to { id } } } } } }"""
    (edge,) = served.data(query, "dir")["reportedMessages"]["edges"]
    assert edge["node"]["message"] == {
        "body": "Nieładna wiadomość.",
        "sender": {"id": "t-maths"},
        "to": [{"id": "t-art"}],
    }
    assert thread(served, "dir", t1) is None
    settle = {
        "reportId": reported,
        "threadId": t1,
        "outcome": "UPHELD",
        "answer": "Usunięta.",
        "withdraw": True,
    }
    assert do(served, "dir", "settleAbuseReport", settle)["facts"] == 2
    follow()
    own = '{ myAbuseReports(school: "sp1") { outcome answer } }'
    assert served.data(own, "m1")["myAbuseReports"] == [{"outcome": "UPHELD", "answer": "Usunięta."}]
    assert served.data(own, "t-maths")["myAbuseReports"] == []
    assert thread(served, "m1", t1)["messages"][0]["body"] is None


def whom_one_may_write_to(served: Served, follow: Follow) -> None:
    recipients = """query ($name: String) { messageRecipients(school: "sp1", name: $name) {
      person { id } roles away { text } } }"""
    away = {"starts": "2025-10-01", "ends": "2025-10-10", "text": "Szkolenie."}
    do(served, "t-art", "announceOutOfOffice", away)
    do(served, "t-art", "setQuietHours", {"hours": [{"starts": "09:00", "ends": "12:30", "weekdays": [1]}]})
    follow()
    found = served.data(recipients, "m1")["messageRecipients"]
    assert {one["person"]["id"] for one in found} == {"dir", "adm", "t-maths", "t-art", "t-other"}
    assert [one["away"] for one in found if one["away"]] == [{"text": "Szkolenie."}]
    assert [
        one["person"]["id"] for one in served.data(recipients, "t-art", name="zrebiec")["messageRecipients"]
    ] == ["m1", "p1"]
    assert served.data(recipients, "p1", name="zrebiec")["messageRecipients"] == []
    box = '{ myMailbox(school: "sp1") { away { ends } quietUntil quietHours { weekdays } } }'
    assert served.data(box, "t-art")["myMailbox"] == {
        "away": {"ends": "2025-10-10"},
        "quietUntil": "2025-10-06T10:30:00Z",  # it is 11:00 on a Monday in Warsaw
        "quietHours": [{"weekdays": [1]}],
    }
    audiences = '{ messageAudiences(school: "sp1") { kind name } }'
    assert served.data(audiences, "m1")["messageAudiences"] == [
        {"kind": "CLASS_TEACHERS", "name": "4a"},
        {"kind": "OFFICE", "name": None},
    ]
    assert len(served.data(audiences, "dir")["messageAudiences"]) == 10
    rule = {"sender": "PARENT", "recipient": "TEACHER", "reach": "OWN"}
    rules = {"recipients": [rule], "audiences": [], "familyLimit": 3, "textsInArchive": False}
    assert do(served, "dir", "setMessageRules", {"since": "2025-10-06", "rules": rules})["facts"] == 1
    follow()
    told = '{ messageRules(school: "sp1") { version familyLimit textsInArchive recipients { reach } } }'
    assert served.data(told, "m1")["messageRules"] == {
        "version": 1, "familyLimit": 3, "textsInArchive": False, "recipients": [{"reach": "OWN"}],
    }  # fmt: skip
    # Of the teachers those of the child's class.
    found = served.data(recipients, "m1")["messageRecipients"]
    assert {one["person"]["id"] for one in found} == {"t-maths", "t-art"}
    usual = {"recipients": USUAL, "audiences": [], "familyLimit": 20, "textsInArchive": True}
    assert do(served, "dir", "setMessageRules", {"since": "2025-10-06", "rules": usual})["facts"] == 1
    refused = write(served, "m1", ["f3"])
    assert (refused["code"], refused["field"]) == ("MESSAGES.RECIPIENT_NOT_ALLOWED", "recipientIds[0]")


def drafts_are_their_writers_alone_and_nobody_floods_the_school(
    served: Served, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = """mutation ($input: MessageDraftInput!) { saveDraft(school: "sp1", input: $input) {
      ... on Accepted { id facts } ... on Refusal { code field } } }"""
    drafts = '{ myDrafts(school: "sp1") { id subject body audiences { kind targetId } importance } }'
    parents = [{"kind": "CLASS_PARENTS", "targetId": "4a"}]
    head = served.head()
    draft = served.data(save, "t-maths", input={"subject": "Szkic", "audiences": parents})["saveDraft"]["id"]
    served.data(save, "t-maths", input={"draftId": draft, "body": "Treść", "audiences": parents})
    assert served.data(drafts, "t-maths")["myDrafts"] == [
        {"id": draft, "subject": "", "body": "Treść", "audiences": parents, "importance": "NORMAL"}
    ]
    assert [served.data(drafts, who)["myDrafts"] for who in ("dir", "m1")] == [[], []]
    wrong = served.data(save, "m1", input={"draftId": "a/b"})["saveDraft"]
    assert wrong == {"code": "COMMAND.MALFORMED_ID", "field": "draftId"}
    discard = f'mutation {{ discardDraft(school: "sp1", draftId: "{draft}") }}'
    assert [served.data(discard, who)["discardDraft"] for who in ("m1", "t-maths", "t-maths")] == [
        False, True, False
    ]  # fmt: skip
    assert served.head() == head  # no facts
    with monkeypatch.context() as patched:
        patched.setattr(message_limits, "FAMILY_A_DAY", 2)
        for _ in range(2):
            assert write(served, "m1", ["t-maths"])["facts"] == 2
        follow()
        refused = write(served, "m1", ["t-maths"])
        assert (refused["code"], served.head()) == ("MESSAGES.TOO_MANY_A_DAY", head + 4)
        assert write(served, "p1", ["t-maths"])["facts"] == 2
        assert write(served, "t-maths", ["m1"])["facts"] == 2


def a_file_goes_with_a_message_under_the_key_of_whom_it_is_about(served: Served, follow: Follow) -> None:
    with TestClient(create_app(served.system)) as client:
        address = "/attachments?school=sp1&for=message&person="
        files = {
            person: client.post(address + person, content=PNG, headers=bearer(served, "m1")).json()
            for person in ("m1", "p1", "p2")
        }
        assert files["p2"]["code"] == "ACCESS.DENIED"  # not her child
        enclosed = [{name: files["p1"][name] for name in ("attachmentId", "mediaType", "size", "sha256")}]
        refused = write(served, "m1", ["t-maths"], attachments=enclosed)
        assert refused["code"] == "ATTACHMENTS.NO_SUCH_UPLOAD"  # uploaded about the child, the thread is not
        t1 = write(served, "m1", ["t-maths"], attachments=enclosed, pupilId="p1")["id"]
        follow()
        (message,) = thread(served, "t-maths", t1)["messages"]
        link = f"""{{ messageAttachmentLink(school: "sp1", threadId: "{t1}", messageId: "{message["id"]}",
          attachmentId: "{files["p1"]["attachmentId"]}") {{ address }} }}"""
        found = served.data(link, "t-maths")["messageAttachmentLink"]["address"]
        assert client.get(found).content == PNG
        assert served.data(link, "dir")["messageAttachmentLink"] is None
        served.system.journals.school("sp1").keys.destroy("p1", MESSAGES)
        assert client.get(found).status_code == 404


def the_director_is_told_numbers_of_messages_and_they_come_out_even(served: Served) -> None:
    query = """{ commerceStatement(school: "sp1") { messages {
      sent delivered read unread inMailboxes withdrawn agrees } } }"""
    told = served.data(query, "dir")["commerceStatement"]["messages"]
    assert told["agrees"]
    assert told["sent"] > 0
    assert told["withdrawn"] == 2  # by its sender, and after the report
    assert told["delivered"] == told["read"] + told["unread"]
    assert told["inMailboxes"] == told["sent"] + told["delivered"]


def test_a_mailbox_with_gaps_and_a_report(served: Served, follow: Follow) -> None:
    """One school for all: making it costs more than asking."""
    the_mailbox_is_paged_and_what_was_withdrawn_or_erased_keeps_its_place(served, follow)
    the_director_sees_what_was_reported_and_no_more(served, follow)
    the_director_is_told_numbers_of_messages_and_they_come_out_even(served)


def test_writing_with_drafts_limits_and_files(
    served: Served, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    whom_one_may_write_to(served, follow)
    drafts_are_their_writers_alone_and_nobody_floods_the_school(served, follow, monkeypatch)
    a_file_goes_with_a_message_under_the_key_of_whom_it_is_about(served, follow)
