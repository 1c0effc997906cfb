import asyncio
import json
import socket
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from aiohttp import web

from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown
from bot.orchestration.attempt import Pace
from bot.services import http as http_module
from bot.services.http import BEGINS_WITHIN_SECONDS, HttpService, Limits, with_secret
from bot.services.http_errors import Unauthorised, retry_after
from bot.services.ids import as_segment, checked_booking_id

NOW = datetime(2026, 5, 30, 12, 0, 0, tzinfo=UTC)


async def read(http: HttpService, **more: Any) -> Any:
    return (await http.call("read", "GET", "/things", idempotent=True, **more)).object()


async def write(http: HttpService, **more: Any) -> Any:
    answer = await http.call("write", "POST", "/things", idempotent=False, body={}, **more)
    return answer.object()


async def test_what_is_asked_arrives_under_the_configured_address(http: Any, stand_in: Any) -> None:
    stand_in.answers(200, {"ahoy": 1})
    assert await read(http, params={"booking_id": "xhqgmdh"}, headers={"X-Key": "k"}) == {"ahoy": 1}
    (asked,) = stand_in.asked
    assert (asked.method, asked.path) == ("GET", "/prod/things")
    assert asked.query == {"booking_id": "xhqgmdh"}
    assert asked.headers["X-Key"] == "k"


@pytest.mark.parametrize(
    ("status", "reading", "writing", "words"),
    [
        (301, NeedsPerson, NeedsPerson, "redirected"),
        (307, NeedsPerson, NeedsPerson, "redirected"),
        (400, Refused, Refused, "refused the request"),
        (401, Unauthorised, Unauthorised, "does not accept our credential"),
        (403, NeedsPerson, NeedsPerson, "forbids"),
        (404, NeedsPerson, NeedsPerson, "no such address"),
        (405, NeedsPerson, NeedsPerson, "no such address"),
        (409, Refused, Refused, "refused the request"),
        (422, Refused, Refused, "refused the request"),
        (429, Retriable, Retriable, "asked too often"),
        (500, Retriable, Unknown, "failed to answer"),
        (502, Retriable, Unknown, "failed to answer"),
        (503, Retriable, Unknown, "failed to answer"),
        (504, Retriable, Unknown, "failed to answer"),
    ],
)
async def test_each_status_becomes_what_can_be_done_about_it(
    http: Any,
    stand_in: Any,
    status: int,
    reading: type[ServiceError],
    writing: type[ServiceError],
    words: str,
) -> None:
    stand_in.answers(status, {"detail": "canary"})
    for asking, expected in ((read, reading), (write, writing)):
        with pytest.raises(ServiceError, match=words) as told:
            await asking(http)
        assert type(told.value) is expected
        assert str(status) in told.value.what
        assert "canary" not in told.value.what + told.value.hint
    assert len(stand_in.asked) == 2, "nothing but the caller repeats a call"


async def test_a_redirect_is_not_followed_and_blames_the_configured_address(
    http: Any, stand_in: Any
) -> None:
    stand_in.answers(302, None, Location="https://elsewhere.example/login?token=canary")
    with pytest.raises(NeedsPerson) as told:
        await read(http, headers={"X-Key": "k"})
    assert "redirected the request to elsewhere.example (302)" in told.value.what
    assert "The configured URL of the harbour is wrong" in told.value.hint
    assert "canary" not in told.value.what
    assert len(stand_in.asked) == 1


async def test_a_web_page_where_json_was_expected_is_told_plainly(http: Any, stand_in: Any) -> None:
    stand_in.answers(200, "<!doctype html><p>Sign in")
    with pytest.raises(NeedsPerson, match=r"a web page \(HTML\) where JSON was expected"):
        await read(http)
    with pytest.raises(Unknown, match=r"a web page \(HTML\) where JSON was expected"):
        await write(http)


@pytest.mark.parametrize("body", ["", "nonsense", "[1]", '"text"', "[" * 9000])
async def test_a_body_that_is_no_object_leaves_a_write_unknown(
    http: Any, stand_in: Any, body: str
) -> None:
    stand_in.answers(200, body)
    with pytest.raises(NeedsPerson):
        await read(http)
    with pytest.raises(Unknown):
        await write(http)


@pytest.mark.parametrize("fault", ["never_answers", "hangs_up"])
async def test_no_answer_is_unknown_for_a_write_and_retriable_for_a_read(
    http: Any, stand_in: Any, fault: str
) -> None:
    getattr(stand_in, fault)()
    with pytest.raises(Retriable):
        await read(http)
    with pytest.raises(Unknown, match="may or may not have had its effect"):
        await write(http)
    assert len(stand_in.asked) == 2


async def test_an_answer_cut_off_in_the_middle_is_unknown_for_a_write(
    http: Any, stand_in: Any
) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"id": ')
        assert request.transport is not None
        request.transport.abort()
        return response

    stand_in.answer = half
    with pytest.raises(Unknown, match="broke the connection before its answer was whole"):
        await write(http)


async def test_an_endless_answer_is_cut_off(http: Any, stand_in: Any) -> None:
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        while written < 50_000_000:
            written += 10_000
            await response.write(b"x" * 10_000)
        return response

    stand_in.answer = endless
    with pytest.raises(NeedsPerson, match="more than 20000 bytes"):
        await read(http)
    assert written < 50_000_000
    written = 0
    with pytest.raises(Unknown, match="more than 20000 bytes"):
        await write(http)


