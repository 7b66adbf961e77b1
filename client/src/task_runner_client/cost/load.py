"""What a stack has to do in a month of 30 days."""

from dataclasses import dataclass, field, fields
from typing import Literal, TypeVar

from task_runner_client.errors import TaskRunnerClientError

MONTH_SECONDS = 30 * 86_400
Architecture = Literal["arm64", "x86_64"]
_T = TypeVar("_T", int, float)


def _number(default: _T, low: float, high: float, says: str) -> _T:
    """Make a field of its bounds, both of which it may take, and of the sentence that the command's help shows."""
    made: _T = field(default=default, metadata={"low": low, "high": high, "says": says})
    return made


def _switch(default: bool, says: str) -> bool:
    made: bool = field(default=default, metadata={"says": says})
    return made


@dataclass(frozen=True, kw_only=True)
class Load:
    """The tasks of a month, how their functions are set, and what else is turned on.

    Each field is an option of `task-runner cost` as well; its unit and meaning stand in its sentence. The bounds are
    those of the module's inputs, where there is one.

    Raises:
        TaskRunnerClientError: a number is out of its bounds, or two fields exclude each other.
    """

    tasks: int = _number(1_000_000, 0, 10**12, "Tasks in a month of 30 days.")
    polls: int = _number(2, 1, 20, "Requests by which a caller follows a task to its end.")
    seconds: float = _number(1.0, 0, 900, "Seconds that a task runs.")
    payload_kb: float = _number(1.0, 0, 256, "KB of a task's payload.")
    result_kb: float = _number(0.0, 0, 384, "KB of its result.")
    batch: int = _number(1, 1, 10_000, "Tasks that the worker takes at once: one where they come seldom.")
    concurrency: int = _number(10, 1, 100, "Tasks of a batch that run side by side: worker.concurrency.")
    memory: int = _number(512, 128, 10_240, "MB of the worker: worker.memory_size.")
    api_memory: int = _number(512, 128, 10_240, "MB of the API function: api.memory_size.")
    architecture: Architecture = field(default="arm64", metadata={"says": "Instruction set of both functions."})
    retried: float = _number(0.0, 0, 1, "Share of the tasks that is tried once more, 0 to 1.")
    progress: int = _number(0, 0, 900, "Reports of a task's progress: one a second at most.")
    record_days: int = _number(30, 1, 3650, "Days that a record is kept: table.record_ttl_days.")
    log_days: int = _number(365, 1, 3653, "Days that logs are kept: logs.retention_days.")
    idle_pollers: int = _number(5, 0, 1250, "Long polls of the queue that Lambda keeps open, 2 to 5 without load.")
    point_in_time_recovery: bool = _switch(True, "Whether the table can be restored: table.point_in_time_recovery.")
    kms: bool = _switch(False, "A key of your own: kms_key_arn.")
    web_acl: int = _number(0, 0, 1500, "Rules of the web ACL: api.web_acl. 0 for no web ACL.")
    access_logs: bool = _switch(False, "A line for each request: api.access_logs.")
    endpoints: int = _number(0, 0, 60, "Interface endpoints, counted in each zone, for worker.vpc.")
    nat_gateways: int = _number(0, 0, 6, "NAT gateways, for worker.vpc.")
    ephemeral_storage: int = _number(512, 512, 10_240, "MB of /tmp: worker.ephemeral_storage.")
    provisioned_concurrency: int = _number(0, 0, 100_000, "Workers kept ready: worker.provisioned_concurrency.")
    api_provisioned_concurrency: int = _number(0, 0, 100_000, "The same for the API: api.provisioned_concurrency.")
    snap_start: bool = _switch(False, "Whether workers start from a snapshot: worker.snap_start.")
    api_snap_start: bool = _switch(False, "The same for the API: api.snap_start.")
    restores: int = _number(1000, 0, 10**9, "Starts from a snapshot in a month, of each function that has one.")
    provisioned_pollers: int = _number(0, 0, 2000, "Pollers of worker.provisioned_pollers: none, or at least 2.")

    def __post_init__(self) -> None:
        """Check the bounds."""
        for one in fields(self):
            if "low" in one.metadata and not one.metadata["low"] <= getattr(self, one.name) <= one.metadata["high"]:
                bounds = f"{one.metadata['low']} to {one.metadata['high']}"
                raise TaskRunnerClientError(f"{one.name} must be {bounds}, not {getattr(self, one.name)}.")
        if self.provisioned_pollers == 1:  # Lambda API reference, ProvisionedPollerConfig
            raise TaskRunnerClientError("provisioned_pollers must be 0 or at least 2, the fewest for a queue.")
        for of in ("", "api_"):  # Lambda developer guide, "Lambda SnapStart"
            if getattr(self, f"{of}snap_start") and getattr(self, f"{of}provisioned_concurrency"):
                raise TaskRunnerClientError(
                    f"{of}snap_start and {of}provisioned_concurrency exclude each other: set one."
                )
