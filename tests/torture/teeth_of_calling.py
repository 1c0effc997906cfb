"""Bugs by which a person who is needed is not called, or not told what is known."""

from tests.torture.tooth import Tooth, tooth
from tests.torture.ways import waits, way
from tests.torture.weather import Fault

_NOT_KNOWN = way(waits(60.0), faults={"ses.send #1": Fault.AFTER})
_FAILED = way(waits(60.0), faults={"crew_service.create #1": Fault.REFUSED})

CALLING: tuple[Tooth, ...] = (
    tooth(
        "a question comes without the button that settles it",
        (
            "bot.views.closing:_choices",
            "*settling_buttons(overview)",
            "",
        ),
        history=_NOT_KNOWN,
        law="Law 1: xhqgmdh needs a person, who is given no button",
    ),
    tooth(
        "a failed step is named, and not what happened",
        (
            "bot.views.closing:_happened",
            'f"{state_words(step)}. {trouble(step)}"',
            "state_words(step)",
        ),
        history=_FAILED,
        law="Law 1: xhqgmdh: nobody is told what is known of Crew event",
    ),
    tooth(
        "who is needed is told in a thread that nobody reads",
        (
            "bot.orchestration.narrator:Narrator._closing",
            "broadcast=overview.state is State.NEEDS_PERSON",
            "broadcast=False",
        ),
        history=_FAILED,
        law="Law 1: xhqgmdh needs a person, and the channel is not told",
    ),
    tooth(
        "the channel is told of every run that ends",
        (
            "bot.orchestration.narrator:Narrator._closing",
            "broadcast=overview.state is State.NEEDS_PERSON",
            "broadcast=True",
        ),
        history=way(waits(60.0)),
        law="Law 1: xhqgmdh needs nobody, and the whole channel is told",
    ),
    tooth(
        "a step of which it is not known whether it happened is called failed",
        (
            "bot.views.checklist:STATE_WORDS",
            "",
            "{**STATE_WORDS, StepState.UNKNOWN: 'failed, needs a person'}",
        ),
        history=_NOT_KNOWN,
        law="Law 4: xhqgmdh: Operations mail is unknown; its line",
    ),
    tooth(
        "the job of an earlier run works on the next one, beside its own",
        (
            "bot.orchestration.run:Runner.work",
            "if overview.state is not State.RUNNING or overview.run != run:",
            "if overview.state is not State.RUNNING:",
        ),
        test="orchestration/test_run_again.py",
    ),
)
