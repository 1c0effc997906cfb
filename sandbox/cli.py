"""`charter demo` and `charter sandbox`."""

import json
import tempfile
import time
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sandbox.bot_process import BotError, BotProcess
from sandbox.driver import SandboxError, start_sandbox
from sandbox.end_signals import EndSignals
from sandbox.keeper import Keeper
from sandbox.ports import is_free
from sandbox.story import Story, StoryFailedError

# Slow enough for a person to see each step in the thread, as the real services are.
_UNHURRIED = {"calendar.create_entry": 1.0, "crew_service.create_event": 1.5, "invalidation": 1.5}
# Everybody reads the channel there, as crew do in many a workspace.
_DISCREET = {"slack": {"show_payout": False}}
_PATIENCE = 60.0
_LOOK_SECONDS = 0.1
_PORT = 8700
_PORTS = range(_PORT, _PORT + 100)
_HOW_TO_TALK = """\
Open this in a browser; nothing else is needed:

  {page}

Files and logs: {root}
From Python:    sandbox.driver.Sandbox("{control}", {{}}, pathlib.Path("{root}"))

If the bot ends (kill -9 {pid}), it is started again. Ctrl-C ends all and removes the files.
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
    EndSignals()
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


def sandbox(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help=f"Of the page; {_PORT} or the next free.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """A workspace in the browser with the bot in it, and the whole world around it."""
    end = EndSignals()
    taken = _free(port)
    _say("Starting Slack, three AWS accounts, a calendar, a crew service and the bot …")
    with tempfile.TemporaryDirectory(prefix="charter-sandbox-") as folder:
        root = Path(folder)
        try:
            about = {"control_port": taken, "latency": _UNHURRIED, "settings": _DISCREET}
            with Keeper(root, say=_say, **about) as world:
                end.at_once = False
                _say(_how_to_talk(world, root))
                if open_:
                    webbrowser.open(world.page_url)
                while not end.came:
                    time.sleep(_LOOK_SECONDS)
                    world.check()
                _say("The rehearsal ends, and with it everything in its folder.")
        except (SandboxError, BotError) as error:
            typer.echo(f"charter: {error}", err=True)
            raise typer.Exit(1) from None


def _say(words: str) -> None:
    with suppress(OSError):  # the terminal may be closed; all is to end in order nevertheless
        typer.echo(words)


def _free(port: int | None) -> int:
    """The port that was asked for, or the first free one of the usual."""
    wanted = _PORTS if port is None else (port,)
    found = next((each for each in wanted if is_free(each)), None)
    if found is None:
        which = f"port {port} is" if port else f"ports {_PORTS[0]} to {_PORTS[-1]} are"
        typer.echo(f"charter: {which} taken; name another with --port.", err=True)
        raise typer.Exit(1)
    if port is None and found != _PORT:
        typer.echo(f"Port {_PORT} is taken; the page is at {found}.")
    return found


def _how_to_talk(world: Keeper, root: Path) -> str:
    return _HOW_TO_TALK.format(
        page=world.page_url,
        root=root,
        control=world.sandbox.control_url,
        pid=world.bot.pid,
    )
