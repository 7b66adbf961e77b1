import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.cloud import Cloud, Worker
from task_runner.errors import HandlerUnavailable
from task_runner.testing import task_context
from task_runner.worker.task_code import fault, load

CONTEXT = task_context(task_id="t")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "my_tasks", raising=False)
    return (tmp_path / "my_tasks.py").write_text


def test_named_function_is_called(write: Callable[[str], int]) -> None:
    write("def handle(payload, context): return [payload, context.task_id]")
    assert load("my_tasks.handle")(1, CONTEXT) == [1, "t"]
    assert fault("my_tasks.handle") is None


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import no_such_thing", "importing my_tasks raised ModuleNotFoundError: No module named 'no_such_thing'"),
        ("raise SystemExit(3)", "importing my_tasks raised SystemExit: 3"),
        ("def other(payload, context): pass", "my_tasks has no function handle"),
        ("handle = 7", "my_tasks has no function handle"),
        ("def handle(payload): pass", "my_tasks.handle must take two arguments"),
    ],
)
def test_what_is_wrong_is_told_when_a_task_needs_it(write: Callable[[str], int], source: str, sentence: str) -> None:
    write(source)
    assert re.match(sentence, str(fault("my_tasks.handle")))
    code = load("my_tasks.handle")
    with pytest.raises(HandlerUnavailable, match=sentence):
        code(1, CONTEXT)


def test_unavailable_handler_fails_the_task_not_the_function(cloud: Cloud, worker: Callable[..., Worker]) -> None:
    task_id = cloud.put()
    worker(load("no_such_module.handle")).poll_until_dead()
    error: Any = cloud.task(task_id).error
    assert error.type == "HandlerUnavailable"
    assert "no_such_module" in error.message
