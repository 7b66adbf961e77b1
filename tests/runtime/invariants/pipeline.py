"""The whole pipeline in memory: real handlers on moto, with a scripted SQS poller, crashes and a clock that jumps."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import time_machine
from moto.sqs.models import sqs_backends

from runtime.invariants.faults import Crash, Fault, Kind, Process, SameThread
from runtime.invariants.watch import Watch
from support.cloud import MAX_RECEIVES, RETENTION_SECONDS, TTL_SECONDS, Cloud, LambdaContext, resource_of
from task_runner import PermanentError, RetryLater, TaskContext
from task_runner.api.dispatch import make_handler
from task_runner.api.service import TaskService
from task_runner.config import ApiConfig, WorkerConfig
from task_runner.errors import WorkerLost
from task_runner.record.store import TaskStore
from task_runner.record.task import now_ms
from task_runner.wakeups import WakeupQueue
from task_runner.worker.batch import Worker
from task_runner.worker.run import Settings

WORKER_TIMEOUT = 60
VISIBILITY_TIMEOUT = 360
ACCOUNT, REGION = "123456789012", "eu-central-1"  # moto's, and that of the tests


@dataclass(frozen=True)
class Plan:
    """What the task code does in one run: something meanwhile, then an end."""

    end: str = "return"
    meanwhile: str = "nothing"


@dataclass(frozen=True)
class Between:
    """After a call of the API's a worker comes, with the next message or a duplicate, and its task code ends so."""

    after: str
    end: str
    duplicate: bool


ENDS = ("return", "raise", "permanent", "later", "no json", "exit process", "sys.exit")
MEANWHILE = ("nothing", "duplicate", "outlive lease", "be overtaken", "client asks", "client repeats", "client retries")


