"""The invariants hold, and the machine that says so finds planted bugs.

1. What a POST answered 200 ends `completed` or `failed`. 2. Task code never runs twice at once, nor after `completed`.
3. A terminal record changes only by a redrive or a retry. 4. A POST that answered 5xx has no effect, or is healed by
the next. 5. One poisonous record never delays, fails or loses its neighbours.
"""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from runtime.invariants.machine import TaskMachine
from runtime.invariants.pipeline import Pipeline
from task_runner.api.service import TaskService
from task_runner.errors import ServiceUnavailable
from task_runner.record import store
from task_runner.record.change import Change
from task_runner.record.conditions import CONDITIONS
from task_runner.record.expression import Attr, Condition
from task_runner.record.store import TaskStore
from task_runner.record.task import Task
from task_runner.wakeups import WakeupQueue
from task_runner.worker.batch import Worker

# The same examples on every run: a red test is a change's fault, never luck's.
THOROUGH = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
HUNT = settings(THOROUGH, max_examples=300, phases=[Phase.generate])


def test_invariants_hold_in_every_interleaving() -> None:
    run_state_machine_as_test(TaskMachine, settings=THOROUGH)


def unconditionally(_: Change, **known: Any) -> Condition:
    return always(**known)


def always(**_: Any) -> Condition:
    return Attr("taskId").exists()


class StoreWithoutLease(TaskStore):
    def _settle(self, mine: Task, change: Change, **known: Any) -> bool:
        with patch.dict(CONDITIONS, lease_is_mine=always, not_overtaken=always):
            return super()._settle(mine, change, **known)


class StoreThatCompletesUnconditionally(TaskStore):
    def complete(self, mine: Task, result: str, now: int) -> bool:
        with patch.object(Change, "condition", unconditionally):
            return super().complete(mine, result, now)


class QueueThatSwallowsFailures(WakeupQueue):
    def send(self, task_id: str) -> None:
        try:
            super().send(task_id)
        except ServiceUnavailable:
            return


class StoreThatAnnouncesNoWakeUp(TaskStore):
    def retry(self, seen: Task, now: int) -> Task | None:
        with patch.object(store, "_HEAL_WINDOW_MS", -1_000):
            return super().retry(seen, now)


class ServiceThatRetriesWhatIsCompleted(TaskService):
    def retry(self, task_id: str) -> Task | None:
        task = self.look_up(task_id)
        with patch.object(Change, "condition", unconditionally):
            retried = task and self._store.retry(task, self._clock())
        self._wakeups.send(task_id)
        return retried


class ServiceThatWakesNobody(TaskService):
    def retry(self, task_id: str) -> Task | None:
        with patch.object(self._wakeups, "send"):
            return super().retry(task_id)


class ServiceThatThinksItIsAwake(TaskService):
    def _healed(self, task: Task) -> bool:
        return task.untouched


class WorkerThatForgetsFailures(Worker):
    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
        super().__call__(event, context)
        return {"batchItemFailures": []}


@pytest.mark.parametrize(
    ("bug", "symptom"),
    [
        ({"store": StoreWithoutLease}, "by a worker that has lost its lease"),
        ({"store": StoreThatCompletesUnconditionally}, "is no transition|has lost its lease"),
        ({"queue": QueueThatSwallowsFailures}, "200 without a wake-up|is stuck"),
        ({"store": StoreThatAnnouncesNoWakeUp}, "without a redrive"),
        ({"service": ServiceThatRetriesWhatIsCompleted}, "is no transition|has lost its lease"),
        ({"service": ServiceThatWakesNobody}, "200 of a retry without a wake-up"),
        ({"service": ServiceThatThinksItIsAwake}, "without a wake-up|no message is left"),
        ({"worker": WorkerThatForgetsFailures}, "no message is left|is stuck"),
    ],
    ids=lambda value: next(iter(value.values())).__name__ if isinstance(value, dict) else "",
)
def test_planted_bug_is_found(bug: dict[str, Any], symptom: str) -> None:
    class Broken(TaskMachine):
        make = staticmethod(lambda traveller: Pipeline(traveller, **bug))

    with pytest.raises(AssertionError, match=symptom):
        run_state_machine_as_test(Broken, settings=HUNT)
