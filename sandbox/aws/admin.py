"""Clients with every permission, for those who furnish and inspect the rehearsal."""

import threading
from types import MappingProxyType
from typing import Any

from boto3 import Session
from botocore.config import Config

from sandbox.aws.accounts import BOT_ACCOUNT, CREW_ACCOUNT, GUEST_ACCOUNT, REGION

_CONFIG = Config(
    signature_version="s3v4",
    max_pool_connections=32,
    retries={"total_max_attempts": 1},
    s3={"addressing_style": "path"},
)

_NEEDED = MappingProxyType(
    {
        GUEST_ACCOUNT: ("s3", "cloudfront", "iam"),
        BOT_ACCOUNT: ("dynamodb", "iam", "sesv2", "s3", "secretsmanager"),
        CREW_ACCOUNT: ("dynamodb", "iam", "lambda", "sesv2"),
    }
)


class Admin:
    """The root of each account. Clients are made once and shared between threads."""

    def __init__(self, endpoint: str, root_secret: str) -> None:
        self._endpoint = endpoint
        self._secret = root_secret
        self._session = Session(region_name=REGION)
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str], Any] = {}

    def client(self, service: str, account: str) -> Any:
        """A client of `service` as the root of `account`."""
        key = (service, account)
        with self._lock:
            if key not in self._made:
                self._made[key] = self.client_as(service, account, self._secret)
            return self._made[key]

    def warm(self) -> None:
        """Make the clients that will be needed while there is nothing else to do."""
        for account, services in _NEEDED.items():
            for service in services:
                self.client(service, account)

    def client_as(self, service: str, access_key: str, secret: str, endpoint: str = "") -> Any:
        """A new client with the given keys."""
        return self._session.client(
            service,
            endpoint_url=endpoint or self._endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret,
            config=_CONFIG if service == "s3" else _CONFIG.merge(Config(signature_version="v4")),
        )

    def close(self) -> None:
        for client in self._made.values():
            client.close()
