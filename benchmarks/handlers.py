"""Both versions' handlers in one process, without a network: run by `in_process`, on the interpreter of Lambda's code.

python -m benchmarks.handlers latency|calls rounds file-for-the-answer
"""

import json
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from benchmarks.fake_aws import FakeAws
from benchmarks.sandbox import Context
from benchmarks.turns import in_turn

CALL_SECONDS = 0.010
"""What a call of AWS takes in the latency's measurement: DynamoDB and SQS answer within single-digit to ten-odd ms."""

PAYLOAD = {"customer": "c-1042", "report": "monthly", "pages": 12, "blocks": 0}
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass(frozen=True)
class Functions:
    """One version's two handlers."""

    api: Handler
    worker: Handler

    def post(self) -> str:
        """Post a task; return its id."""
        answer = ok(self.api(request("POST", "/task", json.dumps(PAYLOAD)), Context()))
        return str(json.loads(answer["body"])["taskId"])

    def get(self, task_id: str) -> None:
        """Ask for a task."""
        ok(self.api(request("GET", "/task/{taskId}", None, taskId=task_id), Context()))

    def work(self, messages: list[str]) -> None:
        """Run a batch of what was sent to the queue."""
        answer = self.worker({"Records": [record(body) for body in messages]}, Context())
        if answer != {"batchItemFailures": []}:
            raise RuntimeError(f"a task went wrong: {answer}")


def ok(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that API Gateway would hand on as a success.

    Raises:
        RuntimeError: it is none.
    """
    if answer["statusCode"] != HTTPStatus.OK:
        raise RuntimeError(f"a request went wrong: {answer}")
    return answer


def request(method: str, resource: str, body: str | None, **parameters: str) -> dict[str, Any]:
    """Return what API Gateway hands to a function."""
    return {
        "httpMethod": method,
        "resource": resource,
        "path": resource.format(**parameters),
        "pathParameters": parameters or None,
        "headers": {"Content-Type": "application/json"},
        "body": body,
        "isBase64Encoded": False,
        "requestContext": {"identity": {}},
    }


def record(body: str) -> dict[str, Any]:
    """Return a message as the queue hands it to a function for the first time."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1769860800000"}
    return {"messageId": str(uuid.uuid4()), "receiptHandle": "r", "body": body, "attributes": attributes}


def functions() -> dict[str, Functions]:
    """Import both versions, from where PYTHONPATH has them."""
    import api
    import worker

    from task_runner.api import entry as our_api
    from task_runner.worker import entry as our_worker

    return {
        "ours": Functions(our_api.handler, our_worker.handler),
        "textbook": Functions(api.handler, worker.handler),
    }


def latency(rounds: int) -> dict[str, Any]:
    """Return the seconds of each POST and GET, the two versions taking turns, warm."""
    aws, found = FakeAws(), functions()
    aws.install()
    known = {name: side.post() for name, side in found.items()}
    calls: dict[str, dict[str, Callable[[], object]]] = {
        "POST": {name: side.post for name, side in found.items()},
        "GET": {name: partial(side.get, known[name]) for name, side in found.items()},
    }
    for each in calls.values():
        in_turn(each, 20)
    aws.seconds = CALL_SECONDS
    return {method: in_turn(each, rounds) for method, each in calls.items()}


def calls(batch: int) -> dict[str, Any]:
    """Return what each version calls for a POST, a GET, a batch of one task, one of so many; and a POST's at once."""
    aws, found = FakeAws(), functions()
    aws.install()

    def called(act: Callable[[], Any]) -> list[dict[str, Any]]:
        aws.calls.clear()
        act()
        return [vars(call) for call in aws.calls]

    seen: dict[str, Any] = {}
    for name, side in found.items():
        known = side.post()  # warm
        aws.messages.clear()
        aws.most_at_once, aws.patience = 0, 1.0
        seen[name] = {"POST": called(side.post), "at once": aws.most_at_once, "GET": called(partial(side.get, known))}
        aws.patience = 0.0
        for _ in range(batch - 1):
            side.post()
        seen[name]["batch of 1"] = called(partial(side.work, aws.messages[:1]))
        seen[name]["batch"] = called(partial(side.work, aws.messages[:batch]))
    return seen


if __name__ == "__main__":
    measure = {"latency": latency, "calls": calls}[sys.argv[1]]
    Path(sys.argv[3]).write_text(json.dumps(measure(int(sys.argv[2]))))
