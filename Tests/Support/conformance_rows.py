"""What the document cannot say: how to come to a right answer, to a conflict, to a limit."""
import threading
import time

from moonbase_node import Node

KEY = {"command": "put", "args": {"key": "k", "value": {"a": [1, 2.5, None]}}}


def ok(node, method, path, body=None):
    status, value = node.json(method, path, body)
    assert status == 200, (method, path, body, status, value)
    return value


def prepare(node):
    """Pods, databases and a filesystem that the rows below use."""
    for process in ("libp2p", "ipfs", "orbitdb", "gossipsub", "filesystem"):
        ok(node, "POST", "/pods", {"id": f"the-{process}", "process": process})
    for kind in ("events", "documents", "keyvalue", "keyvalueindexed"):
        ok(node, "POST", "/open", {"dbName": f"db-{kind}", "dbType": kind, "podId": "the-orbitdb"})
    ok(node, "POST", "/fs", {
        "podId": "the-filesystem", "filesystemName": "files", "filesystemType": "unixfs"})


def values(*rows):
    return lambda node: [(name, (path, query, body)) for name, path, query, body in rows]


def pod_commands(node):
    address, = ok(node, "POST", "/pod/the-ipfs", {"command": "multiaddrs"})
    cid = ok(node, "POST", "/pod/the-ipfs", {"command": "addjson", "args": {"data": {"b": 1}}})
    rows = [("status", {}), ("multiaddrs", {}), ("address", {}), ("peerid", {}), ("peers", {}),
            ("protocols", {}), ("connections", {}), ("connections", {"peerId": "x"}),
            ("dial", {"address": address}),
            ("dialprotocol", {"address": address, "protocol": "/ipfs/ping/1.0.0"}),
            ("addjson", {"data": {"name": "Test"}}), ("addjson", {"data": None})]
    found = [(c, ({"id": "the-orbitdb"}, "", {"command": c, "args": a})) for c, a in rows]
    found.append(("getjson", ({"id": "the-ipfs"}, "", {"command": "getjson", "args": cid})))
    found.append(("fields beside command", (
        {"id": "the-ipfs"}, "", {"command": "getjson", "cid": cid["cid"]})))
    return found


def database_commands(node):
    event = ok(node, "POST", "/db/db-events", {"command": "add", "args": {"value": 7}})["hash"]
    rows = []
    for kind in ("keyvalue", "keyvalueindexed"):
        for command, args in (
                ("put", KEY["args"]), ("get", {"key": "k"}), ("get", {"key": "none"}),
                ("del", {"key": "k"}), ("all", {}), ("all", {"limit": 1, "after": "a"})):
            rows.append((kind, command, args))
    for command, args in (
            ("put", {"key": "d", "value": {"_id": "d", "n": 1}}),
            ("put", {"value": {"_id": "e", "n": 1}}), ("query", {"query": {"n": 1}}),
            ("get", {"key": "d"}), ("all", {}), ("del", {"key": "d"})):
        rows.append(("documents", command, args))
    for command, args in (
            ("add", {"value": "x"}), ("get", {"key": event}), ("all", {"limit": 1000}),
            ("all", {"after": event})):
        rows.append(("events", command, args))
    found = [(f"{k} {c}", ({"id": f"db-{k}"}, "", {"command": c, "args": a})) for k, c, a in rows]
    found.append(("operation for command", (
        {"id": "db-keyvalue"}, "", {"operation": "get", "key": "k"})))
    return found


def dead_letters(node):
    return ok(node, "GET", "/deadletters")


def job(node):
    _, headers, _ = node.call("POST", "/db/db-keyvalue", KEY)
    return [("of a put", ({"id": headers["moonbase-job"]}, "", None))]


def deletable(node):
    ok(node, "POST", "/pods", {"id": "short-lived", "process": "libp2p"})
    return [("a pod", ({}, "", {"id": "short-lived"}))]


def closable(node):
    ok(node, "POST", "/open", {"databaseName": "to-close", "databaseType": "keyvalue"})
    return [("a database", ({"id": "to-close"}, "", None))]


LIST = values(("all", {}, "", None))
ITEMS = values(("ten", {"name": "default"}, "", None), ("one", {"name": "system"}, "?items=1", None),
               ("most", {"name": "default"}, "?items=1000&other=x", None))
