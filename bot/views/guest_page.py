"""The guests' page: what a charter may show, in words, and the one file that holds it all."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from markupsafe import Markup

from bot.domain.outgoing import GuestPage
from bot.views import text
from bot.views.guest_words import contact_link, hours, length, until, weekday
from bot.views.ics import calendar_file
from bot.views.page_files import joined_scripts, joined_styles
from bot.views.page_policy import origins, policy
from bot.views.page_theme import Theme

BRING = (
    "Sunscreen, sunglasses and a hat",
    "A light jacket: it is cooler on the water",
    "Soft-soled shoes",
    "Something to drink and to nibble",
)
HOUSE_RULES = (
    "Please be at the dock ten minutes before we sail",
    "The captain's word is final: weather and safety come first",
    "Life jackets are on board for everybody; tell us about children and non-swimmers",
    "No smoking on board, and no red wine on the teak, please",
)
UPLOADS = ("https://*.amazonaws.com",)
_SCRIPTS = ("base", "clock", "confirm", "upload", "photos")
_STYLES = ("page", "parts", "print")
_NAME, _LINE, _PARAGRAPH = 60, 200, 400

Rendered = Callable[[str, Mapping[str, object]], str]


@dataclass(frozen=True)
class House:
    """What a deployment tells all its guests.

    Attributes:
        contact: who to call, as text; a telephone number or an address becomes a link. A boat's own
            contact goes before it.
        bring: what guests should bring.
        rules: what is asked of them on board.
        checklist: what the crew makes ready, for guests to read: these lines, all of the charter's
            crew tasks (True), or nothing.
        photo_grace_hours: how long after the charter photos are taken.
        photo_limit_mb: the largest photo that the crew service takes.
        upload_origins: where photos are uploaded to, for the page's content security policy.
    """

    contact: str = ""
    bring: tuple[str, ...] = BRING
    rules: tuple[str, ...] = HOUSE_RULES
    checklist: bool | tuple[str, ...] = False
    photo_grace_hours: int = 24
    photo_limit_mb: int = 15
    upload_origins: tuple[str, ...] = UPLOADS


class GuestPageView:
    """Renders pages; the same charter, the same bytes.

    Args:
        rendered: fills the template of a name with values.
        folder: where the page's styles and scripts are.
        public_url: where guests find their page; holds "{slug}".
        presign_url: where the page asks for leave to upload a photo; its sibling `confirm` takes
            the guests' confirmation.
        house: what all guests are told.
        theme: how it looks.
    """

    def __init__(
        self,
        rendered: Rendered,
        folder: Path,
        *,
        public_url: str,
        presign_url: str,
        house: House,
        theme: Theme,
    ) -> None:
        self._rendered = rendered
        self._host = urlsplit(public_url).hostname or ""
        self._presign_url = presign_url
        self._house = house
        self._theme = theme
        self._style = theme.style() + joined_styles(folder, _STYLES)
        self._script = f'(() => {{\n"use strict";\n{joined_scripts(folder, _SCRIPTS)}}})();'
        self._origins = origins(presign_url, house.upload_origins)

    def page(self, page: GuestPage) -> bytes:
        """One self-contained HTML file in UTF-8."""
        script = "" if page.cancelled else self._script
        values = {
            **self._times(page),
            **self._charter(page),
            **self._words(page),
            "csp": policy(self._style, script, self._origins),
            "style": Markup(self._style),  # noqa: S704 - our own files, nothing of a mail in them
            "script": Markup(script),  # noqa: S704 - as above
            "head_colours": self._theme.head_colours(),
            "icon": self._theme.icon(),
            "picture": self._theme.picture_of(page.boat.name),
            "picture_alt": text.plain(self._theme.alt or page.boat.name, _LINE),
            "confirm_url": urljoin(self._presign_url, "confirm"),
            "presign_url": self._presign_url,
            "photo_limit_mb": self._house.photo_limit_mb,
        }
        return self._rendered("guest_page/page.html.j2", values).encode()

    def _times(self, page: GuestPage) -> dict[str, object]:
        start, end = text.local(page.starts_at, page.boat), text.local(page.ends_at, page.boat)
        grace = timedelta(hours=self._house.photo_grace_hours)
        closes = text.local(page.ends_at.astimezone(UTC) + grace, page.boat)
        return {
            "starts_at": start.isoformat(),
            "ends_at": end.isoformat(),
            "closes_at": closes.isoformat(),
            "weekday": f"{start:%A}",
            "day_of_month": start.day,
            "month": f"{start:%B} {start.year}",
            "day": weekday(start),
            "hours": hours(start, end),
            "duration": length(page.ends_at.astimezone(UTC) - page.starts_at.astimezone(UTC)),
            "opens": until(end),
            "closes": until(closes),
            "zone": page.boat.time_zone,
        }

    def _charter(self, page: GuestPage) -> dict[str, object]:
        place = text.plain(page.boat.meeting_point, _PARAGRAPH)
        return {
            "cancelled": page.cancelled,
            "booking_id": page.booking_id,
            "shown_id": text.shown_id(page.booking_id),
            "boat": text.plain(page.boat.name, _NAME),
            "guest_name": text.plain(page.guest_name or "", _NAME),
            "guest_count": page.guest_count,
            "capacity": max(page.boat.capacity, page.guest_count),
            "party": text.count(page.guest_count, "guest"),
            "meeting_point": place,
            "map_link": "https://www.google.com/maps/search/?"
            + urlencode({"api": "1", "query": text.plain(place, _LINE)}),
            "calendar_name": f"charter-{page.booking_id}.ics",
            "calendar_link": _data_link(self._calendar_file(page, place)),
        }

    def _words(self, page: GuestPage) -> dict[str, object]:
        contact = page.boat.contact or self._house.contact
        return {
            "site_name": text.plain(self._theme.name or self._host, _NAME),
            "contact": text.plain(contact, _LINE),
            "contact_link": contact_link(contact),
            "bring": _lines(self._house.bring),
            "rules": _lines(self._house.rules),
            "prepared": _lines(self._prepared(page)),
        }

    def _prepared(self, page: GuestPage) -> tuple[str, ...]:
        if isinstance(self._house.checklist, tuple):
            return self._house.checklist
        return page.crew_tasks if self._house.checklist else ()

    def _calendar_file(self, page: GuestPage, place: str) -> bytes:
        return calendar_file(
            uid=f"{page.booking_id}@{self._host}",
            title=f"Sailing aboard {text.plain(page.boat.name, _NAME)}",
            place=place,
            notes=f"Booking {text.shown_id(page.booking_id)}",
            zone=page.boat.zone,
            starts_at=page.starts_at,
            ends_at=page.ends_at,
        )


def _data_link(content: bytes) -> str:
    return "data:text/calendar;charset=utf-8;base64," + base64.b64encode(content).decode()


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [text.plain(each, _LINE) for each in texts]
