"""Rich text, tables and task cards: the blocks that hold formatted content."""

from collections.abc import Mapping

from sandbox.slack import limits
from sandbox.slack.elements import KIND, WEB_LINK
from sandbox.slack.schema import (
    Check,
    boolean,
    choice,
    integer,
    listing,
    number,
    one_of,
    record,
    string,
)

LONGEST = limits.MESSAGE_TEXT
MANY = 1_000
STYLE = record(
    {
        "bold": boolean,
        "italic": boolean,
        "strike": boolean,
        "code": boolean,
        "underline": boolean,
    }
)


def part(required: str, **fields: Check) -> Check:
    return record({**KIND, "style": STYLE, **fields}, (required,))


PARTS: Mapping[str, Check] = {
    "text": part("text", text=string(LONGEST)),
    "link": part("url", url=string(limits.URL), text=string(LONGEST), unsafe=boolean),
    "user": part("user_id", user_id=string(limits.ID)),
    "usergroup": part("usergroup_id", usergroup_id=string(limits.ID)),
    "channel": part("channel_id", channel_id=string(limits.ID)),
    "emoji": part("name", name=string(limits.ID), unicode=string(limits.ID), skin_tone=integer),
    "broadcast": part("range", range=choice("here", "channel", "everyone")),
    "color": part("value", value=string(limits.ID)),
    "date": part(
        "timestamp",
        timestamp=integer,
        format=string(limits.ID),
        url=WEB_LINK,
        fallback=string(limits.ID),
    ),
}
INLINE = listing(one_of(PARTS, "rich text element"), MANY, fewest=0)
SECTION = record({**KIND, "elements": INLINE}, ("elements",))
QUOTE = record({**KIND, "elements": INLINE, "border": integer}, ("elements",))
LIST = record(
    {
        **KIND,
        "elements": listing(one_of({"rich_text_section": SECTION}, "rich text element"), MANY),
        "style": choice("bullet", "ordered"),
        "indent": integer,
        "offset": integer,
        "border": integer,
    },
    ("elements", "style"),
)
CONTAINERS: Mapping[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_list": LIST,
    "rich_text_preformatted": QUOTE,
    "rich_text_quote": QUOTE,
}
BLOCK_KEYS: Mapping[str, Check] = {**KIND, "block_id": string(limits.ID)}


def rich_text(most: int = MANY) -> Check:
    elements = listing(one_of(CONTAINERS, "rich text element"), most)
    return record({**BLOCK_KEYS, "elements": elements}, ("elements",))


RICH_TEXT = rich_text()

CELL = one_of(
    {
        "raw_text": record({**KIND, "text": string(LONGEST)}, ("text",)),
        "raw_number": record({**KIND, "value": number, "text": string(LONGEST)}, ("value", "text")),
        "rich_text": RICH_TEXT,
    },
    "table cell",
)
COLUMN = record({"align": choice("left", "center", "right"), "is_wrapped": boolean})
TABLE = record(
    {
        **BLOCK_KEYS,
        "rows": listing(listing(CELL, limits.TABLE_COLUMNS), limits.TABLE_ROWS),
        "column_settings": listing(COLUMN, limits.TABLE_COLUMNS),
    },
    ("rows",),
)

ONE_ENTITY = one_of({"rich_text": rich_text(most=1)}, "block")
SOURCE = one_of(
    {"url": record({**KIND, "url": WEB_LINK, "text": string(LONGEST)}, ("url", "text"))}, "source"
)
TASK_CARD = record(
    {
        **BLOCK_KEYS,
        "task_id": string(limits.ID),
        "title": string(LONGEST),
        "details": ONE_ENTITY,
        "output": ONE_ENTITY,
        "sources": listing(SOURCE, MANY, fewest=0),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    ("task_id", "title", "status"),
)
PLAN = record(
    {
        **BLOCK_KEYS,
        "title": string(LONGEST),
        "tasks": listing(one_of({"task_card": TASK_CARD}, "task"), limits.MESSAGE_BLOCKS, 0),
    },
    ("title",),
)
