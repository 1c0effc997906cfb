"""Submitted modals: the edit and the rejection of a card."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.orchestration.decide import JOB
from bot.store.queries import overviews
from bot.views.edits import Edits, parse_edit, parse_reject
from bot.views.press import EDIT, EDIT_MODAL, REASON, REJECT, REJECT_MODAL, Press
from handlers.desk import Desk

_GONE = "This charter is not known any more."


def register(app: AsyncApp, desk: Desk) -> None:
    """Listen to both modals. Authorisation is the job's, as it is for a click."""

    @app.view(EDIT_MODAL)
    async def on_edit(body: Mapping[str, Any], view: Mapping[str, Any], ack: AsyncAck) -> None:
        press = Press.decode(view["private_metadata"])
        overview = await desk.store.read(overviews.overview, press.booking_id)
        if overview is None:
            await ack(response_action="errors", errors={_first_input(view): _GONE})
            return
        parsed = parse_edit(
            view["state"]["values"],
            overview=overview,
            boats=desk.policy.boats,
            user=body["user"]["id"],
        )
        if not isinstance(parsed, Edits):
            await ack(response_action="errors", errors=dict(parsed))
            return
        if wrong := await _wrong_id(desk, press, parsed):
            await ack(response_action="errors", errors={"booking_id": wrong})
            return
        edits = {
            "proposal": parsed.proposal.model_dump(mode="json"),
            "remember": parsed.remember_listing,
        }
        await _submit(desk, body, press, EDIT, edits)
        await ack()

    @app.view(REJECT_MODAL)
    async def on_reject(body: Mapping[str, Any], view: Mapping[str, Any], ack: AsyncAck) -> None:
        press = Press.decode(view["private_metadata"])
        reason = parse_reject(view["state"]["values"])
        await _submit(desk, body, press, REJECT, {"reason": reason})
        await ack()


async def _submit(
    desk: Desk, body: Mapping[str, Any], press: Press, action: str, more: Mapping[str, Any]
) -> None:
    # A view is submitted once; should Slack deliver it again, its hash is the same.
    key = f"view:{body['view']['id']}:{body['view'].get('hash', '')}:{action}"
    payload = {
        "key": key,
        "action": action,
        "booking_id": press.booking_id,
        "version": press.version,
        "user": body["user"]["id"],
        "channel": desk.policy.channel,
        **more,
    }
    await desk.jobs.submit(JOB, key, payload)


async def _wrong_id(desk: Desk, press: Press, edits: Edits) -> str:
    """Why the card cannot go by the id that was typed; empty if it can."""
    booking_id = edits.proposal.booking_id
    if not booking_id:
        return "A charter needs its booking id."
    if booking_id == press.booking_id:
        return ""
    known = await desk.store.read(overviews.overview, booking_id)
    return f"{booking_id.upper()} has a card of its own." if known else ""


def _first_input(view: Mapping[str, Any]) -> str:
    inputs = (block["block_id"] for block in view["blocks"] if block["type"] == "input")
    return str(next(inputs, REASON))
