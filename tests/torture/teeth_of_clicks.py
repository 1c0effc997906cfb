"""Bugs at the edges: who may, what was clicked, what leaves the house, what libraries do."""

from tests.torture.slack import MATE
from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import (
    OTHER,
    begins,
    comes,
    dies_upon,
    falls,
    leaves,
    presses,
    presses_slowly,
    rotates,
    waits,
    way,
)
from tests.torture.weather import Fault

_LATER = """\
async def only(ack: AsyncAck) -> None:
        await ack()

    async def hushed() -> None:
        pass

    async def later(body: Mapping[str, Any], _context: AsyncBoltContext) -> None:
        await submit(body, hushed)

    app.action(action)(ack=only, lazy=[never_silent(desk, later)])"""
_NOTE_SENDING = """\
if not await tools.store.write(
        follow_ups.note_unless_cancelled, task.work, follow_ups.SENDING
    ):"""
_MAILED_AGAIN = """\
except Unknown as error:
        await tools.store.write(follow_ups.note, task.work.key, None)
        raise Retriable(error.what) from error
    except Retriable:"""
DISMISSED = way(
    dies_upon("wrote approved"),
    presses("approve", who=MATE),
    leaves(),
    begins(after=150.0),
    waits(60.0),
    approved=False,
)
"""Between an approval and its first effect the bot is away, and who approved is dismissed."""


