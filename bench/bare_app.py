"""The least that could be done: a Bolt app that makes one durable commit before it acknowledges."""

import asyncio
import json
import os
import sqlite3
import sys

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def main() -> None:
    """Run until killed."""
    asyncio.run(_serve())


async def _serve() -> None:
    client = AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    )
    app = AsyncApp(client=client, process_before_response=True)
    database = sqlite3.connect("bare.db", check_same_thread=False, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS clicks (body TEXT)")

    async def write_down(body: dict[str, object], ack: AsyncAck) -> None:
        await asyncio.to_thread(
            database.execute, "INSERT INTO clicks VALUES (?)", (json.dumps(body),)
        )
        await ack()

    app.action("approve")(write_down)
    app.command("/charter")(write_down)
    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    handler.client.web_client.base_url = client.base_url
    await handler.client.connect()
    print(json.dumps({"event": "ready"}), file=sys.stderr, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
