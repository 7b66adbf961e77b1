"""Asking the worker function whether its task code loads, with a Lambda client that answers as written down."""

import io
import json
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ReadTimeoutError

from harness import acceptance
from harness.acceptance import Subject, accept
from harness.handler_check import handler_fault
from harness.target import Target


class Function:
    """Stands for AWS's clients: answers an invocation, and knows nothing else."""

    def __init__(self, answer: Any, **more: str) -> None:
        self._answer, self._more = answer, more
        self.invoked: list[dict[str, Any]] = []

    def invoke(self, **given: Any) -> dict[str, Any]:
        self.invoked.append(given)
        return {"Payload": io.BytesIO(json.dumps(self._answer).encode()), **self._more}


FINE = Function({"handler": "my_tasks.handle", "error": None})
BROKEN = Function({"handler": "my_tasks.handle", "error": "my_tasks has no function handle: check worker.handler"})
DEAD = Function({"errorType": "Runtime.ImportModuleError", "errorMessage": "no module"}, FunctionError="Unhandled")
OUTPUTS = {"worker_function_name": "mine-worker"}


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a target whose every client is this one."""

    def make(function: Function) -> Target:
        monkeypatch.setattr(Target, "client", lambda _self, _service, **_: function)
        return Target.embedded("http://127.0.0.1:1")

    return make


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (FINE, None),
        (BROKEN, "my_tasks has no function handle: check worker.handler"),
        (DEAD, "the worker function fails: Runtime.ImportModuleError: no module"),
        (Function({"batchItemFailures": []}), "the worker function answers {'batchItemFailures': []}, and not"),
        (Function(None), "the worker function answers None, and not"),
    ],
)
def test_the_fault_is_a_sentence(target: Any, function: Function, fault: str | None) -> None:
    found = handler_fault(target(function), OUTPUTS)
    assert found == fault if fault is None else (found or "").startswith(fault)


def test_a_function_that_does_not_answer_is_not_waited_for(target: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    function = Function(None)
    monkeypatch.setattr(function, "invoke", Mock(side_effect=ReadTimeoutError(endpoint_url="https://aws")))
    assert "has not answered within 30 s: see whether its code hangs" in str(handler_fault(target(function), OUTPUTS))


def test_the_worker_is_asked_without_any_record(target: Any) -> None:
    function = Function({"handler": "x.y", "error": None})
    handler_fault(target(function), OUTPUTS)
    assert function.invoked == [{"FunctionName": "mine-worker", "Payload": b'{"check": "handler"}'}]


@pytest.mark.parametrize(
    ("function", "observed"), [(FINE, "ok"), (BROKEN, "my_tasks has no function handle: check worker.handler")]
)
def test_acceptance_names_a_broken_handler(
    target: Any, function: Function, observed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "Task code loads"
    monkeypatch.setattr(acceptance, "_CHECKS", {name: acceptance._CHECKS[name]})
    (finding,) = accept(Subject(target(function), OUTPUTS, 2, None))
    assert (finding.check, finding.observed) == (name, observed)
    assert finding.passed is (observed == "ok")
