"""A listing's title: the one thing in a mail that bears no label, and may look like anything.

Owners name their boats as they please: "Captain: included!", "Start", "Aug 21 special", on one line
or two. So a title is known by where it stands, between the booking's id and the renter, before any
label is looked for; only where that fails, by standing alone. Where other words stand there too,
only the operator's own list of listings can tell which of them is meant: it is left in doubt here,
with all that it may be.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.mail.document import Line, Words, breaks_off
from bot.mail.labels import Labelled, begins_label, columns, label_at, shaped
from bot.mail.marketplaces.grammar import Grammar

_ANCHORS = {"booking id": "booking_id", "renter": "renter"}
_ID = re.compile(r"[a-z0-9]{6,8}", re.IGNORECASE | re.ASCII)
_ONLY_AN_ID = re.compile(r"[bcdfghjklmnpqrstvwxz]{7}")
_SENTENCE = re.compile(r".*[.!?]")
# `★★★★★ 4.9 (120)` and `4.9 (120 reviews)` stand beside a title, and are none.
_RATING = re.compile(
    r"(?=.*(?:[★☆⭐🌟✩✪]|reviews?|ratings?|\())[★☆⭐🌟✩✪\s]*[0-5]?(?:[.,]\d{1,2})?(?: ?/ ?5)?"
    r"[★☆⭐🌟✩✪·•\s]*\(?[\d,. ]*(?:reviews?|ratings?)?\)?",
    re.IGNORECASE,
)
_BOLD = re.compile(r"([*_]{1,2})([^*_](?:[^*]*[^*_])?)\1")
_LINK = re.compile(r"\[([^\[\]]+)\]\(https?://\S*\)")
_LONGEST = 4  # lines
_FARTHEST = 14  # lines that say something, from the id to the renter
_A_SENTENCE = "It may be a sentence of the mail and not the boat's title."
_A_FIELD = "It may be one of the booking's fields and not the boat's title."
_NOT_ALL = "The boat's title may be a part of this only."


@dataclass(frozen=True)
class Title:
    """Where the title stands. `words`: None if there is none."""

    lines: frozenset[int] = frozenset()
    words: Words | None = None


def title_of(lines: tuple[Line, ...], grammar: Grammar) -> Title:
    """The title among a mail's lines, the opening sentences first."""
    id_starts, id_ends = _id(lines, grammar)
    if id_ends is not None and (title := _between(lines, id_ends, grammar)):
        return title
    renter = next((one for at in range(len(lines)) if (one := _is(lines, at, "renter"))), None)
    if renter is not None:
        above = _paragraph(lines, range(renter.first - 1, -1, -1), grammar, id_ends)
        below = _paragraph(lines, range(renter.last + 1, len(lines)), grammar, id_starts)
        if below and _next_to_the_id(lines, renter, below, id_starts, id_ends):
            return _title(lines, below, _A_SENTENCE, beside=sorted(above))
        if above:
            return _careful(lines, sorted(above))
    if id_ends is not None:
        return _careful(lines, _paragraph(lines, range(id_ends + 1, len(lines)), grammar, None))
    return Title()


def without_marks(text: str) -> str:
    """An id without the marks that stand before or behind it: `#bpzmzvw`, `bpzmzvw.`."""
    return text.strip("#*.,;:()[] ")


def _id(lines: tuple[Line, ...], grammar: Grammar) -> tuple[int | None, int | None]:
    """First and last line of the id. A boat's name under its label is none but the title itself."""
    for at in range(len(lines)):
        label = _is(lines, at, "booking_id")
        if not label:
            continue
        if table := columns(lines, label, grammar.labels, frozenset(), more=True):
            return at, table[-1].last
        titled = label.value and not _ID.fullmatch(without_marks(label.value.text))
        return at, label.first if titled else label.last
    return None, None


def _is(lines: tuple[Line, ...], at: int, field: str) -> Labelled | None:
    label = label_at(lines, at, _ANCHORS)
    return label if label and label.field == field else None


def _between(lines: tuple[Line, ...], id_ends: int, grammar: Grammar) -> Title | None:
    """The title between the id and the renter, of which the first line may even say `Renter`."""
    after = (at for at in range(id_ends + 1, len(lines)) if lines[at].text)
    said = [at for _, at in zip(range(_FARTHEST), after, strict=False)]
    renter = next((n for n, at in enumerate(said) if n and _is(lines, at, "renter")), 0)
    between = said[:renter]
    own = [at for at in between if not any(p.match(lines[at].text) for _, p in grammar.openings)]
    between = [at for at in own if not _beside_titles(lines[at].text, grammar)] or own or between
    if not between or (len(between) > 1 and _is(lines, between[0], "renter")):
        return None  # that is the renter, and there is no title below the id
    free, doubt = _without_labels(lines, between, grammar)
    return _title(lines, free, doubt) if 0 < len(free) <= _LONGEST else None


def _beside_titles(text: str, grammar: Grammar) -> bool:
    return bool(grammar.aside.match(text) or _RATING.fullmatch(text))


