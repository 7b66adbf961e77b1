"""AWS as it is seen from the end of the wire: each request that a function sends, and an answer to it."""

import io
import json
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse

from task_runner.record.task import Task


@dataclass(frozen=True)
class Sent:
    """A request as it leaves the function."""

    operation: str
    body: bytes


class Body(io.BytesIO):
    """An answer's body, as urllib3 gives it."""

    def stream(self) -> Iterator[bytes]:
        yield self.getvalue()


@dataclass
class Wire:
    """Keeps what is sent, and answers for a table that holds one record.

    Attributes:
        record: what every read finds and every write meets.
        refused: the operations whose condition fails.
        meeting: if there is one, a call is answered only once so many are under way.
    """

    record: Task | None = None
    refused: Collection[str] = ()
    meeting: threading.Barrier | None = None
    sent: list[Sent] = field(default_factory=list)

    @property
    def calls(self) -> Counter[str]:
        """How often each operation was called."""
        return Counter(sent.operation for sent in self.sent)

    @property
    def sizes(self) -> list[tuple[str, int]]:
        """The bytes that each request's body has, in the order in which they were sent."""
        return [(sent.operation, len(sent.body)) for sent in self.sent]

    def send(self, request: Any) -> AWSResponse:
        """Take the place of botocore's HTTP session."""
        # In the protocols of both services the operation stands behind the dot of one header.
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.sent.append(Sent(operation, request.body))
        if self.meeting:
            self.meeting.wait()
        status, answer = self._answer(operation)
        headers: Any = {}
        return AWSResponse(request.url, status, headers, Body(json.dumps(answer).encode()))

    def _answer(self, operation: str) -> tuple[int, Mapping[str, Any]]:
        item = self.record.to_item() if self.record else {}
        if operation in self.refused:
            return 400, {"__type": "x#ConditionalCheckFailedException", "message": "", "Item": item}
        return 200, {"GetItem": {"Item": item}, "UpdateItem": {"Attributes": item}}.get(operation, {})
