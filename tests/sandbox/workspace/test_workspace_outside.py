"""The world around Slack, as the page shows it."""

import json

import boto3
import httpx
import pytest
from botocore.stub import Stubber

from sandbox.driver import Sandbox
from sandbox.legacy import with_revenue
from sandbox.mailbox import Letter
from sandbox.workspace import mails
from sandbox.workspace.objects import emptied


def test_a_mail_is_a_page_that_can_do_nothing(page: httpx.Client, crew: httpx.Client, event):
    crew.post("/events", json=event)
    (letter, *_) = page.get("/mails").json()
    shown = page.get(f"/workspace/mails/{letter['id']}")
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert shown.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert '<base target="_blank">' in shown.text
    assert page.get("/workspace/mails/none").status_code == 404


def letter(**body: str | None) -> Letter:
    return Letter.model_validate(
        {
            "MessageId": "m",
            "account": "1",
            "Source": "a@example.com",
            "To": [],
            "CC": [],
            "BCC": [],
            "Subject": "<b>S</b>",
            "BodyText": None,
            "BodyHtml": None,
            "Timestamp": 0,
            **body,
        }
    )


def test_a_mail_of_text_is_shown_as_text():
    shown = mails.shown(letter(BodyText="1 < 2\n<script>x</script>")).text
    assert "<pre>1 &lt; 2\n&lt;script&gt;x&lt;/script&gt;</pre>" in shown
    assert "<title>&lt;b&gt;S&lt;/b&gt;</title>" in shown


def test_a_mail_of_html_keeps_its_own_doctype_from_coming_second():
    shown = mails.shown(letter(BodyHtml="\n<!DOCTYPE html><html><body>Hi</body></html>")).text
    assert shown.lower().count("<!doctype") == 1
    assert shown.endswith("<html><body>Hi</body></html>")


def test_objects_tell_what_they_are_and_where_the_public_finds_them(
    page: httpx.Client, sandbox: Sandbox, crew, event
):
    crew.post("/events", json=event)
    photo = {"booking_id": "xhqgmdh", "file_name": "a.html.jpg", "file_size": 3}
    form = crew.post("/g/presign", json={**photo, "mime_type": "image/jpeg"}).json()
    httpx.post(form["url"], data=form["fields"], files={"file": b"abc"})
    (found,) = page.get("/workspace/objects").json()
    assert (found["size"], found["type"], found["url"]) == (3, "image/jpeg", None)
    assert found["key"].startswith("uploads/xhqgmdh/")
    assert len(found["etag"]) == 32
    seen = page.get("/object", params={"bucket": found["bucket"], "key": found["key"]})
    assert seen.content == b"abc"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert "script-src" not in seen.headers["Content-Security-Policy"]


def test_every_object_is_found_however_many_there_are():
    s3 = boto3.client(
        "s3", aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
    )
    first = {"Contents": [{"Key": "a"}, {"Key": "b"}], "IsTruncated": True}
    pages = [{**first, "NextContinuationToken": "t"}, {"Contents": [{"Key": "c"}]}]
    with Stubber(s3) as stub:
        for page, more in zip(pages, ({}, {"ContinuationToken": "t"}), strict=True):
            stub.add_response("list_objects_v2", page, {"Bucket": "x", "Prefix": "", **more})
        for key in "abc":
            stub.add_response("delete_object", {}, {"Bucket": "x", "Key": key})
        emptied(s3, "x")
        stub.assert_no_pending_responses()
    s3.close()


def test_a_guest_page_has_its_public_address(page: httpx.Client, sandbox: Sandbox, slack, a_card):
    card = a_card()
    slack.as_user("U0CAPTAIN").clicks(card, "approve")
    slack.wait_until(lambda _: sandbox.objects("g/"), 40, "guest page")
    pages = [each for each in page.get("/workspace/objects").json() if each["url"]]
    assert pages
    for each in pages:
        assert each["type"].startswith("text/html")
        assert httpx.get(each["url"]).status_code == 200


def test_a_file_of_the_channel_can_be_opened_and_do_nothing(page: httpx.Client, slack):
    sent = slack.as_user("U0CREW").uploads("a.html", b"<script>alert(1)</script>")
    seen = page.get("/slack/file", params={"id": sent.files[0]})
    assert seen.content == b"<script>alert(1)</script>"
    policy = seen.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")


def test_the_latest_calls_come_last(page: httpx.Client, sandbox: Sandbox):
    for number in range(5):
        httpx.get(f"{sandbox.urls['edge']}/g/page{number}")
    shown = page.get("/workspace/calls", params={"last": 2}).json()
    assert [(call["target"], call["path"]) for call in shown] == [
        ("edge", "/g/page3"),
        ("edge", "/g/page4"),
    ]
    assert shown[0].keys() >= {"operation", "method", "status", "started", "latency", "fault"}


def test_revenue_is_written_by_hand(page: httpx.Client, crew: httpx.Client, event, sandbox):
    event_id = crew.post("/events", json=event).json()["event_id"]
    assert page.post("/workspace/revenue", json={"event_id": event_id}).is_success
    (stored,) = sandbox.crew_events("xhqgmdh")
    assert stored["notes"].startswith("Gate B ")
    assert "$840.75" in stored["notes"]
    assert page.post("/workspace/revenue", json={"event_id": "none"}).status_code == 404


@pytest.mark.parametrize("notes", ['{"gate": "B"}', {"gate": "B"}])
def test_revenue_joins_what_the_notes_hold(notes):
    written = with_revenue(notes)
    held = json.loads(written) if isinstance(notes, str) else written
    assert (held["gate"], held["owner_payout"]) == ("B", "840.75")


@pytest.mark.parametrize("notes", [None, "", "[1]", "12"])
def test_revenue_can_be_written_whatever_the_notes_are(notes):
    assert "$840.75" in with_revenue(notes)
