"""What a person who looks on, and a page that polls, make of faults."""

import asyncio

import pytest
from aiohttp import ClientError, ClientTimeout, web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.interference import Conditions, interference


async def fine(_: web.Request) -> web.Response:
    return web.json_response("fine")


def client(conditions: Conditions) -> TestClient:
    app = web.Application(
        middlewares=[interference("crew_service", conditions, quiet=frozenset({"poll"}))]
    )
    app.router.add_get("/poll", fine, name="poll")
    app.router.add_get("/act", fine, name="act")
    return TestClient(TestServer(app))


async def status(asked: TestClient, path: str) -> int:
    async with asked.get(path) as answer:
        return answer.status


async def test_a_pages_polls_use_up_no_fault_that_is_meant_for_a_call():
    conditions = Conditions()
    conditions.faults.add(target="crew_service", kind="503", times=1)
    async with client(conditions) as asked:
        assert [await status(asked, path) for path in ("/poll", "/act", "/act")] == [200, 503, 200]


async def test_a_pages_polls_meet_what_lasts_and_what_names_them():
    conditions = Conditions()
    named = {"target": "crew_service", "operation": "poll", "kind": "500"}
    conditions.faults.add(**named, times=1)
    async with client(conditions) as asked:
        assert [await status(asked, "/poll") for _ in range(2)] == [500, 200]
        conditions.faults.add(target="crew_service", kind="503", times=None)
        assert [await status(asked, "/poll") for _ in range(2)] == [503, 503]


@pytest.mark.parametrize("kind", ["timeout_after", "slow"])
async def test_an_effect_is_told_while_its_answer_is_held(kind: str):
    conditions, told = Conditions(), asyncio.Event()
    conditions.calls.added = told.set
    conditions.faults.add(target="crew_service", kind=kind, arg=60)
    async with client(conditions) as asked:
        call = asyncio.create_task(asked.get("/act", timeout=ClientTimeout(30)))
        await asyncio.wait_for(told.wait(), 10)
        assert not call.done()
        assert conditions.calls.described() == []  # it is no call yet that has ended
        call.cancel()
        with pytest.raises((asyncio.CancelledError, ClientError)):
            await call
