"""Commands that other packages contribute: found by name, loaded when they are called for."""

import re
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

GROUP = "charter.commands"
_DISTRIBUTION = "charter-bot"
_REQUIREMENT = re.compile(r"\s*([\w.-]+).*;.*\bextra\s*==\s*['\"]([\w.-]+)['\"]")


class Commands(TyperGroup):
    """The commands of this package, and those of the entry-point group `charter.commands`."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the framework's signature
        """Names in the order of help: ours first."""
        return [*self.commands, *sorted(_contributed().names - self.commands.keys())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; a contributed one is imported now."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        found = tuple(_contributed().select(name=cmd_name))
        return _loaded(found[0]) if found else None


def _contributed() -> "EntryPoints":
    from importlib.metadata import entry_points  # noqa: PLC0415 - our own commands start without

    return entry_points(group=GROUP)


def _loaded(entry: "EntryPoint") -> TyperCommand:
    """The contributed command, or one that says what must be installed first."""
    contributed = typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    contributed.command(entry.name)(_function(entry))
    command = typer.main.get_command(contributed)
    assert isinstance(command, TyperCommand)  # noqa: S101 - one function makes one command
    return command


def _function(entry: "EntryPoint") -> Any:
    missing = [extra for extra in entry.extras if not _installed(extra)]
    if missing:
        return _refusal(f"needs an extra: pip install '{_DISTRIBUTION}[{','.join(missing)}]'")
    try:
        return entry.load()
    except ImportError as error:
        return _refusal(f"cannot be loaded: {error.name or entry.module} is not installed")


def _refusal(why: str) -> Any:
    """A command that only says why the real one is not there."""

    def refuse(ctx: typer.Context) -> None:
        typer.echo(f"charter: {ctx.info_name} {why}", err=True)
        raise typer.Exit(1)

    refuse.__doc__ = f"({why})"
    return refuse


def _installed(extra: str) -> bool:
    """Whether every distribution that the extra asks for is there."""
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415

    for line in distribution(_DISTRIBUTION).requires or ():
        found = _REQUIREMENT.match(line)
        if found and found[2] == extra:
            try:
                distribution(found[1])
            except PackageNotFoundError:
                return False
    return True
