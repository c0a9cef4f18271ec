"""Targets that fail at a moment's notice: the reference node, and a small server. Loopback only."""
import os
import random
import selectors
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

ANSWERS = {
    "ok": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\npong",
    "503": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
    "content": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\npang",
}


def ports():
    """Ports to try, below those that the system gives to connections: one that nobody listens at
    any more must not connect to itself."""
    return random.sample(range(15_000, 32_000), 100)


class Server:
    """Answers pings on loopback in a thread of its own, until told to do something else.

    Its ways are those of ANSWERS, and `hang` (accepts, reads and never answers), `reset` (accepts
    and resets) and `refused` (the listener is closed, and so is every connection).
    """

    def __init__(self, way="ok"):
        self.way, self.connections = way, {}
        for port in ports():
            self.listener = socket.socket()
            try:
                self.listener.bind(("127.0.0.1", port))
                break
            except OSError:
                self.listener.close()
        else:
            raise RuntimeError("no free port")
        self.port = port
        self.listener.listen(1024)
        self.listener.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.hand, self.ear = socket.socketpair()
        self.selector.register(self.ear, selectors.EVENT_READ)
        self.changed = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def become(self, way):
        """Takes another way, and returns when it has."""
        self.changed.clear()
        self.hand.send(way.encode() + b"\n")
        if not self.changed.wait(30):
            raise RuntimeError(f"the server did not become {way}")

    def stop(self):
        self.hand.close()
        self.thread.join(30)

    def _serve(self):
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.listener:
                    self._accept()
                elif key.fileobj is not self.ear:
                    self._read(key.fileobj)
                elif not self._obey():
                    return

    def _obey(self):
        words = self.ear.recv(4096)
        if not words:
            self._end(reset=False)
            self.listener.close()
            self.ear.close()
            return False
        self.way = words.decode().split()[-1]
        if self.way == "refused":
            self.selector.unregister(self.listener)
            # No listener from here on; the port stays taken, so that nobody else answers there.
            self.listener.shutdown(socket.SHUT_RDWR)
            self._end(reset=False)
        elif self.way == "reset":
            self._end(reset=True)
        self.changed.set()
        return True

    def _end(self, reset):
        for connection in list(self.connections):
            self._close(connection, reset)

    def _close(self, connection, reset=False):
        if self.connections.pop(connection, None) is not None:
            self.selector.unregister(connection)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def _accept(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        if self.way == "reset":
            return self._close(connection, reset=True)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections[connection] = b""
        self.selector.register(connection, selectors.EVENT_READ)

    def _read(self, connection):
        if connection not in self.connections:
            return
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            return self._close(connection)
        data = self.connections[connection] + data
        whole = data.split(b"\r\n\r\n")
        self.connections[connection] = whole.pop()
        if whole and self.way in ANSWERS:
            try:
                connection.sendall(ANSWERS[self.way] * len(whole))
            except OSError:
                self._close(connection)


class Node:
    """The reference node as a child process; its ways are `kill` and `stop`."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="loadgen-outages-")
        self.process = None
        for port in ports()[:10]:
            self.process = subprocess.Popen(
                [program, "--port", str(port), "--data", os.path.join(self.folder.name, "data")],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                env={**os.environ, "MOONBASE_EXIT_WITH_PARENT": str(os.getpid())})
            if "http://" in self.process.stdout.readline():
                self.port = port
                return
            self._end()
        self.folder.cleanup()
        raise RuntimeError("the node does not start")

    def become(self, way):
        self.process.send_signal({"kill": signal.SIGKILL, "stop": signal.SIGSTOP}[way])
        if way == "kill":
            self.process.wait(30)

    def _end(self):
        self.process.kill()
        self.process.wait(30)
        self.process.stdout.close()

    def stop(self):
        self._end()
        self.folder.cleanup()


def sleep_until(moment):
    """Sleeps until a time of the monotonic clock."""
    left = moment - time.monotonic()
    if left > 0:
        time.sleep(left)
