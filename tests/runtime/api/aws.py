"""Calls of AWS that fail, and what the queue was sent."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError

from support.cloud import Cloud

OUTAGES = [
    ConnectTimeoutError(endpoint_url="https://secret.internal"),
    ClientError({"Error": {"Code": "ThrottlingException", "Message": "arn:aws:secret"}}, "Call"),
]


def broken(error: Exception) -> Callable[..., Any]:
    def fail(**_: Any) -> Any:
        raise error

    return fail


def woken(cloud: Cloud) -> list[str]:
    """Ids of the tasks that have a wake-up in the queue."""
    return [json.loads(record["body"])["taskId"] for record in cloud.receive()]
