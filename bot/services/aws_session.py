"""The part of AWS that runs in threads: sessions, clients and single calls.

Clients are botocore's, which are the ones that boto3 hands out.
"""

import json
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
    create_assume_role_refresher,
)
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from botocore.session import Session

from bot.domain.errors import Refused, ServiceError
from bot.services.aws import AnsweredCodeError, AwsLimits, Call
from bot.services.aws_errors import (
    RedirectedError,
    UnusableAnswerError,
    cannot_assume,
    code_of,
    translated,
)
from bot.services.call_log import Outcome, logged_call

_SESSION_NAME = "charter-bot"
_REDIRECT, _DENIED = 300, 400


@dataclass(frozen=True)
class MadeClient:
    """A client and the credentials of the role that it works as, where it does."""

    client: Any
    credentials: Any | None
    body_bytes: int

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()


class Workshop:
    """Makes clients; one thread only."""

    def __init__(self, region: str | None, limits: AwsLimits) -> None:
        self._limits = limits
        self._config = Config(
            region_name=region,
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=limits.connect,
            read_timeout=limits.read,
            max_pool_connections=limits.threads,
        )
        self._base = Session()
        self._base.set_default_client_config(self._config)
        self._sts: Any = None
        self._roles: dict[str, tuple[Session, Any]] = {}

    def make(self, service: str, role_arn: str) -> MadeClient:
        """A client of `service` as the role, or as the base credentials for ""."""
        session, credentials = self._role(role_arn) if role_arn else (self._base, None)
        config = Config(signature_version="s3v4") if service == "s3" else None
        client = session.create_client(service, config=config)
        client.meta.events.register("before-parse", _must_be_whole)
        return MadeClient(client, credentials, self._limits.body_bytes)

    def close(self) -> None:
        """Close what credentials are fetched with."""
        if self._sts:
            self._sts.close()

    def _role(self, role_arn: str) -> tuple[Session, Any]:
        """A session whose credentials are asked of STS when they are needed or run out."""
        if role_arn not in self._roles:
            self._sts = self._sts or self._base.create_client("sts")
            refresh = create_assume_role_refresher(
                self._sts, {"RoleArn": role_arn, "RoleSessionName": _SESSION_NAME}
            )
            credentials = DeferredRefreshableCredentials(refresh, "assume-role")
            session = Session()
            session.set_default_client_config(self._config)
            # Descriptions of services are read once for all accounts.
            session.register_component("data_loader", self._base.get_component("data_loader"))
            session.register_component(
                "credential_provider", CredentialResolver([_Given(credentials)])
            )
            self._roles[role_arn] = (session, credentials)
        return self._roles[role_arn]


def _must_be_whole(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Refuse what botocore would make too much of.

    A success that is no JSON it reads as one that says nothing; and of a redirect that does not
    come from S3 it asks S3, with a request that is redirected, until Python has no room left.

    Raises:
        BotoCoreError: it is refused.
    """
    status = response_dict["status_code"]
    if _REDIRECT <= status < _DENIED and "x-amz-bucket-region" not in response_dict["headers"]:
        raise RedirectedError(status=status)
    if status < _REDIRECT and not _is_from_aws(operation_model, response_dict):
        raise UnusableAnswerError


def _is_from_aws(operation_model: Any, response: dict[str, Any]) -> bool:
    if operation_model.has_streaming_output:
        # Any page would do for an object; only S3 gives an id with it.
        return "x-amz-request-id" in response["headers"]
    if operation_model.service_model.protocol not in {"json", "rest-json"}:
        return True
    try:
        json.loads(response["body"] or b"{}")
    except (ValueError, RecursionError):
        return False
    return True


class _Given(CredentialProvider):  # type: ignore[misc]  # botocore has no types
    """Hands a session the credentials that were made for it."""

    METHOD = "assume-role"

    def __init__(self, credentials: Any) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> Any:
        """The credentials; nothing is asked of the network."""
        return self._credentials


def ask(made: Future[MadeClient], call: Call, parameters: dict[str, Any]) -> dict[str, Any]:
    """One call, logged, its failure translated."""
    failure: Exception
    with logged_call(call.system, call.operation) as outcome:
        try:
            return _answer(made.result(), call, parameters, outcome)
        except (ClientError, BotoCoreError) as error:
            outcome.status = code_of(error)
            if outcome.status in call.passing:
                outcome.well = True
                failure = AnsweredCodeError(outcome.status)
            else:
                failure = translated(error, call)
        except ServiceError as error:
            outcome.status = type(error).__name__
            failure = error
    # Raised out here so that it has no context: botocore's errors quote what was sent.
    raise failure


def _answer(
    made: MadeClient, call: Call, parameters: dict[str, Any], outcome: Outcome
) -> dict[str, Any]:
    _assume(made, call)
    try:
        answer: dict[str, Any] = getattr(made.client, call.operation)(**parameters)
    except ResponseParserError:
        raise UnusableAnswerError from None
    outcome.status = answer["ResponseMetadata"]["HTTPStatusCode"]
    if hasattr(answer.get("Body"), "read"):
        answer["Body"] = _read(answer["Body"], made.body_bytes, call)
    outcome.well = True
    return answer


def _assume(made: MadeClient, call: Call) -> None:
    """Have credentials before the call, so that no failure to get them looks like one of it."""
    if made.credentials is None:
        return
    try:
        made.credentials.get_frozen_credentials()
    except (ClientError, BotoCoreError) as error:
        failure = cannot_assume(error, call)
    else:
        return
    raise failure


def _read(body: Any, limit: int, call: Call) -> bytes:
    with body:
        held: bytes = body.read(limit + 1)
        if len(held) <= limit:
            body.read(1)  # at its end botocore sees whether all of it came, and not before
    if len(held) > limit:
        raise Refused(f"What {call.system} holds is larger than {limit} bytes.")
    return held
