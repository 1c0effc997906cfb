"""The few block shapes that every view is made of, each inside Slack's limits whatever it is given.

Text goes into rich_text and plain_text alone, which Slack shows as it is.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
)

from bot.domain.message import Message
from bot.domain.progress import Overview
from bot.views.press import Press
from bot.views.text import clip, is_group, is_user, plain, safe_url, shown_id

Element = RichTextElement
Line = Sequence[RichTextElement]
"""One line of rich text: words, links and people."""

CONFIRM_TEXT = 300
"""The longest text of a dialog, in UTF-16 units."""
_MESSAGE_BLOCKS = 50
_FALLBACK = 1200
_NOTHING = "\N{EN DASH}"  # Slack refuses empty text


def words(text: object, limit: int = 300) -> RichTextElement:
    """Text, from anywhere."""
    return RichTextElementParts.Text(text=plain(text, limit) or _NOTHING)


def glue(text: str) -> RichTextElement:
    """Our own words between two elements, with the spaces at their ends kept."""
    return RichTextElementParts.Text(text=text)


def bold(text: object, limit: int = 150) -> RichTextElement:
    """Text that stands out."""
    return RichTextElementParts.Text(text=plain(text, limit) or _NOTHING, style={"bold": True})


def link(url: str | None, text: str) -> RichTextElement:
    """A link, or its text alone where there is nowhere safe to go."""
    target = safe_url(url)
    return (
        RichTextElementParts.Link(url=target, text=plain(text, 100)) if target else words(text, 100)
    )


def person(identifier: str) -> RichTextElement:
    """A mention of a user or user group; any other text is just shown."""
    if is_user(identifier):
        return RichTextElementParts.User(user_id=identifier)
    if is_group(identifier):
        return RichTextElementParts.UserGroup(usergroup_id=identifier)
    return words(identifier, 40)


def fact(label: str, value: object, limit: int = 300) -> Line:
    """A label and its value."""
    return (bold(label, 60), glue(": "), words(value, limit))


def header(text: str) -> Block:
    """A title."""
    return HeaderBlock(text=_plain_text(text, 150))


def rich(lines: Iterable[Line], *, bullets: Sequence[Line] = (), title: str = "") -> Block:
    """Lines of text, one below the other, then bullets."""
    head = [(bold(title),)] if title else []
    joined: list[RichTextElement] = []
    for line in (*head, *lines):
        joined += [glue("\n"), *line] if joined else line
    elements: list[RichTextElement] = [RichTextSectionElement(elements=joined)] if joined else []
    if bullets:
        items = [RichTextSectionElement(elements=list(line)) for line in bullets]
        elements.append(RichTextListElement(elements=items, style="bullet"))
    return RichTextBlock(elements=elements)


def small(text: str) -> Block:
    """A line in small print."""
    return ContextBlock(elements=[_plain_text(text, 300)])


def buttons(*elements: ButtonElement) -> Block:
    """A row of buttons."""
    return ActionsBlock(elements=list(elements))


def button(
    overview: Overview,
    action: str,
    text: str,
    *,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
    url: str | None = None,
    among_others: bool = False,
) -> ButtonElement:
    """A button that says which charter, and which version and run of it, it belongs to.

    `url`: where it leads, one that a person may be sent to. `among_others`: it stands beside those
    of other charters, so whoever hears it read out is told which it is.
    """
    press = Press(booking_id=overview.booking_id, version=overview.version, run=overview.run)
    return ButtonElement(
        text=_plain_text(text, 75),
        action_id=action,
        value=press.encode(),
        style=style,
        confirm=confirm,
        url=url,
        accessibility_label=f"{text} {shown_id(overview.booking_id)}" if among_others else None,
    )


def confirmation(title: str, text: str, *, yes: str, style: str = "primary") -> ConfirmObject:
    """A dialog that stands before what cannot be undone."""
    return ConfirmObject(
        title=_plain_text(title, 100),
        text=_plain_text(text, CONFIRM_TEXT, lines=True),
        confirm=_plain_text(yes, 30),
        deny=_plain_text("Not now", 30),
        style=style,
    )


def message(text: str, blocks: Iterable[Block]) -> Message:
    """A message. `text` must be harmless already; its own words and `inert` ones."""
    rendered: list[dict[str, Any]] = [block.to_dict() for block in blocks]
    return Message(text=clip(text, _FALLBACK), blocks=tuple(rendered[:_MESSAGE_BLOCKS]))


def _plain_text(text: str, limit: int, *, lines: bool = False) -> PlainTextObject:
    return PlainTextObject(text=plain(text, limit, lines=lines) or _NOTHING, emoji=False)
