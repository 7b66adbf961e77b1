"""A key of the caller's: what it encrypts, and who may use it through which service."""

import json
from typing import Any

import pytest

from plan.known import KNOWN
from plan.planner import Plan, Planner
from plan.refused import KEY

THROUGH = {name: f"{name}.us-east-1.amazonaws.com" for name in ("dynamodb", "lambda", "sqs")}


@pytest.fixture(scope="module")
def own_key(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo", "kms_key_arn": KEY, "api": {"access_logs": {}}}, known=KNOWN)


def key_grants(plan: Plan, role: str) -> list[tuple[Any, Any, Any]]:
    statements = json.loads(plan.values[f"aws_iam_role_policy.{role}[0]"]["policy"])["Statement"]
    return [
        (one["Action"], one["Resource"], one["Condition"]["StringEquals"]["kms:ViaService"])
        for one in statements
        if "kms:" in json.dumps(one)
    ]


@pytest.mark.parametrize(
    ("address", "attribute"),
    [
        ("aws_sqs_queue.this[0]", "kms_master_key_id"),
        ("aws_sqs_queue.dead_letter[0]", "kms_master_key_id"),
        ("aws_cloudwatch_log_group.api[0]", "kms_key_id"),
        ("aws_cloudwatch_log_group.worker[0]", "kms_key_id"),
        ("aws_cloudwatch_log_group.access[0]", "kms_key_id"),
        ("aws_lambda_function.api[0]", "kms_key_arn"),
        ("aws_lambda_function.worker[0]", "kms_key_arn"),
    ],
)
def test_key_encrypts(own_key: Plan, address: str, attribute: str) -> None:
    assert own_key.values[address][attribute] == KEY


def test_key_encrypts_the_table(own_key: Plan) -> None:
    assert own_key.values["aws_dynamodb_table.this[0]"]["server_side_encryption"] == [
        {"enabled": True, "kms_key_arn": KEY}
    ]


def test_sender_may_encrypt_and_decrypt(own_key: Plan) -> None:
    assert key_grants(own_key, "api") == [
        ("kms:Decrypt", KEY, list(THROUGH.values())),
        ("kms:GenerateDataKey", KEY, THROUGH["sqs"]),
    ]


def test_receiver_may_decrypt(own_key: Plan) -> None:
    assert key_grants(own_key, "worker") == [("kms:Decrypt", KEY, list(THROUGH.values()))]


def test_without_a_key_nobody_may_use_one(plan: Planner) -> None:
    planned = plan(inputs={"name": "demo"}, known=KNOWN)
    assert [key_grants(planned, role) for role in ("api", "worker")] == [[], []]
    assert planned.values["aws_sqs_queue.this[0]"]["kms_master_key_id"] is None
    assert planned.values["aws_dynamodb_table.this[0]"]["server_side_encryption"] == []


def test_key_and_others_may_be_made_along_with_the_module(plan: Planner) -> None:
    planned = plan("tests/plan/new_key")
    assert planned.types["aws_wafv2_web_acl_association"] == 1
    assert "aws_lambda_permission.authorizer[0]" in planned.values
