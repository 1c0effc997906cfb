"""The owner's sums, and the guard that keeps them away from guests and crew."""

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from pydantic import Field

from bot.domain.charter import Charter
from bot.domain.errors import MoneyLeak
from bot.domain.frozen import Frozen
from bot.domain.money_search import holds_amount

_CENT = Decimal("0.01")


class Costs(Frozen):
    """What a charter costs its owner: amounts in the payout's currency, the port's in percent."""

    crew_cost: Decimal = Field(default=Decimal(0), ge=0)
    captain_fee: Decimal = Field(default=Decimal(0), ge=0)
    port_fee_percent: Decimal = Field(default=Decimal(0), ge=0, le=100)


class OwnerSums(Frozen):
    """What one charter earns and costs, rounded half up to cents; `net` may be negative."""

    payout: Decimal
    crew_cost: Decimal
    captain_fee: Decimal
    port_fee: Decimal
    net: Decimal

    @classmethod
    def of(cls, payout: Decimal, costs: Costs) -> Self:
        """The sums of a payout; the port's share is taken of the payout."""
        paid = _cents(payout)
        port_fee = _cents(paid * costs.port_fee_percent / 100)
        crew_cost, captain_fee = _cents(costs.crew_cost), _cents(costs.captain_fee)
        return cls(
            payout=paid,
            crew_cost=crew_cost,
            captain_fee=captain_fee,
            port_fee=port_fee,
            net=paid - crew_cost - captain_fee - port_fee,
        )


def amounts(charter: Charter, costs: Costs | None = None) -> tuple[Decimal, ...]:
    """Every amount of a charter that is nobody's business but the owner's; none is nought."""
    costs = costs or Costs()
    if charter.payout is None:
        secret = [_cents(costs.crew_cost), _cents(costs.captain_fee)]
    else:
        sums = OwnerSums.of(charter.payout, costs)
        secret = [sums.payout, sums.crew_cost, sums.captain_fee, sums.port_fee, abs(sums.net)]
    return tuple(dict.fromkeys(amount for amount in secret if amount > 0))


def assert_no_money(
    what: str, body: str | bytes | Mapping[str, Any], charter: Charter, costs: Costs | None = None
) -> None:
    """Stop `body` if it holds an amount of the charter, in any spelling or encoding.

    `what` names the body in the error, such as "crew event".

    Raises:
        MoneyLeak: it does; the error never says which amount or where.
    """
    if holds_amount(_text(body), amounts(charter, costs)):
        raise MoneyLeak(
            f"The {what} was stopped before it left: it holds one of the charter's amounts.",
            "Take the amount out of the add-ons, the crew's tasks or the boat's settings, "
            "then press Retry.",
        )


def _text(body: str | bytes | Mapping[str, Any]) -> str:
    if isinstance(body, bytes):
        return body.decode("utf-8", errors="replace")
    if isinstance(body, str):
        return body
    return json.dumps(body, ensure_ascii=False, default=str)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
