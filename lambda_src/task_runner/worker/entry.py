"""Entry point of the worker function: made once, of what its environment says."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

# Where a package of the caller and a layer of ours hold the same library, the caller's is used. Lambda orders its
# search path so; said again here, before any library is imported, it holds on every stand-in for Lambda as well.
if root := os.environ.get("LAMBDA_TASK_ROOT"):
    sys.path.insert(0, root)

from task_runner.clients import connect
from task_runner.config import worker_config
from task_runner.telemetry import configure
from task_runner.worker.batch import Worker
from task_runner.worker.isolated import run_isolated
from task_runner.worker.run import Settings
from task_runner.worker.task_code import fault, load

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]


def _from_environment() -> Handler:
    configure(os.environ)
    config = worker_config(os.environ)
    store, wakeups = connect(config, connections=2 * config.concurrency)
    isolated = partial(run_isolated, config.handler)
    worker = Worker(Settings(store, wakeups, config, load(config.handler), isolated), config.concurrency)

    def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        # Whoever deploys asks this way, rather than find out by the first task that fails.
        if event.get("check") == "handler":
            return {"handler": config.handler, "error": fault(config.handler)}
        return worker(event, context)

    return handle


handler = _from_environment()
