"""Writes what was measured into docs/performance.md, between two marks."""

import datetime
import os
import platform
import re
import subprocess

from . import loadgen, other_peers

PAGE = loadgen.HOME / "docs/performance.md"
BEGIN, END = "<!-- Scripts/bench writes from here -->", "<!-- to here -->"


def markdown(results, settings):
    """The section: the machine, every claim, and a table for each benchmark."""
    parts = [machine(settings), "", "| claim | median (least to most) | bar | |",
             "|---|---|---|---|"]
    for result in results:
        for line in result.lines:
            parts.append(f"| {line.name} | {line.value} | {line.bar} | {line.word} |")
    for table in (table for result in results for table in result.tables):
        parts += ["", f"### {table.title}", "", f"{table.remark}.", "",
                  "| " + " | ".join(table.columns) + " |", "|---" * len(table.columns) + "|"]
        parts += ["| " + " | ".join(row) + " |" for row in table.rows]
    return "\n".join(parts)


def write(results, settings):
    """Puts the section into the page; the prose around it stays."""
    text = PAGE.read_text()
    if BEGIN not in text or END not in text:
        raise SystemExit(f"bench: {PAGE.name} lacks the marks {BEGIN} and {END}")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{markdown(results, settings)}\n\n{END}{after}")


def show(result):
    """One benchmark's claims, for a terminal."""
    for line in result.lines:
        word = {True: "met", False: "MISSED", None: ""}[line.met]
        bar = f" ({line.bar})" if line.bar else ""
        print(f"{line.name}: {line.value}{bar} {word}".rstrip(), flush=True)


def machine(settings):
    """What it was measured on, and with."""
    memory = re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo", encoding="ascii").read())
    release = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    now = datetime.datetime.now(datetime.timezone.utc)
    rows = [
        f"Measured on {now:%Y-%m-%d} by `Scripts/bench` in {settings.rounds} rounds: "
        f"{loadgen.version()}.", "",
        f"- **Machine**: {processor()}; {int(memory[1]) / 2**20:.0f} GiB; {release}, "
        f"Linux {re.match('[0-9.]*[0-9]', platform.release())[0]}",
        f"- **Swift**: {first_line(['swift', '--version'])}",
        f"- **Target**: {first_line(['nginx', '-v']).removeprefix('nginx version: ')}",
        "- **Peers**: " + ", ".join(peer_version(peer) for peer in other_peers.present())]
    return "\n".join(rows)


def processor():
    facts = dict(re.findall(r"^([^:\n]+):\s+(.*)$", output(["lscpu"]), re.M))
    under = facts.get("Hypervisor vendor")
    return f"{facts.get('Model name', 'unknown')}, {os.cpu_count()} CPUs" \
        + (f" under {under}" if under else "")


def peer_version(peer):
    """Its name and number, in a few words."""
    found = re.search(r"\d+\.\d[\w.+~-]*", first_line(peer.version()))
    return f"{peer.name} {found[0] if found else ''}".strip()


def first_line(command):
    return next((line.strip() for line in output(command).splitlines() if line.strip()), "unknown")


def output(command):
    """Both streams; empty where there is no such program."""
    environment = {**os.environ, "LC_ALL": "C", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
    try:
        return subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env=environment, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
