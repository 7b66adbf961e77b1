"""Moves dead letters back to the queue of tasks, so that failed tasks run again."""

import time
from typing import Any

from botocore.exceptions import ClientError

from task_runner_client.errors import TaskRunnerClientError
from task_runner_client.progress import Step
from task_runner_client.queues import Queues, queues_of, receive, release, waiting

_NOT_OFFERED = {"InvalidAction", "AWS.SimpleQueueService.UnsupportedOperation", "UnsupportedOperation"}
_UNDER_WAY = {"RUNNING", "CANCELLING"}
_POLL_SECONDS = 2.0


def move_dead_letters(sqs: Any, queue_url: str, step: Step) -> int:
    """Move every message of a dead-letter queue back to where it came from; return how many. Tell the step how it goes.

    SQS does it itself where it offers StartMessageMoveTask, as AWS does. Elsewhere each message is sent before it is
    deleted, so that none can be lost; one that is moved twice does no harm.

    Args:
        sqs: a client of SQS.
        queue_url: the queue of tasks, or its dead-letter queue.
        step: is told how far it is.

    Raises:
        TaskRunnerClientError: SQS gave up half way.
        botocore.exceptions.ClientError: SQS refuses, or moves messages of this queue already.
    """
    queues = queues_of(sqs, queue_url)
    try:
        sqs.start_message_move_task(SourceArn=queues.dead_letters_arn)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_OFFERED:
            raise
        return _one_by_one(sqs, queues, step)
    return _watched(sqs, queues.dead_letters_arn, step)


def in_words(moved: int) -> str:
    """Tell a person how many messages were moved."""
    return f"{moved} moved; their tasks run again." if moved else "No dead letters were found."


def _watched(sqs: Any, source_arn: str, step: Step) -> int:
    while True:
        task = sqs.list_message_move_tasks(SourceArn=source_arn, MaxResults=1)["Results"][0]
        moved = int(task.get("ApproximateNumberOfMessagesMoved", 0))
        step.update(moved, task.get("ApproximateNumberOfMessagesToMove"), "messages")
        if task["Status"] not in _UNDER_WAY:
            break
        time.sleep(_POLL_SECONDS)
    if task["Status"] != "COMPLETED":
        why = task.get("FailureReason", task["Status"])
        raise TaskRunnerClientError(f"SQS has moved {moved} messages and then stopped: {why}. Redrive again.")
    return moved


def _one_by_one(sqs: Any, queues: Queues, step: Step) -> int:
    if queues.tasks is None:
        raise TaskRunnerClientError(
            "This SQS cannot say where dead letters came from: name the queue of tasks instead."
        )
    total = waiting(sqs, queues.dead_letters)
    began = time.time() * 1000
    moved = 0
    failed_again: list[str] = []
    for message in receive(sqs, queues.dead_letters):
        if int(message["Attributes"]["SentTimestamp"]) >= began:
            failed_again.append(message["ReceiptHandle"])  # moved once already: else it might go round for ever
            continue
        sqs.send_message(QueueUrl=queues.tasks, MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=queues.dead_letters, ReceiptHandle=message["ReceiptHandle"])
        moved += 1
        step.update(moved, max(total, moved), "messages")
    release(sqs, queues.dead_letters, failed_again)
    return moved