HAPPY = {
    "ping": LIST, "listLogbooks": LIST, "readLogbook": ITEMS, "readLogs": ITEMS, "listPods": LIST,
    "listDatabases": LIST, "listTopics": LIST, "listFilesystems": LIST, "listCapabilities": LIST,
    "countJobs": LIST,
    "listDeadLetters": values(("ten", {}, "", None), ("one", {}, "?items=1", None)),
    "createPod": values(
        ("named", {}, "", {"id": "Made.By-Row_1", "process": "libp2p"}), ("unnamed", {}, "", {}),
        ("unknown fields", {}, "", {"x": {"y": 1}}),
        *[(p, {}, "", {"process": p}) for p in ("ipfs", "orbitdb", "gossipsub", "filesystem")]),
    "deletePod": deletable,
    "describePod": values(
        ("process types", {"id": "system"}, "", None),
        *[(i, {"id": "system"}, f"?info={i}", None) for i in (
            "status", "peerid", "multiaddrs", "connections", "peers", "protocols")]),
    "commandPod": pod_commands,
    "setPodState": values(
        ("stop", {"id": "the-gossipsub"}, "", {"state": "stop"}),
        ("start", {"id": "the-gossipsub"}, "", {"state": "start"}),
        ("restart one", {"id": "the-gossipsub"}, "",
         {"state": "restart", "args": {"processType": "libp2p"}}),
        ("configuration", {"id": "the-gossipsub"}, "", {"configuration": {"a": 1}})),
    "openDatabase": values(
        ("new", {}, "", {"dbName": "fresh", "dbType": "documents"}),
        ("again", {}, "", {"dbName": "fresh", "dbType": "documents"}),
        ("aliases", {}, "", {"databaseName": "other", "databaseType": "events"}),
        ("on a pod", {}, "", {"dbName": "placed", "podId": "the-orbitdb", "options": {}})),
    "describeDatabase": values(("open", {"id": "db-events"}, "", None)),
    "commandDatabase": database_commands, "closeDatabase": closable,
    "subscribe": values(
        ("system", {}, "", {"topic": "news"}),
        ("a pod", {}, "", {"topic": "news", "podId": "the-gossipsub"})),
    "publish": values(("two hear it", {}, "", {"topic": "news", "message": "x" * 65536})),
    "createFilesystem": values(("new", {}, "", {
        "podId": "the-filesystem", "filesystemName": "more", "filesystemType": "unixfs"})),
    "listFiles": values(("all", {"id": "files"}, "", None)),
    "addFile": values(
        ("a file", {"id": "files"}, "", {"path": "/a/b.txt", "data": "hello world"}),
        ("again", {"id": "files"}, "", {"path": "/a/../a/b.txt", "data": ""})),
    "readJob": job,
}


def missing(node):
    """What is not there is 404."""
    for identity, method, path, body in (
            ("readLogbook", "GET", "/logbooks/none", None), ("deletePod", "DELETE", "/pods", {"id": "none"}),
            ("describePod", "GET", "/pod/none", None), ("commandPod", "POST", "/pod/none", {"command": "status"}),
            ("commandPod", "POST", "/pod/the-ipfs", {"command": "getjson", "args": {"cid": "b" + "a" * 60}}),
            ("setPodState", "PUT", "/pod/none", {"state": "stop"}),
            ("openDatabase", "POST", "/open", {"dbName": "x", "podId": "none"}),
            ("describeDatabase", "GET", "/db/none", None), ("commandDatabase", "POST", "/db/none", KEY),
            ("closeDatabase", "DELETE", "/db/none", None), ("describeDatabase", "GET", "/db/to-close", None),
            ("subscribe", "POST", "/pubsub/subscribe", {"topic": "t", "podId": "none"}),
            ("publish", "POST", "/pubsub/publish", {"topic": "t", "message": "", "podId": "none"}),
            ("createFilesystem", "POST", "/fs", {"podId": "none", "filesystemName": "x", "filesystemType": "unixfs"}),
            ("listFiles", "GET", "/fs/none", None), ("addFile", "POST", "/fs/none", {"path": "/a", "data": ""}),
            ("readJob", "GET", "/jobs/none", None), ("dropDeadLetter", "DELETE", "/deadletters/none", None),
            ("retryDeadLetter", "POST", "/deadletters/none/retry", None)):
        yield identity, "it is not there", node.call(method, path, body), 404
    for path in ("/", "/api", "/api/v0", "/api/v0/", "/api/v0/none", "/api/v0/ping/", "/api/v0//ping",
                 "/api/v0/../v0/ping", "/API/V0/PING", "/api/v0/%70ing"):
        target = path if path.startswith("/api/v0") else path
        yield "ping", f"the path {path}", raw_call(node, target), 404


