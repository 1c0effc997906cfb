"""How the doctor asks Slack and AWS: once, with every answer taken as an answer."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Retriable
from bot.services.aws import AnsweredCodeError, AwsAccounts
from bot.services.doctor_ports import SlackAnswer

_UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError)


class SlackDoor:
    """Slack's Web API as the doctor asks it.

    Args:
        client: as the bot.
        app_token: the app-level token, for what only it may ask.
    """

    def __init__(self, client: AsyncWebClient, *, app_token: str) -> None:
        client.retry_handlers.clear()
        self._client = client
        self._app_token = app_token

    async def __call__(self, method: str, *, as_app: bool = False, **given: str) -> SlackAnswer:
        """See `AskSlack`."""
        headers = {"Authorization": f"Bearer {self._app_token}"} if as_app else {}
        try:
            answer: Any = await self._client.api_call(method, data=given, headers=headers)
        except SlackApiError as error:
            answer = error.response
        except _UNREACHABLE as error:
            raise Retriable(
                "Slack cannot be reached.", "Check the network and SLACK_API_URL."
            ) from error
        found = answer.data if isinstance(answer.data, dict) else {}
        return SlackAnswer(found, {name.lower(): value for name, value in answer.headers.items()})


class AwsDoor:
    """AWS as the doctor asks it."""

    def __init__(self, accounts: AwsAccounts) -> None:
        self._accounts = accounts

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
        """See `AskAws`."""
        client = self._accounts.client(service, role_arn)
        try:
            return await client.call(
                operation, idempotent=True, about=about, passing=absent, **given
            )
        except AnsweredCodeError:
            return {}
