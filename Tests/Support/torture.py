"""Durability, races, hangs and memory of the reference node, from outside. Loopback only."""
import argparse
import http.client
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time

import chaos_guard
import node_cost
import orphans
import recovery
import truth as truth_of_faults
from moonbase_node import Node


class Client:
    """One connection that is opened again after every loss."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def call(self, method, path, body=None, seconds=10):
        """Status and value; status 0 where the connection was lost."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=seconds)
            data = None if body is None else json.dumps(body)
            headers = {} if body is None else {"Content-Type": "application/json"}
            self.connection.request(method, "/api/v0" + path, data, headers)
            response = self.connection.getresponse()
            text = response.read()
            return response.status, text
        except (OSError, http.client.HTTPException):
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return 0, b""


def fill(folder, rows):
    """Puts so many records into the database `big` of a node's folder, while no node runs."""
    connection = sqlite3.connect(os.path.join(folder, "moonbase.sqlite"))
    connection.execute("PRAGMA synchronous = OFF")
    number, = connection.execute("SELECT id FROM databases WHERE name = 'big'").fetchone()
    connection.executemany(
        "INSERT INTO records VALUES (?, ?, ?, ?)",
        ((number, f"k{i:08}", '"' + "v" * 40 + '"', "b" + "a" * 60) for i in range(rows)))
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def write_until(stop, port, name, acknowledged, sent):
    """Events of one client, each with its own number, until told to stop."""
    client = Client(port)
    number = 0
    while not stop.is_set():
        value = f"{name}-{number}"
        number += 1
        sent.add(value)
        status, _ = client.call(
            "POST", "/db/events", {"command": "add", "args": {"value": value}})
        if status == 200:
            acknowledged.append(value)
        elif status == 0:
            time.sleep(0.005)


def kill(program, arguments):
    rounds, folder = arguments.count or 100, tempfile.TemporaryDirectory(prefix="moonbase-torture-")
    flags = ["--vfs", arguments.vfs] if arguments.vfs else []
    with Node(program, data=folder.name) as node:
        for name, kind in (("events", "events"), ("big", "keyvalue")):
            assert node.json("POST", "/open", {"dbName": name, "dbType": kind})[0] == 200
    if arguments.rows:
        fill(folder.name, arguments.rows)
    node = Node(program, flags + ["--supervise", "true", "--log-level", "error"], data=folder.name)
    acknowledged, sent, slow, times = [], set(), 0, []
    for number in range(rounds):
        stop = threading.Event()
        writers = [
            threading.Thread(
                target=write_until, args=(stop, node.port, f"{number}-{i}", acknowledged, sent))
            for i in range(8)]
        for writer in writers:
            writer.start()
        # On average a life earns the restart that follows it.
        time.sleep(random.uniform(0.05, 4.5))
        os.kill(node.present_worker(), signal.SIGKILL)
        started = time.monotonic()
        probe = Client(node.port)
        while True:
            body = {"command": "put", "args": {"key": "probe", "value": number}}
            if probe.call("POST", "/db/big", body)[0] == 200:
                break
            assert time.monotonic() - started < 30, "no 200 within 30 s of the kill"
        times.append(time.monotonic() - started)
        slow += times[-1] > 1
        stop.set()
        for writer in writers:
            writer.join()
    node.stop()
    connection = sqlite3.connect(os.path.join(folder.name, "moonbase.sqlite"))
    found = [json.loads(v) for v, in connection.execute("SELECT value FROM events")]
    check, = connection.execute("PRAGMA integrity_check").fetchone()
    lost, twice = set(acknowledged) - set(found), len(found) - len(set(found))
    unsent = set(found) - sent
    times.sort()
    print(f"{rounds} rounds, {len(acknowledged)} acknowledged writes, {len(lost)} lost, {twice} "
          f"twice, {len(unsent)} never sent, integrity {check}; kill to first 200: median "
          f"{times[len(times) // 2]:.3f} s, most {times[-1]:.3f} s, above 1 s in {slow}")
    return not lost and not twice and not unsent and check == "ok" and slow <= 0.05 * rounds


