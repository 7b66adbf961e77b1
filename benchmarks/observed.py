"""Cold starts under observation: what each import costs, and how many instructions it takes until a first request.

Both are read from the same cold starts as the times are, with something between them and the interpreter.
"""

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.cold_start import cold_start
from harness.errors import HarnessError
from harness.runtime import runtime_python

SANDBOX_IMPORTS = "import collections.abc, io, json, sys, time, typing"  # what each has imported before it begins
STANDARD = "standard library"
ENTRY = "task_runner's entry, which makes the clients"
# An interpreter. The last line of its standard error is the result, and is passed on; the file has all of it, and what
# valgrind tells.
_OBSERVED = """#!/bin/sh
PYTHONHASHSEED=0 {command} "$@" 2> {told} 9> {told}.valgrind
code=$?
tail -n 1 {told} >&2
cat {told}.valgrind >> {told}
exit $code
"""
_IMPORT = re.compile(r"^import time: +(\d+) \| +\d+ \| +(\S+)$", re.MULTILINE)
_INSTRUCTIONS = re.compile(r"I +refs: +([\d,]+)")
_COUNTING = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")


def import_costs(opt: Path, subject: str, rounds: int) -> dict[str, float]:
    """Return the ms that importing each package takes, the standard library's modules together: the least of each."""
    own = set(_imports(_plain("-X", "importtime", "-c", SANDBOX_IMPORTS).stderr))
    least: dict[str, int] = {}
    for _ in range(rounds):
        for name, cost in _imports(_observe(opt, subject, "-X", "importtime")).items():
            if name not in own:
                least[name] = min(cost, least.get(name, cost))
    return by_package(least)


def by_package(modules: Mapping[str, int]) -> dict[str, float]:
    """Add up modules' microseconds to ms for each package, the costliest first."""
    packages: Counter[str] = Counter()
    for name, cost in modules.items():
        package = name.partition(".")[0]
        standard = package in sys.stdlib_module_names or package.startswith("_")
        packages[STANDARD if standard else ENTRY if name.endswith(".entry") else package] += cost
    return {package: round(cost / 1000, 1) for package, cost in packages.most_common()}


def instructions(opt: Path, subjects: Sequence[str]) -> dict[str, int]:
    """Count the instructions of cold starts with their first requests, without those of an interpreter's own start.

    Raises:
        HarnessError: valgrind is not there.
    """
    if not shutil.which(_COUNTING[0]):
        raise HarnessError("Instructions are counted by valgrind, which is not installed here.")
    own = _counted(_plain("-c", SANDBOX_IMPORTS, before=_COUNTING).stderr)
    told = {subject: _observe(opt, subject, before=(*_COUNTING, "--log-fd=9")) for subject in subjects}
    return {subject: _counted(log) - own for subject, log in told.items()}


def _imports(told: str) -> dict[str, int]:
    return {name: int(cost) for cost, name in _IMPORT.findall(told)}


def _counted(log: str) -> int:
    (count,) = _INSTRUCTIONS.findall(log)
    return int(count.replace(",", ""))


def _plain(*arguments: str, before: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    command = [*before, str(runtime_python()), *arguments]
    return subprocess.run(command, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True)


def _observe(opt: Path, subject: str, *options: str, before: tuple[str, ...] = ()) -> str:
    with tempfile.TemporaryDirectory() as folder:
        told, python = Path(folder) / "told", Path(folder) / "python"
        command = shlex.join([*before, str(runtime_python()), *options])
        python.write_text(_OBSERVED.format(command=command, told=shlex.quote(str(told))))
        python.chmod(0o700)
        cold_start(python, opt, subject)
        return told.read_text()