def _without_labels(
    lines: tuple[Line, ...], among: list[int], grammar: Grammar
) -> tuple[list[int], str | None]:
    """What is left when fields, which may be listed there, are taken out, and a doubt of that.

    A single line may be a title that looks like a field. It is if the field stands elsewhere.
    """
    taken, loose = set[int](), set[int]()
    for at in among:
        label = None if at in taken | loose else label_at(lines, at, grammar.labels)
        if (
            label
            and label.last in among
            and (label.value or begins_label(lines[at], grammar.labels))
        ):
            (taken if shaped(label) else loose).update({label.first, label.last})
    if len(among) == 1 and taken | loose:
        again = _field_again(lines, among[0], grammar)
        return ([], None) if taken and not again else (among, None if again else _A_FIELD)
    free = [at for at in among if at not in taken | loose]
    if free or not loose:
        return free, _A_FIELD if loose else None
    return [at for at in among if at not in taken and not _bare(lines[at], grammar)], _A_FIELD


def _bare(line: Line, grammar: Grammar) -> bool:
    """Whether a line is a label and nothing else."""
    return begins_label(line, grammar.labels) and ":" not in line.text.rstrip(": *")


def _field_again(lines: tuple[Line, ...], line: int, grammar: Grammar) -> bool:
    """Whether the field that a line seems to name is named elsewhere in the mail."""
    one = label_at(lines, line, grammar.labels)
    others = (label_at(lines, at, grammar.labels) for at in range(len(lines)) if at != line)
    return any(one and other and other.field == one.field for other in others)


def _next_to_the_id(
    lines: tuple[Line, ...],
    renter: Labelled,
    below: list[int],
    id_starts: int | None,
    id_ends: int | None,
) -> bool:
    """Whether the id stands right above the renter, or right below what is below the renter."""
    if id_starts is None or id_ends is None:
        return False
    gap = (
        range(id_ends + 1, renter.first)
        if id_ends < renter.first
        else range(below[-1] + 1, id_starts)
    )
    return not any(lines[at].text for at in gap)


def _paragraph(
    lines: tuple[Line, ...], order: Iterable[int], grammar: Grammar, barrier: int | None
) -> list[int]:
    """The free lines met first, up to a blank one."""
    taken = _labels_lines(lines, grammar)
    found: list[int] = []
    for at in order:
        text = lines[at].text
        if at == barrier or at in taken or (found and not text) or _of_the_mail(text, grammar):
            break
        if text:
            found.append(at)
    return found if len(found) <= _LONGEST else []


def _labels_lines(lines: tuple[Line, ...], grammar: Grammar) -> set[int]:
    taken: set[int] = set()
    for at in range(len(lines)):
        label = None if at in taken else label_at(lines, at, grammar.labels)
        if label:
            titled = label.field == "booking_id" and not _ID.fullmatch(_value(label))
            taken |= {label.first, label.first if titled else label.last}
    return taken


def _value(label: Labelled) -> str:
    return without_marks(label.value.text) if label.value else ""


def _of_the_mail(text: str, grammar: Grammar) -> bool:
    """Whether a line is known to be something else."""
    known = _beside_titles(text, grammar) or _ONLY_AN_ID.fullmatch(text)
    return bool(text) and (bool(known) or any(p.match(text) for _, p in grammar.openings))


def _careful(lines: tuple[Line, ...], at: list[int]) -> Title:
    """A title of which nothing but its standing alone tells that it is one."""
    text = " ".join(lines[i].text for i in at)
    return _title(lines, at, _A_SENTENCE if _SENTENCE.fullmatch(text) else None)


def _title(
    lines: tuple[Line, ...], at: list[int], doubt: str | None, beside: Iterable[int] = ()
) -> Title:
    """The title on these lines. `beside`: others that may be meant instead."""
    if not at:
        return Title()
    whole = _joined([lines[i] for i in at], doubt or (None if _is_one(lines, at) else _NOT_ALL))
    parts = [[lines[i] for i in at[a:b]] for a in range(len(at)) for b in range(a + 1, len(at) + 1)]
    parts += [[lines[i]] for i in beside]
    instead = tuple(_joined(part) for part in parts) if whole.doubt or len(at) > 1 else ()
    return Title(frozenset(at), Words(whole.text, whole.words, whole.place, whole.doubt, instead))


def _is_one(lines: tuple[Line, ...], at: list[int]) -> bool:
    """Whether the lines are one that a client broke. A page's lines are never broken."""
    return all(
        below == above + 1
        and breaks_off(lines[above], lines[below])
        and not lines[above].place.startswith("HTML")
        for above, below in pairwise(at)
    )


def _joined(parts: list[Line], doubt: str | None = None) -> Words:
    """Lines as one text, without what stands for bold letters or for a link."""
    text = " ".join(part.text for part in parts)
    for marked, group in ((_LINK, 1), (_BOLD, 2)):
        match = marked.fullmatch(text)
        text = match[group].strip() if match else text
    return Words(text, "\n".join(part.words for part in parts), parts[0].place, doubt)
