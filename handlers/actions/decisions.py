from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.domain.charter import State
from bot.orchestration.decide import JOB
from bot.store.queries import overviews
from bot.views import modals, replies
from bot.views.press import APPROVE, EDIT, REJECT
from handlers.click import Click
from handlers.desk import Desk
from handlers.pressed import at_home, submits


def register(app: AsyncApp, desk: Desk) -> None:
    """Approve at once; Edit and Reject by way of a modal."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    async def open_modal(body: Mapping[str, Any], _context: AsyncBoltContext) -> None:
        await _open_modal(desk, Click.of(body))

    submits(app, desk, APPROVE, JOB)
    # A modal changes nothing, so there is nothing to write down before the acknowledgement.
    app.action(EDIT)(ack=acknowledge, lazy=[at_home(desk, open_modal)])
    app.action(REJECT)(ack=acknowledge, lazy=[at_home(desk, open_modal)])


async def _open_modal(desk: Desk, click: Click) -> None:
    overview = await desk.store.read(overviews.overview, click.press.booking_id)
    if overview is None:
        message = replies.no_such_charter(click.press.booking_id)
        return await desk.chat.whisper(click.channel, click.user, message)
    fresh = overview.state is State.PROPOSED and overview.version == click.press.version
    if not fresh or not await desk.authority.may_act(click.user):
        # The job says why not, in words, and writes it down.
        payload = {**click.payload(), "action": f"open {click.action}"}
        return await desk.jobs.submit(JOB, click.key, payload)
    if click.action == EDIT:
        boats = [boat.name for boat in desk.policy.boats]
        view = modals.edit_modal(overview, boats, overview.proposal.boat is None)
    else:
        view = modals.reject_modal(overview)
    return await desk.chat.open_modal(click.trigger, view)