def pods(program, arguments):
    seconds, counts, lock = arguments.count or 60, {}, threading.Lock()
    with Node(program) as node:
        before = node.metric("moonbase_containers")
        end = time.monotonic() + seconds

        def use():
            client, mine = Client(node.port), {}
            while time.monotonic() < end:
                name = f"pod-{random.randrange(8)}"
                step = random.randrange(5)
                method, path, body = (
                    ("POST", "/pods", {"id": name, "process": "orbitdb"}),
                    ("POST", "/open", {"dbName": f"db-{name}", "podId": name}),
                    ("POST", f"/db/db-{name}", {"command": "put", "args": {"key": "k", "value": 1}}),
                    ("POST", f"/pod/{name}", {"command": "status"}),
                    ("DELETE", "/pods", {"id": name}))[step]
                status, _ = client.call(method, path, body)
                mine[status] = mine.get(status, 0) + 1
            with lock:
                for status, count in mine.items():
                    counts[status] = counts.get(status, 0) + count

        clients = [threading.Thread(target=use) for _ in range(64)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        for number in range(8):
            node.call("DELETE", "/pods", {"id": f"pod-{number}"})
        after, left = node.metric("moonbase_containers"), node.json("GET", "/pods")[1]
        open_databases = node.json("GET", "/open")[1]["databases"]
    print(f"{seconds} s, answers by status {dict(sorted(counts.items()))}; containers before "
          f"{before:.0f}, after {after:.0f}; pods left {len(left)}, databases {open_databases}")
    return set(counts) <= {200, 404, 409} and before == after and len(left) == 1


def hang(program, arguments):
    seconds = arguments.count or 20
    plan = f'faults:\n  - hang: {{ container: "database:hung", at: 3s, for: {seconds}s }}\n'
    with Node(program, plan=plan) as node:
        for name in ("hung", "well"):
            assert node.json("POST", "/open", {"dbName": name})[0] == 200
        begin = node.started + 3
        end = begin + seconds
        pings, dead, lock = [], set(), threading.Lock()
        opened, closed, other = [], [], []

        def use(name):
            number = 0
            while time.monotonic() < end + 5:
                number += 1
                body = {"command": "put", "args": {"key": f"k{number}", "value": 1}}
                status, headers, text = node.call("POST", f"/db/{name}", body)
                now = time.monotonic()
                with lock:
                    if name == "well":
                        other.append(status)
                    elif status >= 500 and "moonbase-job" in headers:
                        dead.add(headers["moonbase-job"])
                    elif status == 503 and b"is open" in text and now < end:
                        opened.append(now - begin)
                    elif status == 200 and now > end:
                        closed.append(now - end)
                time.sleep(0.02)

        def ping():
            client = Client(node.port)
            while time.monotonic() < end + 5:
                for path in ("/ping", "/pods", "/open"):
                    started = time.monotonic()
                    client.call("GET", path)
                    if begin < started < end:
                        pings.append(time.monotonic() - started)
                time.sleep(0.005)

        threads = [threading.Thread(target=use, args=("hung",)) for _ in range(8)]
        threads += [threading.Thread(target=use, args=("well",)), threading.Thread(target=ping)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        letters = {letter["id"] for letter in node.json("GET", "/deadletters?items=1000")[1]}
    pings.sort()
    p99 = pings[int(len(pings) * 0.99)] * 1000
    print(f"hung for {seconds} s: p(99) of ping and lists {p99:.2f} ms of {len(pings)}; the circuit "
          f"was open after {min(opened, default=-1):.2f} s, a write succeeded "
          f"{min(closed, default=-1):.2f} s after the end; {len(letters)} dead letters, "
          f"{'exactly' if letters == dead else 'NOT'} the jobs that failed for good; the other "
          f"database: {sum(s == 200 for s in other)} of {len(other)} writes succeeded")
    return (p99 < 10 and 0 < min(opened, default=-1) < 1 and 0 <= min(closed, default=-1) < 5
            and letters == dead and set(other) == {200})


def memory(program, arguments):
    count = arguments.count or 1_000_000
    name = "jemalloc_stats_allocated_bytes"
    with Node(program) as node:
        def turn(requests):
            def use(share):
                client, done = Client(node.port), 0
                while done < share:
                    pod = f"p{random.getrandbits(64)}"
                    client.call("POST", "/pods", {"id": pod})
                    client.call("POST", "/open", {"dbName": f"d{pod}", "podId": pod})
                    for key in range(4):
                        put = {"command": "put", "args": {"key": f"k{key}", "value": key}}
                        client.call("POST", f"/db/d{pod}", put)
                        client.call("POST", f"/db/d{pod}", {
                            "command": "get", "args": {"key": f"k{key}"}})
                    for path in ["/ping"] * 7 + ["/pods", "/open"]:
                        client.call("GET", path)
                    client.call("DELETE", "/pods", {"id": pod})
                    done += 20
                client.connection.close()
            clients = [threading.Thread(target=use, args=(requests // 8,)) for _ in range(8)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            time.sleep(2)
            return node.metric(name)
        first = turn(count // 10)
        last = turn(count - count // 10)
    print(f"allocated after {count // 10} requests {first:.0f} B, after {count} {last:.0f} B: "
          f"{(last - first) / 1024:+.0f} KiB")
    return last - first <= 256 * 1024


def cost(program, arguments):
    seconds = arguments.count or 5
    results = [node_cost.ping(program, seconds), node_cost.writes(program, seconds)]
    return all(results)


def recover(program, arguments):
    return recovery.run(program)


def orphan(program, arguments):
    return orphans.run(os.path.dirname(program), arguments.count or 100)


def guard(program, arguments):
    return chaos_guard.run(os.path.dirname(program), arguments.count or 100)


def truth(program, arguments):
    return truth_of_faults.run(os.path.dirname(program), arguments.count or 3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument(
        "kind", nargs="?", default="kill",
        choices=["kill", "pods", "hang", "memory", "cost", "recover", "orphan", "guard", "truth"])
    parser.add_argument("count", nargs="?", type=int)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--vfs")
    arguments = parser.parse_args()
    right = globals()[arguments.kind](arguments.program, arguments)
    print("PASS" if right else "FAIL")
    sys.exit(0 if right else 2)


if __name__ == "__main__":
    main()
