"""The queue of a task runner and the queue of its dead letters: either of them leads to both."""

import json
from dataclasses import dataclass
from typing import Any


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
