"""Which invocations of the worker ran a backlog, as the tasks' records tell it."""

from collections import defaultdict
from dataclasses import dataclass

from e2e.conftest import Live


@dataclass(frozen=True)
class Invocation:
    """One batch: how many tasks, and from the first one's start to the last one's end, as ISO 8601 writes them."""

    tasks: int
    started: str
    ended: str


def invocations(stack: Live, task_ids: list[str]) -> list[Invocation]:
    """Return the invocations that ran these tasks, the earliest first. A lease begins with its invocation's id."""
    batches = defaultdict(list)
    dynamodb = stack.target.client("dynamodb")
    for task_id in task_ids:
        key = {"taskId": {"S": task_id}}
        record = dynamodb.get_item(TableName=stack.outputs["table_name"], Key=key, ConsistentRead=True)["Item"]
        request_id = record["lease"]["S"].partition("/")[0]
        batches[request_id].append((record["startedAt"]["S"], record["completedAt"]["S"]))
    made = [Invocation(len(times), min(times)[0], max(end for _, end in times)) for times in batches.values()]
    return sorted(made, key=lambda one: one.started)


def side_by_side(batches: list[Invocation]) -> int:
    """Return how many were under way at once, at most."""
    return max(sum(other.started <= one.started < other.ended for other in batches) for one in batches)


def one_after_the_other(batches: list[Invocation]) -> int:
    """Return the length of the longest chain in which each began after the one before it had ended."""
    length, ended = 0, ""
    for one in sorted(batches, key=lambda one: one.ended):
        if one.started >= ended:
            length, ended = length + 1, one.ended
    return length
