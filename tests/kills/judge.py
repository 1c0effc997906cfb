"""The laws of the bot, judged by what other systems received and what people were told."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.views.press import APPROVE, CANCEL, INVALIDATE, RESEND, RETRY, SCRUB
from sandbox.slack.seen import Message
from tests.kills.evidence import Evidence, Item
from tests.kills.play import DOCK, SETTLED, UNCERTAIN, is_answer
from tests.kills.stories import STRANGER, Story
from tests.kills.town import BOT, key_of

CREW = ("captain@example.com", "crew.one@example.com", "crew.two@example.com")
OPERATIONS = "ops@sailjada.com"
LOST, DOUBLED, UNTRUE, LEAKED = "lost", "doubled", "untrue", "leaked"
_ANSWERED = (SCRUB, RESEND, INVALIDATE, CANCEL, RETRY)
_RECORDS = {
    "set up": "Approved by",
    "cancelled": "Cancelled by",
    "rejected": "Rejected by",
    "left": "[Approve]",
}


@dataclass(frozen=True)
class Broken:
    """A law, broken. `kind`: "lost", "doubled", "untrue" or "leaked"."""

    booking_id: str
    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.booking_id.upper()} {self.kind}: {self.words}"


def broken(evidence: Evidence) -> list[Broken]:
    """Every law that is broken, of all charters."""
    found = [*_posted_once(evidence), *_of_nobody(evidence)]
    if not evidence.rested:
        found.append(Broken("", LOST, "the bot never comes to rest"))
    for story in evidence.stories:
        told = [*_ended(evidence, story), *_answered(evidence, story)]
        told += _effects(evidence, story) if story.goes_out else _nothing(evidence, story)
        found += [Broken(story.booking_id, kind, words) for kind, words in told]
    return found


def uncertain(evidence: Evidence) -> int:
    """How often the bot said to a person that it could not know, and what to look at."""
    steps = sum(bool(asked) for each in evidence.questions.values() for asked in each)
    links = sum(UNCERTAIN in each.plain for each in evidence.messages)
    return steps + links


Told = Iterator[tuple[str, str]]


def _posted_once(evidence: Evidence) -> Iterator[Broken]:
    """Law 1, of Slack: each message has an identity, and stands once."""
    for key, times in Counter(filter(None, map(key_of, evidence.messages))).items():
        if times > 1:
            about = next((s.booking_id for s in evidence.stories if s.booking_id in key), "")
            yield Broken(about, DOUBLED, f"the message {key} stands {times} times in Slack")


def _of_nobody(evidence: Evidence) -> Iterator[Broken]:
    known = {each.booking_id for each in evidence.stories}
    for made in (*evidence.entries, *evidence.events):
        if made["booking_id"] not in known:
            yield Broken(made["booking_id"], UNTRUE, "made for a booking that nobody forwarded")


def _ended(evidence: Evidence, story: Story) -> Told:
    """Laws 2 and 4: the card is there, and is the record of what was decided."""
    if what := evidence.failed.get(story.booking_id):
        yield LOST, f"never seen, long after the last kill: {what}"
    cards = evidence.cards(story.booking_id)
    if not cards:
        yield LOST, "its mail has no card"
        return
    record = _RECORDS[story.ending]
    if record not in cards[0].plain:
        yield LOST, f"its card does not say {record!r}"
    elif story.ending in {"set up", "rejected"} and f"{record} {story.who}" not in cards[0].plain:
        yield UNTRUE, f"its card does not name {story.who}, who alone decided"
    if story.edited and f"Guests: {story.guests}" not in cards[0].plain:
        yield LOST, "its card does not show what was edited"


def _answered(evidence: Evidence, story: Story) -> Told:
    """Law 2: what was acknowledged is answered; law 1: once a press."""
    thread = evidence.thread(story.booking_id)
    aside = sum(m.user == BOT and story.shown_id in m.plain for m in evidence.whispers)
    for action in _ANSWERED:
        presses = [p for p in _presses(evidence, story) if p.action == action]
        acked, made = sum(p.acked for p in presses), sum(p.times for p in presses)
        said = sum(is_answer(key_of(each), action) for each in thread)
        if said + aside < acked:
            yield LOST, f"{acked} presses of {action} were taken, and {said} answered"
        if said > made:
            yield DOUBLED, f"{action} is answered {said} times, and was pressed {made} times"
    strangers = [p for p in evidence.presses if p.who == STRANGER and p.action == APPROVE]
    refused = sum("Nothing was done." in m.plain for m in evidence.whispers if _to(m, STRANGER))
    if story.stranger and refused < sum(p.acked for p in strangers):
        yield LOST, "a stranger's press was taken, and never refused"


def _nothing(evidence: Evidence, story: Story) -> Told:
    """Law 3: no effect without an approval."""
    made = {
        "calendar entry": _of(evidence.entries, story),
        "crew event": _of(evidence.events, story),
        "operations mail": _operations(evidence, story),
        "guest page": [p for p in evidence.pages[story.booking_id] if p.stored is not None],
        "checklist": [m for m in evidence.thread(story.booking_id) if _is(m, story, "checklist")],
    }
    for what, found in made.items():
        if found:
            yield UNTRUE, f"{len(found)} {what}, though nobody approved it"


def _effects(evidence: Evidence, story: Story) -> Told:
    """What an approval is followed by, once each, and as it was approved."""
    entries, events = _of(evidence.entries, story), _of(evidence.events, story)
    yield from _once("calendar entries", len(entries))
    yield from _once("crew events", len(events))
    if len(entries) == len(events) == 1:
        if events[0]["calendar_entry_id"] != entries[0]["id"]:
            yield UNTRUE, "its crew event names another calendar entry"
        for made in (*entries, *events):
            if int(made["guest_count"]) != story.guests:
                yield UNTRUE, f"{made['guest_count']} guests, and {story.guests} were approved"
    yield from _mails(evidence, story, events)
    yield from _page(evidence, story)
    yield from _thread(evidence, story)
    yield from _scrubbed(evidence, story, events)
    yield from _leaks(evidence, story, entries, events)


def _mails(evidence: Evidence, story: Story, events: list[Item]) -> Told:
    """The crew is called once, and again for each Resend; an operations mail once a question.

    A question excuses none before somebody has pressed Retry below it.
    """
    retries = sum(p.times for p in _presses(evidence, story) if p.action == RETRY)
    answered = evidence.questions.get(story.booking_id, ())[:retries]
    asked = sum("Operations mail" in each for each in answered)
    sent = len(_operations(evidence, story))
    if sent > 1 + asked:
        yield DOUBLED, f"{sent} operations mails, and a person was asked about {asked} and retried"
    closings = {key_of(m) for m in evidence.thread(story.booking_id) if _is(m, story, "closing")}
    if len(closings) > 1 + retries:
        yield DOUBLED, f"{len(closings)} runs, and {retries} presses of Retry"
    if not sent:
        yield LOST, "no operations mail"
    said = [m.plain for m in evidence.thread(story.booking_id) if is_answer(key_of(m), RESEND)]
    resent = sum(words in text for text in said for words in SETTLED[RESEND])
    most = 1 + resent + sum(UNCERTAIN in text for text in said)
    ids = [str(each["event_id"]) for each in events]
    links = [m for m in evidence.mails if any(_calls_crew(m, event) for event in ids)]
    called = Counter(to for mail in links for to in mail["to"])
    for who in CREW:
        if called[who] > most:
            yield DOUBLED, f"{called[who]} crew links to {who}, and {resent} were asked for again"
        if called[who] < 1 + resent:
            yield LOST, f"{called[who]} crew links to {who}, and {1 + resent} are said to be sent"


def _page(evidence: Evidence, story: Story) -> Told:
    lower, upper = evidence.pages[story.booking_id]
    if lower.stored is None or lower.stored != upper.stored:
        yield LOST, "its guest page is not stored alike under both spellings"
        return
    for page in (lower, upper):
        if (page.status, page.shown) != (200, lower.stored):
            yield UNTRUE, "the public does not see its guest page as it was uploaded"
    says_so = b"This charter is cancelled" in lower.stored
    if says_so != (story.ending == "cancelled"):
        yield UNTRUE, "its guest page does not say how it stands"


def _thread(evidence: Evidence, story: Story) -> Told:
    """Law 4: one checklist and one end, and both tell what the systems hold."""
    name, thread = story.shown_id, evidence.thread(story.booking_id)
    ends = {"set up": f"{name} is set up", "cancelled": f"{name} is cancelled"}[story.ending]
    lists = [m for m in thread if m.plain.startswith(f"Charter {name}: ")]
    if len(lists) != 1:
        yield (DOUBLED if lists else LOST), f"{len(lists)} checklists"
    elif ("Done: all 6 steps" if story.ending == "set up" else "Cancelled") not in lists[0].plain:
        yield UNTRUE, "its checklist does not say that it is done"
    closings = [m for m in thread if _is(m, story, "closing") and m.buttons]
    if len(closings) != 1:
        yield (DOUBLED if closings else LOST), f"{len(closings)} replies at the end with buttons"
    elif not closings[0].plain.startswith(ends):
        yield UNTRUE, f"its thread does not end with {ends!r}"
    card = "Done: all 6 steps" if story.ending == "set up" else "Cancelled"
    if any(card not in each.plain for each in evidence.cards(story.booking_id)):
        yield UNTRUE, "its card does not follow its thread"


def _scrubbed(evidence: Evidence, story: Story, events: list[Item]) -> Told:
    pressed = any(p.action == SCRUB and p.acked for p in _presses(evidence, story))
    if not pressed or len(events) != 1:
        return
    notes = str(events[0].get("notes"))
    if "owner_payout" in notes:
        yield UNTRUE, "revenue is in its crew event after Scrub revenue"
    if f'"{DOCK}"' not in notes:
        yield LOST, "Scrub revenue took more from its crew event than revenue"


def _leaks(
    evidence: Evidence, story: Story, entries: list[Item], events: list[Item]
) -> Iterator[tuple[str, str]]:
    """Law 5: the payout stands on the card alone."""
    ids = [str(each["event_id"]) for each in events]
    mails = [m for m in evidence.mails if any(_calls_crew(m, event) for event in ids)]
    told = {
        "its calendar entry": entries,
        "its crew event": events,
        "a mail to its crew": mails,
        "its guest page": [str(page.stored) for page in evidence.pages[story.booking_id]],
        "its thread": [(m.text, m.blocks) for m in evidence.thread(story.booking_id)],
    }
    for where, found in told.items():
        text = json.dumps(found, default=str)
        if any(amount in text for amount in (story.payout, f"{float(story.payout):,.2f}")):
            yield LEAKED, f"its payout stands in {where}"


def _once(what: str, times: int) -> Told:
    if times != 1:
        yield (DOUBLED if times else LOST), f"{times} {what}"


def _of(made: tuple[Item, ...], story: Story) -> list[Item]:
    return [each for each in made if each["booking_id"] == story.booking_id]


def _operations(evidence: Evidence, story: Story) -> list[Item]:
    return [m for m in evidence.mails if OPERATIONS in m["to"] and story.shown_id in m["subject"]]


def _calls_crew(mail: Item, event_id: str) -> bool:
    text = mail["text"] or ""
    return event_id in text and "magic" in text


def _presses(evidence: Evidence, story: Story) -> list:
    return [p for p in evidence.presses if p.booking_id == story.booking_id and p.who == story.who]


def _is(message: Message, story: Story, kind: str) -> bool:
    return key_of(message).startswith(f"{story.booking_id}:{kind}")


def _to(message: Message, user: str) -> bool:
    return bool(message.raw["shown_to"] == user)
