"""A reference node as a child process, and requests to it. Loopback only."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time


class Node:
    """A node on a free port; `flags` go to its command line."""

    def __init__(self, program, flags=(), plan=None, data=None, environment=None, prepare=None):
        self.folder = tempfile.TemporaryDirectory(prefix="moonbase-check-")
        flags = list(flags)
        if plan is not None:
            path = os.path.join(self.folder.name, "plan.yaml")
            with open(path, "w") as file:
                file.write(plan)
            flags += ["--inject", path]
        self.data = data or os.path.join(self.folder.name, "data")
        self.log_path = os.path.join(self.folder.name, "log")
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(
                [program, "--port", "0", "--data", self.data, *flags],
                stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=prepare,
                env={**os.environ, "MOONBASE_EXIT_WITH_PARENT": str(os.getpid()),
                     **(environment or {})})
        line = self.process.stdout.readline()
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)", line).group(1))
        self.admin_port = self.worker = None
        if "--admin-port" in flags:
            self.admin_port = int(
                re.search(r":(\d+)", self.process.stdout.readline().split("//")[1]).group(1))
        if "--supervise" in flags:
            self.worker = int(self.process.stdout.readline().split(":")[1])
        self.started = time.monotonic()

    def raw(self, data, seconds=5.0, port=None):
        """The bytes that come back for these bytes; empty where the connection is closed."""
        with socket.create_connection(("127.0.0.1", port or self.port)) as connection:
            connection.settimeout(seconds)
            answer = b""
            try:
                connection.sendall(data)
                while True:
                    part = connection.recv(65536)
                    if not part:
                        break
                    answer += part
                    head, _, body = answer.partition(b"\r\n\r\n")
                    length = re.search(rb"content-length: (\d+)", head.lower())
                    if _ and length and len(body) >= int(length.group(1)):
                        break
            except (socket.timeout, ConnectionError):
                pass
            return answer

    def call(self, method, path, body=None, headers=None, port=None, seconds=12):
        """Status, headers and body of an answer; the path is below /api/v0 unless it begins so."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=seconds)
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        if not path.startswith(("/api/v0", "/healthz", "/readyz", "/metrics")):
            path = "/api/v0" + path
        connection.putrequest(method, path, skip_accept_encoding=True)
        if body is not None:
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, data

    def json(self, method, path, body=None, **more):
        status, _, data = self.call(method, path, body, **more)
        return status, json.loads(data) if data else None

    def metric(self, name):
        """The value of a metric, as it stands in the text with its labels."""
        text = self.call("GET", "/metrics")[2].decode()
        for line in text.splitlines():
            if line.startswith(name + " "):
                return float(line.rsplit(" ", 1)[1])
        return None

    @property
    def log(self):
        """What it has written to standard error."""
        with open(self.log_path) as file:
            return file.read()

    def present_worker(self):
        """The process id of a supervisor's present worker, its only child."""
        for _ in range(1500):
            for task in os.listdir(f"/proc/{self.process.pid}/task"):
                with open(f"/proc/{self.process.pid}/task/{task}/children") as file:
                    children = file.read().split()
                if children:
                    return int(children[0])
            time.sleep(0.01)
        raise RuntimeError("the supervisor has no worker")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.process.stdout.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.folder.cleanup()
