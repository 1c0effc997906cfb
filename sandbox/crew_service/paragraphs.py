"""Plain text as a mail client shows it: lines of a readable length, links in one piece."""

import textwrap

_WIDTH = 72


def tidy(text: str) -> str:
    """`text` with long lines broken between words and never more than one empty line."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        pieces = _broken(line, "  " if line.startswith("- ") else "")
        if pieces or lines[-1:] != [""]:
            lines += pieces or [""]
    return "\n".join(lines) + "\n"


def _broken(line: str, indent: str) -> list[str]:
    return textwrap.wrap(
        line,
        _WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
