"""How the reference node meets trouble and recovers from it. Loopback only."""
import concurrent.futures
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import time

from moonbase_node import Node

SUPERVISED = ("--supervise", "true")


def until(condition, seconds, what):
    """Waits for a condition; the seconds that it took."""
    started = time.monotonic()
    while not condition():
        waited = time.monotonic() - started
        assert waited < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.01)
    return time.monotonic() - started


def answers(node, method, path, body=None):
    """The status; 0 where the connection is lost."""
    try:
        return node.call(method, path, body)[0]
    except OSError:
        return 0


def put(node, key, name="d"):
    return node.call("POST", f"/db/{name}", {
        "command": "put", "args": {"key": key, "value": "x" * 1000}})


def freeze(process):
    """Stops a process; returns when all of it stands still."""
    os.kill(process, signal.SIGSTOP)

    def stands():
        states = []
        for task in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{task}/stat") as file:
                states.append(file.read().rsplit(")", 1)[1].split()[0])
        return set(states) == {"T"}

    until(stands, 5, "a process that was stopped")


def hung_worker(program):
    with Node(program, SUPERVISED) as node:
        # A disk that is busy with other things may take its time.
        until(lambda: answers(node, "POST", "/open", {"dbName": "d"}) == 200, 10, "a database")
        until(lambda: put(node, "k")[0] == 200, 10, "a write")
        first = node.present_worker()
        freeze(first)
        seconds = until(lambda: answers(node, "GET", "/ping") == 200, 12, "a ping after the hang")
        assert node.present_worker() != first and "the node hangs" in node.log, node.log
        got = node.json("POST", "/db/d", {"command": "get", "args": {"key": "k"}})
        assert got[0] == 200 and got[1]["value"] == "x" * 1000, got
        freeze(node.present_worker())
        started = time.monotonic()
        code = node.stop()
        assert code == 1, f"exit code {code}"
        ended = time.monotonic() - started
    return (f"served again {seconds:.1f} s after its worker had stopped; SIGTERM ended another hung "
            f"one in {ended:.0f} s")


def crash_loop(program):
    with Node(program, SUPERVISED) as node:
        ends, started, last = 0, time.monotonic(), None
        while node.process.poll() is None:
            assert time.monotonic() - started < 120, "the loop has no end"
            with contextlib.suppress(OSError, RuntimeError):
                worker = node.present_worker()
                if worker != last and node.process.poll() is None:
                    os.kill(worker, signal.SIGKILL)
                    ends, last = ends + 1, worker
            time.sleep(0.005)
        seconds = time.monotonic() - started
        assert node.process.returncode == 70, node.process.returncode
        assert "giving up" in node.log, node.log
        assert 9 <= ends <= 25, f"{ends} restarts"
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", node.port), 1).close()
            raise AssertionError("the port is open still")
    return f"gave up with exit code 70 after {ends} crashes in {seconds:.0f} s, and said so"


def notifications(program):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(5)

            def receive(wanted):
                for _ in range(200):
                    state = manager.recv(4096).decode()
                    if state.startswith(wanted):
                        return state
                raise AssertionError(f"no {wanted}")

            with Node(program, SUPERVISED, environment={"NOTIFY_SOCKET": path}) as node:
                ready = receive("READY=1")
                assert f"MAINPID={node.process.pid}" in ready.split("\n"), ready
                receive("WATCHDOG=1")
                assert answers(node, "GET", "/ping") == 200
                assert node.stop() == 0
                receive("STOPPING=1")
            with Node(program, environment={"NOTIFY_SOCKET": path}):
                receive("READY=1")
                receive("WATCHDOG=1")
    return "READY=1 with MAINPID, WATCHDOG=1 and STOPPING=1 came as datagrams"


