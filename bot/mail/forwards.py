"""Finding the mail inside a forward: what separates them is a block of headers written as text.

Separators ("Forwarded message", a line of underscores) differ and may be absent; the block is what
every client writes. Only mail's own header names count, so that a body which begins with
`Booking ID:` or `Renter:` is never taken for headers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.mail.answers import (
    answers,
    answers_headers,
    answers_quoted_lines,
    separator_above,
    without_prefix,
)
from bot.mail.attributions import attribution
from bot.mail.document import Document, Line, breaks_off
from bot.mail.header_names import ROLES

# As they are written: a header's name has a capital, or half of all words would end in one.
_WRITTEN = {
    form: role
    for name, role in ROLES.items()
    for capital in (name[:1].upper() + name[1:],)
    for form in (capital, name.title())
}
_LENGTHS = sorted({len(name) for name in _WRITTEN}, reverse=True)
_ENDINGS = {name[-2:] for name in _WRITTEN} | {f" {name}" for name in _WRITTEN if len(name) == 1}


_HEADER = re.compile(
    r"[*_]{0,2}([^\W\d_][\w-]{0,15}(?: [\w-]{1,8}){0,2})[*_]{0,2} ?[:\uff1a][*_]{0,2} ?"
)
_COLON = re.compile("[:\uff1a]")
_SIGNATURE = "--"
_FEWEST_RUN_ON, _MOST_RUN_ON = 3, 16  # colons in a line of headers
_LONGEST_RUN_ON = 400  # characters of a line of headers
_LONGEST_BLOCK = 24  # lines

_Headers = tuple[tuple[str, str] | None, ...]


@dataclass
class _Block:
    """Headers of a mail within a mail, from line `start` up to line `end`."""

    start: int
    end: int
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_attribution(self) -> bool:
        """Whether it names nothing but who wrote, and when."""
        return len(self.headers) == 1

    @property
    def told(self) -> str:
        """What it is, in words."""
        named = ", ".join(self.headers)
        return "“… wrote:”" if self.is_attribution else f"headers written as text ({named})"


def unwrap(lines: tuple[Line, ...], *, sender: str, subject: str) -> tuple[Document, ...]:
    """Every mail that the lines hold, innermost first; the last is the forwarder's own words."""
    spread = _spread(lines)
    blocks = _blocks(spread)
    starts = [separator_above(spread, block.start) for block in blocks] + [len(spread)]
    outer = without_prefix(subject)
    handed_on = outer != subject.strip()
    own = Document(spread[: starts[0]], sender, outer, subject_is_own=not (blocks or handed_on))
    within = [
        replace(
            _document(block, spread[block.end : end], outer if handed_on and nesting == 1 else ""),
            nesting=nesting,
        )
        for block, nesting, end in zip(blocks, _nestings(spread, blocks), starts[1:], strict=True)
    ]
    found = (*reversed(within), own)
    answered = _answered(spread, blocks, subject)
    if not answered:
        return found
    said = ", which a person answers"
    return tuple(
        replace(one, answered=True, parted=one.parted and one.parted + said) for one in found
    )


def _answered(lines: tuple[Line, ...], blocks: list[_Block], subject: str) -> bool:
    """Whether a person answers what is quoted: pasted, his mail may begin with its headers."""
    pasted = not subject and blocks and not any(line.text for line in lines[: blocks[0].start])
    if pasted:
        subject, blocks = blocks[0].headers.get("subject", ""), blocks[1:]
    if not blocks:
        return answers_quoted_lines(lines, subject)
    first = blocks[0]
    if first.is_attribution:
        return answers(subject)
    return answers_headers(lines, first.start, first.end, subject)


def _nestings(lines: tuple[Line, ...], blocks: list[_Block]) -> Iterator[int]:
    """How many mails quote each block's, as far as that is certain; the whole mail is one."""
    around = [(0, 0)]
    for block in blocks:
        depth = lines[block.start].depth
        while around[-1][0] > depth:
            around.pop()
        above, nesting = around[-1]
        beside = nesting and depth == above and not block.is_attribution
        around.append((depth, nesting if beside else nesting + 1))
        yield around[-1][1]


