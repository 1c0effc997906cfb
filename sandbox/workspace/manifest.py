"""What manifest.yml tells Slack of the app: its name, its commands, its shortcuts."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
_NAME = "manifest.yml"
_INSTALLED = Path(__file__).parents[1] / _NAME
_IN_THE_TREE = Path(__file__).parents[2] / _NAME


@cache
def app() -> Json:
    """The app as the page shows it; the completions are those of the bot's own registry."""
    found = _INSTALLED if _INSTALLED.exists() else _IN_THE_TREE
    told = yaml.safe_load(found.read_text(encoding="utf-8"))
    features = told["features"]
    return {
        "name": told["display_information"]["name"],
        "commands": [_command(each) for each in features["slash_commands"]],
        "shortcuts": [
            {key: each[key] for key in ("callback_id", "name", "description")}
            for each in features["shortcuts"]
            if each["type"] == "message"
        ],
    }


def _command(told: Json) -> Json:
    shown = {key: told[key] for key in ("command", "description", "usage_hint")}
    return {**shown, "completions": _completions(told["command"])}


def _completions(command: str) -> list[Json]:
    from bot.views.press import COMMAND  # noqa: PLC0415 - a second's worth of imports
    from handlers.commands import SUBCOMMANDS  # noqa: PLC0415

    if command != COMMAND:
        return []
    known = [(each.name, each.args, each.what) for each in SUBCOMMANDS]
    return [
        {"text": f"{command} {name}{' ' if args else ''}", "args": args, "what": what}
        for name, args, what in [*known, ("help", "", "what can be typed")]
    ]
