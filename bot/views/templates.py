"""What guests, crew and the operations manager get: allow-listed values into templates.

No template is given a charter, only the words made of it here, so none can show its money.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.domain.charter import Charter
from bot.domain.mail_parts import MailParts
from bot.domain.outgoing import GuestPage
from bot.views import text
from bot.views.guest_words import contact_link, hours, length, until, weekday
from bot.views.ics import calendar_file
from bot.views.page_policy import origins, policy

_FOLDER = Path(__file__).resolve().parents[2] / "templates"
_BRING = (
    "Sunscreen, sunglasses and a hat",
    "A light jacket: it is cooler on the water",
    "Soft-soled shoes",
    "Something to drink and to nibble",
)
_UPLOADS = ("https://*.amazonaws.com",)
_NAME, _LINE, _PARAGRAPH = 60, 150, 600


class JinjaTemplates:
    """Guest page and mails from the files under `templates/`; the same charter, the same bytes.

    Args:
        public_url: where guests find their page; holds "{slug}".
        presign_url: where the page asks for leave to upload a photo; its sibling `confirm` takes
            the guests' confirmation.
        photo_grace_hours: how long after the charter photos are taken.
        site_name: whose page it is; without one the public host's name.
        contact: who to call, as text; a telephone number or an address becomes a link.
        bring: what guests should bring.
        upload_origins: where photos are uploaded to, for the page's content security policy.
    """

    def __init__(
        self,
        *,
        public_url: str,
        presign_url: str,
        photo_grace_hours: int = 24,
        site_name: str = "",
        contact: str = "",
        bring: tuple[str, ...] = _BRING,
        upload_origins: tuple[str, ...] = _UPLOADS,
    ) -> None:
        self._public_url = public_url
        self._presign_url = presign_url
        self._confirm_url = urljoin(presign_url, "confirm")
        self._grace = timedelta(hours=photo_grace_hours)
        self._site = site_name or urlsplit(public_url).hostname or ""
        self._contact = contact
        self._bring = bring
        self._files = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=select_autoescape(("html.j2",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._style = (_FOLDER / "guest_page" / "page.css").read_text("utf-8")
        self._script = (_FOLDER / "guest_page" / "page.js").read_text("utf-8")
        self._csp = policy(self._style, self._script, origins(presign_url, upload_origins))

    def guest_page(self, charter: Charter) -> bytes:
        """The guest's page: one self-contained HTML file in UTF-8."""
        page = GuestPage.of(charter)
        start, end = text.local(page.starts_at, page.boat), text.local(page.ends_at, page.boat)
        closes = text.local(page.ends_at.astimezone(UTC) + self._grace, page.boat)
        place = text.plain(page.boat.meeting_point, _PARAGRAPH)
        values = {
            "csp": self._csp,
            "style": Markup(self._style),  # noqa: S704 - our own file, nothing of a mail in it
            "script": Markup(self._script),  # noqa: S704 - as above
            "site_name": text.plain(self._site, _NAME),
            "booking_id": page.booking_id,
            "shown_id": text.shown_id(page.booking_id),
            "boat": text.plain(page.boat.name, _NAME),
            "guest_name": text.plain(page.guest_name or "", _NAME),
            "guest_count": page.guest_count,
            "capacity": max(page.boat.capacity, page.guest_count),
            "party": text.count(page.guest_count, "guest"),
            "starts_at": start.isoformat(),
            "ends_at": end.isoformat(),
            "closes_at": closes.isoformat(),
            "day": weekday(start),
            "hours": hours(start, end),
            "duration": length(page.ends_at.astimezone(UTC) - page.starts_at.astimezone(UTC)),
            "closes": until(closes),
            "meeting_point": place,
            "map_link": "https://www.google.com/maps/search/?"
            + urlencode({"api": "1", "query": place}),
            "bring": self._bring,
            "contact": text.plain(self._contact, _LINE),
            "contact_link": contact_link(self._contact),
            "calendar_name": f"charter-{page.booking_id}.ics",
            "calendar_link": _data_link(self._calendar_file(page, place)),
            "confirm_url": self._confirm_url,
            "presign_url": self._presign_url,
        }
        return self._rendered("guest_page/page.html.j2", values).encode()

    def operations_mail(self, charter: Charter) -> MailParts:
        """To the operations manager, when the charter is set up."""
        values = {
            "title": _title(charter),
            "links": self._links(charter),
            "rows": _rows(charter),
            "tasks": _lines(charter.crew_tasks),
            "done": _what_was_done(charter),
        }
        return self._mail("operations", f"Set up: {_title(charter)}", values)

    def crew_summary(self, charter: Charter) -> MailParts:
        """To the crew, where the deployment wants a second mail."""
        values = {
            "title": _title(charter),
            "links": self._links(charter),
            "rows": _rows(charter),
            "tasks": _lines(charter.crew_tasks),
        }
        return self._mail("crew_summary", f"Your charter: {_title(charter)}", values)

    def crew_link_mail(self, event_name: str, link: str) -> MailParts:
        """To one crew member, with a fresh magic link."""
        name = text.plain(event_name, _LINE)
        values = {"title": name, "link": text.safe_url(link) or ""}
        return self._mail("crew_link", f"Your crew link: {name}", values)

    def _mail(self, name: str, subject: str, values: Mapping[str, object]) -> MailParts:
        subject = text.plain(subject, _LINE)
        values = {**values, "subject": subject}
        return MailParts(
            subject=subject,
            text=self._rendered(f"email/{name}.txt.j2", values).strip() + "\n",
            html=self._rendered(f"email/{name}.html.j2", values).strip() + "\n",
        )

    def _rendered(self, name: str, values: Mapping[str, object]) -> str:
        return self._files.get_template(name).render(values)

    def _page_url(self, charter: Charter) -> str:
        shown = charter.artefacts.get("live_check") or charter.artefacts.get("guest_page")
        return (shown and shown.url) or self._public_url.replace("{slug}", charter.booking_id)

    def _links(self, charter: Charter) -> list[tuple[str, str]]:
        event = charter.artefacts.get("crew_event")
        links = [("Guest page", self._page_url(charter)), ("Crew page", event.url if event else "")]
        return [(name, url) for name, url in links if url and text.safe_url(url)]

    def _calendar_file(self, page: GuestPage, place: str) -> bytes:
        return calendar_file(
            uid=f"{page.booking_id}@{urlsplit(self._public_url).hostname}",
            title=f"Sailing aboard {text.plain(page.boat.name, _NAME)}",
            place=place,
            notes=f"Booking {text.shown_id(page.booking_id)}",
            starts_at=page.starts_at,
            ends_at=page.ends_at,
        )


