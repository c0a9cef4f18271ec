"""A peer that answers once and then sends the same frames without end. Loopback only."""
import socket
import struct
import sys
import threading
import time

DATA, HEADERS, PRIORITY, RESET, SETTINGS, PING, GOAWAY, WINDOW, CONTINUATION = (
    0, 1, 2, 3, 4, 6, 7, 8, 9)
END_STREAM, END_HEADERS, PADDED, ACK = 1, 4, 8, 1
BLOCK_BYTES = 64 << 10


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(
        ">I", stream) + payload


def head(stream, flags=END_HEADERS):
    """Status 200 and a content type, by HPACK."""
    return frame(HEADERS, flags, stream, b"\x88\x0f\x10\x0atext/plain")


# Of each kind: what comes first, and what comes again and again.
FRAMES = {
    "empty DATA": lambda s: (head(s), frame(DATA, 0, s)),
    "padded DATA": lambda s: (head(s), frame(DATA, PADDED, s, b"\x05" + bytes(5))),
    "RST_STREAM": lambda s: (head(s), frame(RESET, 0, s, struct.pack(">I", 8))),
    "GOAWAY": lambda s: (head(s), frame(GOAWAY, 0, 0, struct.pack(">II", 0x7FFFFFFF, 0))),
    "trailers": lambda s: (
        head(s), frame(HEADERS, END_HEADERS | END_STREAM, s, b"\x00\x01x\x01y")),
    "interim answers": lambda s: (b"", frame(HEADERS, END_HEADERS, s, b"\x08\x03103")),
    "SETTINGS": lambda s: (head(s), frame(SETTINGS, 0, 0)),
    "PING": lambda s: (head(s), frame(PING, 0, 0, bytes(8))),
    "PING answers": lambda s: (head(s), frame(PING, ACK, 0, bytes(8))),
    "WINDOW_UPDATE": lambda s: (head(s), frame(WINDOW, 0, 0, struct.pack(">I", 1))),
    "PRIORITY": lambda s: (head(s), frame(PRIORITY, 0, s, struct.pack(">IB", 0, 1))),
    "unknown frames": lambda s: (head(s), frame(0x42, 0, s)),
    "CONTINUATION": lambda s: (frame(HEADERS, 0, s, b"\x88"), frame(CONTINUATION, 0, s)),
}
RIGHT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\npong"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# The same of HTTP/1.1.
TEXTS = {
    "interim answers of HTTP/1.1": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a chunk extension of HTTP/1.1": (CHUNKED + b"4;", b"x"),
    "trailers of HTTP/1.1": (CHUNKED + b"4\r\npong\r\n0\r\n", b"X: y\r\n"),
}
KINDS = [*FRAMES, *TEXTS]


class FloodPeer:
    """Answers the first request right, and every later one with a flood."""

    def __init__(self, kind, seconds=float("inf"), flooding=lambda: None):
        self.kind = kind
        self.seconds = seconds
        self.flooding = flooding
        self.has_answered = False
        # Set once the first flood has begun.
        self.has_begun = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, connection):
        with connection, connection.makefile("rb") as reader:
            try:
                if self.kind in TEXTS:
                    self.serve_texts(connection, reader)
                else:
                    self.serve_frames(connection, reader)
            except OSError:
                pass  # The other side has had enough.

    def serve_texts(self, connection, reader):
        while line := reader.readline():
            if line != b"\r\n":
                continue
            if self.has_answered:
                return self.flood(connection, *TEXTS[self.kind])
            self.has_answered = True
            connection.sendall(RIGHT)

    def serve_frames(self, connection, reader):
        reader.read(24)
        connection.sendall(frame(SETTINGS, 0, 0))
        while len(start := reader.read(9)) == 9:
            length, kind, flags, stream = (
                int.from_bytes(start[:3], "big"), start[3], start[4],
                int.from_bytes(start[5:], "big"))
            reader.read(length)
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(frame(SETTINGS, ACK, 0))
            if kind != HEADERS:
                continue
            if self.has_answered:
                return self.flood(connection, *FRAMES[self.kind](stream))
            self.has_answered = True
            connection.sendall(head(stream) + frame(DATA, END_STREAM, stream, b"pong"))

    def flood(self, connection, first, again):
        if not self.has_begun.is_set():
            self.has_begun.set()
            self.flooding()
        threading.Thread(target=self.drain, args=(connection,), daemon=True).start()
        block = again * (BLOCK_BYTES // len(again))
        end = time.monotonic() + self.seconds
        connection.sendall(first)
        while time.monotonic() < end:
            connection.sendall(block)

    @staticmethod
    def drain(connection):
        """Reads what comes meanwhile, so that the other side can send."""
        try:
            while connection.recv(BLOCK_BYTES):
                pass
        except OSError:
            pass


if __name__ == "__main__":
    # For the end-to-end tests: prints the port, then a line when the first flood begins, and goes
    # on until its input ends.
    peer = FloodPeer(sys.argv[1], flooding=lambda: print("flood", flush=True))
    print(peer.port, flush=True)
    sys.stdin.read()
