"""What a stack must show to be accepted. Everything is read but for one task, which is submitted and awaited."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from harness.errors import HarnessError
from harness.handler_check import handler_fault
from harness.instances import Instance
from harness.stack import Stack
from harness.target import Outputs, Target
from task_runner_client import TaskClient, TaskRunnerClientError

_TASK_SECONDS = 60.0
_FAULTS = (BotoCoreError, ClientError, HarnessError, TaskRunnerClientError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Finding:
    """What one check expected and what it observed."""

    check: str
    expected: str
    observed: str

    @property
    def passed(self) -> bool:
        """Tell whether they are the same."""
        return self.expected == self.observed


@dataclass(frozen=True)
class Subject:
    """An instance of the module under acceptance."""

    target: Target
    outputs: Outputs
    max_receive_count: int  # what Terraform was asked for
    sample: Any  # a payload that its task code completes; None where none is known

    @classmethod
    def of(cls, stack: Stack, instance: Instance) -> "Subject":
        """Take one instance of the module from a stack that is applied."""
        return cls(stack.target, instance.outputs, instance.max_receive_count, stack.sample_task(instance))

    def client(self) -> TaskClient:
        """Return a client of its API, which signs with the target's credentials if the API asks."""
        return self.target.task_client(self.outputs)


Check = Callable[[Subject], str]  # returns what it observed
_CHECKS: dict[str, tuple[Callable[[Subject], str], Check]] = {}


def _check(name: str, expected: str | Callable[[Subject], str]) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        _CHECKS[name] = (expected if callable(expected) else lambda _: expected, check)
        return check

    return register


def accept(subject: Subject) -> list[Finding]:
    """Run every check, in order. One that raises is a finding like any other."""
    return [Finding(name, expected(subject), _observe(check, subject)) for name, (expected, check) in _CHECKS.items()]


def _observe(check: Check, subject: Subject) -> str:
    try:
        return check(subject)
    except _FAULTS as error:
        return f"{type(error).__name__}: {error}"


@_check("Status table", "ACTIVE, TTL on expiration_time ENABLED")
def _table(subject: Subject) -> str:
    dynamodb, name = subject.target.client("dynamodb"), subject.outputs["table_name"]
    status = dynamodb.describe_table(TableName=name)["Table"]["TableStatus"]
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return f"{status}, TTL on {ttl.get('AttributeName')} {ttl['TimeToLiveStatus']}"


@_check(
    "Redrive to the dead-letter queue",
    lambda subject: f"after {subject.max_receive_count} receives to {subject.outputs['dead_letter_queue_arn']}",
)
def _redrive(subject: Subject) -> str:
    answer = subject.target.client("sqs").get_queue_attributes(
        QueueUrl=subject.outputs["queue_url"], AttributeNames=["RedrivePolicy"]
    )
    policy = json.loads(answer.get("Attributes", {}).get("RedrivePolicy", "{}"))
    return f"after {policy.get('maxReceiveCount')} receives to {policy.get('deadLetterTargetArn')}"


def _assumable_by(subject: Subject, role_arn: str) -> str:
    role = subject.target.client("iam").get_role(RoleName=role_arn.rsplit("/", 1)[-1])["Role"]
    document: Any = role["AssumeRolePolicyDocument"]
    statements = (json.loads(document) if isinstance(document, str) else document)["Statement"]
    principals = [statement["Principal"] for statement in statements if statement["Effect"] == "Allow"]
    return "lambda only" if principals == [{"Service": "lambda.amazonaws.com"}] else json.dumps(principals)


@_check("Role of the API function is assumable by", "lambda only")
def _api_role(subject: Subject) -> str:
    return _assumable_by(subject, subject.outputs["api_role_arn"])


@_check("Role of the worker function is assumable by", "lambda only")
def _worker_role(subject: Subject) -> str:
    return _assumable_by(subject, subject.outputs["worker_role_arn"])


def _function_state(subject: Subject, name: str) -> str:
    function = subject.target.client("lambda").get_function_configuration(FunctionName=name)
    return f"{function['State']}, last update {function['LastUpdateStatus']}"


@_check("API function", "Active, last update Successful")
def _api_function(subject: Subject) -> str:
    return _function_state(subject, subject.outputs["api_function_name"])


@_check("Worker function", "Active, last update Successful")
def _worker_function(subject: Subject) -> str:
    return _function_state(subject, subject.outputs["worker_function_name"])


@_check("Task code loads", "ok")
def _task_code(subject: Subject) -> str:
    return handler_fault(subject.target, subject.outputs) or "ok"


@_check("Event source mapping", "Enabled, reports ['ReportBatchItemFailures']")
def _mapping(subject: Subject) -> str:
    mapping = subject.target.client("lambda").get_event_source_mapping(
        UUID=subject.outputs["event_source_mapping_uuid"]
    )
    return f"{mapping['State']}, reports {mapping.get('FunctionResponseTypes', [])}"


@_check("POST /task", "a taskId, pending")
def _post(subject: Subject) -> str:
    view = subject.client().submit(subject.sample)
    uuid.UUID(view["taskId"])
    return f"a taskId, {view['status']}"


@_check(
    "GET /task/{taskId} in the end",
    lambda subject: "completed or failed" if subject.sample is None else "completed, with a result",
)
def _poll(subject: Subject) -> str:
    view = subject.client().run(subject.sample, _TASK_SECONDS)
    if subject.sample is None:  # the task code may well refuse it, which proves as much about the stack
        return "completed or failed"
    return f"{view['status']}, {'with a result' if 'result' in view else view.get('error')}"
