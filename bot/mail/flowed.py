"""Text that says its lines flow (RFC 3676): broken ones are put together again."""

import re

_QUOTED = re.compile(r"(?:> ?)*")
# A writer breaks a line that is full. One that ends in a space long before, as labels out of a
# table do, was not broken there, whatever the mail claims.
_FULL = 60


def unflowed(text: str, *, drop_space: bool = False) -> str:
    """The text with its soft line breaks taken out. `drop_space`: the parameter `DelSp=yes`."""
    whole: list[str] = []
    goes_on: str | None = None  # the quotation marks before a line that has not ended
    for line in text.splitlines():
        marks = _QUOTED.match(line)
        quoted = marks[0].replace(" ", "") if marks else ""
        words = line[len(marks[0]) if marks else 0 :]
        if not quoted:
            words = words.removeprefix(" ")  # stuffed
        full = whole and len(whole[-1]) + len(words.split(" ", 1)[0]) > _FULL
        if goes_on == quoted and words and full:
            whole[-1] = whole[-1][: -1 if drop_space else None] + words
        else:
            whole.append(f"{marks[0] if marks else ''}{words}")
        goes_on = quoted if line.endswith(" ") and words != "-- " else None
    return "\n".join(whole) + "\n"
