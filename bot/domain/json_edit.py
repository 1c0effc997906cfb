"""Edits of a JSON text that leave every other byte as it was."""

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final

Path = tuple[int, ...]
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class Gone(Enum):
    """What a removed member becomes."""

    GONE = "gone"


GONE: Final = Gone.GONE
Edits = Mapping[Path, str | Gone]


class Members(list[tuple[str, Any]]):
    """A JSON object as its members in order, doubled names included."""


def read_json(text: str) -> Any:
    """The value of a JSON text; objects are `Members`, numbers are left as they were written.

    Raises:
        ValueError: it is none, or nests too deep to be read.
    """
    try:
        return json.loads(text, object_pairs_hook=Members, parse_float=Number, parse_int=Number)
    except RecursionError as error:
        raise ValueError("nests too deep") from error


class Number(str):
    """A number as it is written."""

    __slots__ = ()


def edited_json(text: str, edits: Edits) -> str:
    """`text`, which `read_json` accepts, with strings replaced and members removed.

    A path counts members and elements from the outside in; the empty path is the whole value.
    """
    start = _past_space(text, 0)
    value, end = _value(text, start, (), edits)
    return text[:start] + value + text[end:]


def _value(text: str, at: int, path: Path, edits: Edits) -> tuple[str, int]:
    """The edited value that begins at `at`, and where it ends in `text`."""
    if text[at] in "{[":
        return _container(text, at, path, edits)
    if text[at] == '"':
        end = _past_string(text, at)
        new = edits.get(path)
        if isinstance(new, str):
            return json.dumps(new, ensure_ascii=text.isascii()), end
        return text[at:end], end
    end = at
    while end < len(text) and text[end] not in ",]} \t\r\n":
        end += 1
    return text[at:end], end


def _container(text: str, at: int, path: Path, edits: Edits) -> tuple[str, int]:
    close = "}" if text[at] == "{" else "]"
    kept: list[str] = []
    end = at + 1
    if text[_past_space(text, end)] == close:
        end = _past_space(text, end)
        return text[at : end + 1], end + 1
    index, tail = 0, ""
    while True:
        member, end = _member(text, end, close, (*path, index), edits)
        after = _past_space(text, end)
        tail = text[end:after]
        if edits.get((*path, index)) is not GONE:
            kept.append(member)
        if text[after] == close:
            return text[at] + ",".join(kept) + (tail if kept else "") + close, after + 1
        end, index = after + 1, index + 1


def _member(text: str, at: int, close: str, path: Path, edits: Edits) -> tuple[str, int]:
    """One member or element with the space and the name before it."""
    start = _past_space(text, at)
    if close == "}":
        colon = text.index(":", _past_string(text, start))
        start = _past_space(text, colon + 1)
    value, end = _value(text, start, path, edits)
    return text[at:start] + value, end


def _past_string(text: str, at: int) -> int:
    found = _STRING.match(text, at)
    return found.end() if found else at


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def children(value: Any) -> Iterator[tuple[int, str, Any]]:
    """Index, name ("" in a list) and value of what a container holds."""
    if isinstance(value, Members):
        yield from ((index, name, held) for index, (name, held) in enumerate(value))
    elif isinstance(value, Mapping):
        yield from ((index, str(name), held) for index, (name, held) in enumerate(value.items()))
    elif isinstance(value, list | tuple):
        yield from ((index, "", held) for index, held in enumerate(value))
