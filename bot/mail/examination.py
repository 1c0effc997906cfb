"""What became of a mail, decision by decision; the reading is the last of them.

A mail may hold others, attached or forwarded as text, and say everything twice, in text and in
HTML. Each of these is looked at by itself; what they say is then held against one another.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.boat import Boat
from bot.domain.booking import Booking, Kind, Reading
from bot.mail.caps import Limits
from bot.mail.charset import is_text
from bot.mail.document import Document, lines_of
from bot.mail.envelope import Envelope, mails_in
from bot.mail.forwards import unwrap
from bot.mail.marketplaces import MARKETPLACES
from bot.mail.marketplaces.base import Extract, Marketplace
from bot.mail.markup import seen_text, worth_parsing
from bot.mail.normalise import Fields, fields_of, local_zone, reconciled
from bot.mail.unreadable import Unreadable

_BOOKING_KINDS = {Kind.NEW, Kind.CHANGED, Kind.CANCELLED}


@dataclass(frozen=True)
class Pick:
    """A marketplace that took a document for its own, and what it read there."""

    marketplace: Marketplace
    document: Document
    extract: Extract


@dataclass(frozen=True)
class Alternative:
    """One of the ways in which a mail says what it says.

    Attributes:
        name: "text" or "HTML".
        documents: the mails that it holds, the innermost first.
        picks: what marketplaces made of them, in the order in which they were asked.
        pick: the one that counts, if any.
    """

    name: str
    documents: tuple[Document, ...]
    picks: tuple[Pick, ...]
    pick: Pick | None


@dataclass(frozen=True)
class Examined:
    """One mail: the forward itself, or one attached to it."""

    envelope: Envelope
    alternatives: tuple[Alternative, ...]
    reading: Reading

    @property
    def is_original(self) -> bool:
        """Whether what was read is this mail's own words, not of one that it quotes."""
        picks = [one.pick for one in self.alternatives if one.pick]
        return bool(picks) and not any(pick.document.forwarded for pick in picks)


@dataclass(frozen=True)
class Examination:
    """All mails found, the innermost first. `chosen`: whose reading counts."""

    mails: tuple[Examined, ...]
    chosen: Examined

    @property
    def reading(self) -> Reading:
        """What the mail says."""
        return self.chosen.reading


def examine(
    envelope: Envelope, boats: tuple[Boat, ...], default_zone: ZoneInfo | None, limits: Limits
) -> Examination:
    """Look at everything that an opened mail holds.

    Raises:
        Unreadable: too much is attached, or there is no text to read.
    """
    mails = mails_in(envelope, limits)
    with_html = worth_parsing([mail.html for mail in mails], limits)
    shown = [(mail, _shown(mail, with_html=with_html)) for mail in mails]
    if not any(text.strip() for _, texts in shown for text in texts.values()):
        held = any(mail.text.strip() for mail in mails)
        raise Unreadable("It is not text." if held else "There is no text in it to read.")
    examined = tuple(_examined(mail, texts, boats, default_zone) for mail, texts in shown)
    known = (one for one in examined if one.reading.marketplace)
    return Examination(examined, next(known, examined[-1]))


def _shown(mail: Envelope, *, with_html: bool) -> dict[str, str]:
    texts = {"text": mail.text, "HTML": seen_text(mail.html) if with_html else ""}
    return {name: text if is_text(text) else "" for name, text in texts.items()}


def _examined(
    envelope: Envelope,
    texts: dict[str, str],
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None,
) -> Examined:
    alternatives = tuple(_alternative(envelope, name, text) for name, text in texts.items() if text)
    picks = tuple(one.pick for one in alternatives if one.pick)
    return Examined(envelope, alternatives, _reading(picks, boats, default_zone))


def _alternative(envelope: Envelope, name: str, text: str) -> Alternative:
    documents = unwrap(lines_of(text, name), sender=envelope.sender, subject=envelope.subject)
    picks = tuple(
        Pick(marketplace, document, marketplace.read(document))
        for document in documents
        if document.said
        for marketplace in MARKETPLACES
        if marketplace.can_handle(document)
    )
    return Alternative(name, documents, picks, _best(picks))


def _best(picks: tuple[Pick, ...]) -> Pick | None:
    """The first that made sense of it, so that to claim another's mail does no harm."""
    sensible = (pick for pick in picks if pick.extract.kind is not Kind.UNRECOGNISED)
    return next(sensible, picks[0] if picks else None)


def _reading(
    picks: tuple[Pick, ...], boats: tuple[Boat, ...], default_zone: ZoneInfo | None
) -> Reading:
    """One mail's reading: its alternatives must tell the same story."""
    if not picks:
        return Reading(kind=Kind.UNRECOGNISED)
    marketplace = picks[0].marketplace
    same = tuple(pick for pick in picks if pick.marketplace is marketplace)
    kinds = {pick.extract.kind for pick in same} - {Kind.UNRECOGNISED}
    kind = kinds.pop() if len(kinds) == 1 else Kind.UNRECOGNISED
    fields = _fields(same, boats, default_zone)
    about = fields.get("booking_id")
    values = {name: reading.value for name, reading in fields.items()}
    sells = kind in _BOOKING_KINDS
    return Reading(
        kind=kind,
        marketplace=marketplace.name,
        booking=Booking(**values) if sells else Booking(),
        fields=fields if sells else {},
        about=str(about.value) if about and about.sure else None,
    )


def _fields(
    picks: tuple[Pick, ...], boats: tuple[Boat, ...], default_zone: ZoneInfo | None
) -> Fields:
    titles = (words for pick in picks for words in pick.extract.found.get("listing", ()))
    listing = next((words.text for words in titles), None)
    local = local_zone(listing, boats, default_zone)
    return reconciled(*(fields_of(pick.extract, pick.marketplace, local) for pick in picks))
