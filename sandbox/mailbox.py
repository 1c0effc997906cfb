"""Every mail that was sent, by any account."""

from datetime import datetime
from typing import Any

import aiohttp
from pydantic import BaseModel, Field


class Letter(BaseModel):
    """A mail as its recipients got it; `account` is whose SES sent it."""

    id: str = Field(validation_alias="MessageId")
    account: str
    sender: str = Field(validation_alias="Source")
    to: list[str] = Field(validation_alias="To")
    cc: list[str] = Field(validation_alias="CC")
    bcc: list[str] = Field(validation_alias="BCC")
    subject: str = Field(validation_alias="Subject")
    text: str | None = Field(validation_alias="BodyText")
    html: str | None = Field(validation_alias="BodyHtml")
    sent_at: Any = Field(validation_alias="Timestamp")

    def reached(self, address: str) -> bool:
        """Whether the address is on any of its lists."""
        return address.lower() in {each.lower() for each in (*self.to, *self.cc, *self.bcc)}


class Mailbox:
    """Reads the emulator's. `clear` hides what is there, since nothing can be taken out."""

    def __init__(self, emulator_url: str) -> None:
        self._url = f"{emulator_url}/_ministack/ses/messages"
        self._hidden: set[str] = set()

    async def letters(self, to: str | None = None) -> list[Letter]:
        """The mails, oldest first; with `to`, only those that reached the address."""
        async with aiohttp.ClientSession() as session, session.get(self._url) as answer:
            accounts = (await answer.json())["messages"]
        letters = [
            Letter.model_validate({**message, "account": account})
            for account, messages in accounts.items()
            for message in messages
            if message["MessageId"] not in self._hidden
        ]
        letters.sort(key=lambda letter: _moment(letter.sent_at))
        return [letter for letter in letters if to is None or letter.reached(to)]

    async def clear(self) -> None:
        self._hidden |= {letter.id for letter in await self.letters()}


def _moment(sent_at: Any) -> float:
    if isinstance(sent_at, str):
        return datetime.fromisoformat(sent_at).timestamp()
    return float(sent_at)
