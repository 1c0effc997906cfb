"""The bot as it is, but not as patient: a life between two kills is seconds long.

What it waits for is on its way for as long as the rehearsal's latencies, at most; see `lives`.
"""

from datetime import timedelta
from functools import partial

from bot.cli import main
from bot.orchestration import narrator, posts, run
from bot.orchestration.attempt import Pace
from bot.orchestration.follow_ups.resend import Resend
from tests.scenarios import hurried_bot  # noqa: F401 - speaks as fast as the rehearsal lets it

# Longer than any effect is late: else it would not be the bot that doubles it.
SETTLE_SECONDS = 5.0
_ON_ITS_WAY_SECONDS = 1.5

run.Pace = partial(Pace, settle=SETTLE_SECONDS, sending=SETTLE_SECONDS)
posts._ON_ITS_WAY = timedelta(seconds=_ON_ITS_WAY_SECONDS)
narrator._ON_ITS_WAY_SECONDS = _ON_ITS_WAY_SECONDS
Resend.not_within = timedelta(seconds=SETTLE_SECONDS)

if __name__ == "__main__":
    main()
