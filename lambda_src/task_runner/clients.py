"""The AWS clients, made once for each function at import, so that warm invocations reuse their connections.

They are botocore's own: boto3 would add a layer of resources and a manager of file transfers that nothing here uses,
and that every cold start would pay for.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session

from task_runner.config import Config as FunctionConfig
from task_runner.record.store import TaskStore
from task_runner.wakeups import WakeupQueue

# Two quick tries: a request that has not worked in about six seconds is answered with 503 by the API's own code,
# rather than with a timeout by the gateway.
_QUICK = {"connect_timeout": 1, "read_timeout": 2, "retries": {"total_max_attempts": 2, "mode": "standard"}}


class _OurServices(Loader):
    """Finds the two services without looking into the folders of all the others, some 400."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore calls it
        return ["dynamodb", "sqs"]


def connect(config: FunctionConfig, connections: int) -> tuple[TaskStore, WakeupQueue]:
    """Make the store and the queue; `connections` is how many calls may be under way at once."""
    settings = Config(max_pool_connections=connections, **_QUICK)  # type: ignore[arg-type] # keyword arguments of mixed types
    with _no_garbage():
        session = Session()  # one for both, so that what it reads of botocore's data is read once
        session.register_component("data_loader", _OurServices())
        dynamodb: Any = session.create_client("dynamodb", config=settings)
        sqs: Any = session.create_client("sqs", config=settings)
    return TaskStore(dynamodb, config.table_name, config.record_ttl_seconds), WakeupQueue(sqs, config.queue_url)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Collect none inside, nor ever look again through what is there by then: it lives as long as the process.

    Else the collector walks through botocore's data time and again while it is read, for nothing.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
