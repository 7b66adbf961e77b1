"""What has to be there before what: AWS refuses or loses things otherwise, and no emulator does.

The plan's JSON holds the configuration as it is written, and so the order that it asks for.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from plan.planner import Plan, Planner

# Order that no reference brings about, with its reason.
DEPENDS_ON = {
    # Lambda makes a missing log group itself, with no retention, and the apply then finds that it exists.
    "aws_lambda_function.api": {"aws_cloudwatch_log_group.api"},
    # The policy too: Lambda refuses a function in a VPC whose role cannot make network interfaces.
    "aws_lambda_function.worker": {"aws_cloudwatch_log_group.worker", "aws_iam_role_policy.worker"},
    # Lambda refuses a mapping whose role cannot read the queue; the first task finds all that its code may use.
    "aws_lambda_event_source_mapping.this": {
        "aws_iam_role_policy.worker",
        "aws_iam_role_policy_attachment.worker",
    },
    # It takes into use what is there at that moment; a private API cannot be deployed without a policy.
    "aws_api_gateway_deployment.this": {
        "aws_api_gateway_integration.this",
        "aws_api_gateway_gateway_response.this",
        "aws_api_gateway_rest_api_policy.this",
    },
    # API Gateway refuses a stage that logs in an account without a role to log with, and a role that may not. What it
    # may call goes with what it calls: else an API that comes to call an alias answers 500 until the alias is there.
    "aws_api_gateway_stage.this": {"aws_api_gateway_account.this", "aws_lambda_permission.api"},
    "aws_api_gateway_account.this": {"aws_iam_role_policy_attachment.account_log"},
}
# Order that a reference brings about and that the name of the thing, written out, would not.
REFERENCES = {
    ("aws_api_gateway_integration.this", "http_method"): "aws_api_gateway_method.this",
    ("aws_api_gateway_method_settings.this", "stage_name"): "aws_api_gateway_stage.this",
    ("aws_api_gateway_usage_plan.this", "api_stages"): "aws_api_gateway_stage.this",
    ("aws_iam_role_policy.api", "role"): "aws_iam_role.api",
    ("aws_iam_role_policy.worker", "role"): "aws_iam_role.worker",
    ("aws_iam_role_policy_attachment.account_log", "role"): "aws_iam_role.account_log",
    ("aws_iam_role_policy_attachment.worker", "role"): "aws_iam_role.worker",
    ("aws_lambda_permission.api", "function_name"): "aws_lambda_function.api",
    ("aws_lambda_provisioned_concurrency_config.this", "qualifier"): "aws_lambda_alias.this",
}
# No call to the API waits for it: keys are attached to it later.
AFTER_THE_URL = {"aws_api_gateway_usage_plan.this"}
# What others wait for through a local or a dynamic block, which the JSON does not follow.
AWAITED_UNSEEN = {
    "aws_dynamodb_table.this",
    "aws_api_gateway_resource.action",
    "aws_cloudwatch_log_group.access",
    "aws_lambda_function.worker",
}


@pytest.fixture(scope="module")
def written(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo"})


@pytest.fixture(scope="module")
def resources(written: Plan) -> dict[str, dict[str, Any]]:
    return {one["address"]: one for one in written.configuration["resources"] if one["mode"] == "managed"}


def named(expression: Any) -> Iterator[str]:
    """Yield the address of each resource that an expression names."""
    if isinstance(expression, dict):
        for name in expression.get("references", ()):
            if name.startswith("aws_"):
                yield ".".join(name.split(".")[:2]).split("[")[0]
    if isinstance(expression, dict | list):
        for value in expression.values() if isinstance(expression, dict) else expression:
            yield from named(value)


def test_order_without_a_reference(resources: dict[str, dict[str, Any]]) -> None:
    assert {address: set(one["depends_on"]) for address, one in resources.items() if "depends_on" in one} == DEPENDS_ON


@pytest.mark.parametrize(("address", "attribute"), REFERENCES, ids=[" ".join(key) for key in REFERENCES])
def test_order_by_reference(resources: dict[str, dict[str, Any]], address: str, attribute: str) -> None:
    assert REFERENCES[address, attribute] in set(named(resources[address]["expressions"][attribute]))


def test_url_is_told_when_all_is_there(written: Plan, resources: dict[str, dict[str, Any]]) -> None:
    """Whatever no other resource waits for, the output waits for: whoever uses the URL finds a pipeline that works."""
    endpoint = written.configuration["outputs"]["api_endpoint"]
    waited_for = {*endpoint["depends_on"], *named(endpoint["expression"])}
    awaited = {
        address
        for one in resources.values()
        for address in (*one.get("depends_on", ()), *named(one["expressions"]))
        if address != one["address"]
    }
    assert waited_for <= resources.keys()
    assert resources.keys() - awaited - waited_for == AFTER_THE_URL | AWAITED_UNSEEN
