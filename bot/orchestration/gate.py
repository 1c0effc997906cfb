"""The gate before every click and command: who may not is told so, and it is written down once."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.booking import as_booking_id
from bot.domain.message import Message
from bot.engine import Payload
from bot.orchestration.authority import Authority
from bot.orchestration.whisper import Aside, whisper
from bot.store.queries import audit
from bot.store.store import Store
from bot.views import blocks, replies

_NOT_ASKED = "a user group could not be asked"
_NOT_ASKED_SAID = (
    "Slack could not say just now who belongs to the user group. If you do, press again."
)


class Gate:
    """Lets operators in. A click that was refused once stays refused, however often its job runs.

    What was said to the person must stay true, and one click is one line of the audit.
    """

    def __init__(
        self, store: Store, aside: Aside, authority: Authority, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._aside = aside
        self._authority = authority
        self._clock = clock

    async def lets_in(self, payload: Payload) -> bool:
        """Whether the person may do what the payload asks; if not, they have been told.

        Raises:
            Retriable: Slack could not tell them now; the refusal stands.
        """
        refused = await self._store.read(audit.refusal, payload["key"])
        if refused is None:
            verdict = await self._authority.verdict(payload["user"])
            if verdict.may:
                return True
            refused = self._refusal(payload, asked=verdict.asked)
            await self._store.write(audit.add, refused)
        await whisper(self._aside, payload, self._said(refused))
        return False

    def _refusal(self, payload: Payload, *, asked: bool) -> audit.Entry:
        return audit.Entry(
            at=self._clock(),
            who=payload["user"],
            what=f"{audit.REFUSED}{payload['action']}",
            booking_id=as_booking_id(payload["booking_id"]),
            origin=payload["key"],
            detail="" if asked else _NOT_ASKED,
        )

    def _said(self, refused: audit.Entry) -> Message:
        said = replies.refusal(self._authority.operators)
        if refused.detail != _NOT_ASKED:
            return said
        text = f"{said.text} {_NOT_ASKED_SAID}"
        why = blocks.message(text, [blocks.rich([[blocks.glue(_NOT_ASKED_SAID)]])])
        return Message(text=text, blocks=(*said.blocks, *why.blocks))
