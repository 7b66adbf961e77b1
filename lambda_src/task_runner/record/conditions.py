"""The conditions that the transitions name, as DynamoDB evaluates them in the very moment of the write.

Each function takes what it needs of what the writer knows, by name: `now`, its `lease`, the `delivery` that it works
on, the record that it has `seen`.
"""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from task_runner.record.expression import Attr, Condition
from task_runner.record.task import Delivery, Status, Task, iso
from task_runner.record.transitions import Transition


def lease_is_past(*, now: int, **_: Any) -> Condition:
    """A lease ends with the invocation that took it, so whoever held this one runs no more."""
    return Attr("leaseExpiresAt").lt(now)


def not_late(*, delivery: Delivery, **_: Any) -> Condition:
    """A delivery whose message has come again since, and was perhaps its last then, would count it back.

    Failed once more, its task would be put back to pending, for a message that comes no more. A message that was sent
    after the lease ended counts anew: it was redriven.
    """
    return Attr("receives").lte(delivery.receives) | Attr("leaseExpiresAt").lt(delivery.sent_at)


def lease_is_mine(*, lease: str, **_: Any) -> Condition:
    """A worker that was overtaken must not write over what its heir does."""
    return Attr("lease").eq(lease)


def sent_after_the_end(*, delivery: Delivery, **_: Any) -> Condition:
    """A redrive sends the message anew; one that was sent before the task failed is a mere duplicate."""
    return Attr("completedAt").lt(iso(delivery.sent_at))


def not_a_heal(*, delivery: Delivery, **_: Any) -> Condition:
    """A message sent before the heal window closed may be the wake-up of a repeated POST, which is no redrive."""
    return Attr("healUntil").not_exists() | Attr("healUntil").lt(delivery.sent_at)


def not_overtaken(*, delivery: Delivery, **_: Any) -> Condition:
    """Had the message come again meanwhile, for the last time, a task put back to pending would wait for ever."""
    return Attr("receives").lte(delivery.receives)


def unchanged(*, seen: Task, **_: Any) -> Condition:
    """A verdict holds for the record that was judged, not for the one that a worker has claimed since.

    Its attempt may have the same status. `updatedAt` alone could be that of two writes in one millisecond.
    """
    same_lease = Attr("lease").eq(seen.lease) if seen.lease else Attr("lease").not_exists()
    return Attr("status").eq(seen.status) & Attr("updatedAt").eq(seen.updated_at) & same_lease


def unclaimed(*, seen: Task, **_: Any) -> Condition:
    """Once a worker has seen the task, its wake-up has come, and another would only be a duplicate."""
    return Attr("attempts").eq(seen.retried_after or 0)


CONDITIONS: dict[str, Callable[..., Condition]] = {
    condition.__name__: condition
    for condition in (
        lease_is_past,
        not_late,
        lease_is_mine,
        sent_after_the_end,
        not_a_heal,
        not_overtaken,
        unchanged,
        unclaimed,
    )
}


def allowed(transitions: Iterable[Transition], **known: Any) -> Condition:
    """Write what lets a record take any of these transitions."""
    distinct = dict.fromkeys((transition.source, transition.conditions) for transition in transitions)
    return reduce(or_, (_all_of(source, names, known) for source, names in distinct))


def _all_of(source: Status | None, names: tuple[str, ...], known: dict[str, Any]) -> Condition:
    stands = Attr("taskId").not_exists() if source is None else Attr("status").eq(source)
    return reduce(and_, (CONDITIONS[name](**known) for name in names), stands)
