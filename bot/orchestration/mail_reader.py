"""Reading a mail that a stranger may have made: apart from the bot, and with its sender proved."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.domain.boat import Boat
from bot.domain.booking import Reading
from bot.domain.errors import ServiceError
from bot.domain.sender import Sender
from bot.mail.read_apart import Read, judged_reading, read_file, read_mail, read_pasted
from bot.mail.signature import Keys
from bot.mail.unreadable import Unreadable
from bot.orchestration.quarantine import Quarantine
from bot.services.ports import TextRecords

_UNCHECKED = Sender(why="its signature could not be checked")
log = structlog.get_logger()


class MailReader:
    """The ways in which mail comes to the bot, each read in quarantine.

    Every method takes the `boats` that listings lead to, and raises `Unreadable` with a reason
    that a person can be told.
    """

    def __init__(self, quarantine: Quarantine, text_records: TextRecords) -> None:
        self._quarantine = quarantine
        self._text_records = text_records

    async def warm(self) -> None:
        """Have all ready before the first mail comes."""
        await self._quarantine.warm()

    async def pasted(self, text: str, boats: tuple[Boat, ...]) -> Reading:
        """Read the words of a Slack message."""
        return (await self._quarantine.run(read_pasted, text, boats)).reading

    async def slack_file(
        self, file: Mapping[str, Any], boats: tuple[Boat, ...], html: bytes | None
    ) -> Reading:
        """Read a mail that Slack took apart. `html`: the download, if there was one."""
        return (await self._quarantine.run(read_file, file, boats, html)).reading

    async def mail(
        self, raw: bytes, *, name: str, boats: tuple[Boat, ...], received_at: datetime
    ) -> Reading:
        """Read a mail's own bytes, and say whether it was signed by the marketplace.

        `received_at`: when it came to us, the moment that a signature's expiry counts against.
        """
        read = await self._quarantine.run(read_mail, raw, name, boats, received_at)
        return await self._with_sender(read, received_at)

    async def _with_sender(self, read: Read, received_at: datetime) -> Reading:
        """A signature that cannot be checked is said, and is no reason to lose the booking."""
        if read.original is None:
            return read.reading
        keys = await self._keys(read.key_names)
        try:
            reading = await self._quarantine.run(
                judged_reading, read.reading, read.original, keys, received_at
            )
        except Unreadable as error:
            log.warning("signature_unchecked", reason=error.reason)
            return read.reading.model_copy(update={"sender": _UNCHECKED})
        log.info("signature_checked", proof=reading.sender.proof, why=reading.sender.why)
        return reading

    async def _keys(self, names: tuple[str, ...]) -> Keys:
        """What was found; a name that could not be looked up is absent."""
        wanted = tuple(dict.fromkeys(names))
        found = await asyncio.gather(*(self._key(name) for name in wanted))
        return {
            name: records
            for name, records in zip(wanted, found, strict=True)
            if records is not None
        }

    async def _key(self, name: str) -> tuple[bytes, ...] | None:
        try:
            return await self._text_records.of(name)
        except ServiceError as error:
            log.warning("key_not_looked_up", reason=error.what)
            return None
