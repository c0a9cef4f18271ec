"""From the start of the process to its first request."""

import contextlib
import pathlib
import selectors
import socket
import tempfile
import threading
import time
import types

from . import loadgen
from .figures import Line, Result, Spread, Unusable
from .rounds import say

STARTS_A_ROUND, BAR = 4, 25
ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
          b'{"id":"thing-17"}')
SCENARIO = "  - find: { steps: [findThing] }\n"


def measure(settings):
    """Milliseconds from start to the first request of the load, with a cached calibration."""
    say("start: from start to first request")
    contacts, loads = [], []
    text = loadgen.profile("{ rate: 1000/s, for: 200ms }", SCENARIO)
    loadgen.calibrate()
    with tempfile.TemporaryDirectory(prefix="loadgen-bench-") as name, listener() as (url, seen):
        place = types.SimpleNamespace(folder=pathlib.Path(name), clear=url)
        for _ in range(settings.rounds * STARTS_A_ROUND):
            seen.clear()
            began = time.monotonic_ns()
            loadgen.run(place, text)
            if b"/things" not in seen:
                raise Unusable("the listener saw no request of the load")
            loads.append((seen[b"/things"] - began) / 1e6)
            contacts.append((min(seen.values()) - began) / 1e6)
    spread = Spread.of(loads)
    say(f"  first byte of any request after {Spread.of(contacts).text(1)} ms, "
        f"first of the load after {spread.text(1)} ms")
    cached = "with a cached calibration" if loadgen.has_command("calibrate") else \
        "this build has no calibration"
    return Result([Line.at_most(f"from start to the first request of the load ({cached})", spread,
                                BAR, unit="ms", digits=1)])


@contextlib.contextmanager
def listener():
    """A server that answers everything and stamps the first request of each path."""
    seen, over = {}, threading.Event()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        thread = threading.Thread(target=serve, args=(door, seen, over))
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/", seen
        finally:
            over.set()
            thread.join()


def serve(door, seen, over):
    with selectors.DefaultSelector() as selector:
        selector.register(door, selectors.EVENT_READ)
        while not over.is_set():
            for key, _ in selector.select(0.2):
                if key.fileobj is door:
                    selector.register(door.accept()[0], selectors.EVENT_READ)
                    continue
                with contextlib.suppress(OSError):
                    data = key.fileobj.recv(1 << 16)
                    if data:
                        path = data.split(b" ", 2)[1].split(b"?")[0]
                        seen.setdefault(path, time.monotonic_ns())
                        key.fileobj.sendall(ANSWER)
                        continue
                selector.unregister(key.fileobj)
                key.fileobj.close()
