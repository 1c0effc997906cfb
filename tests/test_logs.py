import base64
import io
import json
import logging
import traceback
import warnings
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

import pytest
import structlog

from bot import logs
from bot.domain.errors import NeedsPerson
from bot.redaction import Redactor

KEY = "Sv-canary/key+with=signs"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def redactor(stream: io.StringIO) -> Redactor:
    redactor = Redactor()
    logs.configure(redactor, stream=stream)
    return redactor


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_level_and_event(redactor, stream):
    with logs.bind(booking_id="xhqgmdh", correlation_id="xhqgmdh:1"):
        structlog.get_logger().info(
            "call", operation="create", target_service="calendar", status=201, latency_ms=12.5
        )
    (line,) = lines(stream)
    assert list(line)[:3] == ["timestamp", "level", "event"]
    assert line["timestamp"].endswith("Z")
    assert line["level"] == "info"
    assert (line["operation"], line["target_service"]) == ("create", "calendar")
    assert (line["status"], line["latency_ms"]) == (201, 12.5)
    assert (line["booking_id"], line["correlation_id"]) == ("xhqgmdh", "xhqgmdh:1")


def test_an_error_that_was_raised_again_from_its_group_is_described_once():
    """As when a task fails that others run beside."""
    group = ExceptionGroup("tasks", [KeyError("a"), ValueError("b")])
    group.exceptions[0].__cause__ = group
    described = logs.describe(group.exceptions[0])
    assert described["type"] == "KeyError"
    assert [each["type"] for each in described["cause"]["among"]] == ["ValueError"]


def test_what_is_bound_ends_with_its_block(redactor, stream):
    with logs.bind(booking_id="xhqgmdh"):
        pass
    structlog.get_logger().info("after")
    assert "booking_id" not in lines(stream)[0]


@pytest.mark.parametrize("name", ["slack_bolt.App", "slack_sdk", "httpx", "botocore.auth", "dbos"])
def test_libraries_speak_in_the_same_voice_and_only_when_something_is_wrong(redactor, stream, name):
    library = logging.getLogger(name)
    library.debug("SecretString: canary")
    library.info("GET https://example.com/?magic_link=canary")
    library.warning("could not reach %s", "the server")
    (line,) = lines(stream)
    assert line["logger"] == name
    assert line["event"] == "could not reach the server"


def test_a_traceback_in_a_librarys_words_is_left_out(redactor, stream):
    said = "".join(traceback.format_exception(KeyError("canary")))
    said = f"Traceback (most recent call last):\n  File x.py, line 1\n{said}"
    logging.getLogger("dbos").warning("Exception polling schedules: %s", said)
    line = json.loads(stream.getvalue())
    assert line["event"] == "Exception polling schedules"
    assert "canary" not in stream.getvalue()


def test_dbos_finds_no_reason_to_add_a_handler_of_its_own(redactor, stream):
    assert logging.getLogger("dbos").handlers
    logging.getLogger("dbos").error("lost the database")
    assert len(stream.getvalue().splitlines()) == 1


def test_warnings_are_logged(redactor, stream):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logs.configure(redactor, stream=stream)
        warnings.warn("something is old", stacklevel=1)
    assert "something is old" in lines(stream)[0]["event"]


def test_an_exception_is_its_type_and_place_and_never_its_message(redactor, stream):
    def fail() -> None:
        payload = {"renter": "canary"}
        raise ValueError(f"bad payload {payload}")

    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError("canary") from error
    except RuntimeError:
        structlog.get_logger().exception("job_failed")
        logging.getLogger("dbos").exception("failed")
    for line in lines(stream):
        assert line["exception"]["type"] == "RuntimeError"
        assert line["exception"]["cause"]["type"] == "ValueError"
        assert "test_logs.py" in line["exception"]["cause"]["frames"][-1]
        assert line["exception"]["cause"]["frames"][-1].endswith("in fail")
    assert "canary" not in stream.getvalue()


def test_what_a_service_said_to_people_is_kept(redactor, stream):
    refused = NeedsPerson("The crew service answered 401.", "Set SERVICE_KEY_HASH.")
    structlog.get_logger().error("step_failed", exc_info=refused)
    assert lines(stream)[0]["exception"]["what"] == "The crew service answered 401."


