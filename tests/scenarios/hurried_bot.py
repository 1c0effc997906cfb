"""The bot as it is, but speaking as fast as a rehearsal's Slack lets it: scenarios wait for less.

How it keeps to Slack's own rates has tests of its own, and so has its patience with an API gateway:
the rehearsal's answers within seconds.
"""

from functools import partial

from bot.cli import main
from bot.orchestration import run
from bot.orchestration.attempt import Pace
from bot.services import slack_rates

_FASTER = 50
_SETTLE_SECONDS = 8.0

run.Pace = partial(Pace, settle=_SETTLE_SECONDS)

slack_rates.RATES = {
    method: (most * _FASTER, seconds) for method, (most, seconds) in slack_rates.RATES.items()
}

slack_rates.DEFAULT_RATE = (slack_rates.DEFAULT_RATE[0] * _FASTER, slack_rates.DEFAULT_RATE[1])

if __name__ == "__main__":
    main()
