"""Block Kit as a person sees it, in plain text, for golden tests."""

from collections.abc import Mapping
from textwrap import indent
from typing import Any

_TASK_MARKS = {"pending": "[ ]", "in_progress": "[~]", "complete": "[x]", "error": "[!]"}


def seen(shown: Any) -> str:
    """A message, modal or home tab as text."""
    if isinstance(shown, Mapping):
        title = f"[{shown['title']['text']}]" if "title" in shown else "[home]"
        foot = (
            f"({shown['close']['text']}) ({shown['submit']['text']})" if "submit" in shown else ""
        )
        return "\n".join(filter(None, (title, *map(_block, shown["blocks"]), foot)))
    return "\n".join([f"~ {shown.text}", *map(_block, shown.blocks)])


def _block(block: Mapping[str, Any]) -> str:
    return _BLOCKS[block["type"]](block)


def _rich(block: Mapping[str, Any]) -> str:
    parts = []
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            parts += [f"- {_inline(item['elements'])}" for item in part["elements"]]
        else:
            parts.append(_inline(part["elements"]))
    return "\n".join(parts)


def _inline(elements: Any) -> str:
    return "".join(map(_element, elements))


def _element(element: Mapping[str, Any]) -> str:
    match element["type"]:
        case "text":
            return f"*{element['text']}*" if element.get("style") else element["text"]
        case "link":
            return f"[{element['text']}]({element['url']})"
        case "user":
            return f"@{element['user_id']}"
        case "usergroup":
            return f"@{element['usergroup_id']}"
    raise AssertionError(element)


def _button(button: Mapping[str, Any]) -> str:
    style = {"primary": "!", "danger": "!!"}.get(button.get("style", ""), "")
    text = f"<{button['text']['text']}{style}>"
    if confirm := button.get("confirm"):
        said = " / ".join(confirm["text"]["text"].splitlines())
        text += f"\n    asks: {confirm['title']['text']} {said}"
    return text


def _plan(block: Mapping[str, Any]) -> str:
    return "\n".join([f"# {block['title']}", *map(_task, block.get("tasks", ()))])


def _task(task: Mapping[str, Any]) -> str:
    rows = [f"{_TASK_MARKS[task['status']]} {task['title']}"]
    rows += [indent(_rich(task[part]), "    ") for part in ("details", "output") if part in task]
    return "\n".join(rows)


def _input(block: Mapping[str, Any]) -> str:
    element = block["element"]
    held = (
        element.get("initial_value")
        or element.get("initial_date")
        or element.get("initial_time")
        or (element.get("initial_option") or {}).get("value")
        or ""
    )
    options = [option["text"]["text"] for option in element.get("options", ())]
    choice = f" {{{' | '.join(options)}}}" if options else ""
    hint = f"  ({block['hint']['text']})" if "hint" in block else ""
    return f"{block['label']['text']}: [{' / '.join(held.splitlines())}]{choice}{hint}"


_BLOCKS = {
    "header": lambda block: f"# {block['text']['text']}",
    "section": lambda block: block["text"]["text"],
    "context": lambda block: f"({block['elements'][0]['text']})",
    "actions": lambda block: "\n".join(map(_button, block["elements"])),
    "rich_text": _rich,
    "plan": _plan,
    "input": _input,
}
