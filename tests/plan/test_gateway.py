"""What stands around the API: where requests may come from, the firewall, the access logs."""

import json
import re
from typing import Any

import pytest

from plan.known import ACCOUNT, API, KNOWN
from plan.planner import Plan, Planner
from plan.refused import POOL, WEB_ACL, cognito

POLICY = "aws_api_gateway_rest_api_policy.this[0]"
BLOCKS = ["192.0.2.0/24", "2001:db8::/32"]
STAGE = {"id": "ags-abc123-v1", "stage_name": "v1", "arn": "arn:aws:apigateway:us-east-1::/restapis/abc123/stages/v1"}
ACCESS = {
    "name": "/aws/apigateway/demo",
    "id": "/aws/apigateway/demo",
    "arn": f"arn:aws:logs:{ACCOUNT}:log-group:/aws/apigateway/demo",
}


def statements(plan: Plan) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(plan.values[POLICY]["policy"])["Statement"]
    assert all((one["Principal"], one["Action"]) == ("*", "execute-api:Invoke") for one in found)
    return found


@pytest.fixture(scope="module")
def guarded(plan: Planner) -> Plan:
    api = {
        "allowed_source_ips": BLOCKS,
        "web_acl": {"arn": WEB_ACL},
        "access_logs": {"retention_days": 30},
        "account_log_role": True,
    }
    known = {
        **KNOWN,
        "aws_api_gateway_stage.this": {**STAGE, "rest_api_id": "abc123"},
        "aws_cloudwatch_log_group.access": ACCESS,
    }
    return plan(inputs={"name": "demo", "api": api}, known=known)


@pytest.fixture(scope="module")
def private(plan: Planner) -> Plan:
    api = {
        "endpoint_type": "PRIVATE",
        "allowed_vpc_endpoints": ["vpce-0a"],
        "allowed_source_ips": ["10.0.0.0/8"],
        "vpc_endpoint_ids": ["vpce-0a"],
    }
    # The API of the other fixtures is regional: this is one of its own.
    known = {
        **KNOWN,
        "aws_api_gateway_rest_api.this": {
            **KNOWN["aws_api_gateway_rest_api.this"],
            "endpoint_configuration": [{"types": ["PRIVATE"], "vpc_endpoint_ids": ["vpce-0a"]}],
        },
    }
    return plan(inputs={"name": "demo", "api": api}, known=known)


def test_other_addresses_are_refused_and_nobody_is_let_in(guarded: Plan) -> None:
    (denial,) = statements(guarded)
    assert (denial["Effect"], denial["Resource"]) == ("Deny", f"{API}/*")
    assert denial["Condition"] == {"NotIpAddress": {"aws:SourceIp": BLOCKS}}


@pytest.mark.parametrize("api", [{"authorization": "NONE"}, cognito([POOL])], ids=["open", "Cognito"])
def test_policy_allows_only_where_nothing_else_does(plan: Planner, api: dict[str, Any]) -> None:
    planned = plan(inputs={"name": "demo", "api": {**api, "allowed_source_ips": BLOCKS}}, known=KNOWN)
    allow, denial = statements(planned)
    assert (allow["Effect"], allow["Resource"], "Condition" in allow) == ("Allow", f"{API}/*", False)
    assert denial["Effect"] == "Deny"


def test_private_api_is_reached_through_its_endpoints_only(private: Plan) -> None:
    endpoint = private.values["aws_api_gateway_rest_api.this[0]"]["endpoint_configuration"]
    assert (endpoint[0]["types"], endpoint[0]["vpc_endpoint_ids"]) == (["PRIVATE"], ["vpce-0a"])
    assert [(one["Effect"], one["Condition"]) for one in statements(private)] == [
        ("Deny", {"NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/8"]}}),
        ("Deny", {"StringNotEquals": {"aws:SourceVpce": ["vpce-0a"]}}),
    ]


def test_firewall_stands_before_the_stage(guarded: Plan) -> None:
    association = guarded.values["aws_wafv2_web_acl_association.this[0]"]
    assert (association["resource_arn"], association["web_acl_arn"]) == (STAGE["arn"], WEB_ACL)


def test_access_logs_carry_nothing_that_a_caller_sends(guarded: Plan) -> None:
    (settings,) = guarded.values["aws_api_gateway_stage.this[0]"]["access_log_settings"]
    assert settings["destination_arn"] == ACCESS["arn"]
    variables = set(json.loads(settings["format"]).values())
    assert {"$context.status", "$context.identity.sourceIp", "$context.error.responseType"} <= variables
    sent = re.compile(
        r"body|header|querystring|claims|token|message|override|apiKey$|\.path$|accessKey|userAgent", re.I
    )
    assert [variable for variable in variables if sent.search(variable)] == []


def test_access_logs_are_kept_as_long_as_asked(guarded: Plan) -> None:
    group = guarded.values["aws_cloudwatch_log_group.access[0]"]
    assert (group["name"], group["retention_in_days"]) == ("/aws/apigateway/demo", 30)


def test_log_role_of_the_account_is_taken_by_api_gateway_only(guarded: Plan) -> None:
    (statement,) = json.loads(guarded.values["aws_iam_role.account_log[0]"]["assume_role_policy"])["Statement"]
    assert (statement["Action"], statement["Principal"]) == ("sts:AssumeRole", {"Service": "apigateway.amazonaws.com"})
    policy = guarded.values["aws_iam_role_policy_attachment.account_log[0]"]["policy_arn"]
    assert policy == "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    assert "aws_api_gateway_account.this[0]" in guarded.values


def test_each_restriction_is_deployed(guarded: Plan, private: Plan) -> None:
    first, second = (one.values["aws_api_gateway_deployment.this[0]"]["triggers"] for one in (guarded, private))
    assert first != second


def test_none_of_this_is_on_by_default(plan: Planner) -> None:
    planned = plan(inputs={"name": "demo"})
    off = {
        "aws_api_gateway_rest_api_policy",
        "aws_wafv2_web_acl_association",
        "aws_api_gateway_account",
        "aws_api_gateway_usage_plan",
        "aws_api_gateway_authorizer",
    }
    assert off.isdisjoint(planned.types)
    assert planned.values["aws_api_gateway_stage.this[0]"]["access_log_settings"] == []
    assert "aws_cloudwatch_log_group.access[0]" not in planned.values
