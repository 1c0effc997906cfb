"""What the doctor needs of Slack and AWS beside the bot's own ports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class SlackAnswer:
    """What Slack said, an error included; header names are lower-case."""

    data: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def error(self) -> str:
        """Slack's code for what is wrong, or nothing."""
        return "" if self.data.get("ok") else str(self.data.get("error", "no answer"))


class AskSlack(Protocol):
    """Asks one method of Slack's Web API, once."""

    async def __call__(self, method: str, *, as_app: bool = False, **given: str) -> SlackAnswer:
        """As the bot, or with the app-level token.

        Raises:
            ServiceError: Slack could not be reached.
        """


class AskAws(Protocol):
    """Asks one operation of AWS that changes nothing, once."""

    async def __call__(
        self,
        service: str,
        operation: str,
        *,
        role_arn: str = "",
        about: str = "",
        absent: frozenset[str] = frozenset(),
        **given: Any,
    ) -> Mapping[str, Any]:
        """As the role or, without one, as the bot's own user; codes in `absent` answer nothing.

        Raises:
            ServiceError: AWS said no, or nothing.
        """
