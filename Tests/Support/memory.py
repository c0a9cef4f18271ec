"""Targets that send more than anybody can hold, and how much memory a run takes of it. Loopback."""
import argparse
import collections
import glob
import json
import os
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

MIB = 1 << 20
# 63 MiB of zeros in Brotli.
BOMB = bytes.fromhex(
    "cbffff3f002400e2b14072effff8ffff078004401c1680eefd1fffffff00900088c302d0bdffe3ffff1f001200715800"
    "baf77ffcffff034002200e0b40f7fe8fffff7f004800c46101e8defff1ffff0f000980382c00ddfbbffcff7f03200110"
    "8705a07bff06")


def answer(content, fields=""):
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n{fields}\r\n"
    return memoryview(head.encode() + content)


JSON = "Content-Type: application/json\r\n"
# What the step asks of it, and the profile beside that.
COMPRESSED = "network: { compression: true }"
CASES = {
    "plain": ("60 MiB that nobody reads", "", ""),
    "match": ("60 MiB that an expression reads", "expect: { matches: needle }", ""),
    "tree": ("30 MiB of empty JSON objects", "expect: { '$[0].a': 1 }", ""),
    "bomb": ("Brotli, 63 MiB out of 102 bytes, that nobody reads", "", COMPRESSED),
    "read bomb": ("the same, read by an expression", "expect: { matches: needle }", COMPRESSED),
    "save": ("values of 900 KiB that are saved", "save: { v: { regex: 'x+' } }", ""),
    "cookies": ("50 cookies of 1,250 bytes for each of 2,000 users", "", ""),
}


def answers(size):
    """The answer of each case, of bodies of so many MiB."""
    cookies = "".join(f"Set-Cookie: c{i}={'x' * 1250}\r\n" for i in range(50))
    return {
        "plain": answer(bytes(size * MIB)),
        "match": answer(bytes(size * MIB)),
        "tree": answer(b"[" + b"{}," * (size * MIB // 6) + b"{}]", JSON),
        "bomb": answer(BOMB, "Content-Encoding: br\r\n"),
        "read bomb": answer(BOMB, "Content-Encoding: br\r\n"),
        "save": answer(b"x" * (900 << 10)),
        "cookies": answer(b"", cookies),
    }


class Target(socketserver.ThreadingTCPServer):
    """Answers every request of a connection alike."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 1024

    def __init__(self, content):
        self.content = content
        super().__init__(("127.0.0.1", 0), Conversation)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """A peer that has heard enough closes."""


class Conversation(socketserver.BaseRequestHandler):
    def handle(self):
        received = b""
        while True:
            while b"\r\n\r\n" not in received:
                part = self.request.recv(65536)
                if not part:
                    return
                received += part
            received = received.split(b"\r\n\r\n", 1)[1]
            self.request.sendall(self.server.content)


def profile(case, options):
    _, keys, more = CASES[case]
    load = (f"{{ users: 2000, for: {options.seconds}s }}" if case in ("cookies", "save")
            else f"{{ rate: {options.rate}/s, for: {options.seconds}s }}")
    step = f'{{ request: {{ url: "/a", name: a, {keys} }} }}'
    return (f"load: [{{ p: {load} }}]\ncontract: none\n{more}\n"
            f"scenarios: [{{ s: {{ cookies: true, steps: [{step}] }} }}]\n"
            f"limits: {{ timeout: 2s, graceful stop: 1s, memory: {options.memory}MiB }}\n")


def peak(process):
    """The most memory that a process has had resident, in bytes, once it has ended."""
    most = 0
    bound = time.monotonic() + 300
    while process.poll() is None and time.monotonic() < bound:
        try:
            with open(f"/proc/{process.pid}/status") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        most = max(most, int(line.split()[1]) * 1024)
        except FileNotFoundError:
            pass
        time.sleep(0.02)
    return most


def run(case, options, content):
    """Peak memory and outcomes of a run."""
    with tempfile.TemporaryDirectory(prefix="loadgen-memory-") as folder, Target(content) as target:
        path = os.path.join(folder, "profile.yaml")
        with open(path, "w") as file:
            file.write(profile(case, options))
        command = [
            os.path.join(options.programs, "loadgen"), "run", path, "--target",
            f"http://127.0.0.1:{target.server_address[1]}", "--out", folder, "--no-calibrate",
            "--quiet", "--threads", "2"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True) as process:
            try:
                most = peak(process)
            finally:
                process.kill()
            error = process.stderr.read()
        outcomes = collections.Counter()
        for rows in glob.glob(os.path.join(folder, "*", "series.ndjson")):
            with open(rows) as file:
                for line in file:
                    for count in json.loads(line)["counts"]:
                        outcomes.update(count["outcomes"])
        target.shutdown()
        return most, outcomes, process.returncode, error


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=CASES)
    parser.add_argument("--memory", type=int, default=512)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    if options.quick:
        options.memory, options.seconds = 64, 2
    contents = answers(20 if options.quick else 60)
    is_over = False
    print(f"{'case':10} {'peak':>9} {'bound':>9}  outcomes")
    for case in options.only or CASES:
        most, outcomes, code, error = run(case, options, contents[case])
        bound = (options.memory + 64) * MIB
        words = ", ".join(f"{count} {name}" for name, count in outcomes.most_common())
        print(f"{case:10} {most / MIB:5.0f} MiB {bound / MIB:5.0f} MiB  {words or error.strip()}")
        is_over = is_over or most > bound or code < 0 or not outcomes
    sys.exit(2 if is_over else 0)


if __name__ == "__main__":
    main()
