"""`/charter`: the registry of its subcommands, one line each; help writes itself."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.domain.message import Message
from bot.views.press import COMMAND, INVALIDATE, RESEND, RETRY, SCRUB
from bot.views.status import help_text
from handlers.commands.acting import Acting
from handlers.commands.base import Asked, Subcommand
from handlers.commands.cancel import Cancel
from handlers.commands.doctor import Doctor
from handlers.commands.list_ import List
from handlers.commands.status import Status
from handlers.desk import Desk
from handlers.lazy import never_silent

SUBCOMMANDS: tuple[Subcommand, ...] = (
    Status(),
    List(),
    Acting("scrub", SCRUB, "take revenue out of the stored crew event"),
    Acting("resend", RESEND, "mail the crew fresh links"),
    Acting("invalidate", INVALIDATE, "have the CDN forget the guest page, then compare it"),
    Acting("retry", RETRY, "do again what is not done"),
    Cancel(),
    Doctor(),
)


def usage(problem: str = "") -> Message:
    """What can be typed. `problem`: what was wrong with what was."""
    lines = [*((s.name, s.args, s.what) for s in SUBCOMMANDS), ("help", "", "this")]
    return help_text(lines, problem)


def _problem(word: str, subcommand: Subcommand | None) -> str:
    """Why what was typed could not be understood; "" for a wish for help."""
    if word in {"", "help"}:
        return ""
    if subcommand is not None:
        lacking = f"needs an {subcommand.args}" if subcommand.args else "takes nothing more"
        return f"{COMMAND} {word} {lacking}."
    names = [each.name for each in SUBCOMMANDS] if word.isalpha() else []  # <!channel> is no slip
    if near := get_close_matches(word, names, n=1):
        return f"There is no {COMMAND} {word}; did you mean {COMMAND} {near[0]}?"
    return f"There is no {COMMAND} {word}."


def register(app: AsyncApp, desk: Desk) -> None:
    """Listen to the command."""
    by_name = {subcommand.name: subcommand for subcommand in SUBCOMMANDS}

    async def accept(command: Mapping[str, Any], ack: AsyncAck, context: AsyncBoltContext) -> None:
        word, asked = _asked(command)
        subcommand = by_name.get(word)
        if subcommand is None or bool(subcommand.args) != bool(asked.rest):
            context["said"] = usage(_problem(word, subcommand))
        else:
            context["said"] = await subcommand.accept(desk, asked)
        await ack()

    async def answer(body: Mapping[str, Any], context: AsyncBoltContext) -> None:
        word, asked = _asked(body)
        message = context.get("said")
        if message is None:
            message = await by_name[word].answer(desk, asked)
        if message is not None:
            await desk.chat.respond(asked.response_url, message)

    app.command(COMMAND)(ack=accept, lazy=[never_silent(desk, answer)])


def _asked(command: Mapping[str, Any]) -> tuple[str, Asked]:
    word, _, rest = str(command.get("text") or "").strip().partition(" ")
    return word.lower(), Asked(
        key=f"command:{command['trigger_id']}",
        rest=rest.strip(),
        user=command["user_id"],
        channel=command["channel_id"],
        response_url=command["response_url"],
    )
