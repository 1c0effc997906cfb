"""What tells a mail's kind, in words for who writes or mends a reader. Reading does without."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from bot.domain.booking import Kind
from bot.mail.document import Document, Line
from bot.mail.marketplaces.grammar import Grammar, opening

_UNTOLD = "no sentence above the labels does either, so other words and the labels decided"
_UNSETTLED = (
    "that does not settle it: the two disagree, other words name another matter or an alteration, "
    "or what every booking has is missing"
)


@runtime_checkable
class Worded(Protocol):
    """A marketplace whose mails tell their kind in sentences."""

    grammar: Grammar


def evidence(document: Document, grammar: Grammar, kind: Kind) -> Iterator[tuple[str, Line | None]]:
    """What subject and opening sentences tell, each of these with its line; and if that is not all.

    `kind`: what the mail was taken to be.
    """
    if not grammar.signed(document.sender):
        yield "its sender is not the marketplace, so its wording told whose it is", None
    by_subject = grammar.about_subject(document)
    topic = "of a booking, not what became of it" if grammar.on_topic(document) else "no kind"
    yield f"its subject tells {by_subject or topic}", None
    said = opening(grammar.own_lines(document), grammar)
    kinds = grammar.about_lines(said)
    for line, by_line in zip(said, kinds, strict=True):
        if by_line:
            yield f"a sentence above the labels tells {by_line}", line
    told = {by_subject, *kinds} - {None}
    if told != {kind}:
        yield _UNSETTLED if told else _UNTOLD, None
