"""`python -m sandbox.serve --root DIR`: a rehearsal that stays up until it is told to end.

Prints one line of JSON when it is ready: {"control_url", "root", "env"}; then one for whatever a
person wants of the bot, {"wish"}: "kill" or "restart".
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from sandbox.aws.process import Emulator
from sandbox.lifeline import end_with_standard_input
from sandbox.options import Options


def main() -> None:
    """The command."""
    arguments = _arguments()
    if arguments.until_stdin_closes:
        end_with_standard_input()
    options = Options(
        latencies=dict(arguments.latency),
        rate_scale=arguments.rate_scale,
        retry_scale=arguments.retry_scale,
        settings=json.loads(arguments.settings),
        database_url=arguments.database_url,
        control_port=arguments.control_port,
    )
    asyncio.run(serve(arguments.root, options))


async def serve(root: Path, options: Options) -> None:
    """Run a rehearsal until SIGTERM, SIGINT or SIGHUP."""
    ended = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signum, ended.set)
    emulator = await Emulator.start(root / "aws")
    # A second's worth of imports, while the emulator starts on another processor.
    from sandbox.control import Control  # noqa: PLC0415
    from sandbox.world import World  # noqa: PLC0415

    world = await World.start(root, options, emulator)
    try:
        control_url = await world.host(Control(world, _wish).application(), options.control_port)
        ready = {"control_url": control_url, "root": str(world.root), "env": world.env}
        _tell(ready)
        await ended.wait()
    finally:
        await world.stop()


def _wish(what: str) -> None:
    _tell({"wish": what})


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.serve", description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="a folder for its files")
    parser.add_argument("--latency", type=_latency, action="append", default=[], metavar="NAME=S")
    parser.add_argument("--rate-scale", type=float, default=1.0)
    parser.add_argument("--retry-scale", type=float, default=1.0)
    parser.add_argument("--settings", default="{}", help="changes to charter.toml, as JSON")
    parser.add_argument("--database-url")
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when the parent does"
    )
    return parser.parse_args()


def _latency(text: str) -> tuple[str, float]:
    name, _, seconds = text.partition("=")
    return name, float(seconds)


if __name__ == "__main__":
    main()
