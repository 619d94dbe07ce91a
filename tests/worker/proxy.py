"""A line between a worker and the service, which the tests slow down or cut."""

import contextlib
import socket
import threading
import time


class Proxy:
    """Relays TCP to a port, what comes from there no faster than `bytes_per_second`.

    After `go_silent`, connections stay open and nothing passes.
    """

    def __init__(self, port: int, bytes_per_second: float = float("inf"), address: str = "127.0.0.1") -> None:
        self._target = port
        self._seconds_per_byte = 1 / bytes_per_second
        self._address = address
        self._listener = socket.create_server((address, 0))
        self.port = self._listener.getsockname()[1]
        self.silent: set[socket.socket] = set()
        self._open: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def go_silent(self) -> None:
        """Silence the connections of now; new ones pass."""
        self.silent.update(self._open)

    def close(self) -> None:
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                for source, sink, pace in ((near, far, 0.0), (far, near, self._seconds_per_byte)):
                    threading.Thread(target=self._relay, args=(source, sink, pace), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket, seconds_per_byte: float) -> None:
        # The host checks that it is called by its own name and port.
        here, there = f"{self._address}:{self.port}".encode(), f"127.0.0.1:{self._target}".encode()
        with contextlib.suppress(OSError):
            sink.sendall(source.recv(65536).replace(here, there))
            while data := source.recv(65536):
                time.sleep(len(data) * seconds_per_byte)
                if source not in self.silent:
                    sink.sendall(data)
