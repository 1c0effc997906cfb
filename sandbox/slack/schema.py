"""Small checks that combine into Slack's schemas.

A check takes a value and the JSON pointer to it, and yields one message for each fault.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Check = Callable[[object, str], Iterator[str]]


def fault(text: str, pointer: str) -> str:
    return f"[ERROR] {text} [json-pointer:{pointer}]"


def string(longest: int, shortest: int = 1, pattern: str = "") -> Check:
    matcher = re.compile(pattern)

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", pointer)
        elif len(value) < shortest:
            yield fault(f"must be more than {shortest - 1} characters", pointer)
        elif len(value) > longest:
            yield fault(f"must be less than {longest + 1} characters", pointer)
        elif not matcher.search(value):
            yield fault("must match the expected format", pointer)

    return check


def boolean(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must be a boolean", pointer)


def integer(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield fault("must be an integer", pointer)


def number(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield fault("must be a number", pointer)


def anything(_value: object, _pointer: str) -> Iterator[str]:
    yield from ()


def choice(*allowed: str) -> Check:
    def check(value: object, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of: {', '.join(allowed)}", pointer)

    return check


def listing(item: Check, most: int, fewest: int = 1) -> Check:
    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", pointer)
            return
        if len(value) < fewest:
            yield fault(f"must have at least {fewest} items", pointer)
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", pointer)
        for index, each in enumerate(value):
            yield from item(each, f"{pointer}/{index}")

    return check


def record(
    fields: Mapping[str, Check], required: Sequence[str] = (), also: Check = anything
) -> Check:
    """An object with these keys and no others."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", pointer)
            return
        for name in required:
            if name not in value:
                yield fault(f"missing required field: {name}", pointer)
        for name, each in value.items():
            if name in fields:
                yield from fields[name](each, f"{pointer}/{name}")
            else:
                yield fault(f"additional property not allowed: {name}", f"{pointer}/{name}")
        yield from also(value, pointer)

    return check


def one_of(kinds: Mapping[str, Check], noun: str) -> Check:
    """An object whose `type` chooses the check."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", pointer)
        elif (kind := value.get("type")) not in kinds:
            yield fault(f"unsupported {noun} type: {kind}", f"{pointer}/type")
        else:
            yield from kinds[str(kind)](value, pointer)

    return check


def exactly_one(*names: str) -> Check:
    def check(value: object, pointer: str) -> Iterator[str]:
        present = [name for name in names if isinstance(value, dict) and value.get(name)]
        if len(present) != 1:
            yield fault(f"must have exactly one of: {', '.join(names)}", pointer)

    return check


def at_least_one(*names: str) -> Check:
    def check(value: object, pointer: str) -> Iterator[str]:
        if not (isinstance(value, dict) and any(value.get(name) for name in names)):
            yield fault(f"must have one of: {', '.join(names)}", pointer)

    return check