@pytest.mark.parametrize(
    "spelling",
    [
        KEY,
        quote(KEY, safe=""),
        json.dumps(KEY),
        base64.b64encode(KEY.encode()).decode(),
        f"prefix{KEY}suffix",
    ],
)
def test_a_registered_secret_is_never_seen_in_any_form(redactor, stream, spelling):
    redactor.hide(KEY, "")
    log = structlog.get_logger()
    log.info(spelling, **{spelling: [{"deep": (spelling,)}]})
    logging.getLogger("anything").warning("it is %s", spelling)
    assert spelling not in stream.getvalue()
    assert "canary" not in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-123-456-canary",
        "xoxe.xoxp-1-canary",
        "xapp-1-A0-canary",
        "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOjF9.canary-signature",
        "marisol.canary+boats@example.com",
        "marisol%40canary.example",
        "AKIAIOSFODNN7CANARYX",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYcanaryKEYx",
        "X-Service-Key: canary",
        "'x-dashboard-token': 'canary'",
        '{"service_key": "canary"}',
        "Authorization: Bearer canary",
        "https://bot:canary@db.example/charter",
        "https://example.com/crew?magic_link=canary&x=1",
        "?X-Amz-Signature=canary&X-Amz-Credential=canary",
        "-----BEGIN RSA PRIVATE KEY-----\ncanary",
        "FwoGZXIvYXdzE" + "canary0/" * 20,
        "call +1 (619) 555-0142 canary".replace("canary", ""),
        "619-555-0142",
    ],
)
def test_what_looks_like_a_secret_or_a_contact_is_hidden(redactor, stream, text):
    structlog.get_logger().info(f"before {text} after", nested={"list": [text]})
    seen = stream.getvalue()
    assert "canary" not in seen.lower()
    assert "555" not in seen
    assert "before" in seen


@pytest.mark.parametrize(
    "name",
    ["token", "X-Service-Key", "slack_bot_token", "password", "Authorization", "link_secret"],
)
def test_what_is_named_as_a_secret_is_hidden_whatever_it_is(redactor, stream, name):
    structlog.get_logger().info("call", headers={name: "plain words"}, **{name: 12345})
    assert "plain words" not in stream.getvalue()
    assert "12345" not in stream.getvalue()


@pytest.mark.parametrize(
    "spelling",
    ["1840.75", "1,840.75", "1.840,75", "184075", "$1,840", "1840.75 USD", "payout: 1841"],
)
def test_a_registered_amount_is_hidden_in_every_spelling(redactor, stream, spelling):
    redactor.hide_amount(Decimal("1840.75"))
    structlog.get_logger().info(f"paid {spelling}.", amount=1840.75, exact=Decimal("1840.75"))
    seen = lines(stream)[0]
    assert not any(digits in seen["event"] for digits in ("840", "841", "184"))
    assert seen["amount"] == "[hidden]"
    assert seen["exact"] == "[hidden]"


def test_any_sum_with_a_currency_is_hidden(redactor, stream):
    structlog.get_logger().info("costs $99.50 or 42 EUR or € 7")
    assert lines(stream)[0]["event"] == "costs [hidden] or [hidden] or [hidden]"


def test_what_may_be_seen_stays_as_it_is(redactor, stream):
    redactor.hide("short-secret")
    redactor.hide_amount(Decimal("840.75"))
    fields = {
        "operation": "chat.postMessage",
        "status": 200,
        "latency_ms": 840.75,
        "url": "https://queenofsandiego.com/g/xhqgmdh",
        "key": "g/xhqgmdh.html",
        "at": "2026-05-30T10:00:00-07:00",
        "commit": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "ts": "1764000000.123456",
        "job": "charter:xhqgmdh:v1",
        "guests": 4,
        "nothing": None,
    }
    structlog.get_logger().info("call", **fields)
    (line,) = lines(stream)
    assert {name: line[name] for name in fields} == fields


def test_objects_are_named_and_never_printed(redactor, stream):
    class Payload:
        def __repr__(self) -> str:
            return "canary"

    structlog.get_logger().info("odd", payload=Payload(), body=b"canary")
    (line,) = lines(stream)
    assert line["payload"] == "<Payload>"
    assert "canary" not in stream.getvalue()


def test_a_flood_is_cut_and_quick(redactor, stream):
    redactor.hide("tail-canary")
    structlog.get_logger().info("a" * 3_000_000 + "tail-canary")
    assert len(stream.getvalue()) < 10_000
