"""A headless Chromium over its debugging pipe, for the looks of a report; no other package."""

import base64
import json
import os
import select
import subprocess
import tempfile
import time


class BrowserError(Exception):
    """The browser is not there, or does not start."""


class Browser:
    """One page of a browser that this object starts and ends."""

    def __init__(self, executable: str = "chromium"):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        self._folder = tempfile.TemporaryDirectory()
        flags = [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--no-first-run", "--disable-extensions", "--disable-background-networking",
            f"--user-data-dir={self._folder.name}", "--remote-debugging-pipe", "about:blank",
        ]  # fmt: skip

        def place_pipes() -> None:
            # The browser reads at 3 and writes at 4; moved high first so that neither is lost.
            read, write = os.dup(theirs_in), os.dup(theirs_out)
            high = [os.dup2(read, 103), os.dup2(write, 104)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        # What the browser says of itself, for where it does not start.
        self._words = open(f"{self._folder.name}/words", "w+b")
        try:
            self._process = subprocess.Popen(
                [executable, *flags], close_fds=False, preexec_fn=place_pipes,
                stdout=subprocess.DEVNULL, stderr=self._words,
            )  # fmt: skip
        except OSError as error:
            raise BrowserError(
                f"{executable} cannot be run: {error.strerror}; Scripts/setup look installs it"
            ) from error
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out = ours_in, ours_out
        self._buffer = b""
        self._number = 0
        self._session = None
        self.events = []
        try:
            self._attach()
        except (RuntimeError, TimeoutError, OSError) as error:
            self._process.kill()
            self._process.wait()
            self._words.seek(0)
            lines = self._words.read().decode(errors="replace").strip().splitlines()
            said = "; ".join(lines[-3:]) or "nothing"
            raise BrowserError(
                f"{executable} did not start: {error}. It said: {said}. It needs /dev/shm, room "
                "in the temporary folder, and some 300 MiB of memory."
            ) from error

    def _attach(self) -> None:
        """Opens the page, and asks to hear of everything in it."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """Ends the browser."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._words.close()
        self._folder.cleanup()

    def call(self, method: str, **parameters):
        """Calls a method of the protocol; its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            answer = self._read(deadline)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method: str, seconds: float = 60):
        """The next event of this name, which may have come already."""
        deadline = time.monotonic() + seconds
        while True:
            for index, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(index)["params"]
            self.events.append(self._read(deadline))

    def _read(self, deadline: float) -> dict:
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self._in, 1 << 20)
            if not part:
                raise RuntimeError("the browser has ended")
            self._buffer += part
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def evaluate(self, expression: str):
        """The value of an expression in the page."""
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def open(self, path: str) -> float:
        """Opens a file; the seconds until it is drawn."""
        self.events.clear()
        start = time.monotonic()
        self.call("Page.navigate", url=f"file://{os.path.abspath(path)}")
        self.wait("Page.loadEventFired")
        self.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
            ".then(() => 0)"
        )
        return time.monotonic() - start

    def resize(self, width: int, height: int, scheme: str) -> None:
        """A window of this size, for eyes that want it light or dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def shoot(self, path: str, whole: bool = True) -> None:
        """A picture of the page."""
        data = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole
        )["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def complaints(self) -> list:
        """Errors of the console and exceptions, and requests for anything but files."""
        found = []
        for event in self.events:
            parameters = event.get("params", {})
            match event.get("method"):
                case "Runtime.exceptionThrown":
                    found.append(str(parameters["exceptionDetails"]))
                case "Runtime.consoleAPICalled" if parameters["type"] in ("error", "warning"):
                    found.append(str(parameters["args"]))
                case "Log.entryAdded":
                    found.append(parameters["entry"]["text"])
                case "Network.requestWillBeSent":
                    address = parameters["request"]["url"]
                    if not address.startswith(("file:", "data:", "about:")):
                        found.append(f"asked for {address}")
        return found

    def images(self) -> list:
        """The name and description of every image of the accessibility tree."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [
            (
                node.get("name", {}).get("value", ""),
                node.get("description", {}).get("value", ""),
            )
            for node in nodes
            if not node.get("ignored") and node.get("role", {}).get("value") in ("image", "img")
        ]
