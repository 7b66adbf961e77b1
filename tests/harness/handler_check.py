"""Asks the worker function whether it can call its task code: a broken handler is named before a task meets it."""

import json

from harness.target import Outputs, Target

_QUESTION = b'{"check": "handler"}'  # no Records: the worker answers, and touches neither table nor queue


def handler_fault(target: Target, outputs: Outputs) -> str | None:
    """Return the sentence that says why the task code cannot be called; None if it can."""
    answer = target.client("lambda").invoke(FunctionName=outputs["worker_function_name"], Payload=_QUESTION)
    said = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        return f"the worker function fails: {said.get('errorType')}: {said.get('errorMessage')}"
    if not isinstance(said, dict) or "error" not in said:
        return f"the worker function answers {said!r}, and not what it is asked"
    fault: str | None = said["error"]
    return fault
