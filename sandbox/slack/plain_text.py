"""Blocks as a reader sees them, in plain text."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
MARKS = {"pending": "○", "in_progress": "◐", "complete": "●", "error": "✗"}
INLINE_KEYS = (
    *("text", "url", "fallback", "value", "name", "range"),
    *("user_id", "usergroup_id", "channel_id"),
)


def shown(message: Json) -> str:
    """Everything a person sees of a message or view."""
    lines = [line for block in message.get("blocks") or [] for line in block_lines(block)]
    lines = lines or str(message.get("text", "")).splitlines()
    lines += [f"[file: {file.get('name', file['id'])}]" for file in message.get("files", [])]
    return "\n".join(lines)


def block_lines(block: Json) -> Iterator[str]:
    """A block's lines; a button stands as [Text], a field as Label: value."""
    match block["type"]:
        case "divider":
            yield "---"
        case "rich_text" | "rich_text_list":
            for each in block["elements"]:
                yield from block_lines(each)
        case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
            yield from "".join(_inline(each) for each in block["elements"]).splitlines()
        case "table":
            yield from (" | ".join(map(_cell, row)) for row in block["rows"])
        case "plan":
            yield block["title"]
            for task in block.get("tasks", []):
                yield from block_lines(task)
        case "task_card":
            yield from _task_lines(block)
        case "input":
            yield f"{_text(block['label'])}: {element_text(block['element'])}"
        case _:
            yield from _ordinary_lines(block)


def element_text(element: Json) -> str:
    match element["type"]:
        case "button":
            return f"[{_text(element['text'])}]"
        case "image":
            return f"({element['alt_text']})"
        case "mrkdwn" | "plain_text":
            return str(element["text"])
        case "overflow":
            return f"<{' / '.join(_text(each['text']) for each in element['options'])}>"
        case _:
            return f"<{_chosen(element)}>"


def _ordinary_lines(block: Json) -> Iterator[str]:
    """Section, header, context, actions, image, markdown, alert."""
    if "text" in block:
        yield from _text(block["text"]).splitlines()
    for field in block.get("fields") or []:
        yield from _text(field).splitlines()
    if "alt_text" in block:
        yield f"({block['alt_text']})"
    beside = [
        *(block.get("elements") or []),
        *([block["accessory"]] if "accessory" in block else []),
    ]
    if beside:
        yield " ".join(element_text(each) for each in beside)


def _task_lines(task: Json) -> Iterator[str]:
    yield f"{MARKS[task['status']]} {task['title']}"
    for key in ("details", "output"):
        if key in task:
            yield from (f"  {line}" for line in block_lines(task[key]))
    yield from (f"  {source['text']} <{source['url']}>" for source in task.get("sources", []))


def _text(value: Any) -> str:
    return str(value["text"]) if isinstance(value, dict) else str(value)


def _cell(cell: Json) -> str:
    return _text(cell) if cell["type"] == "raw_text" else " ".join(block_lines(cell))


def _inline(part: Json) -> str:
    for key in INLINE_KEYS:
        if part.get(key):
            return str(part[key])
    return ""


def _chosen(element: Json) -> str:
    """What a menu or field holds at first."""
    for key, value in element.items():
        if not key.startswith("initial_"):
            continue
        several = value if isinstance(value, list) else [value]
        return ", ".join(
            _text(each["text"]) if isinstance(each, dict) else str(each) for each in several
        )
    return ""