def raw_call(node, path):
    answer = node.raw(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers, body


def conflicts(node):
    """What stands against the present state, and commands that a stack or a type does not have."""
    fs = {"podId": "the-filesystem", "filesystemName": "files", "filesystemType": "unixfs"}
    ok(node, "POST", "/pods", {"id": "halted", "process": "orbitdb"})
    ok(node, "PUT", "/pod/halted", {"state": "stop"})
    for identity, name, method, path, body, status in (
            ("createPod", "a name that is taken", "POST", "/pods", {"id": "system"}, 409),
            ("deletePod", "system", "DELETE", "/pods", {"id": "system"}, 409),
            ("openDatabase", "another type", "POST", "/open", {"dbName": "db-events"}, 409),
            ("openDatabase", "another pod", "POST", "/open",
             {"dbName": "db-events", "dbType": "events", "podId": "system"}, 409),
            ("createFilesystem", "a name that is taken", "POST", "/fs", fs, 409),
            ("createFilesystem", "a stack without it", "POST", "/fs", {**fs, "podId": "system"}, 400),
            ("openDatabase", "a stack without it", "POST", "/open",
             {"dbName": "x", "podId": "the-libp2p"}, 400),
            ("commandPod", "a stack without ipfs", "POST", "/pod/the-libp2p",
             {"command": "addjson", "args": {"data": 1}}, 400),
            ("commandPod", "an address of another bay", "POST", "/pod/system",
             {"command": "dial", "args": {"address": "/ip4/127.0.0.1/tcp/1"}}, 400),
            ("commandPod", "a protocol that is not spoken", "POST", "/pod/system",
             {"command": "dialprotocol", "args": {"address": "/memory/the-libp2p", "protocol": "x"}}, 400),
            ("commandPod", "a stopped container", "POST", "/pod/halted",
             {"command": "addjson", "args": {"data": 1}}, 409),
            ("setPodState", "a process that it has not", "PUT", "/pod/the-libp2p",
             {"state": "stop", "args": {"processType": "ipfs"}}, 400),
            ("commandDatabase", "add on keyvalue", "POST", "/db/db-keyvalue",
             {"command": "add", "args": {"value": 1}}, 400),
            ("commandDatabase", "put on events", "POST", "/db/db-events", KEY, 400),
            ("commandDatabase", "query on keyvalue", "POST", "/db/db-keyvalue",
             {"command": "query", "args": {"query": {}}}, 400),
            ("commandDatabase", "a document without a key", "POST", "/db/db-documents",
             {"command": "put", "args": {"value": {"n": 1}}}, 400),
            ("commandDatabase", "a document that is a number", "POST", "/db/db-documents",
             {"command": "put", "args": {"key": "k", "value": 1}}, 400)):
        yield identity, name, node.call(method, path, body), status
    for path in ("/..", "/../x", "/a/", "/a/..", "/", "/a", "/a/b.txt/c", "/x\0y", "x"):
        answer = node.call("POST", "/fs/files", {"path": path, "data": ""})
        yield "addFile", f"the path {path!r}", answer, 400


HEAD = b"GET /api/v0/ping HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /api/v0/pods HTTP/1.1\r\nHost: a\r\n"


def limits(node):
    """Shapes of requests that two servers could read in two ways, and sizes: 4xx or closed."""
    shapes = {
        "a bare LF": HEAD.replace(b"\r\n", b"\n") + b"\n", "no Host": b"GET / HTTP/1.1\r\n\r\n",
        "two Hosts": HEAD + b"Host: b\r\n\r\n", "a folded line": HEAD + b"X: a\r\n b\r\n\r\n",
        "a NUL in a field": HEAD + b"X: a\0b\r\n\r\n", "a space before the colon": HEAD + b"X : a\r\n\r\n",
        "two Content-Length": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        "both lengths": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "another coding": POST + b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        "a chunk with a bare LF": POST + b"Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
        "a chunk size that is none": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "a huge chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "a huge Content-Length": POST + b"Content-Length: 99999999999999999999\r\n\r\n",
        "a head of 17 KiB": HEAD + b"X: " + b"x" * 17_000 + b"\r\n\r\n",
        "a target of 17 KiB": b"GET /" + b"x" * 17_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        "2,000 fields": HEAD + b"".join(b"X%d: a\r\n" % i for i in range(2000)) + b"\r\n",
        "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "HTTP/0.9": b"GET /api/v0/ping\r\n\r\n", "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "an authority": b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    }
    for name, data in shapes.items():
        answer = node.raw(data)
        status = int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.1 ") else None
        right = answer == b"" or status is not None and 400 <= status < 500
        yield name, None if right else repr(answer[:80])
    answer = node.raw(POST + b"Content-Length: 10\r\n\r\n{", seconds=20)
    yield "a slow sender is given up", None if b" 408 " in answer[:20] or answer == b"" else repr(answer[:80])
    two = node.raw(HEAD + b"\r\n" + HEAD + b"Connection: close\r\n\r\n")
    yield "two requests in one packet", None if two.count(b"pong") >= 1 else repr(two[:80])
    answer = node.raw(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", seconds=1)
    yield "100 Continue", None if answer.startswith(b"HTTP/1.1 100 ") else repr(answer[:80])
    started = time.monotonic()
    winners = []
    threads = [
        threading.Thread(target=lambda: winners.append(node.call("POST", "/pods", {"id": "race"})[0]))
        for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    right = sorted(winners) == [200] + [409] * 15
    yield "sixteen builders, one pod", None if right else f"{winners} in {time.monotonic() - started} s"


def faults(program):
    """Busy and late answers, and the dead letters that they leave."""
    with Node(program, plan="faults:\n  - failure: { container: ipfs, pod: p, at: 1s, for: 1500ms }\n") as node:
        ok(node, "POST", "/pods", {"id": "p", "process": "ipfs"})
        time.sleep(max(0, 1.2 - (time.monotonic() - node.started)))
        body = {"command": "addjson", "args": {"data": 1}}
        answers = [node.call("POST", "/pod/p", body) for _ in range(6)]
        for answer in answers:
            yield "commandPod", "a container that fails", answer, 503
        letters = dead_letters(node)
        jobs = {a[1]["moonbase-job"] for a in answers if "moonbase-job" in a[1]}
        right = jobs == {letter["id"] for letter in letters}
        yield "listDeadLetters", "exactly the jobs that failed for good", (
            node.call("GET", "/jobs/none") if right else (0, {}, repr(letters).encode())), 404
        yield "createPod", "a stack that cannot start", node.call("GET", "/pod/none"), 404
        first, second = letters[0]["id"], letters[1]["id"]
        time.sleep(max(0, 4 - (time.monotonic() - node.started)))
        yield "retryDeadLetter", "once", node.call("POST", f"/deadletters/{first}/retry"), 200
        time.sleep(0.3)
        assert ok(node, "GET", f"/jobs/{first}")["state"] == "succeeded"
        yield "retryDeadLetter", "twice", node.call("POST", f"/deadletters/{first}/retry"), 404
        yield "dropDeadLetter", "once", node.call("DELETE", f"/deadletters/{second}"), 200
        yield "dropDeadLetter", "twice", node.call("DELETE", f"/deadletters/{second}"), 404
        yield "retryDeadLetter", "dropped", node.call("POST", f"/deadletters/{second}/retry"), 404
    with Node(program, plan="faults:\n  - storage down: { at: 500ms }\n") as node:
        time.sleep(0.7)
        for identity, method, path, body in (
                ("createPod", "POST", "/pods", {}), ("openDatabase", "POST", "/open", {"dbName": "d"}),
                ("setPodState", "PUT", "/pod/system", {"state": "stop"}),
                ("commandPod", "POST", "/pod/system", {"command": "addjson", "args": {"data": 1}}),
                ("subscribe", "POST", "/pubsub/subscribe", {"topic": "t"})):
            yield identity, "storage is down", node.call(method, path, body), 503
        assert node.call("GET", "/ping")[2] == b"pong" and node.call("GET", "/pods")[0] == 200
        yield "ping", "/readyz while storage is down", node.call("GET", "/readyz"), 503
