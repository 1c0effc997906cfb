"""Bugs of what is said: messages, threads, and what is caught up with after a crash."""

from tests.torture.slack import MATE
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import begins, comes, dies_upon, presses, waits, way
from tests.torture.weather import Fault

_POSTS = "bot.orchestration.posts:Posts."
_INTEND = """\
if not await self._store.write(posts.intend, post):
            raise Retriable("It is being posted already.", after=_SOON_SECONDS)
"""
_SEND = """\
        # Ours: nobody else sends it now, and one from before a restore went before we began.
        self._first_seen[key] = self._begun or at
        send = self._find_or_post if known_until else self._post
        ts = await send(post, message, broadcast=broadcast)
"""
_SHOWN = "await self._store.write(charters.shown, booking_id, changed)"


THREADS: tuple[Tooth, ...] = (
    tooth(
        "an update whose answer was lost is taken for one that was not made",
        (
            "bot.orchestration.posts:Posts._change",
            'await self._store.write(posts.sent, post.key, ts=ts, digest="", permalink=link)',
            "pass",
        ),
        # The card's, by a Retry that fails once more: it has to say what it said before.
        history=way(
            presses("retry", after=60.0),
            waits(60.0),
            faults={
                "crew_service.create #1": Fault.REFUSED,
                "crew_service.create #2": Fault.REFUSED,
                "chat.update #8": Fault.AFTER,
            },
        ),
        law="Law 4: xhqgmdh is needs_person, and its card says: 'Running: '.",
    ),
    tooth(
        "the last change is lost while the one before it is drawn",
        (
            "bot.orchestration.followers:Followers._follow",
            "await asyncio.sleep(await self._draw(name))",
            "await asyncio.sleep(await self._draw(name)); self._again.discard(name)",
        ),
        seed=5,
        law="Law 2",
    ),
    tooth(
        "what Slack could not take is not drawn again",
        (
            "bot.orchestration.narrator:Narrator._draw",
            "self._followers.touch(booking_id)\n",
            "",
        ),
        history=way(waits(60.0), faults={"chat.update #5": Fault.BEFORE}),
        law="Law 2",
    ),
    tooth(
        "a change is noted as shown before it is",
        (
            "bot.orchestration.narrator:Narrator._show",
            "post = await self._card(overview)\n",
            f"{_SHOWN}; post = await self._card(overview)\n",
        ),
        seed=111,
        law="Law 4",
    ),
    tooth(
        "after a crash nothing is caught up with",
        ("bot.app:go_on", "    await house.narrator.catch_up()\n", ""),
        history=way(
            dies_upon("asked chat.update", after=3.0),
            presses("reject", after=0.0),
            begins(),
            faults={"chat.update #1": Fault.BEFORE},
            approved=False,
        ),
        law="Law 2",
    ),
    tooth(
        "after a crash an approved run is not begun",
        ("bot.app:go_on", "await runs.go_on(house.engine, booking_id, number)", "pass"),
        (
            "bot.orchestration.decide:Decisions._go_on",
            "await submit_run(self._jobs, overview.booking_id, overview.run)",
            "pass",
        ),
        history=way(dies_upon("wrote approved", after=2.0), presses("approve"), approved=False),
        law="Law 2",
    ),
    tooth(
        "a message is noted after it was posted, not before",
        (
            _POSTS + "ensure",
            f"{_INTEND}{_SEND}",
            f"{_SEND.lstrip()}        {_INTEND}",
        ),
        history=way(dies_upon("landed chat.post"), approved=False),
        law="Law 1",
    ),
    tooth(
        "a message that may be there is not looked for",
        (_POSTS + "_find_or_post", "found = await self._look(post)", "found = None"),
        seed=5,
        law="Law 1",
    ),
    tooth(
        "a message that may still arrive is posted again",
        (_POSTS + "_find_or_post", "self._let_it_arrive(post)\n", "\n"),
        history=way(
            dies_upon("asked chat.post", after=3.0),
            presses("approve", after=0.0),
            begins(after=2.0),
            faults={"chat.post #2": Fault.SLOW},
            approved=False,
        ),
        law="Law 1",
    ),
    tooth(
        "a message that was found again keeps what it said",
        (_POSTS + "_find_or_post", "await self._update(post, found, message)\n", "\n"),
        seed=34,
        law="Law 4",
    ),
    tooth(
        "a message is never changed",
        (_POSTS + "ensure", "elif post.digest == digest:", "elif post.digest is not None:"),
        seed=1,
        law="Law 4",
    ),
    tooth(
        "an update of a dead process that arrives late stands for ever",
        ("bot.orchestration.narrator:Narrator.catch_up", "if not self._begun:", "if False:"),
        history=way(
            dies_upon("asked chat.update"),
            presses("edit"),
            begins(after=4.0),
            presses("reject", after=1.5),
            faults={"chat.update #1": Fault.SLOW},
            approved=False,
            seed=69,  # with which that first update takes eleven seconds to arrive
        ),
        law="Law 4",
    ),
    tooth(
        "an answer is dropped that a person would have to mend",
        (
            "bot.orchestration.answers:Answers.say",
            "if isinstance(error, NeedsPerson) and waits:",
            "if False:",
        ),
        # The same mail once more: all that is said to it is an answer.
        history=way(
            presses("approve", who=MATE, after=1.2),
            comes(who=MATE, after=2.7),
            presses("approve", after=26.3),
            faults={
                "chat.post #3": Fault.BEFORE,
                "chat.post #4": Fault.NEVER,
                "chat.find #4": Fault.MALFORMED,
            },
            approved=False,
        ),
        law="Law 2",
    ),
)
