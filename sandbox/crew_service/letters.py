"""The crew service's mail, sent from its own account."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Literal

from sandbox.aws.accounts import CREW_SENDER
from sandbox.crew_service import words
from sandbox.crew_service.links import MagicLink, MagicLinks
from sandbox.crew_service.page_files import PageFiles
from sandbox.crew_service.roster import CAPTAIN_ADDRESS

_CAPTAIN = "captain"
_SUBJECT = 150

Event = Mapping[str, Any]


class Letters:
    """Sends through SES version 2. Every event is a readable one.

    Args:
        ses: a client in the crew service's account.
        links: mints the links in the mails.
        files: the mails' templates.
    """

    def __init__(self, ses: Any, links: MagicLinks, files: PageFiles) -> None:
        self._ses = ses
        self._links = links
        self._files = files

    async def call(self, event: Event) -> int:
        """Call every member, each with a link of their own; how many were sent."""
        about = f"Crew call, please answer: {_about(event)}"
        return await self._to_crew(event, about, "You are called for this charter.")

    async def call_again(self, event: Event) -> int:
        """A fresh link to every member; how many were sent."""
        about = f"Crew call, your fresh link: {_about(event)}"
        return await self._to_crew(event, about, "Here is a fresh link for this charter.")

    async def guest_confirmed(self, event: Event, guests: int, note: str) -> None:
        """Tell the captain."""
        said = words.count(guests, "guest")
        values = {
            "lead": f"The guest confirmed {said}.",
            "note": words.shown_lines(note),
            "note_from": "The guest's note",
        }
        await self._to_captain(event, f"Guest confirmed, {said}: {_about(event)}", values)

    async def answered(
        self, event: Event, name: str, state: Literal["accepted", "declined"]
    ) -> None:
        """Tell the captain that a member declined, or after that accepted."""
        who = words.shown(name, 60)
        what = "cannot come" if state == "declined" else "can come after all"
        lead = f"{who} {what}."
        if state == "declined":
            lead += " Somebody else may have to be called."
        values = {"lead": lead, "note": "", "note_from": ""}
        await self._to_captain(event, f"{who} {what}: {_about(event)}", values)

    async def _to_crew(self, event: Event, subject: str, lead: str) -> int:
        crew = event["crew"]
        await asyncio.gather(*(self._call_one(event, one, subject, lead) for one in crew))
        return len(crew)

    async def _call_one(
        self, event: Event, member: Mapping[str, Any], subject: str, lead: str
    ) -> None:
        ends_at = words.moment(event["end_time"])
        link = self._links.link(event["event_id"], member["id"], ends_at)
        start = words.moment(event["start_time"])
        until = link.expires_at.astimezone(words.zone_of(start))
        values = {
            **_facts(event),
            "hello": words.shown(member["name"], 60),
            "lead": lead,
            "url": link.url,
            "expires": words.full(until),
            "tasks": [words.shown(task, 400) for task in event["crew_tasks"]],
            "crew": [words.shown(one["name"], 60) for one in event["crew"]],
        }
        await self._send(member["email"], subject, "call", values)

    async def _to_captain(self, event: Event, subject: str, values: Mapping[str, Any]) -> None:
        link = self._captains_link(event)
        url = link.url if link else ""
        filled = {**_facts(event), **values, "url": url}
        await self._send(CAPTAIN_ADDRESS, subject, "notice", filled)

    def _captains_link(self, event: Event) -> MagicLink | None:
        """The captain's own, if the captain is of this event's crew."""
        if any(member["id"] == _CAPTAIN for member in event["crew"]):
            ends_at = words.moment(event["end_time"])
            return self._links.link(event["event_id"], _CAPTAIN, ends_at)
        return None

    async def _send(self, to: str, subject: str, template: str, values: Mapping[str, Any]) -> None:
        subject = words.shown(subject, _SUBJECT)
        filled = {**values, "subject": subject}
        text = _tidy(self._files.rendered(f"mail/{template}.txt.j2", filled))
        html = self._files.rendered(f"mail/{template}.html.j2", filled)
        body = {"Text": _utf8(text), "Html": _utf8(html)}
        await asyncio.to_thread(
            self._ses.send_email,
            FromEmailAddress=CREW_SENDER,
            Destination={"ToAddresses": [to]},
            Content={"Simple": {"Subject": _utf8(subject), "Body": body}},
        )


def _about(event: Event) -> str:
    start = words.moment(event["start_time"])
    at = start.astimezone(words.zone_of(start))
    name = words.shown(event["event_name"], 60)
    day = words.short_day(at)
    return f"{name}, {words.time_of_day(at)}" if day in name else f"{name}, {words.brief(at)}"


def _facts(event: Event) -> dict[str, str]:
    start = words.moment(event["start_time"])
    start = start.astimezone(words.zone_of(start))
    end = words.moment(event["end_time"]).astimezone(start.tzinfo)
    guests = event["guest_count"]
    return {
        "name": words.shown(event["event_name"], 400),
        "day": words.day(start),
        "hours": words.hours(start, end),
        "length": words.length(end - start),
        "guests": "" if guests is None else str(guests),
    }


def _tidy(text: str) -> str:
    """Never more than one empty line, so that templates may be generous."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
