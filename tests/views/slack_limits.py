"""Slack's limits as `facts` and Slack's reference state them, and what its mrkdwn would make of text.

Independent of the sandbox and of slack_sdk's own checks, so that one error cannot hide another.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

MESSAGE_CHARACTERS = 13_200
BLOCKS = {"message": 50, "modal": 100, "home": 100}
KNOWN_BLOCKS = {
    "header",
    "section",
    "rich_text",
    "actions",
    "context",
    "input",
    "plan",
    "task_card",
}
ALLOWED_TOKEN = re.compile(
    r"<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|<https?://[^\s<>|]+\|(Open|Its card)>"
)
LIVE = re.compile(
    r"https?://|www\.\w|@\w|#\w|:[\w+'-]+:|[*~`<>]|&(?!(?:amp|lt|gt);)|(?<![^\W_])_\S|\w\.(?:com|org)\b",
    re.ASCII,
)


def width(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_message(message: Any) -> None:
    """Fail where Slack would refuse a message or cut it off."""
    check_blocks(message.blocks, "message")
    assert 0 < width(message.text) <= 3000, "fallback text"
    assert_no_markup(message.text)
    total = width(message.text) + sum(width(text) for text in texts(message.blocks))
    assert total <= MESSAGE_CHARACTERS, f"{total} characters in all"
    json.dumps([message.text, list(message.blocks)]).encode("utf-8")


def check_view(view: Mapping[str, Any]) -> None:
    """Fail where Slack would refuse a modal or a home tab."""
    check_blocks(view["blocks"], view["type"])
    if view["type"] == "modal":
        for part in ("title", "submit", "close"):
            check_text(view[part], 24)
        assert len(view["private_metadata"]) <= 3000
        names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
        assert len(names) == len(set(names))
    assert len(json.dumps(view)) <= 250_000


def check_blocks(blocks: Any, surface: str) -> None:
    assert 1 <= len(blocks) <= BLOCKS[surface]
    for block in blocks:
        assert block["type"] in KNOWN_BLOCKS
        CHECKS[block["type"]](block)
    for element in walk(blocks):
        check_common(element)


def check_common(element: Mapping[str, Any]) -> None:
    if element.get("type") == "text":
        assert isinstance(element["text"], str)
        assert element["text"]
    if element.get("type") == "link":
        assert re.fullmatch(r"https?://[!-~]{1,2990}", element["url"])
    if element.get("type") == "user":
        assert re.fullmatch(r"[UW][A-Z0-9]+", element["user_id"])
    if element.get("type") == "usergroup":
        assert re.fullmatch(r"S[A-Z0-9]+", element["usergroup_id"])
    assert element.get("type") not in {"broadcast", "channel", "emoji", "team", "image"}
    if element.get("type") == "mrkdwn":
        assert element["verbatim"] is True
        assert_no_markup(element["text"].replace("*", "", 2))
    for name in ("action_id", "block_id"):
        assert width(element.get(name, "")) <= 255


def check_text(element: Mapping[str, Any], longest: int, kind: str = "plain_text") -> None:
    assert element["type"] == kind
    assert 1 <= width(element["text"]) <= longest, (longest, element["text"])
    if kind == "plain_text":
        assert element.get("emoji") is False or element["text"].isascii()


def check_section(block: Mapping[str, Any]) -> None:
    check_text(block["text"], 3000, "mrkdwn")


def check_actions(block: Mapping[str, Any]) -> None:
    assert 1 <= len(block["elements"]) <= 25
    assert sum(button.get("style") == "primary" for button in block["elements"]) <= 1
    for button in block["elements"]:
        check_text(button["text"], 75)
        assert 1 <= width(button["value"]) <= 2000
        assert 1 <= width(button.get("accessibility_label", "-")) <= 75
        assert re.fullmatch(r"https?://[!-~]{1,2990}", button.get("url", "https://-"))
        if confirm := button.get("confirm"):
            check_text(confirm["title"], 100)
            check_text(confirm["text"], 300)
            check_text(confirm["confirm"], 30)
            check_text(confirm["deny"], 30)


def check_context(block: Mapping[str, Any]) -> None:
    assert 1 <= len(block["elements"]) <= 10
    for element in block["elements"]:
        check_text(element, 2000)


def check_rich_text(block: Mapping[str, Any]) -> None:
    assert block["elements"]
    for part in block["elements"]:
        assert part["type"] in {"rich_text_section", "rich_text_list"}
        assert part["elements"]


def check_plan(block: Mapping[str, Any]) -> None:
    assert 1 <= width(block["title"]) <= 150
    ids = [task["task_id"] for task in block.get("tasks", ())]
    assert len(ids) == len(set(ids))
    for task in block.get("tasks", ()):
        check_task(task)


def check_task(task: Mapping[str, Any]) -> None:
    assert task["type"] == "task_card"
    assert task["status"] in {"pending", "in_progress", "complete", "error"}
    assert 1 <= width(task["title"]) <= 150
    for part in ("details", "output"):
        if part in task:
            assert len(task[part]["elements"]) == 1


def check_input(block: Mapping[str, Any]) -> None:
    check_text(block["label"], 2000)
    if "hint" in block:
        check_text(block["hint"], 2000)
    element = block["element"]
    if element["type"] == "plain_text_input":
        assert width(element.get("initial_value", "")) <= element.get("max_length", 3000) <= 3000
    if element["type"] == "static_select":
        check_options(element, 100)
    if element["type"] == "checkboxes":
        check_options(element, 10)
    if element["type"] == "number_input" and "initial_value" in element:
        assert int(element["initial_value"]) >= int(element["min_value"])


def check_options(element: Mapping[str, Any], most: int) -> None:
    assert 1 <= len(element["options"]) <= most
    for option in element["options"]:
        check_text(option["text"], 75)
        assert 1 <= width(option["value"]) <= 150
    if "initial_option" in element:
        assert element["initial_option"] in element["options"]


CHECKS = {
    "header": lambda block: check_text(block["text"], 150),
    "section": check_section,
    "actions": check_actions,
    "context": check_context,
    "rich_text": check_rich_text,
    "plan": check_plan,
    "task_card": check_task,
    "input": check_input,
}


def walk(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a tree of blocks."""
    if isinstance(node, Mapping):
        yield node
        node = node.values()
    if not isinstance(node, str):
        try:
            children = iter(node)
        except TypeError:
            return
        for child in children:
            yield from walk(child)


def texts(node: Any) -> Iterator[str]:
    """Every text that a person sees in a tree of blocks, and the links behind it."""
    for element in walk(node):
        for name in ("text", "title", "url"):
            if isinstance(element.get(name), str):
                yield element[name]


def assert_no_markup(text: str) -> None:
    """Fail if Slack would make more of `text` than our own mentions and links."""
    rest = ALLOWED_TOKEN.sub("", text)
    found = LIVE.search(rest)
    assert found is None, f"{found!r} in {rest!r}"
