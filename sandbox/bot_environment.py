"""All that the bot gets to know: its environment, and the files that it names."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sandbox.aws.accounts import REGION
from sandbox.aws.provision import Keys

_HOUSE = Path(__file__).parents[1]
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TERM", "NO_COLOR", "COVERAGE_PROCESS_START")


@dataclass(frozen=True)
class BotFiles:
    """The bot's folder."""

    root: Path

    @classmethod
    def make(cls, root: Path, config: str) -> Self:
        """Write charter.toml and make room for the database."""
        (root / "var").mkdir(exist_ok=True)
        (root / "charter.toml").write_text(config, encoding="utf-8")
        return cls(root)

    def variables(self) -> dict[str, str]:
        return {
            "HOME": str(self.root),
            "CHARTER_CONFIG": str(self.root / "charter.toml"),
            "CHARTER_DATABASE_URL": f"sqlite:///{self.root / 'var' / 'charter.db'}",
        }


def kept_variables() -> dict[str, str]:
    """What is left of this machine's environment."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [str(_HOUSE), *(path for path in inherited if path and path in sys.path)]
    return {**kept, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


def aws_variables(keys: Keys, endpoint: str) -> dict[str, str]:
    """The bot's own user, and nothing of what this machine's user has in store for AWS."""
    return {
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
