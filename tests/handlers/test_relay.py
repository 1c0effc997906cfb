"""The relay script of docs/inbound-mail.md, as it stands there, and a bot that is in trouble."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "inbound-mail.md"
SCRIPT = PAGE.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
TRY_AGAIN = 75  # what Postfix, Exim and the like hold a mail back for


@contextmanager
def serving(answer: bytes | None) -> Iterator[str]:
    """Whoever connects is heard out and answered, or left without an answer for `None`."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard: list[socket.socket] = []

        def serve() -> None:
            with suppress(OSError):
                connection = server.accept()[0]
                connection.recv(65_536)
                heard.append(connection)
                if answer is not None:
                    connection.sendall(answer)
                    connection.close()

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/inbound/mail"
        for connection in heard:
            connection.close()


def relayed_to(url: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "CHARTER_INBOUND_SECRET": "secret",
        "CHARTER_INBOUND_URL": url,
        "CHARTER_INBOUND_TIMEOUT": "0.5",
    }
    return subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input="Subject: x\n\ny",
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def status(line: str) -> bytes:
    return f"HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


TROUBLE = {
    "dropped": b"",
    "silent": None,
    "garbage": b"\x00\x01\r\n\r\n",
    "no secret there": status("503 Service Unavailable"),
    "a clock that is off": status("401 Unauthorized"),
}


@pytest.mark.parametrize("answer", TROUBLE.values(), ids=TROUBLE)
def test_a_bot_in_trouble_is_tried_again(answer):
    with serving(answer) as url:
        done = relayed_to(url)
    assert (done.returncode, done.stderr) == (TRY_AGAIN, "")


def test_a_bot_that_is_not_there_is_tried_again():
    with serving(b"") as url:
        pass
    assert relayed_to(url).returncode == TRY_AGAIN


@pytest.mark.parametrize("line", ["413 Too Large", "415 Other", "422 Nothing"])
def test_what_will_never_be_taken_goes_back_in_words(line):
    with serving(status(line)) as url:
        done = relayed_to(url)
    assert done.returncode == 1
    assert done.stderr.startswith("not relayed: HTTP Error 4")
    assert "Traceback" not in done.stderr
