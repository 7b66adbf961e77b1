"""Runs `handlers` as Lambda would: the bare interpreter, the module's layers and the textbook's sources on its path."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.cold_start import ENVIRONMENT, unpacked
from harness.errors import HarnessError
from harness.paths import ROOT, SOURCES
from harness.runtime import runtime_python

_HERE = Path(__file__).parent
_SECONDS = 300.0  # until a measurement is given up


def in_process(what: str, count: int) -> Any:
    """Return what `handlers` measures: "latency" over so many rounds, or "calls" with a batch of so many.

    Raises:
        HarnessError: a handler did not do as it should; the message is what it wrote.
    """
    with unpacked(SOURCES) as opt, tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        paths = [ROOT, _HERE / "work", opt / "python", _HERE / "textbook" / "api", _HERE / "textbook" / "worker"]
        environment = {
            **ENVIRONMENT,
            "TASK_RUNNER_HANDLER": "work.handle",
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "LAMBDA_TASK_ROOT": str(_HERE / "work"),
            "TABLE_NAME": ENVIRONMENT["TASK_RUNNER_TABLE_NAME"],
            "QUEUE_URL": ENVIRONMENT["TASK_RUNNER_QUEUE_URL"],
        }
        command = [str(runtime_python()), "-m", "benchmarks.handlers", what, str(count), str(answer)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS)
        if done.returncode:
            raise HarnessError(f"the handlers failed: {done.stdout[-2000:]}{done.stderr[-4000:]}")
        return json.loads(answer.read_text())
