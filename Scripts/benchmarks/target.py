"""The target: nginx, one worker on its own CPU, that answers four bytes."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from .figures import Unusable
from .processes import TARGET_CPU, pinned

CONFIGURATION = """
daemon off;
worker_processes 1;
worker_rlimit_nofile {descriptors};
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    default_type text/plain;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    server {{
        listen 127.0.0.1:{clear} backlog=4096;
        listen 127.0.0.1:{tls} ssl backlog=4096;
        listen 127.0.0.1:{http2} ssl http2 backlog=4096;
        location / {{ return 200 "pong"; }}
        location /things {{
            default_type application/json;
            return 200 '{{"id":"thing-17"}}';
        }}
    }}
}}
"""


class Target:
    """A running nginx: its addresses and its folder."""

    def __init__(self, folder, ports, process):
        self.folder = folder
        self.process = process
        self.clear = f"http://127.0.0.1:{ports[0]}/"
        self.tls = f"https://127.0.0.1:{ports[1]}/"
        self.http2 = f"https://127.0.0.1:{ports[2]}/"
        self.certificate = folder / "certificate.pem"

    def stop(self):
        """Stops master and worker where they stand."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.killpg(self.process.pid, signal.SIGCONT)


@contextlib.contextmanager
def nginx(connections=4096):
    """nginx with room for that many connections, in a folder of its own.

    The default is above what loadgen has in flight at most, so that a stall of the machine makes
    latency, not refusals.
    """
    with tempfile.TemporaryDirectory(prefix="loadgen-bench-") as name:
        folder, ports = pathlib.Path(name), free_ports(3)
        folder.chmod(0o755)
        make_certificate(folder)
        path = folder / "nginx.conf"
        path.write_text(CONFIGURATION.format(
            folder=folder, clear=ports[0], tls=ports[1], http2=ports[2],
            connections=connections, descriptors=connections + 100))
        process = subprocess.Popen(
            pinned([program("nginx"), "-p", folder, "-c", path], TARGET_CPU),
            start_new_session=True)
        try:
            await_port(process, ports[0])
            yield Target(folder, ports, process)
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait()


def program(name):
    """Where a program is, also where only root looks."""
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if path is None:
        raise Unusable(f"{name} is not installed")
    return path


def make_certificate(folder):
    """A self-signed certificate for the loopback address, on the curve that all peers speak."""
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
         "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True, stderr=subprocess.DEVNULL)


def free_ports(count):
    """Different ports that nobody listens on."""
    with contextlib.ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]


def await_port(process, port, seconds=5):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise Unusable("nginx did not start; its reason stands above")
