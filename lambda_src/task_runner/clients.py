"""The AWS clients, made once for each function at import, so that warm invocations reuse their connections.

They are botocore's own: boto3 would add a layer of resources and a manager of file transfers that nothing here uses,
and that every cold start would pay for. For the same reason they read the models and endpoints of two services from
aws_data, which is cut from botocore's own data. Clients that task code makes read botocore's own, whole.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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


class _OurData(Loader):
    """Looks into our folder first, and for all that is not there into botocore's own."""

    _FOLDER = str(Path(__file__).with_name("aws_data"))

    def __init__(self) -> None:
        super().__init__(extra_search_paths=[self._FOLDER])

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore calls it
        """Name the two services, without looking into the folders of all the others, some 400."""
        return ["dynamodb", "sqs"]

    def is_builtin_path(self, path: str) -> bool:
        """Tell that our endpoints are botocore's own: those of anybody else would count before its rules."""
        return path.startswith(self._FOLDER) or super().is_builtin_path(path)


def connect(config: FunctionConfig, connections: int) -> tuple[TaskStore, WakeupQueue]:
    """Make the store and the queue; `connections` is how many calls may be under way at once."""
    settings = Config(max_pool_connections=connections, **_QUICK)  # type: ignore[arg-type] # keyword arguments of mixed types
    with _no_garbage():
        session = Session()  # one for both, so that what it reads of botocore's data is read once
        session.register_component("data_loader", _OurData())
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
