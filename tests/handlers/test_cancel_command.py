"""`/charter cancel ID` shows what would be cancelled; only its button does it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.boat import Boat
from bot.domain.booking import Booking
from bot.domain.charter import Proposal, State
from bot.domain.message import Message
from bot.domain.progress import Cancelled, Decision, StepState
from bot.orchestration.authority import Authority
from bot.orchestration.policy import Policy
from bot.store.queries import audit, charters, overviews
from bot.store.store import Store
from bot.views.press import CANCEL, Press
from handlers.click import Click
from handlers.commands.base import Asked
from handlers.commands.cancel import Cancel
from handlers.desk import Desk

ID, NOW, URL = "xhqgmdh", datetime(2026, 5, 14, 18, tzinfo=UTC), "https://hooks.slack.com/1"
HERE, DOCK = "C0CHARTERS", "C0DOCK"


@dataclass
class Told:
    """What was submitted, and what was said where it was typed."""

    submitted: list[object] = field(default_factory=list)
    responded: list[str] = field(default_factory=list)

    async def submit(self, *job: object) -> None:
        self.submitted.append(job)

    async def respond(self, _url: str, message: Message) -> None:
        self.responded.append(message.text)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'charter.db'}")
    await store.migrate()
    yield store
    store.close()


async def put(store: Store, state: State) -> None:
    """A charter that began an hour ago."""
    times = {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=2)}
    booking = Booking(booking_id=ID, listing="Sail", renter="Marisol", passengers=4, **times)
    boat = Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6)
    proposal = Proposal(marketplace="boatsetter", boat=boat, booking=booking)
    await store.write(charters.propose, proposal, mail=None, at=NOW)
    if state is State.PROPOSED:
        return
    decision, plan = Decision(user="U0CAPTAIN", at=NOW, approved=True), [("guest_page", "Page")]
    charter = proposal.complete()
    await store.write(charters.approve, charter, version=1, decision=decision, plan=plan)
    done = {"state": StepState.DONE, "artefact": {"id": "p"}}
    await store.write(charters.set_step, ID, "guest_page", **done)
    if state is not State.RUNNING:
        await store.write(charters.finish, ID, state=State.DONE, at=NOW)
    if state is State.CANCELLED:
        await store.write(charters.cancel, ID, cancelled=Cancelled(user="U0MATE", at=NOW))


async def typed(
    store: Store, told: Told, *, user: str = "U0CAPTAIN", channel: str = HERE, what: str = "XHQGMDH"
) -> Message | None:
    """What the command is answered with."""
    authority, policy = Authority(("U0CAPTAIN",), told), Policy(channel=HERE, boats=())
    desk = Desk(told, store, told, authority, policy, lambda: NOW, None, None)
    asked = Asked(key="command:1", rest=what, user=user, channel=channel, response_url=URL)
    return await Cancel().accept(desk, asked) or await Cancel().answer(desk, asked)


def buttons(message: Message) -> list[dict]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button for row in rows for button in row]


async def test_it_shows_the_charter_and_nothing_is_done(store: Store):
    await put(store, State.DONE)
    message = await typed(store, told := Told())
    shown = str(message.blocks)
    for words in ("Cancel XHQGMDH?", "JADA", "Guests", "it is under way", "no more photos"):
        assert words in shown
    (button,) = buttons(message)
    assert (button["action_id"], button["confirm"]["style"]) == (CANCEL, "danger")
    assert Press.decode(button["value"]).booking_id == ID
    assert told == Told()
    found = await store.read(overviews.overview, ID)
    assert found.state is State.DONE


async def test_in_another_channel_there_is_no_button(store: Store):
    await put(store, State.DONE)
    message = await typed(store, Told(), channel=DOCK)
    assert buttons(message) == []
    assert "Press Cancel charter in the " in str(message.blocks)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PROPOSED, "XHQGMDH has no approval yet, so nothing was done."),
        (State.RUNNING, "XHQGMDH is still being set up, so nothing was cancelled."),
        (State.CANCELLED, "XHQGMDH is cancelled already."),
    ],
)
async def test_what_cannot_be_cancelled_is_said_to_be_so(store: Store, state, said):
    await put(store, state)
    message = await typed(store, Told())
    assert message.text.startswith(said)
    labels = [button["text"]["text"] for button in buttons(message)]
    again = state is State.CANCELLED
    assert labels == (["Publish the cancellation again"] if again else [])


@pytest.mark.parametrize(
    ("what", "said"),
    [("xhqgmdg", "Did you mean XHQGMDH?"), ("../x", "No such charter. A booking id is")],
)
async def test_what_is_no_charter_is_none(store: Store, what, said):
    await put(store, State.DONE)
    assert said in (await typed(store, Told(), what=what)).text


async def test_whoever_may_not_is_told_so_and_written_down(store: Store):
    await put(store, State.DONE)
    told = Told()
    assert await typed(store, told, user="U0STRANGER") is None
    assert told.responded == ["Only <@U0CAPTAIN> may do this. Nothing was done."]
    assert told.submitted == []
    (entry,) = await store.read(audit.of_booking, ID)
    assert (entry.who, entry.what) == ("U0STRANGER", "refused cancel_charter")


@pytest.mark.parametrize("shown_to_one", [True, False])
def test_a_button_that_one_person_sees_is_answered_where_they_look(shown_to_one):
    press = Press(booking_id=ID, version=2, run=1)
    body = {
        "user": {"id": "U0CAPTAIN"},
        "container": {"channel_id": HERE, "message_ts": "1.0", "is_ephemeral": shown_to_one},
        "trigger_id": "1.1",
        "response_url": URL,
        "actions": [{"action_id": CANCEL, "action_ts": "2.0", "value": press.encode()}],
    }
    payload = Click.of(body).payload()
    assert payload.get("response_url") == (URL if shown_to_one else None)
    assert (payload["version"], payload["run"], payload["channel"]) == (2, 1, HERE)
