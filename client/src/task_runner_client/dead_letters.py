"""Looks at the messages of a dead-letter queue, and leaves them there."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

_EMPTY_RECEIVES = 3  # a receive may miss messages that are there (SQS developer guide, short and long polling)
_HOLD_SECONDS = 60  # while a message is held it is received once only; if we die it is free again by itself
_LOOK_SECONDS = 50.0  # ends before the first message is free again
_BATCH = 10  # messages that SQS takes and gives at once


@dataclass(frozen=True)
class DeadLetter:
    """One message: whose task it is, when it was sent, and how often it was received, in both queues together."""

    message_id: str
    task_id: str | None  # None: no wake-up of the module's
    sent_at: datetime
    receives: int


def dead_letters(sqs: Any, queue_url: str) -> list[DeadLetter]:
    """Return the messages of a dead-letter queue, oldest first, as many as are found in 50 seconds.

    SQS shows a message only to who receives it. Each is received once, is hidden from other readers while this looks,
    and free again at the end; its receive count in the queue has then grown by one, which harms nothing: no message
    leaves a dead-letter queue for having been received. The count that is returned is the one before this look. A
    message keeps the time when it was first sent (SQS developer guide, "Setting-up dead-letter queue retention", of
    standard queues).
    """
    held: dict[str, dict[str, Any]] = {}
    try:
        for message in _receive(sqs, queue_url):
            held[message["MessageId"]] = message
    finally:
        _release(sqs, queue_url, [message["ReceiptHandle"] for message in held.values()])
    return sorted(map(_dead_letter, held.values()), key=lambda letter: letter.sent_at)


def _receive(sqs: Any, queue_url: str) -> Iterator[dict[str, Any]]:
    ends_at, empty = time.monotonic() + _LOOK_SECONDS, 0
    while empty < _EMPTY_RECEIVES and time.monotonic() < ends_at:
        answer = sqs.receive_message(
            QueueUrl=queue_url,
            AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            MaxNumberOfMessages=_BATCH,
            WaitTimeSeconds=1,
            VisibilityTimeout=_HOLD_SECONDS,
        )
        empty = 0 if "Messages" in answer else empty + 1
        yield from answer.get("Messages", [])


def _release(sqs: Any, queue_url: str, handles: list[str]) -> None:
    for start in range(0, len(handles), _BATCH):
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
            for number, handle in enumerate(handles[start : start + _BATCH])
        ]
        sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)


def _dead_letter(message: dict[str, Any]) -> DeadLetter:
    task_id = None
    with suppress(ValueError, TypeError, LookupError):
        task_id = str(json.loads(message["Body"])["taskId"])
    attributes = message["Attributes"]
    sent_at = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, timezone.utc)
    receives = int(attributes["ApproximateReceiveCount"]) - 1  # without ours
    return DeadLetter(message["MessageId"], task_id, sent_at, receives)
