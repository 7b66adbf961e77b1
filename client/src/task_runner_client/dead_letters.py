"""Looks at the messages of a dead-letter queue, and leaves them there."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from task_runner_client.queues import HOLD_SECONDS, receive, release

_LOOK_SECONDS = HOLD_SECONDS - 10.0  # ends before the first message is free again


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
        for message in receive(sqs, queue_url, _LOOK_SECONDS):
            held[message["MessageId"]] = message
    finally:
        release(sqs, queue_url, [message["ReceiptHandle"] for message in held.values()])
    return sorted(map(_dead_letter, held.values()), key=lambda letter: letter.sent_at)


def _dead_letter(message: dict[str, Any]) -> DeadLetter:
    task_id = None
    with suppress(ValueError, TypeError, LookupError):
        task_id = str(json.loads(message["Body"])["taskId"])
    attributes = message["Attributes"]
    sent_at = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, timezone.utc)
    receives = int(attributes["ApproximateReceiveCount"]) - 1  # without ours
    return DeadLetter(message["MessageId"], task_id, sent_at, receives)
