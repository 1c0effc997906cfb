"""What the registry knows about a method."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.slack.rates import TIER_3, Rate
from sandbox.slack.web_api.call import Call

Json = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """`scope` is what the token needs ("" is nothing), `{kind}` in it the channel's kind."""

    name: str
    handler: Callable[[Call], Awaitable[Json]]
    scope: str = ""
    rate: Rate = TIER_3
    app_level: bool = False
