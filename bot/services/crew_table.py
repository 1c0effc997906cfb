"""The crew service's DynamoDB table, for what its API does not offer."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.services.aws import AnsweredCodeError, AwsClient
from bot.services.ports import LostRace, StoredEvent

_CHANGED = frozenset({"ConditionalCheckFailedException"})


class DynamoCrewTable:
    """Reads and mends stored crew events.

    Args:
        dynamodb: a client in the crew service's account.
        table: its name; the partition key is `event_id`.
    """

    def __init__(self, dynamodb: AwsClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    async def get(self, event_id: str) -> StoredEvent | None:
        """A strongly consistent read."""
        answer = await self._dynamodb.call(
            "get_item",
            idempotent=True,
            about=f"the table {self._table}",
            TableName=self._table,
            Key={"event_id": {"S": event_id}},
            ConsistentRead=True,
        )
        if "Item" not in answer:
            return None
        item = _plain(answer["Item"])
        return StoredEvent(
            event_id,
            item.get("notes"),
            _members(item.get("crew")),
            str(item.get("event_name") or "your charter"),
        )

    async def replace_notes(self, event_id: str, *, seen: Any, notes: Any) -> None:
        """Write `notes` if the item's notes are still what was `seen`; None is none at all.

        Doing it twice is one effect: the second finds other notes than it saw.
        """
        values: dict[str, Any] = {}
        change = _set(values, ":notes", notes)
        unchanged = _equals(values, ":seen", seen)
        try:
            await self._dynamodb.call(
                "update_item",
                idempotent=True,
                about=f"the table {self._table}",
                passing=_CHANGED,
                TableName=self._table,
                Key={"event_id": {"S": event_id}},
                UpdateExpression=change,
                ConditionExpression=f"attribute_exists(event_id) AND {unchanged}",
                ExpressionAttributeNames={"#notes": "notes"},
                **({"ExpressionAttributeValues": values} if values else {}),
            )
        except AnsweredCodeError:
            lost = True
        else:
            lost = False
        if lost:
            raise LostRace("The event's notes changed between the read and the write.")


def _set(values: dict[str, Any], name: str, notes: Any) -> str:
    if notes is None:
        return "REMOVE #notes"
    values[name] = _typed(notes)
    return f"SET #notes = {name}"


def _equals(values: dict[str, Any], name: str, seen: Any) -> str:
    if seen is None:
        values[":null"] = {"S": "NULL"}
        return "(attribute_not_exists(#notes) OR attribute_type(#notes, :null))"
    values[name] = _typed(seen)
    return f"#notes = {name}"


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - boto3 costs 0.5 s

    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in item.items()}


def _typed(value: Any) -> Any:
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 - boto3 costs 0.5 s

    return TypeSerializer().serialize(_numbers(value))


def _numbers(value: Any) -> Any:
    """DynamoDB's numbers are decimal; a float is what JSON made of one."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(inner) for inner in value]
    return value


def _members(crew: Any) -> tuple[Mapping[str, Any], ...]:
    """The crew as stored: a list of members, a map of them by crew id, or either as JSON text."""
    if isinstance(crew, str):
        try:
            crew = json.loads(crew)
        except ValueError:
            return ()
    if isinstance(crew, Mapping):
        crew = [
            {"crew_id": crew_id, **member} if isinstance(member, Mapping) else {"crew_id": crew_id}
            for crew_id, member in crew.items()
        ]
    if not isinstance(crew, list):
        return ()
    return tuple(
        member if isinstance(member, Mapping) else {"crew_id": str(member)} for member in crew
    )
