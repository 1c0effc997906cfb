import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from aiohttp import web

from bot.domain.errors import NeedsPerson, Refused, Retriable, Unknown
from bot.services.aws import AnsweredCodeError, AwsAccounts, AwsLimits


@pytest.fixture
async def open_accounts(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Any]:
    """Accounts of other users or at other addresses than the emulator's."""
    opened: list[AwsAccounts] = []

    def make(limits: AwsLimits | None = None, **environment: str) -> AwsAccounts:
        names = {
            "AWS_ACCESS_KEY_ID": "AKIANOBODY",
            "AWS_SECRET_ACCESS_KEY": "canary-secret-key",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": "",
            **environment,
        }
        for name, value in names.items():
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
        opened.append(AwsAccounts(limits=limits or AwsLimits(connect=1, read=0.3, threads=2)))
        return opened[-1]

    yield make
    for accounts in opened:
        await accounts.close()


async def test_a_role_in_another_account_is_assumed_and_works_there(
    accounts: AwsAccounts, emulator: Any
) -> None:
    emulator.admin("s3", emulator.guests).create_bucket(
        Bucket="only-guests", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    s3 = accounts.client("s3", emulator.role(emulator.guests))
    await s3.call("put_object", Bucket="only-guests", Key="page", Body=b"ahoy")
    answer = await s3.call("get_object", Bucket="only-guests", Key="page", idempotent=True)
    assert answer["Body"] == b"ahoy"


async def test_a_role_that_does_not_trust_the_bot_is_named_with_the_remedy(
    accounts: AwsAccounts, emulator: Any
) -> None:
    role = f"arn:aws:iam::{emulator.guests}:role/another"
    with pytest.raises(NeedsPerson) as told:
        await accounts.client("s3", role).call("list_buckets")
    assert told.value.what == f"The bot may not assume the role {role}."
    assert "trust policy" in told.value.hint


async def test_a_missing_permission_names_the_action_and_who_lacks_it(
    accounts: AwsAccounts, emulator: Any
) -> None:
    role = emulator.role(emulator.crew)
    with pytest.raises(NeedsPerson) as told:
        await accounts.client("dynamodb", role).call("list_tables", about="the tables")
    assert "does not allow dynamodb:ListTables on the tables" in told.value.what
    assert role in told.value.hint


async def test_a_missing_table_is_told_with_where_to_look(
    accounts: AwsAccounts, emulator: Any
) -> None:
    dynamodb = accounts.client("dynamodb", emulator.role(emulator.crew))
    with pytest.raises(NeedsPerson, match="dynamodb has no table no-such") as told:
        await dynamodb.call("scan", about="table no-such", TableName="no-such")
    assert "charter.toml" in told.value.hint


async def test_a_code_that_the_caller_deals_with_is_handed_to_it(
    accounts: AwsAccounts, emulator: Any
) -> None:
    dynamodb = accounts.client("dynamodb", emulator.role(emulator.crew))
    codes = frozenset({"ResourceNotFoundException"})
    with pytest.raises(AnsweredCodeError) as told:
        await dynamodb.call("scan", TableName="no-such", passing=codes)
    assert told.value.code == "ResourceNotFoundException"


async def test_unknown_credentials_need_a_person_and_are_not_quoted(
    open_accounts: Any, emulator: Any
) -> None:
    accounts = open_accounts(AWS_ENDPOINT_URL=emulator.url)
    with pytest.raises(NeedsPerson, match="does not accept the credentials") as told:
        await accounts.client("secretsmanager").call("list_secrets")
    assert "AKIANOBODY" not in repr(told.value) + told.value.hint


async def test_no_credentials_at_all_need_a_person(open_accounts: Any, emulator: Any) -> None:
    accounts = open_accounts(
        AWS_ENDPOINT_URL=emulator.url, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=""
    )
    for role in ("", emulator.role(emulator.crew)):
        with pytest.raises(NeedsPerson, match="does not accept the credentials") as told:
            await accounts.client("dynamodb", role).call("list_tables")
        assert "AWS_ACCESS_KEY_ID" in told.value.hint


async def test_no_region_needs_a_person(open_accounts: Any) -> None:
    accounts = open_accounts(AWS_DEFAULT_REGION="")
    with pytest.raises(NeedsPerson) as told:
        await accounts.client("dynamodb").call("list_tables")
    assert "AWS_DEFAULT_REGION" in told.value.hint


async def test_a_malformed_request_is_refused_without_quoting_it(accounts: AwsAccounts) -> None:
    with pytest.raises(Refused) as told:
        await accounts.client("secretsmanager").call("get_secret_value", SecretId=["canary"])
    assert "canary" not in repr(told.value)


async def test_nobody_listening_is_certainly_without_effect(open_accounts: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        accounts = open_accounts(AWS_ENDPOINT_URL=url)
        with pytest.raises(Retriable, match="could not be reached"):
            await accounts.client("sesv2").call("get_account")


@pytest.mark.parametrize("silent", [True, False])
async def test_a_broken_answer_is_unknown_for_a_mail_and_retriable_for_a_read(
    open_accounts: Any, stand_in: Any, *, silent: bool
) -> None:
    stand_in.never_answers() if silent else stand_in.hangs_up()
    accounts = open_accounts(AWS_ENDPOINT_URL=stand_in.url)
    ses = accounts.client("sesv2")
    with pytest.raises(Unknown, match="may or may not"):
        await ses.call("get_account")
    with pytest.raises(Retriable):
        await ses.call("get_account", idempotent=True)
    assert len(stand_in.asked) == 2, "nothing but the caller repeats a call"


CODES = (
    (400, "ThrottlingException", Retriable),
    (429, "TooManyRequestsException", Retriable),
    (400, "ProvisionedThroughputExceededException", Retriable),
    (400, "ExpiredTokenException", NeedsPerson),
    (400, "AccessDeniedException", NeedsPerson),
    (400, "ValidationException", Refused),
    (500, "InternalServerError", Unknown),
    (503, "ServiceUnavailable", Unknown),
)


async def test_codes_and_not_statuses_decide(open_accounts: Any, stand_in: Any) -> None:
    dynamodb = open_accounts(AWS_ENDPOINT_URL=stand_in.url).client("dynamodb")
    for status, code, expected in CODES:
        stand_in.answers(status, {"__type": code, "message": "canary@example.com"})
        with pytest.raises(expected, match=code) as told:
            await dynamodb.call("list_tables")
        assert "canary" not in repr(told.value)


async def test_a_role_that_cannot_be_had_in_time_had_no_effect(
    open_accounts: Any, stand_in: Any
) -> None:
    stand_in.never_answers()
    accounts = open_accounts(AWS_ENDPOINT_URL=stand_in.url)
    ses = accounts.client("sesv2", "arn:aws:iam::222222222222:role/charter-bot")
    with pytest.raises(Retriable):
        await ses.call("send_email", Content={})


async def test_calls_run_beside_each_other(open_accounts: Any, stand_in: Any) -> None:
    both = asyncio.Event()

    async def meet(_: Any) -> Any:
        if len(stand_in.asked) == 2:
            both.set()
        await both.wait()
        return web.json_response({"TableNames": []})

    stand_in.answer = meet
    accounts = open_accounts(AwsLimits(threads=2), AWS_ENDPOINT_URL=stand_in.url)
    dynamodb = accounts.client("dynamodb")
    await asyncio.gather(dynamodb.call("list_tables"), dynamodb.call("list_tables"))


async def test_each_call_is_one_line_with_what_is_bound(accounts: AwsAccounts, log: Any) -> None:
    structlog.contextvars.bind_contextvars(booking_id="xhqgmdh", attempt=2, correlation_id="c-1")
    with pytest.raises(NeedsPerson):
        await accounts.client("s3").call("list_buckets")
    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert line.pop("latency_ms") >= 0
    assert line == {
        "event": "call",
        "level": "warning",
        "operation": "list_buckets",
        "target_service": "s3",
        "status": "AccessDenied",
        "attempt": 2,
        "booking_id": "xhqgmdh",
        "correlation_id": "c-1",
    }
