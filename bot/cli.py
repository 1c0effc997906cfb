"""The command line. Every command imports what it needs when it runs, so that all start fast."""

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_extras import Commands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.progress import Overview

app = typer.Typer(
    name="charter",
    cls=Commands,
    help="A forwarded booking e-mail becomes a crewed, guest-ready charter.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def run(
    http: Annotated[
        int | None,
        typer.Option(
            metavar="PORT", min=0, max=65535, help="Serve HTTP on this port, not Socket Mode."
        ),
    ] = None,
) -> None:
    """Run the bot."""
    from bot.settings import load  # noqa: PLC0415 - see the top

    settings = load(None, os.environ, http=http is not None)
    # A fifth of the time that the imports take goes into looking for garbage that is not there.
    gc.disable()
    from bot.app import run as run_bot  # noqa: PLC0415 - after the settings are known to be right

    gc.freeze()
    gc.enable()

    try:
        run_bot(settings, http)
    except Exception as error:  # noqa: BLE001 - the last stop, as in `main`
        from bot.cli_errors import end_of_run  # noqa: PLC0415 - see the top

        raise typer.Exit(end_of_run(error)) from None


@app.command()
def parse(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Mails; - is stdin.")],
    as_json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every decision on the way, for who mends it.")
    ] = False,
) -> None:
    """Read mails and show what is in them."""
    from bot.cli_parse import as_explained, as_line_of_json, as_text, parse_files  # noqa: PLC0415

    if as_json and explain:
        raise typer.BadParameter("--json holds no explanation: leave one of the two out.")
    config = Path(os.environ.get("CHARTER_CONFIG") or "charter.toml")
    shown = as_line_of_json if as_json else as_explained(_colour()) if explain else as_text
    raise typer.Exit(parse_files(files, config=config, shown=shown))


@app.command()
def status(
    booking_id: Annotated[str, typer.Argument(metavar="ID", help="A booking's id, any case.")],
    as_json: AsJson = False,
) -> None:
    """Show one charter."""
    import asyncio  # noqa: PLC0415 - see the top

    from bot import look  # noqa: PLC0415
    from bot.domain.booking import as_booking_id  # noqa: PLC0415
    from bot.settings import load_environment  # noqa: PLC0415
    from bot.views.terminal import status_json, status_text  # noqa: PLC0415

    environment = load_environment(os.environ)
    _log_errors_only()
    known = as_booking_id(booking_id)
    found = asyncio.run(look.overview(environment, known)) if known else None
    if found is None:
        everything = asyncio.run(look.overviews(environment))
        typer.echo(_no_such_charter(known, everything), err=True)
        raise typer.Exit(1)
    _show(status_json(found) if as_json else status_text(found, colour=_colour()))


@app.command()
def mail(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As the bot names it in the channel.")],
) -> None:
    """Print a kept mail: as it came into a pipe or file, harmless on a screen."""
    import asyncio  # noqa: PLC0415 - see the top

    from bot import look  # noqa: PLC0415
    from bot.settings import load_environment  # noqa: PLC0415

    _log_errors_only()
    content = asyncio.run(look.mail(load_environment(os.environ), key))
    if content is None:
        typer.echo("charter: no mail is kept under that key.", err=True)
        raise typer.Exit(1)
    if sys.stdout.isatty():
        typer.echo(_harmless(content))
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@app.command("list")
def list_charters(as_json: AsJson = False) -> None:
    """Show every charter."""
    import asyncio  # noqa: PLC0415 - see the top

    from bot import look  # noqa: PLC0415
    from bot.settings import load_environment  # noqa: PLC0415
    from bot.views.terminal import list_text, status_json  # noqa: PLC0415

    environment = load_environment(os.environ)
    _log_errors_only()
    found = asyncio.run(look.overviews(environment))
    _show([status_json(one) for one in found] if as_json else list_text(found, colour=_colour()))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check every outside thing, and say what to do about each failure."""
    from bot.cli_doctor import examine_all  # noqa: PLC0415 - see the top

    raise typer.Exit(examine_all(os.environ, as_json=as_json, colour=_colour()))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; must not exist.")],
) -> None:
    """Keep a copy of the SQLite database, also while the bot runs."""
    from datetime import UTC, datetime  # noqa: PLC0415 - see the top

    from bot.cli_backup import take  # noqa: PLC0415

    typer.echo(take(os.environ, file, now=datetime.now(UTC)))


@app.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="What charter backup wrote.")] = None,
    taken_at: Annotated[
        str, typer.Option(metavar="TIME", help="PostgreSQL, after pg_restore: when it was dumped.")
    ] = "",
) -> None:
    """Go back to a backup; the bot must not run."""
    from datetime import UTC, datetime  # noqa: PLC0415 - see the top

    from bot.cli_backup import mark, put_back  # noqa: PLC0415

    _log_errors_only()
    now = datetime.now(UTC)
    if file is not None and not taken_at:
        typer.echo(put_back(os.environ, file, now=now))
    elif taken_at and file is None:
        typer.echo(mark(os.environ, taken_at, now=now))
    else:
        raise typer.BadParameter("name a backup, or --taken-at for PostgreSQL")


def main() -> None:
    """The console script."""
    try:
        app(prog_name="charter")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last stop: a person gets a sentence, not a trace
        from bot.cli_errors import explain  # noqa: PLC0415 - see the top

        sys.exit(explain(error))


def _no_such_charter(booking_id: str | None, everything: "Sequence[Overview]") -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - see the top

    near = get_close_matches(booking_id or "", [one.booking_id for one in everything])
    meant = f" Did you mean {' or '.join(name.upper() for name in near)}?" if near else ""
    hint = meant or " charter list shows those that there are."
    return f"charter: no such charter.{hint}"


def _harmless(content: bytes) -> str:
    """A stranger's bytes as text in which whatever could act on a terminal is seen instead."""
    from bot.views.explanation import visible  # noqa: PLC0415 - see the top

    # An 8-bit escape sequence begins with a byte that is no UTF-8 of its own.
    text = content.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    lines = (line.split("\t") for line in text.split("\n"))
    return "\n".join("\t".join(visible(part) for part in line) for line in lines)


def _log_errors_only() -> None:
    from bot import logs  # noqa: PLC0415 - see the top
    from bot.redaction import Redactor  # noqa: PLC0415

    logs.configure(Redactor(), level="ERROR")


def _show(what: Any) -> None:
    typer.echo(what if isinstance(what, str) else json.dumps(what, ensure_ascii=False, indent=2))


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


if __name__ == "__main__":
    main()
