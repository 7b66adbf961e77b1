"""Moves dead letters back to the task queue, so that failed tasks run again."""

import time
from typing import Any

from botocore.exceptions import ClientError

from harness.progress import Step
from harness.target import Outputs, Target

_NOT_OFFERED = {"InvalidAction", "AWS.SimpleQueueService.UnsupportedOperation", "UnsupportedOperation"}
_POLL_SECONDS = 2.0
_HOLD_SECONDS = 60  # a message that is not moved by then, because we died, is in the dead-letter queue again
_EMPTY_RECEIVES = 3  # a receive may miss messages that are there (SQS developer guide, short and long polling)


def move_dead_letters(target: Target, outputs: Outputs, step: Step) -> int:
    """Move every message of the dead-letter queue back to the task queue; return how many.

    SQS does it itself where it offers StartMessageMoveTask. Elsewhere each message is sent before it is deleted, so
    that none can be lost; one that is moved twice does no harm.
    """
    sqs = target.client("sqs")
    try:
        sqs.start_message_move_task(SourceArn=outputs["dead_letter_queue_arn"])
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_OFFERED:
            raise
        return _one_by_one(sqs, outputs, step)
    return _watched(sqs, outputs["dead_letter_queue_arn"], step)


def _watched(sqs: Any, source_arn: str, step: Step) -> int:
    while True:
        task = sqs.list_message_move_tasks(SourceArn=source_arn, MaxResults=1)["Results"][0]
        moved = int(task.get("ApproximateNumberOfMessagesMoved", 0))
        step.update(moved, task.get("ApproximateNumberOfMessagesToMove"), "messages")
        if task["Status"] != "RUNNING":
            return moved
        time.sleep(_POLL_SECONDS)


def _one_by_one(sqs: Any, outputs: Outputs, step: Step) -> int:
    source, destination = outputs["dead_letter_queue_url"], outputs["queue_url"]
    waiting = int(
        sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"][
            "ApproximateNumberOfMessages"
        ]
    )
    began = time.time() * 1000
    moved = empty = 0
    failed_again: list[str] = []
    while empty < _EMPTY_RECEIVES:
        answer = sqs.receive_message(
            QueueUrl=source,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=1,
            VisibilityTimeout=_HOLD_SECONDS,
            AttributeNames=["SentTimestamp"],
        )
        empty = 0 if "Messages" in answer else empty + 1
        for message in answer.get("Messages", []):
            if int(message["Attributes"]["SentTimestamp"]) >= began:
                failed_again.append(message["ReceiptHandle"])  # moved once already: else it might go round for ever
                continue
            sqs.send_message(QueueUrl=destination, MessageBody=message["Body"])
            sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
            step.update(moved, max(waiting, moved), "messages")
    for handle in failed_again:
        sqs.change_message_visibility(QueueUrl=source, ReceiptHandle=handle, VisibilityTimeout=0)
    return moved