CLICKS: tuple[Tooth, ...] = (
    tooth(
        "an approval does not claim the card: two at once both win",
        (
            "bot.store.queries.charters:approve",
            "charters.c.state == State.PROPOSED,\n        charters.c.version == version,",
            "",
        ),
        # Both write down the steps of a run, and the second stumbles over those of the first.
        history=way(presses("approve"), presses("approve", after=0.0), approved=False, seed=3),
        law="The bot itself broke: job_failed",
    ),
    tooth(
        "a rejection does not claim the card",
        (
            "bot.store.queries.charters:reject",
            "charters.c.state == State.PROPOSED,\n        charters.c.version == version,",
            "",
        ),
        history=way(presses("reject"), presses("reject", after=0.0, who=MATE), approved=False),
        law="Law 3: xhqgmdh was decided 2 times",
    ),
    tooth(
        "the card's version is not compared",
        (
            "bot.orchestration.decide:Decisions.work",
            ' or overview.version != payload["version"]',
            "",
        ),
        (
            "bot.orchestration.decide:Decisions._approve",
            'version=payload["version"]',
            "version=overview.version",
        ),
        seed=18,
        law="Law 3",
    ),
    tooth(
        "an edit leaves the card's version as it was",
        ("bot.store.queries.charters:edit", "version=version + 1", "version=version"),
        seed=18,
        law="Law 3",
    ),
    tooth(
        "who began a run is not asked for again before its effects",
        ("bot.orchestration.attempt:Attempt._once", "await self.leave()\n", "pass\n"),
        history=DISMISSED,
        law="Law 3: entry-0 of xhqgmdh was made for U0MATE",
    ),
    tooth(
        "who pressed Resend is not asked for again before the mails",
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            "await tools.leave(task.work.user_id)\n",
            "pass\n",
        ),
        history=way(
            presses("resend_crew_links", after=60.0),
            waits(90.0),
            dies_upon("began resend_crew_links"),
            presses("resend_crew_links", who=MATE),
            leaves(),
            begins(after=150.0),
            waits(60.0),
        ),
        law="Law 3: xhqgmdh: crew links were mailed for U0MATE",
    ),
    tooth(
        "whoever sends off a form is not asked for again",
        (
            "bot.orchestration.decide:Decisions.work",
            "if not again and not await",
            "if not again and payload['action'] not in (EDIT, REJECT) and not await",
        ),
        history=way(presses_slowly("edit", who=MATE), leaves(), waits(60.0), approved=False),
        law="Law 3: U0MATE, who is no operator, did this: edited",
    ),
    tooth(
        "who clicked is not asked for",
        (
            "bot.orchestration.gate:Gate.lets_in",
            "if verdict.may:",
            "if True:",
        ),
        seed=19,
        law="Law 3",
    ),
    tooth(
        "a user group that cannot be asked lets everybody in",
        (
            "bot.orchestration.authority:Authority.verdict",
            "asked = False\n",
            "return Verdict(may=True)\n",
        ),
        seed=140,
        law="Law 3",
    ),
    tooth(
        "who belongs to a group is remembered for ever",
        ("bot.orchestration.authority:_REMEMBERED_SECONDS", "", "1e9"),
        history=way(
            presses("edit", who=MATE),
            leaves(),
            presses("approve", after=45.0, who=MATE),
            approved=False,
        ),
        law="Law 3",
    ),
    tooth(
        "a click that comes again is another one",
        (
            "handlers.click:Click.payload",
            '"key": self.key,',
            '"key": f"{self.key}{__import__(\'random\').random()}",',
        ),
        (
            "handlers.actions.follow_ups:submits",
            "await desk.jobs.submit(job, click.key, click.payload())",
            "sent = click.payload(); await desk.jobs.submit(job, sent['key'], sent)",
        ),
        seed=1,
        law="Law 3",
    ),
    tooth(
        "a click is acknowledged before it is written down",
        (
            "handlers.actions.decisions:submits",
            "app.action(action)(ack=submit, lazy=[never_silent(desk, refuse)])",
            _LATER,
        ),
        history=way(
            dies_upon("acknowledged approve", after=2.0), presses("approve"), approved=False
        ),
        law="Law 2",
    ),
    tooth(
        "that links are about to be mailed is not written down",
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            _NOTE_SENDING,
            "if False:",
        ),
        history=way(
            dies_upon("landed crew_service.resend"), presses("resend_crew_links", after=60.0)
        ),
        law="Law 1",
    ),
    tooth(
        "links that may have been mailed are mailed again",
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            "except Retriable:",
            _MAILED_AGAIN,
        ),
        history=way(
            presses("resend_crew_links", after=60.0),
            waits(30.0),
            faults={"crew_service.resend #1": Fault.AFTER},
        ),
        law="Law 1",
    ),
    tooth(
        "what a click has come to is forgotten, so that it is done once more",
        (
            "bot.orchestration.follow_ups.desk:FollowUps._finish",
            "if answer is None:",
            "if True:",
        ),
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            "if task.work.outcome == follow_ups.SENDING:",
            "if False:",
        ),
        history=way(
            dies_upon("wrote resend_crew_links done"), presses("resend_crew_links", after=60.0)
        ),
        law="Law 1",
    ),
    tooth(
        "a cancelled charter keeps its page",
        (
            "bot.steps.guest_page:GuestPageStep._page",
            "cancelled=self._cancelled",
            "cancelled=False",
        ),
        history=way(presses("cancel_charter", after=60.0)),
        law="Law 4",
    ),
    tooth(
        "a secret is kept for ever",
        (
            "bot.services.secrets:SecretStore._fetched",
            "if name in self._held and not fresh:",
            "if name in self._held:",
        ),
        history=way(rotates(1), comes(OTHER), presses("approve", booking=OTHER)),
        law="Law 2",
    ),
    tooth(
        "the payout is let into what the crew read",
        (
            "bot.domain.outgoing:_notes",
            'return ", ".join(said)',
            'return ", ".join([*said, f"{charter.payout}"])',
        ),
        ("bot.steps.guard:assert_no_money", "", "lambda *_: None"),
        history=way(),
        law="Law 5",
    ),
    tooth(
        "what leaves is not searched for money",
        ("bot.steps.guard:assert_no_money", "", "lambda *_: None"),
        test="steps/test_steps_do_their_work.py::test_money_stops_every_step_before_anything_leaves",
    ),
    tooth(
        "mail that came while the bot was down is not looked for",
        (
            "bot.orchestration.sweep:Sweep.once",
            "await submit_message(self._jobs, message, channel=channel)",
            "pass",
        ),
        history=way(falls(after=60.0), comes(OTHER), waits(400.0), begins()),
        law="Law 2",
    ),
    tooth(
        "a job that is asked for patience is given up in silence",
        ("bot.engine:_insist", "await asyncio.sleep(delay)", "return"),
        history=way(faults={"chat.permalink #1": Fault.BEFORE}),
        law="Law 2",
    ),
    tooth(
        "the crew event is scrubbed without a condition",
        (
            "bot.services.crew_table:DynamoCrewTable.replace_notes",
            'ConditionExpression=f"attribute_exists(event_id) AND {unchanged}"',
            'ConditionExpression=f"attribute_exists(event_id) OR {unchanged}"',
        ),
        test="services/test_crew_table.py::test_notes_that_changed_meanwhile_are_left_alone",
    ),
    tooth(
        "Slack's library posts again by itself",
        (
            "bot.services.slack:SlackChat.__init__",
            "client.retry_handlers.clear()",
            "pass",
        ),
        test="services/test_slack_chat.py::"
        "test_a_post_on_a_connection_that_slack_drops_is_not_known_to_have_failed",
    ),
    tooth(
        "AWS's library asks again by itself",
        (
            "bot.services.aws_session:Workshop.__init__",
            '"total_max_attempts": 1',
            '"total_max_attempts": 3',
        ),
        test="services/test_mailer.py::test_a_mail_whose_fate_is_unclear_is_never_sent_again_here",
    ),
    tooth(
        "a redirect takes the credential along",
        (
            "bot.services.http:HttpService.__init__",
            "follow_redirects=False",
            "follow_redirects=True",
        ),
        test="services/test_http.py::"
        "test_a_redirect_is_not_followed_and_blames_the_configured_address",
    ),
)
