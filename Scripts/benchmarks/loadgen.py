"""Runs the release build of loadgen with a profile made for one measurement."""

import itertools
import os
import pathlib
import subprocess

from . import processes
from .evidence import Evidence
from .figures import Reading, Unusable

HOME = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = HOME / ".build/release/loadgen"

CONTRACT = """
openapi: 3.1.0
info: { title: four bytes and a thing, version: '1' }
paths:
  /:
    get:
      operationId: root
      responses:
        '200':
          description: the four bytes pong
          content: { text/plain: { schema: { const: pong } } }
  /things:
    get:
      operationId: findThing
      parameters: [{ name: owner, in: query, schema: { type: string } }]
      responses: { '200': THING }
    post:
      operationId: createThing
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '200': THING }
  /things/{id}:
    get:
      operationId: describeThing
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': THING }
"""

THING = """{ description: a thing, content: { application/json: { schema: {
        type: object, required: [id], properties: { id: { type: string } } } } } }"""

ROOT = "  - root: { steps: [root] }\n"

# Three requests whose path, query, body and header differ each time; one value is saved and used.
SESSION = """
  - session:
      steps:
        - createThing: { body: { name: "thing-${iteration}" }, save: { thing: $.id } }
        - describeThing: { path: { id: "${thing}" }, headers: { X-Iteration: "${iteration}" } }
        - findThing: { query: { owner: "user-${user}" } }
"""

QUANTILES = ("p50", "p90", "p95", "p99", "p99.9", "max")
numbers = itertools.count(1)


def profile(load, scenarios=ROOT, **top):
    """The text of a profile; `load` is one phase or a list of them, `top` further keys."""
    phases = load if isinstance(load, list) else [f"steady: {load}"]
    lines = ["name: bench", "contract: contract.yaml", "load:", *(f"  - {text}" for text in phases),
             *(f"{key}: {value}" for key, value in top.items()), "scenarios:"]
    return "\n".join(lines) + "\n" + scenarios.lstrip("\n")


def run(target, text, *, url=None, flags=(), limit_seconds=90, watch_memory=False):
    """Runs a profile: the process that has ended, and the evidence that it left."""
    number = next(numbers)
    (target.folder / "contract.yaml").write_text(CONTRACT.replace("THING", THING))
    path, results = target.folder / f"profile-{number}.yaml", target.folder / f"runs-{number}"
    path.write_text(text)
    ended = processes.run(
        [PROGRAM, "run", path, "--target", url or target.clear, "--out", results, "--quiet",
         "--threads", "1", *flags],
        limit_seconds=limit_seconds, watch_memory=watch_memory)
    # 3 is INCONCLUSIVE, which a profile without objectives ends with; 4 has its reason in the text.
    if ended.code not in (0, 3, 4):
        raise Unusable(f"loadgen ended with {ended.code}: {first_line(ended.text)}")
    evidence = Evidence(results)
    if not evidence.outcomes().get("ok"):
        raise Unusable(f"loadgen had no answer: {first_line(ended.text)}")
    return ended, evidence


def reading(ended, evidence, seconds, *, with_failures=False):
    """What a run comes to; one failed request makes it unusable, unless those are asked for."""
    outcomes = evidence.outcomes()
    failed = sum(outcomes.values()) - outcomes["ok"] + evidence.total("dropped")
    if failed and not with_failures:
        raise Unusable(f"loadgen saw {outcomes}, and dropped {evidence.total('dropped')} arrivals")
    return Reading(
        requests=outcomes["ok"], cpu_seconds=ended.cpu_seconds,
        per_second=outcomes["ok"] / seconds, failed=failed, peak_kib=ended.peak_kib,
        latencies=evidence.quantiles("latency", QUANTILES),
        lag=evidence.quantiles("lag", QUANTILES),
        notes=first_line(ended.text) if ended.code == 4 else "")


def first_line(text):
    return next((line for line in text.splitlines() if line.strip()), "it said nothing")


def calibrate():
    """Fills the cache of the calibration, where this build has one."""
    if has_command("calibrate"):
        processes.run([PROGRAM, "calibrate"])


def has_command(name):
    """Whether the build knows a command."""
    help_text = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=False)
    return any(line.split()[:1] == [name] for line in help_text.stdout.splitlines())


def has_flag(name):
    """Whether `loadgen run` of this build knows a flag."""
    text = subprocess.run(
        [PROGRAM, "run", "--help"], capture_output=True, text=True, check=False).stdout
    return name in text.split()


def version():
    text = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False)
    commit = subprocess.run(
        ["git", "-C", HOME, "describe", "--always", "--dirty"], capture_output=True, text=True,
        check=False, env={**os.environ, "LC_ALL": "C"})
    return f"{text.stdout.strip()} at {commit.stdout.strip() or 'no commit'}"