def _data_link(content: bytes) -> str:
    return "data:text/calendar;charset=utf-8;base64," + base64.b64encode(content).decode()


def _title(charter: Charter) -> str:
    start = text.local(charter.starts_at, charter.boat)
    boat = text.plain(charter.boat.name, _NAME)
    return f"{boat}, {text.day(start)}, {start:%H:%M} ({text.shown_id(charter.booking_id)})"


def _rows(charter: Charter) -> list[tuple[str, str]]:
    """What both mails tell of a charter, each under its name; what is not known is left out."""
    rows = [
        ("Boat", text.plain(charter.boat.name, _NAME)),
        ("When", text.span(charter.starts_at, charter.ends_at, charter.boat)),
        ("Where", text.plain(charter.boat.meeting_point, _PARAGRAPH)),
        ("Guests", str(charter.passengers)),
        ("Guest", text.plain(charter.guest_name or "", _NAME)),
        ("Crew", ", ".join(_lines(charter.crew))),
        ("Captain", charter.captain or ""),
        ("Add-ons", text.plain(charter.add_ons or "", _PARAGRAPH)),
        (
            "Booking",
            f"{text.plain(charter.marketplace, _NAME).title()} {text.shown_id(charter.booking_id)}",
        ),
    ]
    return [(name, value) for name, value in rows if value]


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [text.plain(each, _LINE) for each in texts]


_DONE = {
    "calendar": "Calendar entry {id}",
    "crew_event": "Crew event {id}; the crew service mailed every member a link",
    "guest_page": "Guest page uploaded, in capitals and lower case",
    "cache": "CDN cache cleared",
    "live_check": "Public page compared with what was uploaded",
}


def _what_was_done(charter: Charter) -> list[str]:
    return [
        words.replace("{id}", text.plain(charter.artefacts[name].id, _NAME))
        for name, words in _DONE.items()
        if name in charter.artefacts
    ]