async def test_nobody_listening_is_certainly_without_effect(shared_tls: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        http = HttpService("The harbour", url, verify=shared_tls)
        with pytest.raises(Retriable, match="could not be reached"):
            await write(http)
        await http.close()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("999999999", 3600.0),
        ("Sat, 30 May 2026 12:00:30 GMT", 30.0),
        ("Sat, 30 May 2026 11:00:00 GMT", 0.0),
        ("Sat, 30 May 2026 12:00:30 -0000", 30.0),
        ("soon", None),
        ("-3", None),
        ("1e3", None),
        ("\u0663", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


async def test_being_asked_to_wait_is_passed_on(http: Any, stand_in: Any) -> None:
    stand_in.answers(429, {}, Retry_After="17")
    with pytest.raises(Retriable) as told:
        await write(http)
    assert told.value.after == 17


async def test_a_rotated_secret_is_read_again_once_and_tried_once_more(
    http: Any, stand_in: Any, vault: Any
) -> None:
    held = vault(key="old")
    await held.get("env:key")
    held.values["key"] = "new"
    stand_in.answers_in_turn((401, {}), (200, {"in": True}))
    answer = await with_secret(held, "env:key", lambda key: read(http, headers={"X-Key": key}))
    assert answer == {"in": True}
    assert [asked.headers["X-Key"] for asked in stand_in.asked] == ["old", "new"]


async def test_a_secret_that_is_wrong_at_home_too_is_not_tried_again(
    http: Any, stand_in: Any, vault: Any
) -> None:
    stand_in.answers(401, {})
    with pytest.raises(Unauthorised):
        await with_secret(
            vault(key="wrong"), "env:key", lambda key: read(http, headers={"X-Key": key})
        )
    assert len(stand_in.asked) == 1


async def test_a_secret_that_does_not_come_is_not_waited_for_until_nobody_counts_on_it(
    http: Any, stand_in: Any, vault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_module, "BEGINS_WITHIN_SECONDS", 0.05)
    held = vault(key="right")
    monkeypatch.setattr(held, "get", lambda *_, **__: asyncio.Event().wait())
    with pytest.raises(Retriable, match="env:key was not there within"):
        await with_secret(held, "env:key", lambda key: read(http, headers={"X-Key": key}))
    assert not stand_in.asked


async def test_a_rotated_secret_is_not_tried_so_late_that_nobody_counts_on_it(
    http: Any, stand_in: Any, vault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_module, "BEGINS_WITHIN_SECONDS", 0.1)

    async def refuse_late(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.2)
        held.values["key"] = "new"
        return web.json_response({}, status=401)

    held, stand_in.answer = vault(key="old"), refuse_late
    with pytest.raises(
        Retriable, match="took long to find out that the secret env:key was changed"
    ):
        await with_secret(held, "env:key", lambda key: write(http, headers={"X-Key": key}))
    stand_in.answers(200, {})
    await with_secret(held, "env:key", lambda key: write(http, headers={"X-Key": key}))
    assert [asked.headers["X-Key"] for asked in stand_in.asked] == ["old", "new"]


def test_every_request_is_out_before_it_is_no_longer_counted_on() -> None:
    pace = Pace()
    assert pace.beginning + BEGINS_WITHIN_SECONDS + Limits().out <= pace.sending


async def test_each_call_is_one_line_without_query_header_or_body(
    http: Any, stand_in: Any, log: Any
) -> None:
    structlog.contextvars.bind_contextvars(booking_id="xhqgmdh", attempt=1, correlation_id="c-1")
    stand_in.answers(500, {"detail": "canary-answer"}, X_Echo="canary-echo")
    with pytest.raises(Retriable):
        await read(http, headers={"X-Key": "canary-key"}, params={"q": "canary-query"})
    assert "canary" not in log.getvalue()
    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert line.pop("latency_ms") >= 0
    assert line == {
        "event": "call",
        "level": "warning",
        "operation": "read",
        "target_service": "harbour",
        "status": 500,
        "attempt": 1,
        "booking_id": "xhqgmdh",
        "correlation_id": "c-1",
    }


@pytest.mark.parametrize("key", ["canary\r\nX-Evil: 1", "canary\n", "cänary", "canary\0"])
async def test_a_credential_that_no_header_may_hold_is_not_quoted(
    http: Any, stand_in: Any, key: str
) -> None:
    with pytest.raises(NeedsPerson, match="cannot be sent") as told:
        await read(http, headers={"X-Key": key})
    assert "nary" not in repr(told.value)
    assert not stand_in.asked


@pytest.mark.parametrize(
    "text", ["../xhqgmdh", "xhqgmdh\n", "xhq*mdh", "xhq%2fmd", "", "xhqgmd\u0663", "x" * 99]
)
def test_what_is_no_booking_id_never_becomes_a_key(text: str) -> None:
    with pytest.raises(Refused, match="no booking id"):
        checked_booking_id(text)


def test_another_services_id_stays_one_segment_of_the_path() -> None:
    assert as_segment("evt/../x?y#z", "It") == "evt%2F..%2Fx%3Fy%23z"
    for text in ("", ".", "..", "x" * 300):
        with pytest.raises(Refused):
            as_segment(text, "It")
