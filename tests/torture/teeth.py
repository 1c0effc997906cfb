"""Planted bugs, each of which the suite must catch: by a law in a history, or by a named test."""

from dataclasses import dataclass

from tests.torture.plant import Edit

_ATTEMPT = "bot.orchestration.attempt:Attempt."
_POSTS = "bot.orchestration.posts:Posts."
_INTEND = "await self._store.write(posts.intend, post)"
_POST = "ts = await self._post(post, message, broadcast=broadcast)"
_SHOWN = "await self._store.write(charters.shown, booking_id, changed)"
_MAILED_AGAIN = """\
except Unknown as error:
        await tools.store.write(follow_ups.note, task.work.key, None)
        raise Retriable(error.what) from error
    except Retriable:"""


@dataclass(frozen=True)
class Tooth:
    """A bug in words. `seed`: one whose history catches it; `test`: else the test that does.

    The seeds are short cuts: where one no longer catches, others are tried.
    """

    bug: str
    edits: tuple[Edit, ...]
    seed: int = 0
    test: str = ""


def _tooth(bug: str, *edits: tuple[str, str, str], seed: int = 0, test: str = "") -> Tooth:
    return Tooth(bug, tuple(Edit(*edit) for edit in edits), seed, test)


TEETH: tuple[Tooth, ...] = (
    _tooth(
        "an approval does not claim the card: two at once both win",
        (
            "bot.store.queries.charters:approve",
            "charters.c.state == State.PROPOSED,\n        charters.c.version == version,",
            "",
        ),
    ),
    _tooth(
        "a rejection does not claim the card",
        (
            "bot.store.queries.charters:reject",
            "charters.c.state == State.PROPOSED,\n        charters.c.version == version,",
            "",
        ),
    ),
    _tooth(
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
    ),
    _tooth(
        "an edit leaves the card's version as it was",
        ("bot.store.queries.charters:edit", "version=version + 1", "version=version"),
    ),
    _tooth(
        "who clicked is not asked for",
        (
            "bot.orchestration.gate:Gate.lets_in",
            "if verdict.may:",
            "if True:",
        ),
    ),
    _tooth(
        "a user group that cannot be asked lets everybody in",
        (
            "bot.orchestration.authority:Authority.verdict",
            "asked = False\n",
            "return Verdict(may=True)\n",
        ),
    ),
    _tooth(
        "who belongs to a group is remembered for ever",
        ("bot.orchestration.authority:_REMEMBERED_SECONDS", "", "1e9"),
    ),
    _tooth(
        "nothing is looked for before it is done",
        (_ATTEMPT + "_once", "if there := await looked:", "if (there := await looked) and False:"),
    ),
    _tooth(
        "what was done is not read back",
        (
            _ATTEMPT + "_read_back",
            "if not self.step.reads_back:",
            "if True:",
        ),
        test="orchestration/test_attempt.py::"
        "test_what_was_done_is_read_back_and_its_beginning_is_written_down_first",
    ),
    _tooth(
        "a request that was under way at a crash is not waited for",
        (_ATTEMPT + "__post_init__", "out_since(self.step, self.line)", "None"),
    ),
    _tooth(
        "a request that was under way is waited for eight seconds alone",
        ("bot.orchestration.run:Pace", "", "__import__('functools').partial(Pace, settle=8.0)"),
    ),
    _tooth(
        "a request is counted from the beginning of its attempt, not from when it was sent",
        (
            _ATTEMPT + "_find_interrupted",
            "sent = min(begun + timedelta(seconds=self.pace.sending), self.clock())",
            "sent = begun",
        ),
        test="orchestration/test_attempt.py::"
        "test_a_request_is_waited_for_from_when_it_can_have_been_sent_at_the_latest",
    ),
    _tooth(
        "an attempt is written down after it was sent, not before",
        (
            _ATTEMPT + "_once",
            "await self.record(begun=True, state=StepState.RUNNING, started_at=at)",
            "",
        ),
    ),
    _tooth(
        "no answer is taken for a failure",
        (
            _ATTEMPT + "_once",
            "return await self._settle_unknown(error)",
            "self._out_since = None; raise NeedsPerson(error.what) from error",
        ),
    ),
    _tooth(
        "no answer is taken for success",
        (
            _ATTEMPT + "_once",
            "return await self._settle_unknown(error)",
            "return Artefact(id='somewhere')",
        ),
    ),
    _tooth(
        "no answer is a reason to ask again",
        (
            _ATTEMPT + "_settle_unknown",
            "if self.step.repeatable:",
            "if True:",
        ),
    ),
    _tooth(
        "what may have happened is called a failure when patience ends",
        (_ATTEMPT + "carry_out", "certain = self._out_since is None", "certain = True"),
    ),
    _tooth(
        "a mail that was cut off is sent again unasked",
        (
            _ATTEMPT + "_find_interrupted",
            "if not self.step.reads_back:",
            "if False:",
        ),
    ),
    _tooth(
        "the page is believed to be there without a look at it",
        (
            "bot.steps.guest_page:GuestPageStep.find",
            "if all(it == page for it in stored)",
            "if True",
        ),
    ),
    _tooth(
        "each attempt is another invalidation",
        (
            "bot.steps.cache:reference_for",
            '-{page[:32]}"',
            "-{page[:16]}{__import__('random').random()}\"",
        ),
    ),
    _tooth(
        "the operations mail does not wait for the page",
        ("bot.steps.operations_mail:OperationsMailStep.needs", "", "('crew_event',)"),
    ),
    _tooth(
        "the last change is lost while the one before it is drawn",
        (
            "bot.orchestration.followers:Followers._follow",
            "await asyncio.sleep(await self._draw(name))",
            "await asyncio.sleep(await self._draw(name)); self._again.discard(name)",
        ),
    ),
    _tooth(
        "what Slack could not take is not drawn again",
        (
            "bot.orchestration.narrator:Narrator._draw",
            "self._followers.touch(booking_id)\n",
            "",
        ),
    ),
    _tooth(
        "a change is noted as shown before it is",
        (
            "bot.orchestration.narrator:Narrator._show",
            "post = await self._card(overview)\n",
            f"{_SHOWN}; post = await self._card(overview)\n",
        ),
    ),
    _tooth(
        "after a crash nothing is caught up with",
        ("bot.app:go_on", "    await house.narrator.catch_up()\n", ""),
    ),
    _tooth(
        "after a crash an approved run is not begun",
        ("bot.app:go_on", "await runs.go_on(house.engine, booking_id, number)", "pass"),
        (
            "bot.orchestration.decide:Decisions._go_on",
            "await submit_run(self._jobs, overview.booking_id, overview.run)",
            "pass",
        ),
    ),
    _tooth(
        "a message is noted after it was posted, not before",
        (
            _POSTS + "ensure",
            f"{_INTEND}\n        {_POST}\n",
            f"{_POST}\n        {_INTEND}\n",
        ),
    ),
    _tooth(
        "a message that may be there is not looked for",
        (_POSTS + "_find_or_post", "found = await self._look(post)", "found = None"),
    ),
    _tooth(
        "a message that may still arrive is posted again",
        (_POSTS + "_find_or_post", "self._let_it_arrive(post)\n", "\n"),
    ),
    _tooth(
        "a message that was found again keeps what it said",
        (_POSTS + "_find_or_post", "await self._update(post, found, message)\n", "\n"),
    ),
    _tooth(
        "a message is never changed",
        (_POSTS + "ensure", "elif post.digest == digest:", "elif post.digest is not None:"),
    ),
    _tooth(
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
    ),
    _tooth(
        "a click is acknowledged before it is written down",
        (
            "handlers.actions.decisions:submits",
            "        if counts(body):\n            click = Click.of(body)\n",
            "        await ack()\n        if counts(body):\n            click = Click.of(body)\n",
        ),
    ),
    _tooth(
        "that links are about to be mailed is not written down",
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            "if not await tools.store.write(follow_ups.note_unless_cancelled, task.work, _SENDING):",
            "if False:",
        ),
    ),
    _tooth(
        "links that may have been mailed are mailed again",
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            "except Retriable:",
            _MAILED_AGAIN,
        ),
    ),
    _tooth(
        "what a click has come to is forgotten, so that it is done once more",
        (
            "bot.orchestration.follow_ups.desk:FollowUps._finish",
            "if answer is None:",
            "if True:",
        ),
        (
            "bot.orchestration.follow_ups.resend:Resend.perform",
            "if task.work.outcome == _SENDING:",
            "if False:",
        ),
    ),
    _tooth(
        "a cancelled charter keeps its page",
        (
            "bot.orchestration.follow_ups.cancel:Cancel.__init__",
            "GuestPageStep(cancelled=True)",
            "GuestPageStep()",
        ),
    ),
    _tooth(
        "a secret is kept for ever",
        (
            "bot.services.secrets:SecretStore._fetched",
            "if name in self._held and not fresh:",
            "if name in self._held:",
        ),
    ),
    _tooth(
        "the payout is let into what the crew read",
        (
            "bot.domain.outgoing:_notes",
            'return ", ".join(said)',
            'return ", ".join([*said, f"{charter.payout}"])',
        ),
        ("bot.steps.guard:assert_no_money", "", "lambda *_: None"),
    ),
    _tooth(
        "what leaves is not searched for money",
        ("bot.steps.guard:assert_no_money", "", "lambda *_: None"),
        test="steps/test_steps_do_their_work.py::test_money_stops_every_step_before_anything_leaves",
    ),
    _tooth(
        "mail that came while the bot was down is not looked for",
        (
            "bot.orchestration.sweep:Sweep.once",
            "await submit_message(self._jobs, message, channel=channel)",
            "pass",
        ),
    ),
    _tooth(
        "a job that is asked for patience is given up in silence",
        ("bot.engine:_insist", "await asyncio.sleep(delay)", "return"),
    ),
    _tooth(
        "the crew event is scrubbed without a condition",
        (
            "bot.services.crew_table:DynamoCrewTable.replace_notes",
            'ConditionExpression=f"attribute_exists(event_id) AND {unchanged}"',
            'ConditionExpression=f"attribute_exists(event_id) OR {unchanged}"',
        ),
        test="services/test_crew_table.py::test_notes_that_changed_meanwhile_are_left_alone",
    ),
    _tooth(
        "Slack's library posts again by itself",
        (
            "bot.services.slack:SlackChat.__init__",
            "client.retry_handlers.clear()",
            "pass",
        ),
        test="services/test_slack_chat.py::"
        "test_a_post_on_a_connection_that_slack_drops_is_not_known_to_have_failed",
    ),
    _tooth(
        "AWS's library asks again by itself",
        (
            "bot.services.aws_session:Workshop.__init__",
            '"total_max_attempts": 1',
            '"total_max_attempts": 3',
        ),
        test="services/test_mailer.py::test_a_mail_whose_fate_is_unclear_is_never_sent_again_here",
    ),
    _tooth(
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
