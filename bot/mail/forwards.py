"""Finding the mail inside a forward: what separates them is a block of headers written as text.

Separators ("Forwarded message", a line of underscores) differ and may be absent; the block is what
every client writes. Only mail's own header names count, so that a body which begins with
`Booking ID:` or `Renter:` is never taken for headers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.mail.document import Document, Line

_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("from", "von", "de", "da", "van", "från"), "from"),
    **dict.fromkeys(("date", "sent", "datum", "gesendet", "fecha", "enviado"), "date"),
    **dict.fromkeys(("envoyé", "data", "inviato", "verzonden", "skickat"), "date"),
    **dict.fromkeys(("subject", "betreff", "asunto", "objet", "oggetto"), "subject"),
    **dict.fromkeys(("assunto", "onderwerp", "ämne"), "subject"),
    **dict.fromkeys(("to", "an", "para", "à", "a", "aan", "till", "cc", "bcc", "kopie"), "to"),
    **dict.fromkeys(("reply-to", "resent-from", "organization", "newsgroups"), "to"),
}
_HEADER = re.compile(r"[*_]{0,2}([^\W\d_][\w-]{0,11})[*_]{0,2} ?:[*_]{0,2} ?", re.IGNORECASE)
_RUN_ON = re.compile(r"(?:From|To|Cc|Sent|Date|Subject): ?")
_ATTRIBUTION = re.compile(r"(?:On|Am|Le|El|Il|Op) .{6,300}(?:wrote|schrieb|a écrit|escribió) ?:")
_ADDRESS = re.compile(r"<[^<>@ ]{1,64}@[^<>@ ]{1,200}>")
_PREFIX = re.compile(
    r"(?:(?:fwd?|fw|wg|tr|rv|re|aw|i)(?:\[\d\])?: ?|\[(?:external|extern|ext)\]:? ?)+",
    re.IGNORECASE,
)
_LONGEST_BLOCK = 24  # lines

_Headers = tuple[tuple[str, str] | None, ...]


@dataclass
class _Block:
    """Headers of a mail within a mail, from line `start` up to line `end`."""

    start: int
    end: int
    headers: dict[str, str] = field(default_factory=dict)


def unwrap(lines: tuple[Line, ...], *, sender: str, subject: str) -> tuple[Document, ...]:
    """Every mail that the lines hold, innermost first; the last is the forwarder's own words."""
    spread = _spread(lines)
    blocks = _blocks(spread)
    starts = [block.start for block in blocks] + [len(spread)]
    outer = without_prefix(subject)
    forwarded = bool(blocks) or outer != subject.strip()
    own = Document(spread[: starts[0]], sender, outer, subject_is_own=not forwarded)
    within = [
        _document(block, spread[block.end : end], outer)
        for block, end in zip(blocks, starts[1:], strict=True)
    ]
    return (*reversed(within), own)


def without_prefix(subject: str) -> str:
    """A subject without `Fwd:`, `FW:`, `Re:` and their like."""
    return _PREFIX.sub("", subject.strip(), count=1).strip()


def _document(block: _Block, body: tuple[Line, ...], outer: str) -> Document:
    depth = next((line.depth for line in body if line.text), 0)
    subject = block.headers.get("subject")
    return Document(
        lines=tuple(line for line in body if line.depth >= depth or not line.text),
        sender=block.headers.get("from", ""),
        subject=outer if subject is None else without_prefix(subject),
        subject_is_own=subject is not None,
        forwarded=True,
    )


def _spread(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines, with headers that run on in a single line taken apart."""
    return tuple(piece for line in lines for piece in _apart(line))


def _apart(line: Line) -> tuple[Line, ...]:
    if "From:" not in line.text or "Subject:" not in line.text:
        return (line,)
    starts = [match.start() for match in _RUN_ON.finditer(line.text)]
    ends = [*starts[1:], len(line.text)]
    before = (line.piece(0, starts[0]),) if starts[0] else ()
    return before + tuple(line.piece(a, b) for a, b in zip(starts, ends, strict=True))


def _blocks(lines: tuple[Line, ...]) -> list[_Block]:
    headers = tuple(_header(line) for line in lines)
    found: list[_Block] = []
    at = 0
    while at < len(lines):
        block = _header_block(lines, headers, at) or _attribution(lines, at)
        if block:
            found.append(block)
        at = block.end if block else at + 1
    return found


def _header_block(lines: tuple[Line, ...], headers: _Headers, start: int) -> _Block | None:
    """The block that begins at `start`: a From, and a Subject or a date, in any order."""
    if headers[start] is None:
        return None
    block = _Block(start, start)
    at, last = start, ""
    while at < min(len(lines), start + _LONGEST_BLOCK):
        header = headers[at]
        if header and header[0] in block.headers and header[0] != "to":
            break  # the next mail's headers follow at once
        if header:
            last, value = header
            block.headers.setdefault(last, value)
            block.end = at = at + 1
        elif lines[at].text and (after := _goes_on(headers, at, within=2)):
            block.headers[last] += "".join(" " + line.text for line in lines[at:after])
            at = after
        elif not lines[at].text and _goes_on(headers, at, within=1):
            at += 1  # headers as paragraphs have blank lines between them
        else:
            break
    whole = "from" in block.headers and ("subject" in block.headers or "date" in block.headers)
    return block if whole else None


def _goes_on(headers: _Headers, at: int, within: int) -> int | None:
    """Where headers go on after line `at`; if not within so many lines, they have ended."""
    following = range(at + 1, min(at + 1 + within, len(headers)))
    return next((i for i in following if headers[i]), None)


def _header(line: Line) -> tuple[str, str] | None:
    match = _HEADER.match(line.text)
    name = _NAMES.get(match[1].casefold()) if match else None
    return (name, line.text[match.end() :].strip()) if match and name else None


def _attribution(lines: tuple[Line, ...], at: int) -> _Block | None:
    """`On …, "X" wrote:`, on one line or wrapped over two."""
    for end in (at + 1, at + 2):
        words = " ".join(line.text for line in lines[at:end])
        if (match := _ATTRIBUTION.match(words)) and match.end() == len(words):
            return _Block(at, end, {"from": _writer(words)})
    return None


def _writer(words: str) -> str:
    """Who wrote, of an attribution: from the first quotation mark, or all that could be a name."""
    address = _ADDRESS.search(words)
    start = words.find('"')
    if start >= 0:
        return words[start:]
    if address:
        return words[words.rfind(",", 0, address.start()) + 1 :].strip()
    return words
