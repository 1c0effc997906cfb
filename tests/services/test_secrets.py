import asyncio
import json
from typing import Any

import pytest

from bot.domain.errors import NeedsPerson
from bot.services.aws import AwsAccounts
from bot.services.secrets import SecretStore


@pytest.fixture
def store(accounts: AwsAccounts) -> SecretStore:
    return SecretStore({"TOKEN": " canary-env\n"}, accounts.client("secretsmanager"))


@pytest.fixture
def kept(emulator: Any, request: pytest.FixtureRequest) -> Any:
    """Keeps a secret in Secrets Manager under a name of this test's own."""
    manager = emulator.admin("secretsmanager", emulator.home)
    name = f"charter/{request.node.originalname}"

    def keep(text: str | bytes) -> str:
        value = {"SecretBinary" if isinstance(text, bytes) else "SecretString": text}
        try:
            manager.put_secret_value(SecretId=name, **value)
        except manager.exceptions.ResourceNotFoundException:
            manager.create_secret(Name=name, **value)
        return name

    return keep


async def test_an_environment_variable_is_read_without_the_space_around_it(
    store: SecretStore,
) -> None:
    assert await store.get("env:TOKEN") == "canary-env"


async def test_a_key_of_a_json_secret_or_the_whole_text_is_read(
    store: SecretStore, kept: Any
) -> None:
    name = kept(json.dumps({"token": "one", "account": {"client_email": "x"}}))
    assert await store.get(f"secretsmanager:{name}#token") == "one"
    assert json.loads(await store.get(f"secretsmanager:{name}#account")) == {"client_email": "x"}
    assert json.loads(await store.get(f"secretsmanager:{name}"))["token"] == "one"


async def test_a_rotated_secret_is_seen_only_when_asked_afresh(
    store: SecretStore, kept: Any
) -> None:
    reference = f"secretsmanager:{kept('first')}"
    assert await store.get(reference) == "first"
    kept("second")
    assert await store.get(reference) == "first"
    assert await store.get(reference, fresh=True) == "second"
    assert await store.get(reference) == "second"


async def test_many_who_want_one_secret_at_once_make_one_fetch(
    store: SecretStore, kept: Any, log: Any
) -> None:
    name = kept(json.dumps({"a": "1", "b": "2"}))
    wanted = [f"secretsmanager:{name}#{key}" for key in "abab"]
    assert await asyncio.gather(*map(store.get, wanted)) == ["1", "2", "1", "2"]
    assert await asyncio.gather(*(store.get(one, fresh=True) for one in wanted)) == [*"1212"]
    assert log.getvalue().count("get_secret_value") == 2


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("env:ABSENT", "env:ABSENT is not set or empty"),
        ("secretsmanager:charter/absent#key", "no secret charter/absent in Secrets Manager"),
        ("canary-pasted-secret", "reference is not understood"),
    ],
)
async def test_a_missing_secret_is_named_with_the_remedy(
    store: SecretStore, reference: str, words: str
) -> None:
    with pytest.raises(NeedsPerson, match=words) as told:
        await store.get(reference)
    assert told.value.hint
    assert "canary" not in repr(told.value) + told.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"other": "canary"}', "has no key token"),
        ("canary", "is not a JSON object"),
        ('["canary"]', "is not a JSON object"),
        ('{"token": " "}', "is not set or empty"),
        (b"canary", "holds no text"),
    ],
)
async def test_a_secret_of_the_wrong_shape_is_named_and_never_quoted(
    store: SecretStore, kept: Any, text: str | bytes, words: str
) -> None:
    with pytest.raises(NeedsPerson, match=words) as told:
        await store.get(f"secretsmanager:{kept(text)}#token")
    assert "canary" not in repr(told.value) + told.value.hint


async def test_a_forbidden_secret_names_itself_and_the_permission(
    accounts: AwsAccounts, emulator: Any
) -> None:
    manager = accounts.client("secretsmanager", emulator.role(emulator.crew))
    with pytest.raises(NeedsPerson) as told:
        await SecretStore({}, manager).get("secretsmanager:charter/jada#token")
    assert "secretsmanager:GetSecretValue on the secret charter/jada" in told.value.what
