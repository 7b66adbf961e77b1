"""The AWS clients, made once for each function at import, so that warm invocations reuse their connections.

They are botocore's own: boto3 would add a layer of resources and a manager of file transfers that nothing here uses,
and that every cold start would pay for.
"""

from typing import Any

from botocore.config import Config
from botocore.session import Session

from task_runner.config import Config as FunctionConfig
from task_runner.record.store import TaskStore
from task_runner.wakeups import WakeupQueue

# Two quick tries: a request that has not worked in about six seconds is answered with 503 by the API's own code,
# rather than with a timeout by the gateway.
_QUICK = {"connect_timeout": 1, "read_timeout": 2, "retries": {"total_max_attempts": 2, "mode": "standard"}}


def connect(config: FunctionConfig, connections: int) -> tuple[TaskStore, WakeupQueue]:
    """Make the store and the queue; `connections` is how many calls may be under way at once."""
    settings = Config(max_pool_connections=connections, **_QUICK)  # type: ignore[arg-type] # keyword arguments of mixed types
    session = Session()  # one for both, so that what it reads of botocore's data is read once
    dynamodb: Any = session.create_client("dynamodb", config=settings)
    sqs: Any = session.create_client("sqs", config=settings)
    return TaskStore(dynamodb, config.table_name, config.record_ttl_seconds), WakeupQueue(sqs, config.queue_url)
