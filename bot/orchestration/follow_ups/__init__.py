"""The registry of follow-ups: one line each."""

from bot.orchestration.follow_ups.arrived import Arrived
from bot.orchestration.follow_ups.base import Action
from bot.orchestration.follow_ups.cancel import Cancel
from bot.orchestration.follow_ups.invalidate import Invalidate
from bot.orchestration.follow_ups.resend import Resend
from bot.orchestration.follow_ups.retry import Retry
from bot.orchestration.follow_ups.scrub import Scrub

ACTIONS: tuple[Action, ...] = (Scrub(), Resend(), Invalidate(), Retry(), Arrived(), Cancel())
