"""How much of everything a load takes.

What a task takes is counted: the repository's tests/runtime/test_quantities.py holds each constant here against what
the real handlers call, write and log.
"""

import math

from task_runner_client.cost.load import MONTH_SECONDS, Load

POST_CALLS = {"PutItem": 1, "SendMessage": 1}
GET_CALLS = {"GetItem": 1}
TRY_CALLS = {"UpdateItem": 2}  # claimed, ended
RETRY_CALLS = {"UpdateItem": 2, "ChangeMessageVisibility": 1}  # claimed, put back
PROGRESS_CALLS = {"UpdateItem": 1}

# Bytes of a record beside its payload and result.
ACCEPTED_BYTES, ENDED_BYTES = 250, 500
ITEM_BYTES = 100  # of DynamoDB's own for each item it keeps (developer guide, "Item sizes and formats")

# Bytes that are logged, metrics included; a name of five letters is taken for the module's `name`.
POST_LOG, TASK_LOG, BATCH_LOG, RETRY_LOG = 400, 200, 210, 520
INVOCATION_LOG = 300  # Lambda's own START, END and REPORT
ACCESS_LOG = 500  # a line of API Gateway's, as api_logs.tf asks for it

FUNCTION_SECONDS = 0.05
"""Of each invocation, the task's own time aside. Assumed, and much: the CPU time of a
first request is a tenth of it on a developer's machine (benchmarks/cold_start.py --first)."""

LONG_POLL_SECONDS = 20  # the most that SQS keeps one open, and what Lambda asks for
RECEIVED_AT_ONCE = 10  # messages of one receive, or of one batch of deletes, at most
METRICS = 2  # TasksAccepted, TasksCompleted; with retries AttemptsFailed

KEY_REUSED_SECONDS = 300
KEY_REQUESTS = 2 * 1 + 1 + 2
"""Of KMS in each such span: SQS asks twice for a sender and once for a receiver (its developer guide, "Estimating AWS
KMS costs"), DynamoDB once for each of two callers ("Table key caching"). Both guides say that it can be more."""

KB, GB = 1024, 1024**3


def quantities(load: Load) -> dict[str, float]:
    """Return the units of each price, by its name in prices.json."""
    return {**_requests(load), **_functions(load), **_queue(load), **_table(load), **_logs(load), **_extras(load)}


def _requests(load: Load) -> dict[str, float]:
    return {"api_request": load.tasks * (1 + load.polls)}


def _batches(load: Load) -> float:
    return load.tasks * (1 + load.retried) / load.batch


def _batch_seconds(load: Load) -> float:
    """Return how long a batch takes: as many turns as its threads need for all of it."""
    return load.seconds * math.ceil(load.batch / load.concurrency) + FUNCTION_SECONDS


def _functions(load: Load) -> dict[str, float]:
    requests, batches = _requests(load)["api_request"], _batches(load)
    seconds = requests * FUNCTION_SECONDS * load.api_memory + batches * _batch_seconds(load) * load.memory
    return {"lambda_request": requests + batches, f"lambda_second_{load.architecture}": seconds / KB}


def _queue(load: Load) -> dict[str, float]:
    at_once = min(load.batch, RECEIVED_AT_ONCE)
    received, deleted = load.tasks * (1 + load.retried) / at_once, load.tasks / at_once
    put_back = load.tasks * load.retried * RETRY_CALLS["ChangeMessageVisibility"]
    idle = load.idle_pollers * MONTH_SECONDS / LONG_POLL_SECONDS
    return {"sqs_request": load.tasks * POST_CALLS["SendMessage"] + received + deleted + put_back + idle}


def _table(load: Load) -> dict[str, float]:
    accepted = load.payload_kb * KB + ACCEPTED_BYTES
    claimed = load.payload_kb * KB + ENDED_BYTES
    ended = claimed + load.result_kb * KB
    rewritten = load.retried * RETRY_CALLS["UpdateItem"] + load.progress * PROGRESS_CALLS["UpdateItem"]
    writes = _units(accepted, 1) + (1 + rewritten) * _units(claimed, 1) + _units(ended, 1)
    reads = (load.polls - 1) * _units(claimed, 4) + _units(ended, 4)
    stored = load.tasks * load.record_days / 30 * (ended + ITEM_BYTES) / GB
    return {
        "dynamodb_write": load.tasks * writes,
        "dynamodb_read": load.tasks * reads,
        "dynamodb_stored": stored,
        "dynamodb_recovery": stored * load.point_in_time_recovery,
    }


def _units(size: float, kb: int) -> int:
    """Return the units of a write (1 KB each) or of a strongly consistent read (4 KB each) of so many bytes."""
    return math.ceil(size / (kb * KB))


def _logs(load: Load) -> dict[str, float]:
    requests, batches = _requests(load)["api_request"], _batches(load)
    tasks = load.tasks * (POST_LOG + TASK_LOG + load.retried * RETRY_LOG)
    written = (tasks + batches * BATCH_LOG + (requests + batches) * INVOCATION_LOG) / GB
    access = requests * ACCESS_LOG / GB * load.access_logs
    return {
        "logs_written": written,
        "access_logs_written": access,
        "logs_stored": (written + access) * load.log_days * 86_400 / MONTH_SECONDS,
        "metric": (METRICS + (load.retried > 0)) * (load.tasks > 0),
    }


def _extras(load: Load) -> dict[str, float]:
    requests, hours = _requests(load)["api_request"], MONTH_SECONDS / 3600
    kept_ready = (load.api_provisioned_concurrency * load.api_memory + load.provisioned_concurrency * load.memory) / KB
    snapshots = (load.api_snap_start * load.api_memory + load.snap_start * load.memory) / KB
    more_storage = (load.ephemeral_storage - 512) / KB
    return {
        "kms_key": load.kms,
        "kms_request": load.kms * KEY_REQUESTS * MONTH_SECONDS / KEY_REUSED_SECONDS,
        "web_acl": load.web_acl > 0,
        "web_acl_rule": load.web_acl,
        "web_acl_request": requests * (load.web_acl > 0),
        "endpoint_hour": load.endpoints * hours,
        "nat_hour": load.nat_gateways * hours,
        "ephemeral_second": _batches(load) * _batch_seconds(load) * more_storage,
        f"provisioned_second_{load.architecture}": kept_ready * MONTH_SECONDS,
        "snapshot_second": snapshots * MONTH_SECONDS,
        "snapshot_restored": snapshots * load.restores,
        "poller_hour": load.provisioned_pollers * hours,
    }
