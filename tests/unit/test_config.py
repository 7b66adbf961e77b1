import os
import subprocess
import sys
from pathlib import Path

import pytest

from task_runner.config import api_config, worker_config
from task_runner.errors import ConfigError

GOOD = {name: value for name, value in os.environ.items() if name.startswith("TASK_RUNNER_")}


def test_good_environment_is_read() -> None:
    config = worker_config(GOOD)
    assert (config.table_name, config.concurrency, config.handler) == ("tasks", 10, "demo.tasks.handle")
    assert api_config(GOOD).queue_retention_seconds == 345_600


def test_every_mistake_is_named_at_once() -> None:
    wrong = GOOD | {"TASK_RUNNER_TABLE_NAME": "", "TASK_RUNNER_CONCURRENCY": "many", "TASK_RUNNER_HANDLER": "tasks"}
    with pytest.raises(ConfigError) as refusal:
        worker_config(wrong)
    for mistake in ("TABLE_NAME is missing", "CONCURRENCY must be a whole number", "HANDLER must be module.function"):
        assert mistake in str(refusal.value)


@pytest.mark.parametrize("value", ["0", "1001", "-1", "1.5", "٣"])
def test_numbers_have_bounds(value: str) -> None:
    with pytest.raises(ConfigError, match="MAX_RECEIVE_COUNT must be a whole number from 1 to 1000"):
        api_config(GOOD | {"TASK_RUNNER_MAX_RECEIVE_COUNT": value})


@pytest.mark.parametrize("function", ["api", "worker"])
def test_function_with_a_wrong_environment_dies_at_init(function: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TASK_RUNNER_")}
    source = Path(__file__).parents[2] / "lambda_src"
    command = [sys.executable, "-c", f"import task_runner.{function}"]
    dead = subprocess.run(command, env=environment | {"PYTHONPATH": str(source)}, capture_output=True, check=False)
    assert dead.returncode == 1
    assert b"TASK_RUNNER_TABLE_NAME is missing; TASK_RUNNER_QUEUE_URL is missing" in dead.stderr