def settings(program):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "moonbase.yaml")
        with open(path, "w") as file:
            file.write("port: 70000\ntreads: 2\nlog level: loud\nmemory limit: much\n")
        result = subprocess.run(
            [program, "--config", path, "--threads", "0"], capture_output=True, text=True,
            timeout=10)
        lines = result.stderr.splitlines()
        assert result.returncode == 64 and len(lines) == 5, result
        for place in (":1:7: ", ":2:1: ", ":3:12: ", ":4:15: ", "--threads"):
            assert place in result.stderr, result.stderr
        with open(path, "w") as file:
            file.write("port: 0\nthreads: 1\nlog level: debug\n")
        with Node(program, ("--config", path)) as node:
            assert answers(node, "GET", "/ping") == 200
    return "five mistakes of a file and a flag were named at once, with exit code 64"


def fill_disk(node, acknowledged):
    """Writes until one is refused; the refusal."""
    for number in range(20_000):
        status, headers, body = put(node, f"k{number}")
        if status != 200:
            return status, headers, body
        acknowledged.append(f"k{number}")
    raise AssertionError("the disk never filled up")


def check_degraded(node, refusal):
    status, headers, body = refusal
    assert status == 503 and int(headers["retry-after"]) >= 1, refusal
    assert node.call("GET", "/ping")[2] == b"pong"
    for path in ("/pods", "/open", "/pod/system", "/deadletters"):
        assert answers(node, "GET", path) == 200, path
    until(lambda: put(node, "more")[0] == 503, 5, "a second refusal")
    assert node.call("GET", "/readyz")[0] == 503


def check_kept(program, data, acknowledged):
    """Every acknowledged record is there for a node that starts over the same data."""
    with Node(program, data=data) as node:
        found, after = set(), ""
        while True:
            args = {"limit": 1000, **({"after": after} if after else {})}
            page = node.json("POST", "/db/d", {"command": "all", "args": args})[1]
            if not page:
                break
            found |= {entry["key"] for entry in page}
            after = page[-1]["key"]
    assert set(acknowledged) <= found, f"{len(set(acknowledged) - found)} lost"


