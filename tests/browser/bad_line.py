"""A line to a server on this machine that breaks once, in the middle of what is being sent."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread

_PIECE = 16 * 1024
_RESET = struct.pack("ii", 1, 0)


class _Line(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, breaks_after: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.to = ("127.0.0.1", port)
        self.breaks_after = breaks_after
        self.broken = Event()


class _Handler(BaseRequestHandler):
    server: _Line

    def handle(self) -> None:
        with socket.create_connection(self.server.to) as far, suppress(OSError):
            Thread(target=_pass_on, args=(far, self.request), daemon=True).start()
            sent = 0
            while piece := self.request.recv(_PIECE):
                sent += len(piece)
                if sent > self.server.breaks_after and not self.server.broken.is_set():
                    self.server.broken.set()
                    self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    self.request.close()
                    return
                far.sendall(piece)


def _pass_on(far: socket.socket, near: socket.socket) -> None:
    with suppress(OSError):
        while piece := far.recv(_PIECE):
            near.sendall(piece)


@contextmanager
def bad_line(port: int, *, breaks_after: int) -> Iterator[tuple[int, Event]]:
    """A port that leads to `port`; the first connection that sends more than so many bytes breaks.

    Yields the port, and what tells that it broke.
    """
    with _Line(port, breaks_after) as line:
        thread = Thread(target=line.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield line.server_address[1], line.broken
        finally:
            line.shutdown()
            thread.join()
