"""Look-ups in other services' DynamoDB tables, whose layout is theirs."""

from typing import Any

from bot.domain.errors import NeedsPerson
from bot.services.aws import AnsweredCodeError, AwsClient
from bot.services.ids import checked_booking_id, spellings

_NO_USE = frozenset({"ValidationException", "AccessDeniedException"})


class BookingLookup:
    """Finds the item of a booking in a table of another key.

    Args:
        dynamodb: a client in the table's account.
        table: its name.
        identifier: the attribute that is wanted, such as "event_id".
        index: an index by `booking_id`, used where there is one.
    """

    def __init__(
        self,
        dynamodb: AwsClient,
        table: str,
        identifier: str,
        *,
        index: str = "booking_id-index",
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._identifier = identifier
        self._index = index

    async def find(self, booking_id: str) -> str | None:
        """The identifier of the booking's item.

        The index is only a short cut to a hit: it lags behind the table, so a miss, upon which a
        second event might be made, is believed of a consistent scan alone.
        """
        return await self._by_index(checked_booking_id(booking_id)) or await self._by_scan(
            booking_id
        )

    async def _by_index(self, booking_id: str) -> str | None:
        try:
            answer = await self._dynamodb.call(
                "query",
                idempotent=True,
                about=self._about,
                passing=_NO_USE,
                TableName=self._table,
                IndexName=self._index,
                KeyConditionExpression="booking_id = :id",
                ExpressionAttributeValues={":id": {"S": booking_id}},
                **self._projected,
            )
        except AnsweredCodeError:
            return None
        return self._first(answer)

    async def _by_scan(self, booking_id: str) -> str | None:
        names = {f":id{n}": {"S": text} for n, text in enumerate(spellings(booking_id))}
        page: dict[str, Any] = {}
        while True:
            answer = await self._dynamodb.call(
                "scan",
                idempotent=True,
                about=self._about,
                TableName=self._table,
                ConsistentRead=True,
                FilterExpression=f"booking_id IN ({', '.join(names)})",
                ExpressionAttributeValues=names,
                **self._projected,
                **page,
            )
            found = self._first(answer)
            if found or "LastEvaluatedKey" not in answer:
                return found
            page = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    @property
    def _about(self) -> str:
        return f"the table {self._table}"

    @property
    def _projected(self) -> dict[str, Any]:
        return {
            "ProjectionExpression": "#wanted",
            "ExpressionAttributeNames": {"#wanted": self._identifier},
        }

    def _first(self, answer: dict[str, Any]) -> str | None:
        for item in answer["Items"]:
            value = item.get(self._identifier, {})
            found = value.get("S") or value.get("N")
            if found is None:
                raise NeedsPerson(
                    f"An item of the booking in {self._about} has no {self._identifier}.",
                    "Look at the item: it is there, but what it is cannot be told.",
                )
            return str(found)
        return None
