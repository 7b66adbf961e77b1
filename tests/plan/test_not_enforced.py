"""What the embedded AWS accepts but does not enforce, so that a run there cannot prove it."""

import json
import re
from typing import Any

import pytest
import yaml

from harness.paths import ROOT
from plan.known import API, DEAD_LETTERS, KNOWN, LOGS, QUEUE, TABLE
from plan.planner import Plan, Planner
from task_runner.api.routes import OPTIONAL

PARAMETER = re.compile(r"\{[^}]*\}")  # of a path: a star in an ARN


@pytest.fixture(scope="module")
def known(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo"}, known=KNOWN)


@pytest.fixture(scope="module")
def otherwise(plan: Planner) -> Plan:
    """The longest hiding."""
    inputs = {"name": "demo", "worker": {"timeout": 900, "batching_window": 300}}
    return plan(inputs=inputs)


def grants(policy: str) -> dict[str, tuple[Any, str]]:
    return {one["Sid"]: (one["Action"], one["Resource"]) for one in json.loads(policy)["Statement"]}


def test_only_the_routes_of_this_api_may_invoke_the_function(known: Plan) -> None:
    permissions = [values for address, values in known.values.items() if "aws_lambda_permission" in address]
    assert {one["principal"] for one in permissions} == {"apigateway.amazonaws.com"}
    assert {one["source_arn"] for one in permissions} == {
        f"{API}/*/POST/task",
        f"{API}/*/GET/task/*",
        f"{API}/*/*/task",
        f"{API}/*/*/task/*",
    }


def test_routes_are_those_that_are_described(plan: Planner) -> None:
    known = plan(inputs={"name": "demo", "api": {"routes": [*OPTIONAL]}}, known=KNOWN)
    paths = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())["paths"]
    described = {
        f"{API}/*/{method.upper()}{PARAMETER.sub('*', path)}" for path, item in paths.items() for method in item
    }
    others = {f"{API}/*/*{PARAMETER.sub('*', path)}" for path in paths}
    routes = {values["source_arn"] for address, values in known.values.items() if "aws_lambda_permission" in address}
    assert routes == described | others


def test_api_function_is_granted_what_it_calls(known: Plan) -> None:
    assert grants(known.values["aws_iam_role_policy.api[0]"]["policy"]) == {
        "KeepRecords": (["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], TABLE),
        "SendWakeUps": ("sqs:SendMessage", QUEUE),
        "WriteLogs": (["logs:CreateLogStream", "logs:PutLogEvents"], f"{LOGS}-api:*"),
    }


def test_worker_function_is_granted_what_it_calls(known: Plan) -> None:
    assert grants(known.values["aws_iam_role_policy.worker[0]"]["policy"]) == {
        "UpdateRecords": ("dynamodb:UpdateItem", TABLE),
        "TakeWakeUps": (
            ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            QUEUE,
        ),
        "WriteLogs": (["logs:CreateLogStream", "logs:PutLogEvents"], f"{LOGS}-worker:*"),
    }


@pytest.mark.parametrize("role", ["api", "worker"])
def test_only_lambda_takes_a_role(known: Plan, role: str) -> None:
    (statement,) = json.loads(known.values[f"aws_iam_role.{role}[0]"]["assume_role_policy"])["Statement"]
    assert (statement["Action"], statement["Principal"]) == ("sts:AssumeRole", {"Service": "lambda.amazonaws.com"})


def test_failed_message_goes_to_the_dead_letter_queue_of_this_queue_only(known: Plan) -> None:
    redrive = json.loads(known.values["aws_sqs_queue_redrive_policy.this[0]"]["redrive_policy"])
    assert redrive == {"deadLetterTargetArn": DEAD_LETTERS, "maxReceiveCount": 5}
    allow = known.values["aws_sqs_queue_redrive_allow_policy.dead_letter[0]"]
    assert allow["queue_url"].endswith("/demo-dlq")
    assert json.loads(allow["redrive_allow_policy"]) == {"redrivePermission": "byQueue", "sourceQueueArns": [QUEUE]}


@pytest.mark.parametrize(("key", "arn"), [("queue", QUEUE), ("dead_letter_queue", DEAD_LETTERS)])
def test_queues_refuse_plain_http(known: Plan, key: str, arn: str) -> None:
    (statement,) = json.loads(known.values[f'aws_sqs_queue_policy.tls_only["{key}"]']["policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "sqs:*")
    assert statement["Resource"] == arn
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("key", ["this", "dead_letter"])
def test_queues_are_encrypted(known: Plan, key: str) -> None:
    assert known.values[f"aws_sqs_queue.{key}[0]"]["sqs_managed_sse_enabled"] is True


def test_mapping_reports_each_failed_item(known: Plan) -> None:
    mapping = known.values["aws_lambda_event_source_mapping.this[0]"]
    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["event_source_arn"] == QUEUE


def test_message_stays_hidden_for_six_timeouts_and_the_window(known: Plan, otherwise: Plan) -> None:
    assert known.values["aws_sqs_queue.this[0]"]["visibility_timeout_seconds"] == 6 * 60
    assert otherwise.values["aws_sqs_queue.this[0]"]["visibility_timeout_seconds"] == 6 * 900 + 300


def test_api_gateway_waits_longer_than_its_function_runs(known: Plan) -> None:
    for route in ("submit", "get", "any_task", "any_task_id"):
        integration = known.values[f'aws_api_gateway_integration.this["{route}"]']
        assert known.values["aws_lambda_function.api[0]"]["timeout"] * 1000 < integration["timeout_milliseconds"]
        assert integration["timeout_milliseconds"] <= 29000


def test_environment_of_the_functions(known: Plan) -> None:
    common = {
        "TASK_RUNNER_TABLE_NAME": "demo-tasks",
        "TASK_RUNNER_QUEUE_URL": "https://sqs/demo-queue",
        "TASK_RUNNER_MAX_RECEIVE_COUNT": "5",
        "TASK_RUNNER_RECORD_TTL_SECONDS": "2592000",
        "POWERTOOLS_SERVICE_NAME": "demo",
        "POWERTOOLS_METRICS_NAMESPACE": "TaskRunner",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    (api,) = known.values["aws_lambda_function.api[0]"]["environment"]
    assert api["variables"] == {**common, "TASK_RUNNER_QUEUE_RETENTION_SECONDS": "345600"}
    (worker,) = known.values["aws_lambda_function.worker[0]"]["environment"]
    assert worker["variables"] == {
        **common,
        "TASK_RUNNER_HANDLER": "tasks.handle",
        "TASK_RUNNER_CONCURRENCY": "10",
        "TASK_RUNNER_RETRY_BASE_SECONDS": "2",
        "TASK_RUNNER_RETRY_CAP_SECONDS": "300",
    }


def test_change_that_does_not_shape_the_api_is_not_deployed(known: Plan, otherwise: Plan) -> None:
    assert triggers(otherwise) == triggers(known)


def triggers(plan: Plan) -> Any:
    return plan.values["aws_api_gateway_deployment.this[0]"]["triggers"]
