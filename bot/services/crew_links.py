"""Fresh links to the crew: by the crew service, or minted and mailed here if it has no route."""

import re
import secrets as randomness
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bot.domain.errors import NeedsPerson, ServiceError, Unknown
from bot.domain.outgoing import Mail
from bot.services.ids import as_segment
from bot.services.ports import CrewService, CrewTable, Mailer, Secrets, Templates

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class ApiLinks:
    """The crew service mails them itself."""

    def __init__(self, crew_service: CrewService) -> None:
        self._crew_service = crew_service

    async def resend(self, event_id: str) -> int:
        """Have them mailed and return how many went out."""
        return await self._crew_service.resend(event_id)


class MintedLinks:
    """Signs a link for each member of the stored event and mails it.

    Args:
        table: where the event and its crew are stored.
        mailer: sends the mails.
        templates: words them.
        secrets: where the signing secret is resolved.
        signing_secret: its reference; the crew service knows the same secret (HS256).
        crew_link: where crew members open an event; holds "{event_id}".
        now: the time of day, in UTC.
        lifetime: how long a link works.
    """

    def __init__(
        self,
        table: CrewTable,
        mailer: Mailer,
        templates: Templates,
        secrets: Secrets,
        *,
        signing_secret: str,
        crew_link: str,
        now: Callable[[], datetime],
        lifetime: timedelta = timedelta(days=7),
    ) -> None:
        self._table = table
        self._mailer = mailer
        self._templates = templates
        self._secrets = secrets
        self._signing_secret = signing_secret
        self._crew_link = crew_link
        self._now = now
        self._lifetime = lifetime

    async def resend(self, event_id: str) -> int:
        """Mail every member a fresh link and return how many mails went out.

        Raises:
            NeedsPerson: no crew, a member without an address, or a link that is no web address;
                nothing was sent.
            Unknown: some mails went out and not all.
        """
        event = await self._table.get(event_id)
        if event is None:
            raise NeedsPerson(
                "The crew event is no longer stored.", "Look for it in the crew service's table."
            )
        recipients = _recipients(event.crew)
        key = await self._secrets.get(self._signing_secret)
        mails = [
            self._mail(event.name, address, self._link(event_id, crew_id, key))
            for crew_id, address in recipients
        ]
        for sent, mail in enumerate(mails):
            await _sent_all_or_said(self._mailer, mail, sent, len(mails))
        return len(mails)

    def _link(self, event_id: str, crew_id: str, key: str) -> str:
        import jwt  # noqa: PLC0415 - drags cryptography in, which few deployments need

        now = self._now()
        token = jwt.encode(
            {
                "crew_id": crew_id,
                "event_id": event_id,
                "iat": now,
                "exp": now + self._lifetime,
                "jti": randomness.token_urlsafe(12),
            },
            key,
            algorithm="HS256",
        )
        page = self._crew_link.replace("{event_id}", as_segment(event_id, "The crew service"))
        return f"{page}?{urlencode({'magic_link': token})}"

    def _mail(self, event_name: str, address: str, link: str) -> Mail:
        parts = self._templates.crew_link_mail(event_name, link)
        return Mail(to=(address,), subject=parts.subject, text=parts.text, html=parts.html)


def _recipients(crew: tuple[Mapping[str, Any], ...]) -> list[tuple[str, str]]:
    """Crew id and address of each member, all of them or none."""
    if not crew:
        raise NeedsPerson(
            "The stored event has no crew, so no link was sent.",
            "Look at the event in the crew service.",
        )
    found = [(_crew_id(member), str(member.get("email") or "")) for member in crew]
    lacking = [who or "a member without id" for who, email in found if not _usable(who, email)]
    if lacking:
        raise NeedsPerson(
            f"No link was sent: the stored event has no usable address for {', '.join(lacking)}.",
            "Add it in the crew service, then resend.",
        )
    return found


def _crew_id(member: Mapping[str, Any]) -> str:
    return str(member.get("crew_id") or member.get("id") or "")


def _usable(crew_id: str, address: str) -> bool:
    return bool(crew_id and _ADDRESS.fullmatch(address))


async def _sent_all_or_said(mailer: Mailer, mail: Mail, sent: int, wanted: int) -> None:
    """Send one of several mails; a failure after the first is a job half done, and says so."""
    try:
        await mailer.send(mail)
    except ServiceError as error:
        if sent == 0:
            raise
        raise Unknown(
            f"{sent} of {wanted} links went out, then: {error.what}",
            f"{error.hint} Resending sends a fresh link to every member.".strip(),
        ) from error
