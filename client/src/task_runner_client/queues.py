"""The queue of a task runner and the queue of its dead letters: either of them leads to both; what is in them."""

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

HOLD_SECONDS = 60
"""How long a message that was received is hidden from other readers; if we die, it is free again by itself."""

_EMPTY_RECEIVES = 3  # a receive may miss messages that are there (SQS developer guide, short and long polling)
_BATCH = 10  # messages that SQS takes and gives at once


@dataclass(frozen=True)
class Queues:
    """Where dead letters are, and where they came from."""

    dead_letters: str  # URL
    dead_letters_arn: str
    tasks: str | None  # URL; None where only the dead-letter queue was named


def queues_of(sqs: Any, queue_url: str) -> Queues:
    """Return both queues, by the URL of either.

    A queue that sends its dead letters to another is the queue of tasks. Any other is taken for a dead-letter queue.

    Raises:
        botocore.exceptions.ClientError: there is no such queue, or the caller may not read its attributes.
    """
    known = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn", "RedrivePolicy"])["Attributes"]
    if "RedrivePolicy" not in known:
        return Queues(queue_url, known["QueueArn"], None)
    arn = json.loads(known["RedrivePolicy"])["deadLetterTargetArn"]
    account, name = arn.split(":")[-2:]
    found = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    return Queues(found, arn, queue_url)


def waiting(sqs: Any, queue_url: str) -> int:
    """Return about how many messages of a queue can be received now."""
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])["Attributes"][name])


def receive(sqs: Any, queue_url: str, seconds: float = math.inf) -> Iterator[dict[str, Any]]:
    """Receive message after message until no more come, or for so many seconds; each is hidden for `HOLD_SECONDS`."""
    ends_at, empty = time.monotonic() + seconds, 0
    while empty < _EMPTY_RECEIVES and time.monotonic() < ends_at:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            MaxNumberOfMessages=_BATCH,
            WaitTimeSeconds=1,
            VisibilityTimeout=HOLD_SECONDS,
        )
        empty = 0 if "Messages" in answer else empty + 1
        yield from answer.get("Messages", [])


def release(sqs: Any, queue_url: str, handles: Sequence[str]) -> None:
    """Let other readers see messages again, by the receipt handles that came with them."""
    for start in range(0, len(handles), _BATCH):
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
            for number, handle in enumerate(handles[start : start + _BATCH])
        ]
        sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)
