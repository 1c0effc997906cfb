"""TXT records over real DNS, from a name server on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import Retriable
from bot.services import text_records
from bot.services.text_records import DnsTextRecords
from sandbox.names import NameServer


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    server = await NameServer.start()
    yield server
    server.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_records, "_SECONDS", 0.3)
    monkeypatch.setattr(text_records, "_A_TRY_SECONDS", 0.1)


async def test_the_strings_of_a_long_record_are_one(names, log):
    key = b"v=DKIM1; p=" + b"A" * 600
    names.publish("s1._domainkey.mail.boatsetter.com", key, b"another")
    found = await DnsTextRecords(names.address).of("s1._domainkey.mail.boatsetter.com")
    assert set(found) == {key, b"another"}
    assert '"status": "found"' in log.getvalue()
    assert "boatsetter" not in log.getvalue()


@pytest.mark.parametrize("name", ["nobody.example", "empty.example"])
async def test_no_such_name_and_no_such_record_are_both_none(names, name, log):
    names.publish("empty.example")
    assert await DnsTextRecords(names.address).of(name) == ()
    assert names.asked == [name]


async def test_a_name_is_asked_for_as_it_is_and_never_below_the_machines_own_domain(names, log):
    await DnsTextRecords(names.address).of("s1")
    assert names.asked == ["s1"]


async def test_a_server_that_is_silent_is_given_up(hurried, log):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        host, port = silent.getsockname()
        records = DnsTextRecords(f"{host}:{port}")
        with pytest.raises(Retriable, match="do not answer"):
            await asyncio.wait_for(records.of("a.example"), 2)


async def test_a_server_that_is_not_there_is_given_up(hurried, log):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Retriable):
        await asyncio.wait_for(DnsTextRecords(f"127.0.0.1:{port}").of("a.example"), 2)


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".example", "a." * 200])
async def test_what_is_no_name_is_nothing_that_can_be_asked(names, name, log):
    with pytest.raises(Retriable):
        await DnsTextRecords(names.address).of(name)
    assert names.asked == []
