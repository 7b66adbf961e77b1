"""Asks the worker function whether it can call its task code: a broken handler is named before a task meets it."""

import json

from botocore.exceptions import ReadTimeoutError

from harness.target import Outputs, Target

_SECONDS = 30.0  # some more than a start and its one repetition may well take
_QUESTION = b'{"check": "handler"}'  # no Records: the worker answers, and touches neither table nor queue


def handler_fault(target: Target, outputs: Outputs) -> str | None:
    """Return the sentence that says why the task code cannot be called; None if it can."""
    client = target.client("lambda", seconds=_SECONDS)
    try:
        answer = client.invoke(FunctionName=outputs["worker_function_name"], Payload=_QUESTION)
    except ReadTimeoutError:
        return f"the worker function has not answered within {_SECONDS:.0f} s: see whether its code hangs at import"
    said = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        return f"the worker function fails: {said.get('errorType')}: {said.get('errorMessage')}"
    if not isinstance(said, dict) or "error" not in said:
        return f"the worker function answers {said!r}, and not what it is asked"
    fault: str | None = said["error"]
    return fault
