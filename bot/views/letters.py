"""The mails to the operations manager and the crew."""

from collections.abc import Callable, Mapping
from textwrap import wrap

from bot.domain.charter import Charter
from bot.domain.errors import NeedsPerson
from bot.domain.mail_parts import MailParts
from bot.views import text

NAME, LINE, PARAGRAPH = 60, 150, 600
_READABLE = 72  # characters in a line of plain text

Rendered = Callable[[str, Mapping[str, object]], str]


class Letters:
    """Each mail as its subject, its text and its HTML.

    Args:
        rendered: fills the template of a name with values.
        public_url: where guests find their page; holds "{slug}".
    """

    def __init__(self, rendered: Rendered, public_url: str) -> None:
        self._rendered = rendered
        self._public_url = public_url

    def operations(self, charter: Charter) -> MailParts:
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

    def crew_link(self, event_name: str, link: str) -> MailParts:
        """To one crew member, with a fresh magic link.

        Raises:
            NeedsPerson: the link is none that can be mailed.
        """
        if not text.safe_url(link):
            raise NeedsPerson(
                "The crew's link is no web address, so it cannot be mailed.",
                "Check [crew_service] crew_link in charter.toml.",
            )
        name = text.plain(event_name, LINE)
        values = {"title": name, "link": link}
        return self._mail("crew_link", f"Your crew link: {name}", values)

    def _mail(self, name: str, subject: str, values: Mapping[str, object]) -> MailParts:
        subject = text.plain(subject, LINE)
        values = {**values, "subject": subject}
        return MailParts(
            subject=subject,
            text=_wrapped(self._rendered(f"email/{name}.txt.j2", values)),
            html=self._rendered(f"email/{name}.html.j2", values).strip() + "\n",
        )

    def _page_url(self, charter: Charter) -> str:
        shown = charter.artefacts.get("live_check") or charter.artefacts.get("guest_page")
        return (shown and shown.url) or self._public_url.replace("{slug}", charter.booking_id)

    def _links(self, charter: Charter) -> list[tuple[str, str]]:
        event = charter.artefacts.get("crew_event")
        links = [("Guest page", self._page_url(charter)), ("Crew page", event.url if event else "")]
        return [(name, url) for name, url in links if url and text.safe_url(url)]


def _wrapped(body: str) -> str:
    """Plain text with lines of a readable length; a link stays in one piece, whatever its length.

    Never more than one empty line, so that templates may be generous.
    """
    lines: list[str] = []
    for line in body.strip().splitlines():
        hanging = "  " if line.startswith("- ") else ""
        pieces = wrap(
            line,
            _READABLE,
            subsequent_indent=hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        if pieces or lines[-1:] != [""]:
            lines += pieces or [""]
    return "\n".join(lines) + "\n"


def _title(charter: Charter) -> str:
    start = text.local(charter.starts_at, charter.boat)
    boat = text.plain(charter.boat.name, NAME)
    return f"{boat}, {text.day(start)}, {start:%H:%M} ({text.shown_id(charter.booking_id)})"


def _rows(charter: Charter) -> list[tuple[str, str]]:
    """What both mails tell of a charter, each under its name; what is not known is left out."""
    rows = [
        ("Boat", text.plain(charter.boat.name, NAME)),
        ("When", text.span(charter.starts_at, charter.ends_at, charter.boat)),
        ("Where", text.plain(charter.boat.meeting_point, PARAGRAPH)),
        ("Guests", str(charter.passengers)),
        ("Guest", text.plain(charter.guest_name or "", NAME)),
        ("Crew", ", ".join(_lines(charter.crew))),
        ("Captain", charter.captain or ""),
        ("Add-ons", text.plain(charter.add_ons or "", PARAGRAPH)),
        (
            "Booking",
            f"{text.plain(charter.marketplace, NAME).title()} {text.shown_id(charter.booking_id)}",
        ),
    ]
    return [(name, value) for name, value in rows if value]


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [text.plain(each, LINE) for each in texts]


_DONE = {
    "calendar": "Calendar entry {id}",
    "crew_event": "Crew event {id}; the crew service mailed every member a link",
    "guest_page": "Guest page uploaded, in capitals and lower case",
    "cache": "CDN cache cleared",
    "live_check": "Public page compared with what was uploaded",
}


def _what_was_done(charter: Charter) -> list[str]:
    return [
        words.replace("{id}", text.plain(charter.artefacts[name].id, NAME))
        for name, words in _DONE.items()
        if name in charter.artefacts
    ]
