"""Name servers that know the domains of this rehearsal and nothing else."""

import asyncio
from collections.abc import Iterable
from typing import Self, cast

from dns.exception import DNSException
from dns.flags import AA, QR
from dns.message import Message, from_wire, make_response
from dns.name import from_text
from dns.rcode import NXDOMAIN
from dns.rdataclass import IN
from dns.rdatatype import TXT
from dns.rdtypes.ANY.TXT import TXT as Text  # noqa: N811 - the type's own name is its number's
from dns.rrset import from_rdata

from sandbox.ports import LOOPBACK

_TTL = 60
_LONGEST_STRING = 255


class NameServer(asyncio.DatagramProtocol):
    """Answers questions for TXT records over UDP; `address` is where, as "host:port"."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._records: dict[str, tuple[bytes, ...]] = {}

    @classmethod
    async def start(cls) -> Self:
        loop = asyncio.get_running_loop()
        _, server = await loop.create_datagram_endpoint(cls, local_addr=(LOOPBACK, 0))
        return server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        host, port = transport.get_extra_info("sockname")
        self.address = f"{host}:{port}"

    def publish(self, name: str, *records: bytes) -> None:
        """The TXT records of a name from now on; a name without any exists nevertheless."""
        self._records[name.lower()] = records

    def close(self) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        try:
            question = from_wire(data)
        except DNSException:
            return
        self._transport.sendto(self._answer(question).to_wire(), address)

    def _answer(self, question: Message) -> Message:
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        answer = make_response(question)
        answer.flags |= AA | QR
        if name not in self._records:
            answer.set_rcode(NXDOMAIN)
        elif self._records[name] and question.question[0].rdtype == TXT:
            texts = [Text(IN, TXT, tuple(_cut(record))) for record in self._records[name]]
            answer.answer.append(from_rdata(from_text(name), _TTL, *texts))
        return answer


def _cut(record: bytes) -> Iterable[bytes]:
    """A record's strings: none is longer than a length of one byte can say."""
    starts = range(0, max(len(record), 1), _LONGEST_STRING)
    return (record[start : start + _LONGEST_STRING] for start in starts)
