"""What a marketplace's mail is about, by its subject and its opening sentences."""

from bot.domain.booking import Kind
from bot.mail.document import Document, Line
from bot.mail.labels import label_at, labelled
from bot.mail.marketplaces.grammar import Grammar, opening
from bot.mail.marketplaces.wordings import ALTERATIONS, MATTERS

_FEWEST_WORDS = 3  # of a sentence
_MOST_SENTENCES = 24  # lines


def kind_of(
    document: Document,
    lines: tuple[Line, ...],
    grammar: Grammar,
    known: frozenset[int] = frozenset(),
) -> Kind:
    """What a mail is about.

    Subject and opening must not contradict each other, and neither what names a matter, nor what
    names a cancellation or a change in words that are not known, nor what only begins like a new
    booking's mail is ever new. `known`: lines that are no sentences, such as the title.
    """
    said = opening(lines, grammar)
    kinds = grammar.about_lines(said)
    by_subject, by_opening = grammar.about_subject(document), set(filter(None, kinds))
    told = by_opening | ({by_subject} if by_subject else set())
    if len(told) > 1:
        return Kind.INFORMATIONAL if Kind.INFORMATIONAL in told else Kind.UNRECOGNISED
    if told and told != {Kind.NEW}:
        return told.pop()
    first = next((at for at, kind in enumerate(kinds) if kind), len(said))
    above = [] if by_subject and by_opening else [line.text for line in said[:first]]
    unknown = [] if by_subject or grammar.on_topic(document) else [document.subject]
    own = unknown if grammar.owns_subject(document) else []
    if any(MATTERS.search(text) for text in own + ([] if told else above[:2])):
        return Kind.INFORMATIONAL
    if not told and unknown:
        return _unknown(document, lines, grammar)
    odd = any(ALTERATIONS.search(text) for text in unknown + above)
    quoted = bool(by_opening) and any(_names_matter_in_full(text) for text in above)
    if by_opening:
        sold = _sold(kinds, said, lines, grammar, known)
    else:  # a forwarder writes what he likes above other words
        sold = not said or grammar.owns_subject(document)
    sure = sold and not odd and not quoted and not grammar.renames(document)
    return Kind.NEW if sure else Kind.UNRECOGNISED


def _sold(
    kinds: tuple[Kind | None, ...],
    said: tuple[Line, ...],
    lines: tuple[Line, ...],
    grammar: Grammar,
    known: frozenset[int],
) -> bool:
    """Whether every opening sentence that seems to sell is known to its end.

    Below the last of them nothing else may stand; between them a heading and a title may.
    """
    selling = [at for at, kind in enumerate(kinds) if kind]
    last = selling.pop()
    between = [said[at].text for at in range(min(selling, default=last), last) if not kinds[at]]
    odd = any(ALTERATIONS.search(text) or _names_matter_in_full(text) for text in between)
    heads = (said[at : at + 2] for at in selling)
    whole = all(
        any(grammar.only_sells("\n".join(line.text for line in head[:n])) for n in (1, 2))
        for head in heads
    )
    return whole and not odd and grammar.only_sells(_from(said[last], lines, grammar, known))


def _from(first: Line, lines: tuple[Line, ...], grammar: Grammar, known: frozenset[int]) -> str:
    """All that is said from a line on up to the first label, as one text however it is broken."""
    said: list[str] = []
    start = next(at for at, line in enumerate(lines) if line is first)
    for at in range(start, len(lines)):
        apart = at in known and not lines[at - 1].text
        if len(said) == _MOST_SENTENCES or label_at(lines, at, grammar.labels):
            break
        said += [] if apart or not lines[at].text else [lines[at].text]
    return "\n".join(said)


def _names_matter_in_full(text: str) -> bool:
    """Whether a whole sentence is about another matter; a menu's single words are not."""
    return len(text.split()) >= _FEWEST_WORDS and MATTERS.search(text) is not None


def _unknown(document: Document, lines: tuple[Line, ...], grammar: Grammar) -> Kind:
    """Of a template not known: it matters if it comes from where bookings do, or looks like one."""
    sender = document.sender
    elsewhere = grammar.addressed(sender) and not grammar.writes_bookings.search(sender)
    labels = {one.field for one in labelled(lines, grammar.labels) if one.value}
    sold = labels >= {"booking_id", "starts_at"}
    return Kind.INFORMATIONAL if elsewhere and not sold else Kind.UNRECOGNISED
