import re

import pytest

from harness.paths import ROOT
from plan.planner import Plan, Planner, differences
from plan.refused import KEY, LAYER, POLICY, VPC, WEB_ACL

WORKER, EXAMPLE = ROOT / "variables_worker.tf", ROOT / "examples" / "complete" / "main.tf"
TAGS = {"Project": "task-runner", "Example": "complete"}
VALUES = {
    "aws_dynamodb_table.this[0]": {"name": "task-runner-complete.records", "tags": TAGS},
    "aws_sqs_queue.this[0]": {
        "name": "task-runner-complete-wake-ups",
        "visibility_timeout_seconds": 900,
        "message_retention_seconds": 172800,
        "tags": TAGS,
    },
    "aws_sqs_queue.dead_letter[0]": {
        "name": "task-runner-complete-failed",
        "message_retention_seconds": 604800,
        "tags": TAGS,
    },
    "aws_lambda_layer_version.task_runner[0]": {"layer_name": "task-runner-complete-runtime"},
    "aws_lambda_function.api[0]": {
        "function_name": "task-runner-complete-front",
        "runtime": "python3.11",
        "architectures": ["x86_64"],
        "memory_size": 256,
        "timeout": 5,
        "tags": TAGS,
    },
    "aws_lambda_function.worker[0]": {
        "function_name": "task-runner-complete-runner",
        "filename": "./../../lambda_src/dist/demo.zip",
        "runtime": "python3.11",
        "architectures": ["arm64"],
        "memory_size": 1024,
        "ephemeral_storage": [{"size": 1024}],
        "timeout": 120,
        "reserved_concurrent_executions": 25,
        "vpc_config": [VPC],
        "tags": TAGS,
    },
    "aws_lambda_event_source_mapping.this[0]": {
        "batch_size": 50,
        "maximum_batching_window_in_seconds": 2,
        "scaling_config": [{"maximum_concurrency": 20}],
    },
    "aws_cloudwatch_log_group.api[0]": {"name": "/aws/lambda/task-runner-complete-front", "retention_in_days": 400},
    "aws_iam_role.api[0]": {"name": "task-runner-complete-front", "path": "/services/", "tags": TAGS},
    "aws_iam_role.worker[0]": {"name": "task-runner-complete-runner", "path": "/services/", "tags": TAGS},
    'aws_iam_role_policy_attachment.worker["read"]': {"policy_arn": POLICY},
    "aws_api_gateway_rest_api.this[0]": {"name": "Tasks (task-runner-complete)", "tags": TAGS},
    'aws_api_gateway_method.this["submit"]': {"authorization": "AWS_IAM", "api_key_required": True},
    'aws_api_gateway_method.this["get"]': {"authorization": "AWS_IAM", "api_key_required": True},
    'aws_api_gateway_gateway_response.this["MISSING_AUTHENTICATION_TOKEN"]': {"status_code": "403"},
    "aws_api_gateway_usage_plan.this[0]": {
        "name": "task-runner-complete-callers",
        "throttle_settings": [{"rate_limit": 10, "burst_limit": 20}],
        "quota_settings": [{"limit": 10000, "period": "DAY"}],
    },
    "aws_wafv2_web_acl_association.this[0]": {"web_acl_arn": WEB_ACL},
    "aws_cloudwatch_log_group.access[0]": {"name": "/tasks/task-runner-complete/access", "retention_in_days": 400},
    "aws_iam_role.account_log[0]": {"name": "task-runner-complete-api-gateway"},
    "aws_api_gateway_stage.this[0]": {"stage_name": "live", "tags": TAGS},
    "aws_api_gateway_method_settings.this[0]": {
        "settings": [{"throttling_rate_limit": 50, "throttling_burst_limit": 100}]
    },
}
LEFT_OUT = {  # and why
    "package_s3",  # the other place for a package
    "snap_start",  # needs a newer Python than the example shows that one can have
    "provisioned_concurrency",  # has a price by the hour
    "provisioned_pollers",  # in place of maximum_concurrency
}
OPTIONS = {
    # CORS
    "aws_api_gateway_method": 2,
    "aws_api_gateway_integration": 2,
    "aws_lambda_permission": 2,
    # API keys; the key and its plan are the example's own
    "aws_api_gateway_usage_plan": 1,
    "aws_api_gateway_usage_plan_key": 1,
    "aws_api_gateway_api_key": 1,
    # where requests may come from
    "aws_api_gateway_rest_api_policy": 1,
    "aws_wafv2_web_acl_association": 1,
    # access logs and the account's log role
    "aws_cloudwatch_log_group": 1,
    "aws_iam_role": 1,
    "aws_api_gateway_account": 1,
    # policies of that role and of the worker's
    "aws_iam_role_policy_attachment": 2,
}


@pytest.fixture(scope="module")
def complete(plan: Planner) -> Plan:
    inputs = {
        "web_acl_arn": WEB_ACL,
        "kms_key_arn": KEY,
        "worker_layers": [LAYER],
        "worker_vpc": VPC,
        "worker_policy_arns": {"read": POLICY},
    }
    return plan("examples/complete", inputs=inputs)


def test_values(complete: Plan) -> None:
    assert differences(VALUES, complete.values) == []


def test_same_resources_as_basic_but_for_the_options(plan: Planner, complete: Plan) -> None:
    basic = plan("examples/basic").types
    assert basic - complete.types == {}
    assert complete.types - basic == OPTIONS


def test_every_input_of_the_module_is_set() -> None:
    texts = [file.read_text() for file in ROOT.glob("*.tf")]
    inputs = [name for text in texts for name in re.findall(r'^variable "(\w+)"', text, re.MULTILINE)]
    example = EXAMPLE.read_text()
    assert len(inputs) > 10
    assert [name for name in inputs if not re.search(rf"^  {name} +=", example, re.MULTILINE)] == []


def test_every_part_of_the_worker_is_set() -> None:
    (kind,) = re.findall(r"^  type = object\(\{\n(.+?)^  \}\)", WORKER.read_text(), re.MULTILINE | re.DOTALL)
    parts = re.findall(r"^    (\w+) +=", kind, re.MULTILINE)
    assert len(parts) > 15
    left_out = [part for part in parts if not re.search(rf"^    {part} +=", EXAMPLE.read_text(), re.MULTILINE)]
    assert set(left_out) == LEFT_OUT
