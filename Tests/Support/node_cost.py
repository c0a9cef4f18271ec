"""What the reference node costs: CPU for a ping beside nginx, writes a second with group commit and without."""
import os
import re
import subprocess
import tempfile
import time

from moonbase_node import Node

NGINX = """
worker_processes 2; daemon off; pid {0}/pid; error_log {0}/error;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 100000000;
  client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f;
  uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
  server {{ listen 127.0.0.1:{1}; location / {{ default_type text/plain; return 200 pong; }} }} }}
"""
WRITES = """
local n = 0
function setup(thread) thread:set("id", math.random(1, 1000000000)) end
function request()
  n = n + 1
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"},
    '{"command":"put","args":{"key":"k' .. id .. "-" .. n .. '","value":1}}')
end
"""


def cpu_seconds(pid):
    """CPU of a process and its children."""
    total, pids = 0.0, [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            pids += [int(p) for p in file.read().split()]
    for one in pids:
        with open(f"/proc/{one}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def wrk(url, seconds, connections, script=None):
    """Requests that were answered, and how many of them not with 2xx."""
    words = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s"]
    text = subprocess.run(
        words + (["-s", script] if script else []) + [url], capture_output=True, text=True).stdout
    count = int(re.search(r"(\d+) requests in", text).group(1))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return count, int(wrong.group(1)) if wrong else 0


def ping(program, seconds):
    """Microseconds of CPU for a ping, of nginx and of the node, in turn."""
    folder, port = tempfile.TemporaryDirectory(), 40000 + os.getpid() % 20000
    path = os.path.join(folder.name, "nginx.conf")
    with open(path, "w") as file:
        file.write(NGINX.format(folder.name, port))
    nginx = subprocess.Popen(["nginx", "-c", path, "-e", os.path.join(folder.name, "e")])
    costs = {"nginx": [], "moonbase": []}
    try:
        time.sleep(0.5)
        with Node(program, ["--threads", "2"]) as node:
            for _ in range(3):
                for name, pid, url in (
                        ("nginx", nginx.pid, f"http://127.0.0.1:{port}/"),
                        ("moonbase", node.process.pid, f"http://127.0.0.1:{node.port}/api/v0/ping")):
                    before = cpu_seconds(pid)
                    count, wrong = wrk(url, seconds, 64)
                    assert wrong == 0
                    costs[name].append((cpu_seconds(pid) - before) / count * 1e6)
    finally:
        nginx.terminate()
        nginx.wait()
    middle = {name: sorted(values)[1] for name, values in costs.items()}
    ratio = middle["moonbase"] / middle["nginx"]
    print(f"CPU of a ping: nginx {middle['nginx']:.2f} us, moonbase {middle['moonbase']:.2f} us, "
          f"{ratio:.2f} times; of {costs}")
    return ratio <= 1.5


def writes(program, seconds):
    """Acknowledged puts a second over 256 connections, with group commit and one fsync a write."""
    rates = {}
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(WRITES)
        script.flush()
        for name in ("true", "false"):
            with Node(program, ["--group-commit", name]) as node:
                assert node.json("POST", "/open", {"dbName": "d"})[0] == 200
                url = f"http://127.0.0.1:{node.port}/api/v0/db/d"
                count, wrong = wrk(url, seconds, 256, script.name)
                commits = node.metric("moonbase_commits_total")
                rates[name] = (count - wrong) / seconds
                print(f"group commit {name}: {rates[name]:.0f} writes a second, {wrong} refused, "
                      f"{count / commits:.1f} writes in a commit")
    print(f"{rates['true'] / rates['false']:.1f} times one fsync a write")
    return rates["true"] >= 5000
