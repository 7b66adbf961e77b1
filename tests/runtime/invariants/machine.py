"""Every interleaving that hypothesis can think of."""

import logging
from collections.abc import Callable

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from moto import mock_aws

from runtime.invariants.faults import Fault, Kind
from runtime.invariants.pipeline import ENDS, MEANWHILE, VISIBILITY_TIMEOUT, Between, Pipeline, Plan
from support.cloud import MAX_RECEIVES, RETENTION_SECONDS

START = 1_800_000_000


def faults_of(*operations: str, most: int = 1) -> st.SearchStrategy[Fault | None]:
    """No fault, or one at any of the calls that an invocation makes."""
    return st.none() | st.builds(Fault, st.sampled_from(operations), st.integers(1, most), st.sampled_from(Kind))


post_faults = faults_of("put_item", "send_message", "update_item")
betweens = st.builds(
    Between, st.sampled_from(["get_item", "update_item"]), st.sampled_from(["return", "permanent"]), st.booleans()
)
retry_troubles = betweens | faults_of("get_item", "update_item", "send_message", most=2)
get_faults = faults_of("get_item", "update_item")
worker_faults = faults_of("update_item", "change_message_visibility", most=4)
ends = st.just("return") | st.sampled_from(ENDS)
plans = st.lists(st.builds(Plan, ends, st.sampled_from(MEANWHILE)), min_size=1, max_size=3)
keys = st.none() | st.sampled_from(["a", "b"])
bodies = st.sampled_from(["1", "2"])


class TaskMachine(RuleBasedStateMachine):
    """Clients, Lambda's poller, operators and the clock take turns; `make` builds the pipeline under test."""

    make: Callable[[time_machine.Traveller], Pipeline] = staticmethod(Pipeline)

    def __init__(self) -> None:
        super().__init__()
        self._travel = time_machine.travel(START, tick=False)
        self._aws = mock_aws()
        logging.disable()
        self._aws.start()
        self.end = "return"
        self.pipeline = self.make(self._travel.start())

    @initialize(end=st.sampled_from(ENDS))
    def choose_how_it_ends(self, end: str) -> None:
        """What the task code does from the last rule on."""
        self.end = end

    @rule(body=bodies, key=keys, fault=post_faults, record_first=st.booleans())
    def post(self, body: str, key: str | None, fault: Fault | None, record_first: bool) -> None:
        self.pipeline.post(body, key, fault, record_first=record_first)

    @rule(body=bodies, plans=plans, fault=post_faults)
    def post_and_deliver(self, body: str, plans: list[Plan], fault: Fault | None) -> None:
        self.pipeline.post(body, None, fault)
        self.pipeline.deliver(1, plans)

    @rule(count=st.integers(1, 3), plans=plans, fault=worker_faults)
    def deliver(self, count: int, plans: list[Plan], fault: Fault | None) -> None:
        self.pipeline.deliver(count, plans, fault)

    @precondition(lambda self: self.pipeline.deliveries)
    @rule(data=st.data(), plans=plans)
    def deliver_duplicate(self, data: st.DataObject, plans: list[Plan]) -> None:
        self.pipeline.invoke([data.draw(st.sampled_from(self.pipeline.deliveries))], plans)

    @precondition(lambda self: self.pipeline.accepted)
    @rule(data=st.data(), fault=get_faults)
    def get(self, data: st.DataObject, fault: Fault | None) -> None:
        self.pipeline.get(data.draw(st.sampled_from(list(self.pipeline.accepted))), fault)

    @precondition(lambda self: self.pipeline.accepted)
    @rule(data=st.data(), trouble=retry_troubles)
    def retry(self, data: st.DataObject, trouble: Fault | Between | None) -> None:
        self.pipeline.retry(data.draw(st.sampled_from(list(self.pipeline.accepted))), trouble)

    @rule(trouble=retry_troubles, redriven=st.booleans())
    def dead_letter_and_retry(self, trouble: Fault | Between | None, redriven: bool) -> None:
        """A whole story, which single rules seldom tell."""
        known = set(self.pipeline.accepted)
        self.pipeline.post("1", None)
        (task_id,) = self.pipeline.accepted.keys() - known
        for _ in range(MAX_RECEIVES + 1):
            self.pipeline.advance(VISIBILITY_TIMEOUT + 1)
            self.pipeline.deliver(10, [Plan("raise") for _ in range(10)])
        if redriven:
            self.pipeline.redrive()
        self.pipeline.retry(task_id, trouble)

    @rule(seconds=st.sampled_from([1, 30, 61, VISIBILITY_TIMEOUT + 1]))
    def advance(self, seconds: int) -> None:
        self.pipeline.advance(seconds)

    @rule()
    def redrive(self) -> None:
        self.pipeline.redrive()

    @invariant()
    def nothing_forbidden_has_happened(self) -> None:
        violations = self.pipeline.watch.violations
        assert not violations, violations

    @invariant()
    def task_that_is_not_over_has_a_message(self) -> None:
        records = self.pipeline.watch.records
        waiting = {task_id for task_id in self.pipeline.accepted if not records[task_id].status.terminal}
        stranded = waiting - self.pipeline.messages() - self.pipeline.unwoken
        assert not stranded, f"no message is left for {stranded}"

    def teardown(self) -> None:
        try:
            self._drain()
        finally:
            self._aws.stop()
            self._travel.stop()
            logging.disable(logging.NOTSET)

    def _drain(self) -> None:
        """Let the dust settle: what was accepted ends within its last deliveries, or else with its message."""
        self.nothing_forbidden_has_happened()
        for _ in range(MAX_RECEIVES + 1):
            self.pipeline.advance(VISIBILITY_TIMEOUT + 1)
            while self.pipeline.deliver(10, [Plan(self.end) for _ in range(10)]):
                pass
        # Outages may have taken every delivery, and a retry that died its wake-up: the queue's retention is a bound.
        if self.pipeline.outages or self.pipeline.unwoken:
            self.pipeline.advance(RETENTION_SECONDS + 61)
        for task_id in self.pipeline.accepted:
            view = self.pipeline.get(task_id)
            assert view is not None, f"{task_id} is lost"
            assert view["status"] in ("completed", "failed"), f"{task_id} is stuck: {view}"
            assert self.pipeline.get(task_id) == view
        self.nothing_forbidden_has_happened()
