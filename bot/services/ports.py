"""What the bot needs of the outside world, as Protocols. Real clients stand beside this file.

Every method may raise the errors of `bot.domain.errors` and nothing else that a caller must know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain.charter import Charter
from bot.domain.errors import Refused
from bot.domain.mail_parts import MailParts
from bot.domain.message import Message
from bot.domain.outgoing import CalendarEntry, CrewEvent, Mail


class Calendar(Protocol):
    """The operator's internal calendar."""

    async def find(self, booking_id: str) -> str | None:
        """The id of the booking's entry, read from the calendar itself."""

    async def create(self, entry: CalendarEntry) -> str:
        """Make the entry and return its id. Not idempotent with every calendar."""


class CrewService(Protocol):
    """The service that calls the crew. Creating an event mails every member at once."""

    async def find(self, booking_id: str) -> str | None:
        """The event id of a booking."""

    async def create(self, event: CrewEvent) -> str:
        """Create the event and return its id. Not idempotent."""

    async def resend(self, event_id: str) -> int:
        """Mail fresh magic links to the crew and return how many went out."""

    def crew_link(self, event_id: str) -> str:
        """Where crew members open the event."""


@dataclass(frozen=True)
class StoredEvent:
    """The crew event as stored. `notes` is text (JSON or prose) or a map; `crew` its members."""

    event_id: str
    notes: Any
    crew: tuple[Mapping[str, Any], ...] = ()
    name: str = ""


class LostRace(Exception):  # noqa: N818
    """The stored item changed between the read and the conditional write; read again."""


class CrewTable(Protocol):
    """The crew service's own table, for what its API does not offer."""

    async def get(self, event_id: str) -> StoredEvent | None:
        """A strongly consistent read."""

    async def replace_notes(self, event_id: str, *, seen: Any, notes: Any) -> None:
        """Write `notes` if the item's notes are still what was `seen`.

        Raises:
            LostRace: they are not.
        """


class GuestPages(Protocol):
    """The bucket that holds the guests' pages."""

    def keys(self, booking_id: str) -> tuple[str, ...]:
        """The object keys of a booking's page: the canonical one first, then its alias."""

    async def get(self, key: str) -> bytes | None:
        """The object's bytes, or None if there is none."""

    async def put(self, key: str, body: bytes) -> None:
        """Store the page as UTF-8 HTML; the same bytes twice are one effect."""


@dataclass(frozen=True)
class Invalidation:
    """A request to forget cached pages. `done` once every edge has forgotten them."""

    id: str
    done: bool


class Edge(Protocol):
    """The CDN in front of the guests' pages."""

    def paths(self, booking_id: str) -> tuple[str, ...]:
        """Every path under which a booking's page can be cached, in both spellings."""

    async def invalidate(self, paths: tuple[str, ...], reference: str) -> Invalidation:
        """Forget `paths`; the same reference and paths are one invalidation."""

    async def status(self, invalidation_id: str) -> Invalidation:
        """How far an invalidation is."""


class PublicSite(Protocol):
    """The guests' pages as the public sees them, through the edge."""

    def urls(self, booking_id: str) -> tuple[str, ...]:
        """Both public spellings; the one to give to guests first."""

    async def fetch(self, url: str) -> bytes:
        """The page's bytes."""


class Mailer(Protocol):
    """Outgoing mail."""

    async def send(self, mail: Mail) -> str:
        """Send once and return the provider's message id.

        Raises:
            Unknown: the request went out and no answer came back.
        """


class Templates(Protocol):
    """The words and looks of what guests, crew and the operations manager get."""

    def guest_page(self, charter: Charter, *, cancelled: bool = False) -> bytes:
        """The guest's page: one self-contained HTML file in UTF-8.

        `cancelled`: the kind page that says that the charter will not take place.
        """

    def operations_mail(self, charter: Charter) -> MailParts:
        """To the operations manager, when the charter is set up."""

    def crew_summary(self, charter: Charter) -> MailParts:
        """To the crew, where the deployment wants a second mail."""

    def crew_link_mail(self, event_name: str, link: str) -> MailParts:
        """To one crew member, with a fresh magic link."""


class CrewLinks(Protocol):
    """Fresh links to the crew, by whichever way the deployment has."""

    async def resend(self, event_id: str) -> int:
        """Mail them and return how many went out."""


class Secrets(Protocol):
    """Secret references, resolved when they are needed."""

    async def get(self, reference: str, *, fresh: bool = False) -> str:
        """The value behind `env:NAME` or `secretsmanager:name#key`; `fresh` asks its home again."""


class TextRecords(Protocol):
    """What domains say of themselves, such as the keys that their mail is signed with."""

    async def of(self, name: str) -> tuple[bytes, ...]:
        """Each TXT record of a name; none if there is none."""


class MessageGone(Refused):
    """The message to be updated, or its thread, was deleted."""


class UserGone(Refused):
    """Slack does not know this person, or does not any more."""


class Chat(Protocol):
    """Slack's Web API, as far as the bot speaks it; inside Slack's rates, retried in one place."""

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """Post with identity `key` in the metadata and return the ts. Not idempotent.

        Raises:
            Unknown: the request went out and no answer came back; look with `find`.
        """

    async def update(self, channel: str, ts: str, message: Message, *, key: str) -> None:
        """Replace a message, keeping its identity."""

    async def find(self, channel: str, key: str, *, thread: str | None, oldest: str) -> str | None:
        """The ts of our message with that identity, posted at `oldest` or later."""

    async def permalink(self, channel: str, ts: str) -> str | None:
        """A link that opens the message."""

    async def whisper(
        self, channel: str, user: str, message: Message, *, thread: str | None = None
    ) -> None:
        """An ephemeral message that only `user` sees."""

    async def respond(self, url: str, message: Message) -> None:
        """Answer a command where it was typed; the `response_url` takes five within 30 minutes."""

    async def group_members(self, group: str) -> frozenset[str]:
        """The users of a user group."""

    async def file(self, file_id: str) -> Mapping[str, Any]:
        """`files.info` of a file."""

    async def download(self, url: str, *, limit: int) -> bytes:
        """A file's bytes, from Slack's own hosts alone, at most `limit` of them."""

    async def upload(self, name: str, content: bytes) -> str:
        """Bring a file to Slack and return its id. Nobody sees it before it is shared."""

    async def share(self, file_id: str, *, title: str, channel: str, thread: str) -> None:
        """Show an uploaded file in a thread. Not idempotent.

        Raises:
            Unknown: the request went out and no answer came back; `file` says where it is shared.
        """

    async def history(self, channel: str, *, oldest: str) -> tuple[Mapping[str, Any], ...]:
        """Messages of a channel since `oldest` (a ts), oldest first."""

    async def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        """What `user` sees in the app's Home tab.

        Raises:
            UserGone: there is no such person.
        """

    async def open_modal(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Open a modal; `trigger` lives three seconds."""
