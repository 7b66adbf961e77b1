"""The AWS clients, made once for each function at import, so that warm invocations reuse their connections."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from task_runner.config import Config as FunctionConfig
from task_runner.record.store import TaskStore
from task_runner.wakeups import WakeupQueue

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Two quick tries: a request that has not worked in about six seconds is answered with 503 by the API's own code,
# rather than with a timeout by the gateway.
_QUICK = {"connect_timeout": 1, "read_timeout": 2, "retries": {"total_max_attempts": 2, "mode": "standard"}}


def connect(config: FunctionConfig, connections: int) -> tuple[TaskStore, WakeupQueue]:
    """Make the store and the queue; `connections` is how many calls may be under way at once."""
    settings = Config(max_pool_connections=connections, **_QUICK)  # type: ignore[arg-type] # keyword arguments of mixed types
    dynamodb: DynamoDBClient = boto3.resource("dynamodb", config=settings).meta.client
    store = TaskStore(dynamodb, config.table_name, config.record_ttl_seconds)
    return store, WakeupQueue(boto3.client("sqs", config=settings), config.queue_url)
