"""`charter demo` and `charter sandbox`."""

import json
import signal
import sys
import tempfile
import threading
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sandbox.bot_process import BotError, BotProcess
from sandbox.driver import SandboxError, start_sandbox
from sandbox.story import MAIL, Story, StoryFailedError

# Slow enough for a person to see each step in the thread, as the real services are.
_UNHURRIED = {"calendar.create_entry": 1.0, "crew_service.create_event": 1.5, "invalidation": 1.5}
_PATIENCE = 60.0
_LOOK_SECONDS = 0.5
_HOW_TO_TALK = """\
The rehearsal is up, with the bot in it. Ctrl-C ends it and removes its files.
Kill the bot (kill -9 {pid}) and it is started again here.

  control server   {control}
  files and logs   {root}

In another terminal, start {python} and say:

  from pathlib import Path
  from sandbox.driver import Sandbox

  world = Sandbox("{control}", {{}}, Path("{root}"))
  captain = world.slack.as_user("U0CAPTAIN")
  captain.forwards(Path("{mail}"))
  card = world.slack.wait_for_message("Booking: XHQGMDH")
  captain.clicks(card, "Approve")
  world.slack.wait_for_message("is set up", thread=card.ts)
  print(world.slack.transcript())
  captain.types("/charter status XHQGMDH")
"""


class Terminal:
    """Tells the story with colour in a terminal, and as plain text in a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def chapter(self, title: str) -> None:
        self._console.print(f"\n[bold cyan]▸ {escape(title)}[/]")

    def shown(self, text: str) -> None:
        for line in text.splitlines():
            self._console.print(f"    [dim]│[/] {escape(line)}", soft_wrap=True)

    def read_back(self, system: str, text: str) -> None:
        self._console.print(f"  [green]✓[/] {escape(system)}: {escape(text)}", soft_wrap=True)


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts at the end.")] = False,
) -> None:
    """Tell the whole story on this machine, with no account and no network."""
    console = Console(stderr=as_json, highlight=False)
    terminal = Terminal(console)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="charter-demo-") as folder:
        root = Path(folder)
        terminal.chapter("A rehearsal of Slack, three AWS accounts, a calendar, a crew service")
        try:
            with (
                start_sandbox(root, latency=_UNHURRIED) as sandbox,
                BotProcess(sandbox.env, root) as bot,
            ):
                bot.wait_ready(_PATIENCE)
                terminal.read_back("bot", "connected and ready")
                story = Story(sandbox, terminal)
                story.through()
        except (StoryFailedError, AssertionError, SandboxError, BotError) as error:
            console.print(f"\n[bold red]✗ {escape(str(error))}[/]", soft_wrap=True)
            raise typer.Exit(1) from None
    console.print("\n[bold green]All of it was read back from the systems themselves.[/]")
    if as_json:
        typer.echo(json.dumps(story.facts, indent=2))


def sandbox() -> None:
    """Keep the same world open, and say how to talk to it."""
    console = Console(highlight=False)
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    with tempfile.TemporaryDirectory(prefix="charter-sandbox-") as folder:
        root = Path(folder)
        try:
            with start_sandbox(root) as world, BotProcess(world.env, root) as bot:
                bot.wait_ready(_PATIENCE)
                mail = resources.files("sandbox").joinpath("samples", MAIL)
                told = {"control": world.control_url, "root": root, "mail": mail, "pid": bot.pid}
                typer.echo(_HOW_TO_TALK.format(python=sys.executable, **told))
                while not stop.wait(_LOOK_SECONDS):
                    if not bot.running:
                        console.print("The bot ended; it is started again and goes on.")
                        bot.restart(timeout=_PATIENCE)
                        console.print(f"The bot is ready (kill -9 {bot.pid}).")
                typer.echo("The rehearsal ends, and with it everything in its folder.")
        except (SandboxError, BotError) as error:
            typer.echo(f"charter: {error}", err=True)
            raise typer.Exit(1) from None
