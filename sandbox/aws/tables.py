"""A DynamoDB table with plain values, from an event loop."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from sandbox.aws.accounts import BOOKING_INDEX
from sandbox.mistakes import NotThereError

_WRITE, _READ = TypeSerializer(), TypeDeserializer()


class NoSuchItemError(NotThereError):
    """An item was to be changed that is not there."""


class Table:
    """A table with one string key and the index by booking id.

    Args:
        client: boto3's DynamoDB client in the table's account.
        name: the table.
        key: the partition key's attribute.
    """

    def __init__(self, client: Any, name: str, key: str) -> None:
        self._client = client
        self._name = name
        self._key = key

    async def put(self, item: Mapping[str, Any]) -> None:
        await self._ask("put_item", Item=_written(item))

    async def get(self, key: str) -> dict[str, Any] | None:
        answer = await self._ask("get_item", Key=self._id(key), ConsistentRead=True)
        return _plain(answer["Item"]) if "Item" in answer else None

    async def delete(self, key: str) -> None:
        await self._ask("delete_item", Key=self._id(key))

    async def set(self, key: str, values: Mapping[str, Any]) -> None:
        """Set attributes of an item.

        Raises:
            NoSuchItemError: it is not there, or no longer; none is made.
        """
        names = {f"#{n}": name for n, name in enumerate(values)}
        try:
            await self._ask(
                "update_item",
                Key=self._id(key),
                UpdateExpression="SET " + ", ".join(f"#{n} = :{n}" for n in range(len(values))),
                ConditionExpression="attribute_exists(#key)",
                ExpressionAttributeNames={"#key": self._key, **names},
                ExpressionAttributeValues=_written(
                    {f":{n}": value for n, value in enumerate(values.values())}
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise NoSuchItemError(f"There is no {key} in {self._name}.") from None

    async def put_in(self, key: str, name: str, entries: Mapping[str, Any], **limits: Any) -> bool:
        """Set one entry of one or several map attributes at once.

        What others do to other entries meanwhile is not touched, and an item that is gone is not
        made anew.

        Args:
            key: whose attributes.
            name: the entry's.
            entries: attribute → what its entry becomes; None takes it out. A map that the item
                lacks is made.
            limits: as of `put_condition`; nothing is set where they forbid it.

        Returns:
            Whether it was set.
        """
        names = {"#key": self._key, "#name": name}
        names |= {f"#{n}": attribute for n, attribute in enumerate(entries)}
        first = next(iter(entries.values()))
        condition, more_names, values = put_condition(first, **limits)
        values |= {f":{n}": value for n, value in enumerate(entries.values()) if value is not None}
        return await self._update_in(
            key,
            list(entries),
            UpdateExpression=_update(entries),
            ConditionExpression=condition,
            ExpressionAttributeNames=names | more_names,
            ExpressionAttributeValues=_written(values),
        )

    async def of_booking(self, booking_id: str) -> list[dict[str, Any]]:
        answer = await self._ask(
            "query",
            IndexName=BOOKING_INDEX,
            KeyConditionExpression="booking_id = :id",
            ExpressionAttributeValues=_written({":id": booking_id}),
        )
        return [_plain(item) for item in answer["Items"]]

    async def all(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        page: dict[str, Any] = {}
        while True:
            answer = await self._ask("scan", ConsistentRead=True, **page)
            items += [_plain(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return items
            page = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    async def clear(self) -> None:
        for item in await self.all():
            await self.delete(item[self._key])

    async def _update_in(self, key: str, attributes: Sequence[str], **update: Any) -> bool:
        """An update below maps; DynamoDB does not make a map on the way."""
        for lacks_map in (False, True):
            if lacks_map:
                for attribute in attributes:
                    await self._give_map(key, attribute)
            try:
                await self._ask("update_item", Key=self._id(key), **update)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "ConditionalCheckFailedException":
                    return False
                if code != "ValidationException" or lacks_map:
                    raise
            else:
                return True
        return False

    async def _give_map(self, key: str, attribute: str) -> None:
        """An empty map for an item that has none there; what else it has there is no record."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            await self._ask(
                "update_item",
                Key=self._id(key),
                UpdateExpression="SET #map = :empty",
                ConditionExpression="attribute_exists(#key) AND NOT attribute_type(#map, :kind)",
                ExpressionAttributeNames={"#key": self._key, "#map": attribute},
                ExpressionAttributeValues=_written({":empty": {}, ":kind": "M"}),
            )

    def _id(self, key: str) -> dict[str, Any]:
        return {self._key: {"S": key}}

    async def _ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await asyncio.to_thread(
            getattr(self._client, operation), TableName=self._name, **parameters
        )
        return answer


def put_condition(
    entry: Any, *, unless_same: str = "", most: int = 0
) -> tuple[str, dict[str, str], dict[str, Any]]:
    """When `Table.put_in` may set an entry of its first map, `#0`: condition, names and values.

    Args:
        entry: what it becomes.
        unless_same: a field of it; an entry that has the same there stays as it is.
        most: only an entry that is not there yet, in a map of fewer than so many.
    """
    condition = "attribute_exists(#key)"
    if unless_same:
        field = "#0.#name.#field"
        condition += f" AND (attribute_not_exists({field}) OR {field} <> :same)"
        return condition, {"#field": unless_same}, {":same": entry[unless_same]}
    if most:
        condition += " AND attribute_not_exists(#0.#name)"
        condition += " AND (attribute_not_exists(#0) OR size(#0) < :most)"
        return condition, {}, {":most": most}
    return condition, {}, {}


def _update(entries: Mapping[str, Any]) -> str:
    """The expression that sets entries, and takes out those that become nothing."""
    kept = [f"#{n}.#name = :{n}" for n, value in enumerate(entries.values()) if value is not None]
    gone = [f"#{n}.#name" for n, value in enumerate(entries.values()) if value is None]
    parts = [("SET", kept), ("REMOVE", gone)]
    return " ".join(f"{verb} {', '.join(what)}" for verb, what in parts if what)


def _written(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _WRITE.serialize(_exact(value)) for name, value in item.items()}


def _exact(value: Any) -> Any:
    """The value with decimals for floats, which DynamoDB does not take."""
    match value:
        case float():
            return Decimal(str(value))
        case Mapping():
            return {name: _exact(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_exact(inner) for inner in value]
        case _:
            return value


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _number(_READ.deserialize(value)) for name, value in item.items()}


def _number(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {name: _number(inner) for name, inner in value.items()}
        case list():
            return [_number(inner) for inner in value]
        case _:
            return value
