"""A DynamoDB table with plain values, from an event loop."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from sandbox.aws.accounts import BOOKING_INDEX

_WRITE, _READ = TypeSerializer(), TypeDeserializer()


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
        """Set attributes of an item."""
        names = list(values)
        await self._ask(
            "update_item",
            Key=self._id(key),
            UpdateExpression="SET " + ", ".join(f"#{n} = :{n}" for n in range(len(names))),
            ExpressionAttributeNames={f"#{n}": name for n, name in enumerate(names)},
            ExpressionAttributeValues=_written({f":{n}": values[x] for n, x in enumerate(names)}),
        )

    async def put_in(
        self, key: str, attribute: str, name: str, value: Any, *, unless_same: str = ""
    ) -> bool:
        """Set one entry of a map attribute, whatever others do to its other entries meanwhile.

        Args:
            key: whose attribute. An item that is gone is not made anew.
            attribute: the map; made if the item has none.
            name: the entry.
            value: what it becomes.
            unless_same: a field of `value`; an entry that has the same there stays as it is.

        Returns:
            Whether it was set.
        """
        condition = "attribute_exists(#key)"
        names = {"#key": self._key, "#map": attribute, "#name": name}
        values = {":value": value}
        if unless_same:
            names["#field"] = unless_same
            values[":same"] = value[unless_same]
            condition += " AND (attribute_not_exists(#map.#name) OR #map.#name.#field <> :same)"
        return await self._update_in(
            key,
            attribute,
            UpdateExpression="SET #map.#name = :value",
            ConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=_written(values),
        )

    async def take_out(self, key: str, attribute: str, name: str) -> bool:
        """Remove one entry of a map attribute; whether the item is there."""
        return await self._update_in(
            key,
            attribute,
            UpdateExpression="REMOVE #map.#name",
            ConditionExpression="attribute_exists(#key)",
            ExpressionAttributeNames={"#key": self._key, "#map": attribute, "#name": name},
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

    async def _update_in(self, key: str, attribute: str, **update: Any) -> bool:
        """An update below a map; DynamoDB does not make the map on the way."""
        for lacks_map in (False, True):
            if lacks_map:
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
        """An empty map for an item that lacks it."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            await self._ask(
                "update_item",
                Key=self._id(key),
                UpdateExpression="SET #map = if_not_exists(#map, :empty)",
                ConditionExpression="attribute_exists(#key)",
                ExpressionAttributeNames={"#key": self._key, "#map": attribute},
                ExpressionAttributeValues=_written({":empty": {}}),
            )

    def _id(self, key: str) -> dict[str, Any]:
        return {self._key: {"S": key}}

    async def _ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await asyncio.to_thread(
            getattr(self._client, operation), TableName=self._name, **parameters
        )
        return answer


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