class Pipeline:
    """One stack and everybody who touches it. `parts` lets a test plant a bug in one of them."""

    def __init__(
        self,
        traveller: time_machine.Traveller,
        store: Callable[..., TaskStore] = TaskStore,
        queue: Callable[..., WakeupQueue] = WakeupQueue,
        service: Callable[..., TaskService] = TaskService,
        worker: Callable[..., Callable[..., Any]] = Worker,
    ) -> None:
        self.cloud = Cloud()
        self.watch = Watch(self.cloud)
        self.accepted: dict[str, tuple[str, str | None]] = {}  # task id -> body and key of its POST
        self.deliveries: list[dict[str, Any]] = []  # every message ever received, for duplicates
        self.wakeups_sent: Counter[str] = Counter()
        self.outages = 0  # invocations of the worker in which AWS was told to fail
        self._between: tuple[str, Callable[[], object]] | None = None  # after which call of the API's, what happens
        self.unwoken: set[str] = set()  # retried, but the client was not told so: the wake-up may be missing
        self.answered = 0  # status of the last GET or retry, 0 where the function died
        self._traveller = traveller
        self._store, self._queue, self._service, self._worker = store, queue, service, worker
        self._plans: list[Plan] = []

    # Time

    def advance(self, seconds: float) -> None:
        self._traveller.shift(seconds)

    # Clients

    def post(self, body: str, key: str | None, fault: Fault | None = None, *, record_first: bool = True) -> int:
        """POST a task; return the status, 0 where the function died and the client saw no answer of ours."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._api("POST", "/task", fault, body=body, headers=headers, record_first=record_first)
        if answer is None:
            return 0
        if answer["statusCode"] == 200:
            task_id = json.loads(answer["body"])["taskId"]
            self.accepted[task_id] = (body, key)
            self.watch.check(self.wakeups_sent[task_id] > 0, f"200 without a wake-up for {task_id}")
            self.watch.check(task_id in self.watch.records, f"200 without a record of {task_id}")
        return int(answer["statusCode"])

    def get(self, task_id: str, fault: Fault | None = None) -> dict[str, Any] | None:
        """GET a task; None where there was no answer or not 200."""
        answer = self._api("GET", f"/task/{task_id}", fault, pathParameters={"taskId": task_id})
        self.answered = int(answer["statusCode"]) if answer else 0
        view: dict[str, Any] | None = json.loads(answer["body"]) if answer and answer["statusCode"] == 200 else None
        return view

    def retry(self, task_id: str, trouble: Fault | Between | None = None) -> int:
        """Retry a task; return the status, 0 where the function died."""
        fault = trouble if isinstance(trouble, Fault) else None
        if isinstance(trouble, Between):
            self._between = trouble.after, lambda: self._worker_comes(trouble, task_id)
        sent, before = self.wakeups_sent[task_id], self.watch.records[task_id]
        self.watch.retrying = task_id
        answer = self._api("POST", f"/task/{task_id}/retry", fault, pathParameters={"taskId": task_id})
        self.watch.retrying = self._between = None
        self.answered = int(answer["statusCode"]) if answer else 0
        if self.answered == 200:
            self.unwoken.discard(task_id)
            self.watch.check(self.wakeups_sent[task_id] > sent, f"200 of a retry without a wake-up for {task_id}")
        elif self.watch.records[task_id].retried_after != before.retried_after:
            self.unwoken.add(task_id)
        return self.answered

    def _api(
        self, method: str, path: str, fault: Fault | None, *, record_first: bool = True, **event: Any
    ) -> dict[str, Any] | None:
        process = Process(fault, self._after_call)
        config = ApiConfig("tasks", self.cloud.queue_url, MAX_RECEIVES, TTL_SECONDS, RETENTION_SECONDS)
        store, wakeups = self._connect(process)
        service = self._service(store, wakeups, config, SameThread(lazy=record_first))
        handler = make_handler(service, optional=["retry"])
        try:
            request = {
                "httpMethod": method,
                "resource": resource_of(path),
                "requestContext": {},
                "headers": {},
                **event,
            }
            return handler(request, LambdaContext(10))
        except Crash:
            return None

    # Lambda's poller

    def deliver(self, count: int, plans: list[Plan], fault: Fault | None = None) -> int:
        """Receive up to `count` messages, invoke the worker with them as Lambda does, and return how many came."""
        records = self.cloud.receive(count)
        self.deliveries += records
        self.outages += fault is not None
        self.invoke(records, plans, fault)
        return len(records)

    def invoke(self, records: list[dict[str, Any]], plans: list[Plan], fault: Fault | None = None) -> None:
        if not records:
            return
        self._plans = plans
        process = Process(fault, self._after_call)
        store, wakeups = self._connect(process)
        config = WorkerConfig("tasks", self.cloud.queue_url, MAX_RECEIVES, TTL_SECONDS, "a.b", 1, 2, 300)
        settings = Settings(
            store,
            wakeups,
            config,
            code=lambda _, context: self._run(process, context),
            isolated=lambda _, context: self._run(None, context),
            sleep=self.advance,
        )
        context = LambdaContext(WORKER_TIMEOUT)
        process.request_id = context.aws_request_id
        answer = self._worker(settings, concurrency=1)({"Records": records}, context)
        if process.dead:
            return
        kept = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for record in records:
            if record["messageId"] not in kept:
                # Lambda does not care either whether the message of an overtaken delivery is still there.
                with suppress(self.cloud.sqs.exceptions.ReceiptHandleIsInvalid):
                    self.cloud.delete(record)

    # Operators

    def redrive(self) -> None:
        """Move every message of the dead-letter queue back."""
        self.advance(0.002)
        while messages := self.cloud.sqs.receive_message(QueueUrl=self.cloud.dead_letters_url).get("Messages"):
            for message in messages:
                self.watch.redriven[json.loads(message["Body"])["taskId"]] += 1
                self.cloud.sqs.send_message(QueueUrl=self.cloud.queue_url, MessageBody=message["Body"])
                handle = message["ReceiptHandle"]
                self.cloud.sqs.delete_message(QueueUrl=self.cloud.dead_letters_url, ReceiptHandle=handle)

    def messages(self, *queues: str) -> set[str]:
        """Ids of the tasks that have a message in one of the queues (by default in any), hidden ones included."""
        known = sqs_backends[ACCOUNT][REGION].queues
        return {json.loads(message.body)["taskId"] for name in queues or known for message in known[name]._messages}

    # Inside a process

    def _connect(self, process: Process) -> tuple[TaskStore, WakeupQueue]:
        store = self._store(process.client(self.cloud.dynamodb), "tasks", TTL_SECONDS)
        return store, self._queue(process.client(self.cloud.sqs), self.cloud.queue_url)

    def _after_call(self, process: Process, operation: str, parameters: dict[str, Any]) -> None:
        self.advance(0.001)  # so that no two calls share a millisecond
        if operation == "send_message":
            self.wakeups_sent[json.loads(parameters["MessageBody"])["taskId"]] += 1
        elif operation in ("put_item", "update_item"):
            self.watch.look((parameters.get("Item") or parameters["Key"])["taskId"]["S"], process.request_id)
        if self._between and not process.request_id and operation == self._between[0]:
            (_, happens), self._between = self._between, None
            happens()

    def _worker_comes(self, between: Between, task_id: str) -> None:
        if between.duplicate:
            self.invoke(self._deliveries_of(task_id)[-1:], [Plan(between.end)])
        else:
            self.deliver(1, [Plan(between.end)])

    def _deliveries_of(self, task_id: str) -> list[dict[str, Any]]:
        return [record for record in self.deliveries if task_id in record["body"]]

    def _run(self, process: Process | None, context: TaskContext) -> Any:
        """Be the task code, in the worker's process or in a child of it."""
        plan = self._plans.pop(0) if self._plans else Plan()
        with self.watch.running(context.task_id):
            self._meanwhile(plan.meanwhile, context.task_id)
        if plan.end == "exit process" and process is None:
            raise WorkerLost("the child is gone")
        if plan.end == "exit process" and process is not None:
            process.crash()
        return _end(plan.end)

    def _meanwhile(self, what: str, task_id: str) -> None:
        same = self._deliveries_of(task_id)
        if what == "duplicate":
            self.invoke(same[-1:], self._plans)
        elif what == "outlive lease":
            self.advance(VISIBILITY_TIMEOUT + 1)
            self.invoke(same[-1:], self._plans)
        elif what == "be overtaken":  # by a heir that has claimed the task and is not through with it
            self.advance(VISIBILITY_TIMEOUT + 1)
            self.invoke(same[-1:], [], Fault("update_item", 1, Kind.CRASH_AFTER))
        elif what == "client asks":
            self.get(task_id)
        elif what == "client retries":
            self.retry(task_id)
        elif what == "client repeats" and task_id in self.accepted:
            self.post(*self.accepted[task_id])


def _end(how: str) -> Any:
    if how == "raise":
        raise ValueError("no luck")
    if how == "permanent":
        raise PermanentError("never")
    if how == "later":
        raise RetryLater(5)
    if how == "sys.exit":
        raise SystemExit(1)
    return object() if how == "no json" else now_ms()
