import time
from datetime import UTC, datetime

import httpx
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from sandbox.aws.accounts import GUEST_ROLE, MAIL_ROLE

SIMPLE = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "b"}}}}


@pytest.mark.parametrize("kind", ["401", "403", "429", "500", "502", "503", "504"])
def test_a_status_comes_without_the_effect_and_once(sandbox, crew, event, kind):
    sandbox.faults.add("crew_service", kind, operation="create_event", arg=7)
    answer = crew.post("/events", json=event)
    assert (answer.status_code, answer.headers["Retry-After"]) == (int(kind), "7")
    assert (sandbox.crew_events(), sandbox.mails()) == ([], [])
    assert crew.post("/events", json=event).status_code == 201


def test_a_fault_names_its_operation(sandbox, crew, event):
    sandbox.faults.add("crew_service", "500", operation="resend_links", times=None)
    event_id = crew.post("/events", json=event).json()["event_id"]
    for _ in range(2):
        assert crew.post(f"/events/{event_id}/resend").status_code == 500
    sandbox.faults.clear()
    assert crew.post(f"/events/{event_id}/resend").status_code == 202


@pytest.mark.parametrize(("kind", "stored"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_time_out_comes_before_or_after_the_effect(sandbox, dashboard, entry, kind, stored):
    sandbox.faults.add("calendar", kind)
    with pytest.raises(httpx.ReadTimeout):
        dashboard.post("/events", json=entry, timeout=0.5)
    assert len(sandbox.calendar_entries()) == stored


@pytest.mark.parametrize(("kind", "stored"), [("reset_before", 0), ("reset_after", 1)])
def test_a_reset_comes_before_or_after_the_effect(sandbox, dashboard, entry, kind, stored):
    sandbox.faults.add("calendar", kind)
    with pytest.raises(httpx.TransportError):
        dashboard.post("/events", json=entry)
    assert len(sandbox.calendar_entries()) == stored


def test_bodies_that_nobody_can_use(sandbox, crew, event):
    sandbox.faults.add("crew_service", "empty_200")
    sandbox.faults.add("crew_service", "html_200")
    assert crew.post("/events", json=event).json() == {}
    assert "<title>" in crew.post("/events", json=event).text
    assert sandbox.crew_events() == []
    sandbox.faults.add("crew_service", "malformed_json")
    with pytest.raises(ValueError, match=r"."):
        crew.post("/events", json=event).json()
    assert len(sandbox.crew_events()) == 1


def test_an_error_after_the_effect(sandbox, crew, event):
    sandbox.faults.add("crew_service", "504_after")
    assert crew.post("/events", json=event).status_code == 504
    assert len(sandbox.crew_events()) == 1


def test_an_unknown_fault_is_refused(sandbox):
    with pytest.raises(RuntimeError, match="kind is one of"):
        sandbox.faults.add("calendar", "explodes")


def test_a_call_takes_as_long_as_it_was_told_to(sandbox, dashboard):
    sandbox.set_latency(calendar=0.3)
    began = time.monotonic()
    dashboard.get("/events", params={"booking_id": "x"})
    assert time.monotonic() - began >= 0.3


def test_an_upload_through_the_gate_takes_its_time_and_is_logged(sandbox, bot):
    bot.client("s3", GUEST_ROLE)
    sandbox.set_latency(upload=0.2)
    bot.client("s3", GUEST_ROLE).put_object(Bucket="queenofsandiego.com", Key="g/a.html", Body=b"")
    (call,) = [c for c in sandbox.calls("s3") if c["operation"] == "PutObject"]
    assert call["status"] == 200
    assert call["latency"] >= 0.2
    assert abs(call["started"] - datetime.now(UTC).timestamp()) < 60


@pytest.mark.parametrize(
    ("service", "role", "call", "parameters", "code"),
    [
        (
            *("dynamodb", ""),
            *("describe_table", {"TableName": "JadaCalendar-Prod"}, "ThrottlingException"),
        ),
        (
            *("s3", GUEST_ROLE),
            *("put_object", {"Bucket": "queenofsandiego.com", "Key": "g/a"}, "SlowDown"),
        ),
        ("sesv2", MAIL_ROLE, "get_account", {}, "TooManyRequestsException"),
        ("sts", "", "get_caller_identity", {}, "Throttling"),
    ],
)
def test_throttling_is_said_in_each_services_own_words(
    sandbox, bot, service, role, call, parameters, code
):
    client = bot.client(service, role)
    sandbox.faults.add(service.removesuffix("v2"), "429")
    with pytest.raises(ClientError) as caught:
        getattr(client, call)(**parameters)
    assert caught.value.response["Error"]["Code"] == code


def test_a_denied_mail_and_one_whose_answer_was_lost(sandbox, bot):
    ses = bot.client("sesv2", MAIL_ROLE)
    mail = {
        "FromEmailAddress": "charters@sailjada.com",
        "Destination": {"ToAddresses": ["ops@sailjada.com"]},
        "Content": SIMPLE,
    }
    sandbox.faults.add("ses", "403", operation="SendEmail")
    with pytest.raises(ClientError, match="AccessDenied"):
        ses.send_email(**mail)
    sandbox.faults.add("ses", "reset_after", operation="SendEmail")
    with pytest.raises(ConnectionClosedError):
        ses.send_email(**mail)
    assert len(sandbox.mails("ops@sailjada.com")) == 1


def test_aws_that_does_not_answer(sandbox, bot):
    secrets = bot.client("secretsmanager", read_timeout=0.5)
    sandbox.faults.add("secretsmanager", "timeout_before")
    with pytest.raises(ReadTimeoutError):
        secrets.get_secret_value(SecretId="charter/jada")
    secrets.close()


def test_the_call_log_names_operations_and_holds_no_secret(sandbox, bot, crew, event, service_key):
    crew.post("/events", json=event)
    bot.client("sts").get_caller_identity()
    seen = {(call["target"], call["operation"]) for call in sandbox.calls()}
    assert {("crew_service", "create_event"), ("sts", "GetCallerIdentity")} <= seen
    assert service_key not in str(sandbox.calls())