def _document(block: _Block, body: tuple[Line, ...], outer: str) -> Document:
    depth = next((line.depth for line in body if line.text), 0)
    subject = block.headers.get("subject")
    return Document(
        lines=_without_signature(_quoted(body, depth)),
        sender=block.headers.get("from", ""),
        subject=outer if subject is None else without_prefix(subject),
        subject_is_own=subject is not None,
        forwarded=True,
        parted=block.told,
    )


def _quoted(body: tuple[Line, ...], depth: int) -> tuple[Line, ...]:
    """The lines quoted so deep, and what was broken off them without quoting it anew."""
    before = (*body[:1], *body)
    return tuple(
        line
        for line, above in zip(body, before, strict=False)
        if line.depth >= depth or not line.text or breaks_off(above, line)
    )


def _without_signature(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines above the forwarder's signature, which stands under what he quotes."""
    said = (at for at, line in enumerate(lines) if line.text == _SIGNATURE)
    return lines[: next(said, len(lines))]


def _spread(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines, with headers that run on in a single line taken apart."""
    whole: list[Line] = []
    above: Line | None = None
    for line in lines:
        if above and _runs_on(whole[-1]) and breaks_off(above, line):
            whole[-1] = Line(
                f"{whole[-1].text} {line.text}", f"{whole[-1].raw} {line.raw}", line.depth
            )
        else:
            whole.append(line)
        above = line
    return tuple(piece for line in whole for piece in _apart(line))


def _runs_on(line: Line) -> bool:
    """Whether headers run on in a line, which a client may break, in its subject as well."""
    if not _COLON.search(line.text) or len(line.text) > _LONGEST_RUN_ON:
        return False
    roles = {role for _, role in _named(line.text)}
    return "from" in roles and ("subject" not in roles or len(roles) >= _FEWEST_RUN_ON)


def _named(text: str) -> Iterator[tuple[int, str]]:
    """Where each header begins in a line that holds several, and its part; no space need part them.

    Only a name of one letter must not follow a word.
    """
    for colon in islice(_COLON.finditer(text), _MOST_RUN_ON):
        head = text[max(0, colon.start() - _LENGTHS[0] - 2) : colon.start()].rstrip(" ")
        if head[-2:] not in _ENDINGS:
            continue
        name = next((n for length in _LENGTHS if (n := head[-length:]) in _WRITTEN), "")
        if len(name) > 1 or (name and not head[-2:-1].isalnum()):
            yield text.rindex(name, 0, colon.start()), _WRITTEN[name]


def _apart(line: Line) -> tuple[Line, ...]:
    if len(_COLON.findall(line.text)) < _FEWEST_RUN_ON:
        return (line,)
    found = list(_named(line.text))
    if not {"from", "subject"} <= {role for _, role in found}:
        return (line,)
    starts = [start for start, _ in found]
    ends = [*starts[1:], len(line.text)]
    before = (line.piece(0, starts[0]),) if starts[0] else ()
    return before + tuple(line.piece(a, b) for a, b in zip(starts, ends, strict=True))


def _blocks(lines: tuple[Line, ...]) -> list[_Block]:
    headers = tuple(_header(line) for line in lines)
    found: list[_Block] = []
    at = 0
    while at < len(lines):
        block = _header_block(lines, headers, at) or _attributed(lines, at)
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
            below = "" if value else _beside(lines, headers, at)
            block.headers.setdefault(last, value or below)
            block.end = at = at + (2 if below else 1)
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


def _beside(lines: tuple[Line, ...], headers: _Headers, at: int) -> str:
    """What stands in the next cell of a table of headers, and so on the next line."""
    alone = at + 1 < len(lines) and headers[at + 1] is None
    return lines[at + 1].text if alone else ""


def _header(line: Line) -> tuple[str, str] | None:
    match = _HEADER.match(line.text)
    role = ROLES.get(match[1].casefold()) if match else None
    return (role, line.text[match.end() :].strip()) if match and role else None


def _attributed(lines: tuple[Line, ...], at: int) -> _Block | None:
    told = attribution(lines, at)
    return _Block(at, told.end, {"from": told.writer}) if told else None
