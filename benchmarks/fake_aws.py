"""DynamoDB and SQS in memory, below botocore: each call takes its time, and is counted with its bytes."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.sandbox import Body


@dataclass(frozen=True)
class Call:
    """One call: its operation, bytes sent (request line, headers and body) and bytes received (body)."""

    operation: str
    sent: int
    received: int


class FakeAws:
    """Answers as the two services do, as far as a POST, a GET and a task that completes can see.

    Attributes:
        seconds: what a call takes.
        calls: what was called.
        messages: bodies of what was sent to the queue.
        patience: seconds that a call waits for another beside it.
        most_at_once: how many calls were under way at the same time.
    """

    def __init__(self) -> None:
        self.seconds = self.patience = 0.0
        self.most_at_once = self._at_once = 0
        self._begun = threading.Condition()
        self.calls: list[Call] = []
        self.messages: list[str] = []
        self._items: dict[str, Any] = {}
        self._answers: dict[str, Callable[[Any], Any]] = {
            "PutItem": self._put,
            "GetItem": lambda asked: {"Item": self._items[asked["Key"]["taskId"]["S"]]},
            "UpdateItem": self._update,
            "SendMessage": self._send,
        }

    def install(self) -> None:
        """Take the place of every connection that botocore would make in this process."""
        from botocore import httpsession

        vars(httpsession)["URLLib3Session"].send = lambda _, request: self.answer(request)

    def answer(self, request: Any) -> Any:
        """Answer one request; in the protocols of both services the operation stands behind the dot of one header."""
        from botocore.awsrequest import AWSResponse

        with self._beside_others():
            time.sleep(self.seconds)
        operation = _text(request.headers["X-Amz-Target"]).rpartition(".")[2]
        body = json.dumps(self._answers[operation](json.loads(request.body))).encode()
        self.calls.append(Call(operation, _size(request), len(body)))
        headers: Any = {}
        return AWSResponse(request.url, 200, headers, Body(body))

    @contextmanager
    def _beside_others(self) -> Iterator[None]:
        with self._begun:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self._begun.notify_all()
            self._begun.wait_for(lambda: self.most_at_once > 1, self.patience)
        yield
        with self._begun:
            self._at_once -= 1

    def _put(self, asked: Any) -> Any:
        self._items[asked["Item"]["taskId"]["S"]] = asked["Item"]
        return {}

    def _update(self, asked: Any) -> Any:
        """Give back the record if asked to; nobody looks at what has changed in it."""
        wanted = asked.get("ReturnValues", "NONE") != "NONE"
        return {"Attributes": self._items[asked["Key"]["taskId"]["S"]]} if wanted else {}

    def _send(self, asked: Any) -> Any:
        self.messages.append(asked["MessageBody"])
        digest = hashlib.md5(asked["MessageBody"].encode(), usedforsecurity=False).hexdigest()
        return {"MessageId": "00000000-0000-0000-0000-000000000000", "MD5OfMessageBody": digest}


def _size(request: Any) -> int:
    line = len(f"{request.method} / HTTP/1.1\r\n")
    return line + sum(len(name) + len(_text(value)) + 4 for name, value in request.headers.items()) + len(request.body)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
