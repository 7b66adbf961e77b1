"""The task queue. A message is a wake-up, `{"taskId"}`: losing, repeating or reordering one can do no harm."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from task_runner.errors import ServiceUnavailable, TaskRunnerError
from task_runner.record.task import Delivery, is_task_id

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_LONGEST_VISIBILITY_TIMEOUT = 43_200
"""Seconds; SQS refuses more (API reference, ChangeMessageVisibility)."""


class ForeignMessage(TaskRunnerError):
    """A message that no task API sent."""


class WakeupQueue:
    """Sends wake-ups and decides when a message comes back.

    Both methods raise `ServiceUnavailable` where SQS cannot be reached or refuses.
    """

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(self, task_id: str) -> None:
        """Wake a worker for the task."""
        self._call("send_message", MessageBody=json.dumps({"taskId": task_id}))

    def return_after(self, delivery: Delivery, seconds: int) -> None:
        """Make the message visible again in `seconds` (at most 43,200); 0 on its last delivery dead-letters it."""
        visibility = max(0, min(seconds, _LONGEST_VISIBILITY_TIMEOUT))
        self._call("change_message_visibility", ReceiptHandle=delivery.receipt_handle, VisibilityTimeout=visibility)

    def _call(self, operation: str, **parameters: Any) -> None:
        try:
            getattr(self._client, operation)(QueueUrl=self._queue_url, **parameters)
        except ClientError as error:
            raise ServiceUnavailable(f"the queue answered {error.response['Error']['Code']}") from error
        except BotoCoreError as error:
            raise ServiceUnavailable("the queue cannot be reached") from error


def delivery_of(record: Mapping[str, Any]) -> Delivery:
    """Read one record of a Lambda event from SQS.

    Raises:
        ForeignMessage: the body is no wake-up of ours.
    """
    try:
        task_id = json.loads(record["body"])["taskId"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ForeignMessage("the body is not a wake-up") from None
    if not is_task_id(task_id):
        raise ForeignMessage("the body names no task")
    attributes = record["attributes"]
    return Delivery(
        task_id=task_id,
        message_id=record["messageId"],
        receipt_handle=record["receiptHandle"],
        receives=int(attributes["ApproximateReceiveCount"]),
        sent_at=int(attributes["SentTimestamp"]),
    )
