"""A charter.toml to be changed: the example that comes with the bot."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, load

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / "charter.example.toml").read_text(encoding="utf-8")
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-canary", "SLACK_APP_TOKEN": "xapp-1-canary"}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "charter.toml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(*changes: tuple[str, str]) -> str:
    text = EXAMPLE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def faults(tmp_path: Path, text: str, environ: dict[str, str] = TOKENS) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, text), environ)
    return caught.value.faults
