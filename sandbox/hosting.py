"""An aiohttp application on a loopback port."""

from typing import Self

from aiohttp import web

from sandbox.ports import LOOPBACK

_LARGEST_BODY = 64 * 1024 * 1024


def application(**options: object) -> web.Application:
    """An application that takes bodies as large as the real services do."""
    return web.Application(client_max_size=_LARGEST_BODY, **options)  # type: ignore[arg-type]


class Hosted:
    """A running application. `url` has no trailing slash."""

    def __init__(self, runner: web.AppRunner, url: str) -> None:
        self._runner = runner
        self.url = url

    @classmethod
    async def start(cls, app: web.Application, port: int = 0) -> Self:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, port).start()
        return cls(runner, f"http://{LOOPBACK}:{runner.addresses[0][1]}")

    async def stop(self) -> None:
        await self._runner.cleanup()
