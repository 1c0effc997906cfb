"""What a message's mail really holds: fetched from Slack, kept as it came, and read."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.boat import Boat
from bot.domain.booking import Kind, Reading
from bot.domain.errors import NeedsPerson, Refused, ServiceError
from bot.engine import Payload
from bot.mail.caps import DEFAULT
from bot.mail.reader import Unreadable, needs_more
from bot.orchestration.mail_reader import MailReader
from bot.services.ports import Chat
from bot.store.queries import mails
from bot.store.queries.mails import StoredMail
from bot.store.store import Store

LARGEST_MAIL = DEFAULT.size  # bytes; the marketplace's mails are around 20 kB


def is_mail(file: Mapping[str, Any]) -> bool:
    """Whether a Slack file is a mail: sent to the channel's address, or an `.eml`."""
    return (
        file.get("mode") == "email"
        or file.get("filetype") in {"email", "eml"}
        or file.get("mimetype") == "message/rfc822"
        or str(file.get("name", "")).lower().endswith(".eml")
    )


def is_only_named(file: Mapping[str, Any]) -> bool:
    """Whether Slack shows nothing of a file but its id, so that it may be a mail."""
    return file.get("file_access") == "check_file_info"


class Mailbag:
    """Fetches, keeps and reads the mail of one intake job."""

    def __init__(
        self, store: Store, chat: Chat, clock: Callable[[], datetime], reader: MailReader
    ) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock
        self._reader = reader

    async def read(self, payload: Payload, boats: tuple[Boat, ...]) -> Reading:
        """What the mail says.

        Raises:
            Unreadable: it cannot be had or read, with the reason.
            Retriable: Slack cannot give it out now.
        """
        file: dict[str, Any] | None = payload["file"]
        if file is None and payload["text"] is None:  # it came by HTTP, and was kept at the door
            kept = await self._store.read(mails.raw, payload["key"]) or b""
            return await self._read(kept, "mail.eml", boats, await self._came_at(payload))
        if file is None:
            text: str = payload["text"]
            await self._keep(payload, text.encode())
            return await self._reader.pasted(text, boats)
        file = await self._whole(file)
        if not is_mail(file):
            return Reading(kind=Kind.INFORMATIONAL)  # it was only named; now it can be seen
        if file.get("mode") != "email":
            raw = _all_of(file, await self._download(file))
            await self._keep(payload, raw)
            name = str(file.get("name") or "mail.eml")
            return await self._read(raw, name, boats, _posted_at(payload))
        html = await self._download(file) if needs_more(file) else None
        await self._keep(payload, json.dumps(file).encode() + (b"\n" + html if html else b""))
        return await self._reader.slack_file(file, boats, html)

    async def _came_at(self, payload: Payload) -> datetime:
        """When a mail came by HTTP: it may be worked on long after, where things went wrong."""
        return await self._store.read(mails.received_at, payload["key"]) or self._clock()

    async def _read(
        self, raw: bytes, name: str, boats: tuple[Boat, ...], received_at: datetime
    ) -> Reading:
        return await self._reader.mail(raw, name=name, boats=boats, received_at=received_at)

    async def _whole(self, file: dict[str, Any]) -> dict[str, Any]:
        """The file with all that Slack held back of it."""
        if not is_only_named(file) and not needs_more(file):
            return file
        try:
            return dict(await self._chat.file(file["id"]))
        except (NeedsPerson, Refused) as error:
            raise Unreadable(_said(error)) from error

    async def _download(self, file: Mapping[str, Any]) -> bytes:
        if int(file.get("size") or 0) > LARGEST_MAIL:
            raise Unreadable(f"it is larger than {LARGEST_MAIL // 1_000_000} MB")
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        try:
            return await self._chat.download(url, limit=LARGEST_MAIL)
        except Refused as error:
            raise Unreadable(_said(error)) from error

    async def _keep(self, payload: Payload, raw: bytes) -> None:
        mail = StoredMail(
            key=payload["key"],
            channel=payload["channel"],
            ts=payload["ts"],
            user_id=payload["user"],
            received_at=self._clock(),
            raw=raw,
        )
        await self._store.write(mails.keep, mail)


def _all_of(file: Mapping[str, Any], raw: bytes) -> bytes:
    """What was downloaded, if it is the file and not, say, a page to sign in on."""
    if file.get("size") not in {None, len(raw)}:
        raise Unreadable(
            "Slack gave out something else than the file; check SLACK_BOT_TOKEN, then forward it "
            "once more"
        )
    return raw


def _posted_at(payload: Payload) -> datetime:
    return datetime.fromtimestamp(float(payload["ts"]), UTC)


def _said(error: ServiceError) -> str:
    if not error.hint:  # the same mail would be refused again
        return error.what
    return f"{error.what} {error.hint} Then forward the mail once more."
