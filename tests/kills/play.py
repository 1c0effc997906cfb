"""One charter's story as people live it: whatever Slack does not take, they press again."""

import json
import time
from collections.abc import Callable, Mapping

from bot.views.press import APPROVE, CANCEL, EDIT, INVALIDATE, REJECT, RESEND, RETRY, SCRUB
from sandbox.slack.seen import Click, Message
from tests.kills.stories import GUESTS, STRANGER, Story
from tests.kills.town import Press, Town, key_of
from tests.scenarios.booking_mails import booking_mail

DOCK = "B"
SETTLE_FIRST = "First see with your own eyes whether this happened: "
UNCERTAIN = "they may or may not have gone out"
SETTLED: Mapping[str, tuple[str, ...]] = {
    SCRUB: ("removed from the stored crew event", "nothing to scrub"),
    RESEND: ("fresh crew links mailed",),
    INVALIDATE: ("The live page is what was published.",),
    CANCEL: ("is cancelled. The guest page says so.",),
}
"""What a button's answer says if nothing is left to press."""


class Play:
    """The people of one charter."""

    def __init__(self, town: Town, story: Story) -> None:
        self._town = town
        self._story = story
        self._person = town.person(story.who)

    def through(self) -> None:
        """From the mail to the end of the story.

        Raises:
            NeverHappenedError: the bot did not do its part.
        """
        story = self._story
        self._forward()
        if story.stranger:
            self._insist(STRANGER, APPROVE, lambda: self._has(APPROVE))
        if story.edited:
            self._fill(EDIT, {"passengers": str(story.guests)}, f"Guests: {story.guests}")
        if story.ending == "rejected":
            self._fill(REJECT, {"reason": "The boat is in the yard"}, "Rejected by")
        if story.goes_out:
            self._approve()
            self._see_it_set_up()
            for action in story.follow_ups:
                self._follow_up(action)
        if story.ending == "cancelled":
            self._cancel()

    def _forward(self) -> None:
        story = self._story
        mail = booking_mail(
            story.booking_id, day=story.day, passengers=str(GUESTS), payout=story.payout
        )
        sent = self._person.forwards(mail)
        if story.redelivered:
            self._person.redelivers(sent, times=2)
        self._town.until(lambda: self._town.card(story.booking_id), "its card")

    def _approve(self) -> None:
        self._insist(self._story.who, APPROVE, lambda: self._has(APPROVE), self._story.clicks)
        self._until("Approved by", "the card's record of the approval")

    def _see_it_set_up(self) -> None:
        """Wait for the end of the run; settle what the bot asks about, by its button."""
        while True:
            closing = self._town.until(self._closing, "the reply at the end of the run")
            if f"{self._story.shown_id} is set up" in closing.plain:
                return
            asked = closing.plain.partition(SETTLE_FIRST)[2].partition(". Then press")[0]
            self._town.questions[closing.ts] = (self._story.booking_id, asked)
            self._insist(self._story.who, RETRY, lambda seen=closing: self._still(seen, RETRY))
            self._town.until(lambda seen=closing: not self._still(seen, RETRY), "the next run")

    def _follow_up(self, action: str) -> None:
        """Press a button until it is answered with more than a question."""
        story = self._story
        if action == SCRUB:
            self._write_revenue_by_hand()
        while True:
            before = self._heard(action)
            self._insist(story.who, action, self._closing)
            self._town.until(lambda seen=before: self._heard(action) > seen, f"an answer: {action}")
            said = [each.plain for each in answers(self._thread(), action)]
            if any(words in text for text in said for words in SETTLED[action]):
                return
            self._town.pause(f"an end of {action}")

    def _cancel(self) -> None:
        self._follow_up(CANCEL)
        self._until("Cancelled by", "the card's record of the cancellation")

    def _fill(self, action: str, values: dict[str, str], shows: str) -> None:
        """Open the form of a button and send it, again if the bot died over it."""
        story = self._story
        with self._town.form_of(story.who):
            while shows not in self._card().plain:
                if self._submitted(action, values):
                    self._until(shows, f"the card after {action}")
                else:
                    self._town.pause(f"a form to {action}")

    def _submitted(self, action: str, values: dict[str, str]) -> bool:
        """Whether Slack got an acknowledgement of the form."""
        person, story = self._person, self._story
        if self._town.sandbox.slack.modal(story.who) is not None:
            person.closes()
        if not self._has(action):
            return False
        clicked = self._click(story.who, self._card(), action, 1)
        if clicked is None or clicked.errors:
            return False
        try:
            person.modal(story.shown_id, timeout=4.0)
        except AssertionError:
            return False  # it died before it opened the form; a person presses again
        person.fills(values)
        at, errors = time.time(), person.submits()
        taken = errors is None
        self._town.presses.append(Press(story.booking_id, story.who, action, at, int(taken)))
        return taken

    def _insist(
        self, who: str, action: str, target: Callable[[], Message | None], times: int = 1
    ) -> None:
        """Press until Slack got an acknowledgement, or there is nothing to press any more."""
        while message := target():
            # One press that Slack tells of twice, or as many presses as it is told of.
            redelivered = self._story.redelivered and times == 1
            told = 2 if redelivered else times
            at, clicked = time.time(), self._click(who, message, action, told, redelivered)
            if clicked is not None:
                acked = min(times, told - len(clicked.errors))
                press = Press(self._story.booking_id, who, action, at, acked, times)
                self._town.presses.append(press)
                if acked:
                    return
            self._town.pause(f"an acknowledgement of {action}")

    def _click(
        self, who: str, message: Message, action: str, times: int, redelivered: bool = False
    ) -> Click | None:
        """A click; None if the button went while the hand moved."""
        try:
            return self._town.person(who).clicks(
                message, action, times=times, redelivered=redelivered
            )
        except AssertionError as error:
            if "nothing called" not in str(error):
                raise
            return None

    def _write_revenue_by_hand(self) -> None:
        sandbox = self._town.sandbox
        [event, *_] = sandbox.crew_events(self._story.booking_id)
        notes = json.dumps({"owner_payout": self._story.payout, "dock": DOCK})
        sandbox.write_event_by_hand(event["event_id"], notes=notes)

    def _card(self) -> Message:
        """The card as it is now."""
        card = self._town.card(self._story.booking_id)
        if card is None:
            raise LookupError(f"the card of {self._story.shown_id} is gone")
        return self._town.thread(card)[0]

    def _thread(self) -> list[Message]:
        card = self._town.card(self._story.booking_id)
        return self._town.thread(card)[1:] if card else []

    def _until(self, text: str, what: str) -> None:
        self._town.until(lambda: text in self._card().plain, what)

    def _has(self, action: str) -> Message | None:
        card = self._card()
        return card if self._offers(card, action) else None

    def _still(self, message: Message, action: str) -> Message | None:
        """A reply as it is now, if it still has a button."""
        now = next((each for each in self._thread() if each.ts == message.ts), None)
        return now if now and self._offers(now, action) else None

    def _offers(self, message: Message, action: str) -> bool:
        return any(
            element.get("action_id") == action
            for block in message.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        )

    def _closing(self) -> Message | None:
        """The reply with the buttons."""
        return next((m for m in reversed(self._thread()) if self._offers(m, CANCEL)), None)

    def _heard(self, action: str) -> int:
        """How often the person was answered: in the thread, or aside."""
        story = self._story
        said = len(answers(self._thread(), action))
        return said + self._town.whispers(story.who, story.shown_id)


def answers(thread: list[Message], action: str) -> list[Message]:
    """The replies of a thread that answer a button."""
    return [m for m in thread if is_answer(key_of(m), action)]


def is_answer(key: str, action: str) -> bool:
    """Whether a message of that identity answers a press of a button."""
    return key.startswith("click:") and key.endswith(":answer") and f":{action}:" in key
