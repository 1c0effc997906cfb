"""Secrets, fetched from their home when they are needed. Errors name the reference, never more."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.errors import NeedsPerson
from bot.services.aws import AnsweredCodeError, AwsClient

_MISSING = frozenset({"ResourceNotFoundException"})


class SecretStore:
    """Resolves `env:NAME` and `secretsmanager:name#key`; without `#key`, the whole string.

    Args:
        environment: where `env:` looks.
        secrets_manager: a Secrets Manager client in the account that holds the secrets.
        hide: told every value, so that no log ever shows it.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        secrets_manager: AwsClient,
        *,
        hide: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._hide = hide
        self._environment = environment
        self._secrets_manager = secrets_manager
        self._held: dict[str, str] = {}
        self._fetches: dict[str, int] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, reference: str, *, fresh: bool = False) -> str:
        """The value behind `reference`, without white space around it.

        Raises:
            NeedsPerson: it is not there, not readable, or empty.
            Retriable: Secrets Manager could not be asked.
        """
        kind, _, rest = reference.partition(":")
        if kind == "env":
            found = self._environment.get(rest, "")
        elif kind == "secretsmanager":
            name, _, key = rest.partition("#")
            found = _pick(await self._fetched(name, fresh=fresh), key, reference)
        else:
            raise NeedsPerson(
                "A secret's reference is not understood.",
                'Write "env:NAME" or "secretsmanager:name#key" in charter.toml.',
            )
        if not found.strip():
            raise NeedsPerson(
                f"The secret {reference} is not set or empty.",
                "Set the environment variable where the bot is started."
                if kind == "env"
                else "Store a value under that name in Secrets Manager.",
            )
        self._hide(found.strip())
        return found.strip()

    async def _fetched(self, name: str, *, fresh: bool) -> str:
        """The whole secret; whoever waited for another's fetch takes what that one brought."""
        if name in self._held and not fresh:
            return self._held[name]
        seen = self._fetches.get(name, 0)
        async with self._locks.setdefault(name, asyncio.Lock()):
            if self._fetches.get(name, 0) == seen:
                self._held[name] = await self._fetch(name)
                self._fetches[name] = seen + 1
            return self._held[name]

    async def _fetch(self, name: str) -> str:
        try:
            answer = await self._secrets_manager.call(
                "get_secret_value",
                idempotent=True,
                about=f"the secret {name}",
                passing=_MISSING,
                SecretId=name,
            )
        except AnsweredCodeError:
            answer = None
        if answer is None:
            raise NeedsPerson(
                f"There is no secret {name} in Secrets Manager.",
                "Create it in the bot's account and region, or correct its name in charter.toml.",
            )
        text = answer.get("SecretString")
        if not isinstance(text, str):
            raise NeedsPerson(
                f"The secret {name} holds no text.", "Store it as a string, not as binary."
            )
        return text


def _pick(text: str, key: str, reference: str) -> str:
    if not key:
        return text
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or key not in found:
        kind = f"has no key {key}" if isinstance(found, dict) else "is not a JSON object"
        raise NeedsPerson(
            f"The secret {reference.partition('#')[0]} {kind}.",
            f'Store it in Secrets Manager as JSON: {{"{key}": "…"}}.',
        )
    value = found[key]
    return value if isinstance(value, str) else json.dumps(value)
