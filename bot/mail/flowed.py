"""Text that says its lines flow (RFC 3676): broken ones are put together again."""

import re

from bot.mail.document import LINE_END

_QUOTED = re.compile(r"(?:> ?)*")
# A writer breaks a line that is full. One that ends in a space long before, as labels out of a
# table do, was not broken there, whatever the mail claims.
_FULL = 60


def unflowed(text: str, *, drop_space: bool = False) -> str:
    """The text with its soft line breaks taken out. `drop_space`: the parameter `DelSp=yes`."""
    whole: list[list[str]] = []  # the pieces of each line
    width = 0  # of the line that was written last
    goes_on: str | None = None  # the quotation marks before a line that has not ended
    for line in LINE_END.split(text.removesuffix("\n")):
        marks = _QUOTED.match(line)
        quoted = marks[0].replace(" ", "") if marks else ""
        words = line[len(marks[0]) if marks else 0 :]
        if not quoted:
            words = words.removeprefix(" ")  # stuffed
        full = whole and width + len(words.split(" ", 1)[0]) > _FULL
        if goes_on == quoted and words and full:
            if drop_space:
                whole[-1][-1] = whole[-1][-1][:-1]
            whole[-1].append(words)
        else:
            whole.append([f"{marks[0] if marks else ''}{words}"])
        width = len(line)
        goes_on = quoted if line.endswith(" ") and words != "-- " else None
    return "".join(f"{''.join(pieces)}\n" for pieces in whole)
