"""What became of a mail, decision by decision; the reading is the last of them.

A mail may hold others, attached or forwarded as text, and say everything three times: in text, in
HTML, and in data for machines. Each of these is looked at by itself; what they say is then held
against one another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.domain.boat import Boat
from bot.domain.booking import Kind, Reading
from bot.mail.caps import Limits, check_headers, check_lines, check_quoted
from bot.mail.charset import is_text
from bot.mail.document import Document, lines_of
from bot.mail.envelope import Envelope, mails_in
from bot.mail.forwards import unwrap
from bot.mail.marketplaces import MARKETPLACES, STRUCTURED
from bot.mail.marketplaces.base import Marketplace
from bot.mail.markup import seen_text, worth_parsing
from bot.mail.merging import Pick, reading_of
from bot.mail.rivals import is_past, quotes, weighed
from bot.mail.structured import Data, data_in
from bot.mail.structured.listings import recognised
from bot.mail.unreadable import Unreadable

__all__ = ["Alternative", "Examination", "Examined", "Pick", "examine"]


@dataclass(frozen=True)
class Alternative:
    """One of the ways in which a mail says what it says.

    Attributes:
        name: "data", "text" or "HTML".
        documents: the mails that it holds, the innermost first.
        picks: what marketplaces made of them, in the order in which they were asked.
        pick: the one that counts, if any; of data, all count.
        notes: a sentence for everything that was left out.
    """

    name: str
    documents: tuple[Document, ...]
    picks: tuple[Pick, ...]
    pick: Pick | None
    notes: tuple[str, ...] = ()


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
    check_lines((text for _, texts in shown for text in texts.values()), limits)
    told = [data_in(mail.html if with_html else "", mail.calendars, limits) for mail in mails]
    says = any(text.strip() for _, texts in shown for text in texts.values())
    if not says and not any(data.items for data in told):
        held = any(mail.text.strip() for mail in mails)
        raise Unreadable("It is not text." if held else "There is no text in it to read.")
    examined = tuple(
        _examined(mail, texts, data, boats, default_zone, limits)
        for (mail, texts), data in zip(shown, told, strict=True)
    )
    known = (one for one in examined if one.reading.marketplace)
    chosen = next(known, examined[-1])
    rivals = _rivals(chosen, examined, boats, default_zone)
    settled = replace(chosen, reading=weighed(chosen.reading, rivals))
    return Examination(tuple(settled if one is chosen else one for one in examined), settled)


def _rivals(
    chosen: Examined,
    examined: tuple[Examined, ...],
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None,
) -> Iterator[Reading]:
    """What other mails say, attached or quoted, that a marketplace wrote as well."""
    for one in examined:
        if one is not chosen and one.reading.marketplace:
            yield one.reading
    for way in chosen.alternatives:
        for pick in way.picks:
            if way.pick and pick.document is not way.pick.document:
                rival = reading_of((pick,), (), (pick.document,), boats, default_zone)
                if not (quotes(way.pick, pick, way.documents) and is_past(rival, chosen.reading)):
                    yield rival


def _shown(mail: Envelope, *, with_html: bool) -> dict[str, str]:
    texts = {"text": mail.text, "HTML": seen_text(mail.html) if with_html else ""}
    return {name: text if is_text(text) else "" for name, text in texts.items()}


def _examined(
    envelope: Envelope,
    texts: dict[str, str],
    data: Data,
    boats: tuple[Boat, ...],
    default_zone: ZoneInfo | None,
    limits: Limits,
) -> Examined:
    seen = tuple(_alternative(envelope, name, text, limits) for name, text in texts.items() if text)
    unseen = _data(envelope, seen, data, boats)
    told = tuple(one.pick for one in seen if one.pick)
    documents = tuple(document for one in seen for document in one.documents)
    picks = unseen.picks if unseen else ()
    reading = reading_of(told, picks, documents, boats, default_zone)
    return Examined(envelope, (unseen, *seen) if unseen else seen, reading)


def _data(
    envelope: Envelope, seen: tuple[Alternative, ...], data: Data, boats: tuple[Boat, ...]
) -> Alternative | None:
    """What is said for machines, by whoever wrote the innermost mail that people see.

    It is as little vouched for as that: a forward's data may be of the mail that it quotes.
    """
    if not data.items and not data.notes:
        return None
    documents = [document for one in seen for document in one.documents]
    documents += unwrap((), sender=envelope.sender, subject=envelope.subject)
    quoted = [document for document in documents if document.forwarded]
    bare = replace([*quoted, *documents][0], lines=())
    known = any(one.picks for one in seen) or bool(_asked(bare, MARKETPLACES))
    items = recognised(data.items, boats, from_marketplace=known)
    document = replace(bare, items=items)
    picks = _asked(document, STRUCTURED)
    return Alternative("data", (document,), picks, _best(picks, (document,)), data.notes)


def _alternative(envelope: Envelope, name: str, text: str, limits: Limits) -> Alternative:
    lines = lines_of(text, name)
    check_headers((line.text for line in lines), limits)
    documents = unwrap(lines, sender=envelope.sender, subject=envelope.subject)
    check_quoted(len(documents), limits)
    said = (document for document in documents if document.said)
    picks = tuple(pick for document in said for pick in _asked(document, MARKETPLACES))
    return Alternative(name, documents, picks, _best(picks, documents))


def _asked(document: Document, marketplaces: tuple[Marketplace, ...]) -> tuple[Pick, ...]:
    """What marketplaces make of a mail; nobody is asked of what a person only answers."""
    if document.answered:
        return ()
    return tuple(
        Pick(marketplace, document, marketplace.read(document))
        for marketplace in marketplaces
        if marketplace.can_handle(document)
    )


def _best(picks: tuple[Pick, ...], documents: tuple[Document, ...]) -> Pick | None:
    """The first that made sense of it, so that to claim another's mail does no harm.

    But what a marketplace's mail quotes, even one that makes no sense, was sent with that mail.
    """
    sensible = (pick for pick in picks if pick.extract.kind is not Kind.UNRECOGNISED)
    best = next(sensible, picks[0] if picks else None)
    around = [pick for pick in picks if best and quotes(pick, best, documents)]
    return around[-1] if around else best
