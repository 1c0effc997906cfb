"""`charter parse --explain`: every decision between a mail's bytes and its reading, in order."""

from collections.abc import Iterable, Iterator

from bot.domain.boat import Boat
from bot.domain.booking import FieldReading, Kind, Reading
from bot.mail.document import Document, Item, Line
from bot.mail.envelope import Envelope
from bot.mail.examination import Alternative, Examination, Examined, Pick
from bot.mail.marketplaces import MARKETPLACES, STRUCTURED
from bot.mail.marketplaces.base import Extract
from bot.mail.marketplaces.evidence import Worded, evidence
from bot.mail.merging import zone_of
from bot.mail.moments import LocalZone
from bot.mail.normalise import fields_of
from bot.views.explanation import Piece, Remark, Tone, quote, remark
from bot.views.text import count

_EVIDENCE = 3  # lines of a mail that tell what it is about
_MOST_PLACES = 24
_TONES: dict[Kind, Tone] = {
    Kind.NEW: "good",
    Kind.CHANGED: "good",
    Kind.CANCELLED: "good",
    Kind.INFORMATIONAL: "doubt",
    Kind.UNRECOGNISED: "bad",
}


def explanation(name: str, examination: Examination, boats: tuple[Boat, ...]) -> list[Remark]:
    """What was found in the file, alternative by alternative, field by field."""
    mails = examination.mails
    parts = [_mail(number, mail, mails, boats) for number, mail in enumerate(mails, start=1)]
    if len(mails) > 1:
        parts.append(_chosen(examination))
    parts.append(_reading(examination.reading))
    return [remark(Piece(name, "title"), parts=parts)]


def _mail(
    number: int, mail: Examined, mails: tuple[Examined, ...], boats: tuple[Boat, ...]
) -> Remark:
    which = "the file itself" if mail is mails[-1] else "attached to another"
    local = _zone(mail, boats)
    counting = _counting(mail)
    parts = [*_envelope(mail.envelope)]
    parts += [_alternative(one, counting) for one in mail.alternatives]
    if counting:
        parts += [_kinds(mail), _fields(mail, local)]
    return remark(Piece(f"Mail {number} of {len(mails)}", "title"), f", {which}", parts=parts)


def _envelope(envelope: Envelope) -> Iterator[Remark]:
    yield remark("from ", quote(envelope.sender) if envelope.sender else "nobody")
    yield remark("subject ", quote(envelope.subject) if envelope.subject else "none")
    sizes = [
        f"text {len(envelope.text):,} characters",
        f"HTML {len(envelope.html):,} characters",
        count(len(envelope.calendars), "calendar"),
        f"{count(len(envelope.attached), 'mail')} attached",
    ]
    yield remark(Piece(", ".join(sizes), "faint"))


def _alternative(one: Alternative, counting: list[Pick]) -> Remark:
    documents = one.documents
    parts = [
        _document(number, document, one, counting)
        for number, document in enumerate(documents, start=1)
    ]
    parts += _few(remark("left out: ", Piece(note, "doubt")) for note in one.notes)
    if one.pick is None:
        parts.append(remark(Piece("no marketplace took any of it for its own", "doubt")))
    elif len(one.picks) > 1:
        at = next(i for i, doc in enumerate(documents, start=1) if doc is one.pick.document)
        why = "the first that made sense" if _sensible(one.pick) else "the first; none made sense"
        parts.append(remark(f"counts: {one.pick.marketplace.name} in document {at}, {why}"))
    return remark(Piece(f"Alternative: {one.name}", "title"), parts=parts)


def _document(number: int, document: Document, one: Alternative, counting: list[Pick]) -> Remark:
    said, of = document.said, f"document {number} of {len(one.documents)}"
    parted = f", set apart by {document.parted}" if document.parted else ""
    whose = f"quoted{parted}" if document.forwarded else "the mail's own words"
    where = f", {said[0].place} to {said[-1].place}" if said else ""
    size = count(len(document.items), "item") if document.items else count(len(said), "line")
    parts = [remark("from ", quote(document.sender))] if document.sender else []
    own = "" if document.subject_is_own else ", which is the forwarder's"
    parts += [remark("subject ", quote(document.subject), own)] if document.subject else []
    parts += [remark("begins ", quote(line.raw), f" {line.place}") for line in said[:_EVIDENCE]]
    parts += _few(map(_item, document.items))
    parts += _asked(document, one.picks, counting)
    return remark(Piece(of, "name"), f": {whose}, {size}{where}", parts=parts)


def _item(item: Item) -> Remark:
    names = ", ".join(item.properties)
    return remark("item ", quote("/".join(item.kinds)), " with ", quote(names))


def _asked(document: Document, picks: tuple[Pick, ...], counting: list[Pick]) -> Iterator[Remark]:
    if not document.said and not document.items:
        yield remark(Piece("empty, so no marketplace was asked", "faint"))
        return
    took = {pick.marketplace.name: pick for pick in picks if pick.document is document}
    for marketplace in STRUCTURED if document.items else MARKETPLACES:
        if pick := took.get(marketplace.name):
            yield _pick(pick, told_below=pick in counting)
        else:
            yield remark(f"{marketplace.name}: ", Piece("not its own", "faint"))


