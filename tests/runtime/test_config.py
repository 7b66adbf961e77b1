import os
import subprocess
import sys
from pathlib import Path

import pytest

from task_runner.api.routes import OPTIONAL
from task_runner.config import Cors, api_config, worker_config
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


def test_optional_routes_are_read_and_there_are_none_without() -> None:
    assert api_config(GOOD).routes == ()
    assert api_config(GOOD | {"TASK_RUNNER_ROUTES": " ".join(OPTIONAL)}).routes == tuple(OPTIONAL)


def test_unknown_route_is_named() -> None:
    with pytest.raises(ConfigError, match="ROUTES must be names of optional routes: retry, not 'delete'"):
        api_config(GOOD | {"TASK_RUNNER_ROUTES": "retry delete"})


def test_text_of_errors_is_logged_only_where_the_variable_says_so() -> None:
    assert not worker_config(GOOD).log_error_text
    assert worker_config(GOOD | {"TASK_RUNNER_LOG_ERROR_TEXT": "true"}).log_error_text
    with pytest.raises(ConfigError, match="LOG_ERROR_TEXT must be true or absent, not 'no'"):
        worker_config(GOOD | {"TASK_RUNNER_LOG_ERROR_TEXT": "no"})


def test_cors_is_off_without_its_variables() -> None:
    assert api_config(GOOD).cors is None


def test_cors_is_read() -> None:
    variables = {"CORS_ALLOW_ORIGINS": "https://a.example http://b:81", "CORS_ALLOW_HEADERS": "", "CORS_MAX_AGE": "5"}
    config = api_config(GOOD | {f"TASK_RUNNER_{name}": value for name, value in variables.items()})
    assert config.cors == Cors(("https://a.example", "http://b:81"), (), 5)


def test_every_mistake_of_cors_is_named_at_once() -> None:
    wrong = {
        "TASK_RUNNER_CORS_ALLOW_ORIGINS": "* https://a.example/",
        "TASK_RUNNER_CORS_ALLOW_HEADERS": "X-Good Bad:",
        "TASK_RUNNER_CORS_MAX_AGE": "long",
        "TASK_RUNNER_TABLE_NAME": "",
    }
    with pytest.raises(ConfigError) as refusal:
        api_config(GOOD | wrong)
    for mistake in (
        "TABLE_NAME is missing",
        "ORIGINS must be either * or origins such as https://example.com, not '* https://a.example/'",
        "HEADERS must be names of headers, not 'Bad:'",
        "MAX_AGE must be a whole number",
    ):
        assert mistake in str(refusal.value)


@pytest.mark.parametrize("function", ["api", "worker"])
def test_function_with_a_wrong_environment_dies_at_init(function: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TASK_RUNNER_")}
    source = Path(__file__).parents[2] / "lambda_src"
    command = [sys.executable, "-c", f"import task_runner.{function}.entry"]
    dead = subprocess.run(command, env=environment | {"PYTHONPATH": str(source)}, capture_output=True, check=False)
    assert dead.returncode == 1
    assert b"TASK_RUNNER_TABLE_NAME is missing; TASK_RUNNER_QUEUE_URL is missing" in dead.stderr
