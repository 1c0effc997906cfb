"""A mistake in a request is said in words; a mistake of the rehearsal's own is a server error."""

import asyncio

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.mistakes import BadRequestError, NotThereError, body_of, reading, tell_mistakes


async def answer(handler, body: bytes = b"{}") -> tuple[int, str]:
    app = web.Application(middlewares=[tell_mistakes])
    app.router.add_post("/", handler)
    async with TestClient(TestServer(app)) as client, client.post("/", data=body) as told:
        return told.status, await told.text()


@pytest.mark.parametrize("mistake", [KeyError("x"), TypeError("x"), ValueError("x")])
async def test_our_own_mistake_is_not_blamed_on_the_request(mistake: Exception):
    async def broken(_: web.Request) -> web.Response:
        raise mistake

    status, _ = await answer(broken)
    assert status == 500


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b"\xff", b'{"n": "x"}', b""])
async def test_what_cannot_be_read_is_a_bad_request(body: bytes):
    async def handler(request: web.Request) -> web.Response:
        asked = await body_of(request)
        with reading():
            return web.json_response(int(asked["n"]))

    status, text = await answer(handler, body)
    assert status == 400
    assert '"error"' in text


@pytest.mark.parametrize("mistake", [BadRequestError, NotThereError, KeyError])
async def test_no_second_answer_is_written_into_one_that_is_under_way(mistake):
    raised = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"data: 1\n\n")
        raised.set()
        raise mistake("x")

    app = web.Application(middlewares=[tell_mistakes])
    app.router.add_get("/", stream)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await raised.wait()
        said = await asyncio.wait_for(reader.read(), 10)  # until it is closed
        writer.close()
    assert said.count(b"HTTP/1.1") == 1
    assert b"error" not in said


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/workspace/samples/instant", {"channel": "C0NOWHERE"}, 409),
        ("GET", "/objects?bucket=none", None, 409),
        ("GET", "/object", None, 400),
        ("GET", "/workspace/calls?last=many", None, 400),
        ("POST", "/workspace/revenue", {}, 400),
        ("POST", "/faults", {"target": "crew", "kind": "503", "colour": "red"}, 400),
        ("PUT", "/latencies", {"crew": "soon"}, 400),
        ("PATCH", "/switches/crew", {"colour": "red"}, 400),
        ("PATCH", "/crew/events/none", {}, 400),
        ("POST", "/crew/events", {"booking_id": "x", "shape": "round"}, 400),
        ("POST", "/secrets/service-key/rotate", {"where": "nowhere"}, 400),
        ("PUT", "/workspace/bot", {"state": "asleep"}, 400),
        ("POST", "/workspace/bot/tickle", {}, 409),
        ("POST", "/slack/say", {"user": "U0CAPTAIN"}, 400),
        ("POST", "/slack/say", {"user": ["U0CAPTAIN"], "text": "x"}, 400),
        ("POST", "/slack/mail", {"eml": "not base64!"}, 400),
        ("POST", "/slack/fill", {"user": "U0CAPTAIN", "values": []}, 400),
        ("POST", "/slack/dance", {"user": "U0CAPTAIN"}, 409),
        ("POST", "/slack/switch/fail_next", {"method": "x", "kind": "explodes"}, 400),
        ("POST", "/slack/switch/down_for", {"seconds": "long"}, 400),
        ("GET", "/slack/wait?after=soon", None, 400),
        ("GET", "/slack/modal", None, 400),
    ],
)
def test_nonsense_is_told_in_words(page: httpx.Client, method, path, body, status):
    told = page.request(method, path, json=body)
    assert told.status_code == status, told.text
    assert told.json()["error"]


def test_an_unknown_channel_is_named(page: httpx.Client):
    told = page.post("/workspace/samples/instant", json={"channel": "C0NOWHERE"})
    assert told.json() == {"error": "There is no channel C0NOWHERE."}