def _pick(pick: Pick, *, told_below: bool) -> Remark:
    """What a marketplace read. `told_below`: what its places say comes with the fields."""
    places = [(name, place) for name, found in pick.extract.found.items() for place in found]
    named = f"{count(len(places), 'place')} that name fields"
    why = [_evidence(told, line) for told, line in _told(pick)]
    read = [remark(f"{name} ", quote(place.words), f", {place.place}") for name, place in places]
    return remark(
        f"{pick.marketplace.name}: took it, ",
        _kind(pick.extract.kind),
        f", {named}",
        parts=why if told_below else [*why, *_few(read)],
    )


def _told(pick: Pick) -> Iterator[tuple[str, Line | None]]:
    """Why it is of that kind, as far as a grammar of sentences tells it."""
    if isinstance(pick.marketplace, Worded):
        yield from evidence(pick.document, pick.marketplace.grammar, pick.extract.kind)


def _evidence(told: str, line: Line | None) -> Remark:
    if line is None:
        return remark(told)
    return remark(f"{told}: ", quote(line.words), f", {line.place}")


def _kinds(mail: Examined) -> Remark:
    """What the alternatives say together that the mail is."""
    said = ", ".join(
        f"{one.name} says {pick.extract.kind} ({pick.marketplace.name})"
        for one in mail.alternatives
        for pick in (one.picks if _is_data(one) else filter(None, [one.pick]))
    )
    return remark(Piece("Kind", "title"), ": ", _kind(mail.reading.kind), f"; {said}")


def _fields(mail: Examined, local: LocalZone) -> Remark:
    zone = f" (times are read in {local.zone.key})"
    if not mail.reading.fields:
        why = f"none: a mail of kind {mail.reading.kind} sells nothing"
        return remark(Piece("Fields", "title"), ": ", Piece(why, "faint"))
    places = list(_places(mail, local))
    parts = [
        remark(Piece(name, "name"), ": ", *_value(final), parts=_few(_read(name, places)))
        for name, final in mail.reading.fields.items()
    ]
    return remark(Piece("Fields", "title"), zone, parts=parts)


def _read(name: str, places: Iterable[tuple[str, FieldReading]]) -> Iterator[Remark]:
    for field, reading in places:
        if field == name:
            where = f"{reading.place or 'place not known'}: "
            yield remark(where, quote(reading.words or ""), " → ", *_value(reading))


def _few(parts: Iterable[Remark]) -> list[Remark]:
    """As many as a person reads; the rest is counted."""
    every = list(parts)
    more = len(every) - _MOST_PLACES
    return every if more <= 0 else [*every[:_MOST_PLACES], remark(f"and {more} more")]


def _places(mail: Examined, local: LocalZone) -> Iterator[tuple[str, FieldReading]]:
    """Every place that names a field, read by itself, in the order in which they count."""
    counting = _counting(mail)
    for pick in counting:
        for name, places in pick.extract.found.items():
            for place in places:
                alone = Extract(pick.extract.kind, {name: (place,)})
                yield from fields_of(alone, counting[0].marketplace, local).items()


def _value(reading: FieldReading) -> Iterator[Piece]:
    value = "nothing" if reading.value is None else str(reading.value)
    yield Piece(value, "name")
    yield Piece(", sure", "good") if reading.sure else Piece(f", not sure: {reading.why}", "doubt")


def _counting(mail: Examined) -> list[Pick]:
    """The picks that the reading was made of: those of one marketplace, and all that data tell."""
    told, data = _told_and_data(mail)
    return [*told, *data]


def _told_and_data(mail: Examined) -> tuple[tuple[Pick, ...], tuple[Pick, ...]]:
    told = [one.pick for one in mail.alternatives if one.pick and not _is_data(one)]
    data = tuple(pick for one in mail.alternatives if _is_data(one) for pick in one.picks)
    return tuple(pick for pick in told if pick.marketplace is told[0].marketplace), data


def _is_data(one: Alternative) -> bool:
    return any(document.items for document in one.documents)


def _zone(mail: Examined, boats: tuple[Boat, ...]) -> LocalZone:
    told, data = _told_and_data(mail)
    return zone_of(told, data, boats)


def _chosen(examination: Examination) -> Remark:
    number = 1 + examination.mails.index(examination.chosen)
    known = examination.reading.marketplace
    why = f"the first that a marketplace, {known}, took for its own" if known else "none was known"
    return remark(Piece(f"Chosen: mail {number}", "title"), f", {why}")


def _reading(reading: Reading) -> Remark:
    parts = [
        remark("marketplace ", Piece(reading.marketplace or "none", "name")),
        remark("missing ", *_names(reading.missing)),
        remark("unsure ", *_names(reading.unsure)),
    ]
    if reading.marketplace and reading.kind is Kind.UNRECOGNISED:
        alarm = "taken and not understood: in the channel this raises the drift alarm"
        parts.append(remark(Piece(alarm, "bad")))
    if reading.about and not reading.fields:
        parts.append(remark("about booking ", Piece(reading.about, "name")))
    return remark(Piece("Reading", "title"), ": ", _kind(reading.kind), parts=parts)


def _names(names: tuple[str, ...]) -> Iterator[Piece]:
    yield Piece(", ".join(names), "doubt") if names else Piece("nothing", "good")


def _sensible(pick: Pick) -> bool:
    return pick.extract.kind is not Kind.UNRECOGNISED


def _kind(kind: Kind) -> Piece:
    return Piece(kind.value, _TONES[kind])
