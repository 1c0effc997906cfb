"""The crew service's mail, sent from its own account."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sandbox.aws.accounts import CREW_SENDER
from sandbox.crew_service.links import MagicLinks
from sandbox.crew_service.roster import CAPTAIN_ADDRESS


class Letters:
    """Sends through SES version 2.

    Args:
        ses: a client in the crew service's account.
        links: mints the links in the mails.
    """

    def __init__(self, ses: Any, links: MagicLinks) -> None:
        self._ses = ses
        self._links = links

    async def call(self, event: Mapping[str, Any]) -> int:
        """A fresh link to every member; how many were sent."""
        crew = event.get("crew", [])
        await asyncio.gather(*(self._call_one(event, member) for member in crew))
        return len(crew)

    async def _call_one(self, event: Mapping[str, Any], member: Mapping[str, Any]) -> None:
        link = self._links.link(event["event_id"], member["id"])
        text = f"Hello {member['name']},\n\nyour checklist for {event['event_name']}:\n{link}\n"
        await self._send(member["email"], f"Crew call: {event['event_name']}", text)

    async def guest_confirmed(self, event: Mapping[str, Any], guests: int, note: str) -> None:
        """Tell the captain."""
        text = f"The guest confirmed {guests} guests for {event['event_name']}.\n\n{note}\n"
        await self._send(CAPTAIN_ADDRESS, f"Guest confirmed: {event['event_name']}", text)

    async def _send(self, to: str, subject: str, text: str) -> None:
        await asyncio.to_thread(
            self._ses.send_email,
            FromEmailAddress=CREW_SENDER,
            Destination={"ToAddresses": [to]},
            Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}},
        )
