"""Bugs on the way of a run: looking, doing, looking again."""

from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import begins, dies_upon, presses, waits, way
from tests.torture.weather import Fault

_ATTEMPT = "bot.orchestration.attempt:Attempt."
_MAILED_TWICE = """\
if not self.step.reads_back:
            await self.step.do(self.charter, self.services)
        return await self._settle_unknown(error)"""
_ASKED_AT_ONCE = """\
if self.line.state is StepState.RUNNING:
        raise _interrupted()
    if self.step.reads_back and (there"""
_RUN_ENDED = 'log.info("run_ended", state=state)'
_RUN_AGAIN = """\
if state is State.NEEDS_PERSON and run == 1:
        again = partial(charters.restart, at=self._clock())
        await self.work({**payload, "run": await self._store.write(again, booking_id)})"""

STEPS: tuple[Tooth, ...] = (
    tooth(
        "nothing is looked for before it is done",
        (_ATTEMPT + "_once", "if there := await looked:", "if (there := await looked) and False:"),
        seed=5,
        law="Law 1",
    ),
    tooth(
        "what was done is not read back",
        (
            _ATTEMPT + "_read_back",
            "if not self.step.reads_back:",
            "if True:",
        ),
        test="orchestration/test_attempt.py::"
        "test_what_was_done_is_read_back_and_its_beginning_is_written_down_first",
    ),
    tooth(
        "a request that was under way at a crash is not waited for",
        (_ATTEMPT + "__post_init__", "out_since(self.step, self.line)", "None"),
        history=way(
            dies_upon("asked crew_service.create"),
            begins(after=1.0),
            waits(60.0),
            faults={"crew_service.create #1": Fault.LATE},
        ),
        law="Law 1",
    ),
    tooth(
        "a request that was under way is waited for eight seconds alone",
        ("bot.orchestration.run:Pace", "", "__import__('functools').partial(Pace, settle=8.0)"),
        history=way(
            dies_upon("asked crew_service.create", after=2.0),
            presses("approve"),
            begins(),
            faults={"crew_service.create #1": Fault.SLOW},
            approved=False,
            seed=23,
        ),
        law="Law 1",
    ),
    tooth(
        "a request is counted from the beginning of its attempt, not from when it was sent",
        (
            _ATTEMPT + "_find_interrupted",
            "sent = min(begun + timedelta(seconds=self.pace.sending), self.clock())",
            "sent = begun",
        ),
        test="orchestration/test_attempt.py::"
        "test_a_request_is_waited_for_from_when_it_can_have_been_sent_at_the_latest",
    ),
    tooth(
        "an attempt is written down after it was sent, not before",
        (
            _ATTEMPT + "_begin",
            'await self.record(begun=True, state=StepState.RUNNING, what="", hint="", started_at=at)',
            "",
        ),
        history=way(
            dies_upon("asked crew_service.create", after=2.0),
            presses("approve"),
            begins(after=1.0),
            faults={"crew_service.create #1": Fault.SLOW},
            approved=False,
        ),
        law="Law 1",
    ),
    tooth(
        "no answer is taken for a failure",
        (
            _ATTEMPT + "_once",
            "return await self._settle_unknown(error)",
            "self._out_since = None; raise NeedsPerson(error.what) from error",
        ),
        seed=18,
        law="Law 2",
    ),
    tooth(
        "no answer is taken for success",
        (
            _ATTEMPT + "_once",
            "return await self._settle_unknown(error)",
            "return Artefact(id='somewhere')",
        ),
        history=way(waits(60.0), faults={"crew_service.create #1": Fault.NEVER}),
        law="Law 4",
    ),
    tooth(
        "no answer is a reason to ask again",
        (
            _ATTEMPT + "_once",
            "return await self._settle_unknown(error)",
            "self._out_since = None; raise Retriable(error.what) from error",
        ),
        history=way(waits(60.0), faults={"crew_service.create #1": Fault.LATE}),
        law="Law 1",
    ),
    tooth(
        "what may have happened is called a failure when patience ends",
        (_ATTEMPT + "_failed", "certain = self._out_since is None", "certain = True"),
        history=way(
            waits(200.0),
            faults={
                "crew_service.create #1": Fault.AFTER,
                **{f"crew_service.find #{number}": Fault.MALFORMED for number in range(2, 30)},
            },
        ),
        law="Law 4: xhqgmdh: Crew event failed, and yet it is there",
    ),
    tooth(
        "a mail that was cut off is sent again unasked",
        (
            _ATTEMPT + "_find_interrupted",
            "if not self.step.reads_back:",
            "if False:",
        ),
        seed=21,
        law="Law 1",
    ),
    tooth(
        "the page is believed to be there without a look at it",
        (
            "bot.steps.guest_page:GuestPageStep.find",
            "if all(it == page for it in stored)",
            "if True",
        ),
        seed=1,
        law="Law 4",
    ),
    tooth(
        "each attempt is another invalidation",
        (
            "bot.steps.cache:reference_for",
            '-{page[:32]}"',
            "-{page[:16]}{__import__('random').random()}\"",
        ),
        seed=17,
        law="Law 1",
    ),
    tooth(
        "the operations mail does not wait for the page",
        ("bot.steps.operations_mail:OperationsMailStep.needs", "", "('crew_event',)"),
        seed=4,
        law="Law 4",
    ),
    tooth(
        "a lost answer becomes a question without a look",
        (_ATTEMPT + "_settle_unknown", "if self.step.reads_back:", "if False:"),
        history=way(waits(60.0), faults={"crew_service.create #1": Fault.AFTER}),
        law="Law 2",
    ),
    tooth(
        "what was under way at a crash becomes a question without a look",
        (
            _ATTEMPT + "_find_interrupted",
            "if self.step.reads_back and (there",
            _ASKED_AT_ONCE,
        ),
        history=way(
            dies_upon("asked crew_service.create", after=2.0),
            presses("approve"),
            begins(),
            approved=False,
        ),
        law="Law 2",
    ),
    tooth(
        "what may be on its way is asked for in advance, and nobody hears what it said",
        (
            "bot.orchestration.plan:PlanPass._survey",
            "if out_since(step, line):",
            "if False:",
        ),
        history=way(
            dies_upon("asked crew_service.create", after=2.0),
            presses("approve"),
            begins(),
            waits(60.0),
            approved=False,
            faults={
                **{f"calendar.find #{number}": Fault.BEFORE for number in (2, 3, 4)},
                "crew_service.find #2": Fault.BUSY,
            },
        ),
        law="Law 2: crew_service.find of xhqgmdh was asked at",
    ),
    tooth(
        "a request on its way is a question where an earlier step is missing",
        (
            _ATTEMPT + "held_up",
            "there = await self._find_interrupted() if self._out_since else None",
            "raise _interrupted()",
        ),
        history=way(
            dies_upon("asked crew_service.create", after=2.0),
            presses("approve"),
            begins(),
            waits(60.0),
            approved=False,
            faults={"calendar.find #2": Fault.BUSY, "calendar.find #3": Fault.FORBIDDEN},
        ),
        law="Law 2: xhqgmdh: Crew event is unknown without a cause",
    ),
    tooth(
        "a person is bothered with what passes by itself",
        ("bot.orchestration.run:Pace", "", "__import__('functools').partial(Pace, attempts=1)"),
        history=way(waits(30.0), faults={"s3.put #1": Fault.BEFORE}),
        law="Law 2",
    ),
    tooth(
        "a service that asks for patience is asked again at once",
        ("bot.orchestration.attempt:Pace.pause", "error.after is not None", "False"),
        history=way(waits(30.0), faults={"calendar.create #1": Fault.BUSY}, seed=2),
        law="Law 2",
    ),
    tooth(
        "of two calls at once the pause that the second was asked for is forgotten",
        ("bot.steps.together:_pause", "", "lambda _: 0.0"),
        history=way(
            waits(30.0), faults={"s3.get #1": Fault.BEFORE, "s3.get #2": Fault.BUSY}, seed=2
        ),
        law="Law 2",
    ),
    tooth(
        "a mail without an answer is sent once more before a person is asked",
        (
            _ATTEMPT + "_once",
            "return await self._settle_unknown(error)",
            _MAILED_TWICE,
        ),
        history=way(waits(60.0), faults={"ses.send #1": Fault.AFTER}),
        law="Law 1",
    ),
    tooth(
        "a run that needs a person is begun again by itself",
        ("bot.orchestration.run:Runner.work", _RUN_ENDED, _RUN_AGAIN),
        history=way(waits(60.0), faults={"ses.send #1": Fault.AFTER}),
        law="Law 1",
    ),
)