def full_disk(program):
    """A file system of 8 MiB where there is a right to mount one, else a bound on files."""
    acknowledged = []
    with tempfile.TemporaryDirectory() as folder:
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True
        ).returncode == 0
        try:
            data, ballast = os.path.join(folder, "data"), os.path.join(folder, "ballast")
            if mounted:
                with open(ballast, "wb") as file:
                    file.write(bytes(2 << 20))
            limit = None if mounted else lambda: resource.setrlimit(
                resource.RLIMIT_FSIZE, (3 << 20, resource.RLIM_INFINITY))
            with Node(program, data=data, prepare=limit) as node:
                assert node.json("POST", "/open", {"dbName": "d"})[0] == 200
                check_degraded(node, fill_disk(node, acknowledged))
                if mounted:
                    os.unlink(ballast)
                else:
                    resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE,
                                     (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                seconds = until(lambda: put(node, "again")[0] == 200, 10, "a write after room came")
                acknowledged.append("again")
                node.stop(signal.SIGKILL)
            check_kept(program, data, acknowledged)
        finally:
            if mounted:
                subprocess.run(["umount", folder], check=True)
    kind = "a file system of 8 MiB" if mounted else "a file of 3 MiB at most"
    return (f"{kind} took {len(acknowledged) - 1} writes, then 503; a write went through "
            f"{seconds:.1f} s after there was room, and all of them were there after kill -9")


def storage_down(program):
    plan = "faults:\n  - storage down: { at: 1s, for: 2s }\n"
    acknowledged = []
    with tempfile.TemporaryDirectory() as folder:
        with Node(program, plan=plan, data=folder) as node:
            assert node.json("POST", "/open", {"dbName": "d"})[0] == 200
            assert put(node, "k0")[0] == 200
            get = {"command": "get", "args": {"key": "k0"}}
            assert node.json("POST", "/db/d", get)[0] == 200
            time.sleep(max(0, 1.2 - (time.monotonic() - node.started)))
            check_degraded(node, put(node, "no"))
            assert node.json("POST", "/db/d", get)[1]["value"] == "x" * 1000, "a cached read"
            until(lambda: put(node, "k1")[0] == 200, 10, "a write after the outage")
            assert node.call("GET", "/readyz")[0] == 200
            ended = time.monotonic() - node.started
            node.stop(signal.SIGKILL)
        acknowledged += ["k0", "k1"]
        check_kept(program, folder, acknowledged)
    assert 3 <= ended < 8, ended
    return (f"writes were 503 with Retry-After for 2 s, and reads went on; writes did "
            f"{ended - 3:.1f} s after the end")


def dead_letters(program):
    plan = "faults:\n  - failure: { container: ipfs, pod: p, at: 500ms }\n"
    with tempfile.TemporaryDirectory() as folder:
        with Node(program, plan=plan, data=folder) as node:
            assert node.json("POST", "/pods", {"id": "p", "process": "ipfs"})[0] == 200
            time.sleep(max(0, 0.7 - (time.monotonic() - node.started)))
            jobs = set()
            for number in range(3):
                _, headers, _ = node.call("POST", "/pod/p", {
                    "command": "addjson", "args": {"data": number}})
                jobs |= {headers["moonbase-job"]} if "moonbase-job" in headers else set()
            letters = []

            def saved():
                letters[:] = node.json("GET", "/deadletters?items=1000")[1]
                return {letter["id"] for letter in letters} == jobs

            until(saved, 5, "the dead letters")
            # What is in memory alone is saved within a second.
            time.sleep(2)
            node.stop(signal.SIGKILL)
        with Node(program, data=folder) as node:
            again = node.json("GET", "/deadletters?items=1000")[1]
            assert again == letters and jobs, (again, letters)
            one = letters[0]["id"]
            assert answers(node, "POST", f"/deadletters/{one}/retry") == 200
            until(lambda: node.json("GET", f"/jobs/{one}")[1].get("state") == "succeeded", 5,
                  "the retried job's success")
            for letter in letters[1:]:
                assert answers(node, "DELETE", f"/deadletters/{letter['id']}") == 200
            node.stop(signal.SIGKILL)
        with Node(program, data=folder) as node:
            assert node.json("GET", "/deadletters?items=1000")[1] == []
    return f"{len(jobs)} were the same after kill -9; one retried, the rest dropped, none came back"


def exhaustion(program):
    """A leak of 64 KiB a ping at 100 a second, towards a limit of 256 MiB."""
    plan = "faults:\n  - leak: { on: ping, bytes: 65536 }\n"
    name, limit = 'moonbase_exhaustion_seconds{resource="memory"}', 256 << 20
    with Node(program, ("--memory-limit", "256MiB"), plan=plan) as node:
        started, number, left = time.monotonic(), 0, []
        while time.monotonic() - started < 20:
            assert answers(node, "GET", "/ping") == 200
            number += 1
            if number % 100 == 0:
                left.append((node.metric(name), node.metric("process_resident_memory_bytes")))
            time.sleep(max(0, started + number / 100 - time.monotonic()))
        rate = 65536 * number / (time.monotonic() - started)
        seconds, resident = left[-1]
        expected = (limit - resident) / rate
        assert left[0][0] in (None, float("inf")), left[0]
        assert 0.7 * expected < seconds < 1.4 * expected, (seconds, expected)
        # Above 80 % of the limit it is not ready, and above 90 % it takes no more writes.
        seen = set()
        while "write" not in seen:
            assert time.monotonic() - started < 100, "it never said that memory runs out"
            # The node reads its memory once a second: it is to see each step on the way up.
            begun = time.monotonic()
            for _ in range(50):
                assert answers(node, "GET", "/ping") == 200
            time.sleep(max(0, 0.5 - (time.monotonic() - begun)))
            status, _, body = node.call("GET", "/readyz")
            seen |= {"ready"} if status == 503 and b"memory is at" in body else set()
            status, headers, body = node.call("POST", "/open", {"dbName": "d"})
            if status == 503 and b"memory is nearly exhausted" in body and headers["retry-after"]:
                assert "ready" in seen, "writes were refused before it said that it is not ready"
                seen.add("write")
        assert answers(node, "GET", "/pods") == 200
    return (f"said {seconds:.0f} s where the leak leaves {expected:.0f} s; then not ready, then no "
            "more writes")


def stalls(program):
    """Three stalls of 250 ms, or four: what clients see, and what the node says it did."""
    plan = "faults:\n  - stall: { on: ping, at: 1s, for: 250ms, every: 1s }\n"
    with Node(program, plan=plan) as node:
        end, times = node.started + 3.7, []
        lock = threading.Lock()

        def use():
            while time.monotonic() < end:
                started = time.monotonic()
                assert answers(node, "GET", "/ping") == 200
                with lock:
                    times.append((started, time.monotonic() - started))
                time.sleep(0.002)

        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        text = node.call("GET", "/metrics")[2].decode()
    late = [took for _, took in times if took > 0.15]
    counted = [
        float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
        if line.startswith("moonbase_injected_total") and "stall" in line]
    assert 3 <= len(late) <= 4 * len(threads) and max(late) < 0.5, late
    assert any(count >= len(late) for count in counted), counted
    return f"{len(late)} of {len(times)} pings waited, {max(late) * 1000:.0f} ms at most"


def refused(program, data, *words):
    """What a node says that does not start over a folder."""
    result = subprocess.run(
        [program, "--port", "0", "--data", data], capture_output=True, text=True, timeout=20)
    assert result.returncode == 1 and not result.stdout, result
    for word in words:
        assert word in result.stderr, (word, result.stderr)


def one_folder(program):
    """A folder is one node's: over restarts of its worker, and until all of it has ended."""
    with tempfile.TemporaryDirectory() as folder:
        for flags in ((), SUPERVISED):
            with Node(program, flags, data=folder) as node:
                first = node.process.pid
                refused(program, folder, f"process id {first};")
                if flags:
                    before = node.present_worker()
                    os.kill(before, signal.SIGKILL)
                    until(lambda: answers(node, "GET", "/ping") == 200, 10, "a restart")
                    refused(program, folder, f"process id {first};")
                node.stop(signal.SIGKILL)
            # A worker ends when its supervisor does.
            until(lambda: starts(program, folder), 10, "a start after kill -9")
    return "a second node was refused with the first one's process id, and after kill -9 it started"


def starts(program, data):
    result = subprocess.Popen(
        [program, "--port", "0", "--data", data], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True)
    is_right = "http://" in result.stdout.readline()
    result.terminate()
    result.wait(20)
    result.stdout.close()
    return is_right


def damage(program):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "moonbase.sqlite")
        with Node(program, data=folder) as node:
            assert node.json("POST", "/open", {"dbName": "d"})[0] == 200
            assert put(node, "k")[0] == 200
            assert node.stop() == 0
        with open(path, "r+b") as file:
            whole = file.read()
            # A long value may be on two pages.
            file.seek(whole.index(b"x" * 200) + 100)
            file.write(b"y")
        refused(program, folder, "is damaged")
        refused(program, folder, "is damaged")
        with open(path, "r+b") as file:
            file.write(whole)
        assert starts(program, folder)
        os.truncate(path, 0)
        refused(program, folder, "is missing or empty")
        os.unlink(path)
        refused(program, folder, "is missing or empty")
    return "one changed byte of a value, an emptied file and a missing one were each refused"


CLAIMS = (
    hung_worker, crash_loop, notifications, settings, full_disk, storage_down, dead_letters,
    exhaustion, stalls, one_folder, damage)


def run(program):
    """Tries every claim, all at the same time; whether each holds."""
    def attempt(claim):
        try:
            return claim, True, claim(program)
        except Exception as problem:
            return claim, False, f"{type(problem).__name__}: {problem}"

    good = 0
    with concurrent.futures.ThreadPoolExecutor(len(CLAIMS)) as pool:
        for claim, is_right, words in pool.map(attempt, CLAIMS):
            good += is_right
            print(f"{'ok  ' if is_right else 'FAIL'} {claim.__name__.replace('_', ' ')}: {words}")
    print(f"{good} of {len(CLAIMS)}")
    return good == len(CLAIMS)
