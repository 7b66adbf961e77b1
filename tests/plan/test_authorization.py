"""Who may call: each way of authorization, and API keys with their usage plan."""

from typing import Any

import pytest

from plan.known import API, KNOWN
from plan.planner import Plan, Planner
from plan.refused import FUNCTION, POOL, cognito, custom, keys

ROUTES = ("submit", "get", "any_task", "any_task_id")
AUTHORIZER = "aws_api_gateway_authorizer.this[0]"
PERMISSION = "aws_lambda_permission.authorizer[0]"


def known_authorizer(kind: str) -> dict[str, dict[str, Any]]:
    return {**KNOWN, "aws_api_gateway_authorizer.this": {"id": "auth1", "type": kind, "rest_api_id": "abc123"}}


def methods(plan: Plan, key: str) -> list[Any]:
    return [plan.values[f'aws_api_gateway_method.this["{route}"]'][key] for route in ROUTES]


@pytest.fixture(scope="module")
def pools(plan: Planner) -> Plan:
    api = cognito([POOL])
    api["cognito"]["scopes"] = ["tasks/write"]
    return plan(inputs={"name": "demo", "api": api}, known=known_authorizer("COGNITO_USER_POOLS"))


@pytest.fixture(scope="module")
def asked(plan: Planner) -> Plan:
    api = custom(
        function_arn=f"{FUNCTION}:live",
        type="REQUEST",
        identity_sources=["method.request.header.X-Key", "context.identity.sourceIp"],
        result_ttl_seconds=0,
    )
    return plan(inputs={"name": "demo", "api": api}, known=known_authorizer("REQUEST"))


@pytest.fixture(scope="module")
def keyed(plan: Planner) -> Plan:
    api = keys(rate=5, burst=10, quota={"limit": 1000, "period": "WEEK"})
    return plan(inputs={"name": "demo", "api": api})


@pytest.fixture(scope="module")
def default(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo"})


def test_only_signed_requests_by_default(default: Plan) -> None:
    assert methods(default, "authorization") == ["AWS_IAM"] * len(ROUTES)
    assert methods(default, "api_key_required") == [False] * len(ROUTES)
    assert AUTHORIZER not in default.values


def test_tokens_of_a_user_pool(pools: Plan) -> None:
    assert methods(pools, "authorization") == ["COGNITO_USER_POOLS"] * len(ROUTES)
    assert methods(pools, "authorizer_id") == ["auth1"] * len(ROUTES)
    assert methods(pools, "authorization_scopes") == [["tasks/write"]] * len(ROUTES)
    authorizer = pools.values[AUTHORIZER]
    assert (authorizer["type"], authorizer["provider_arns"]) == ("COGNITO_USER_POOLS", [POOL])
    assert PERMISSION not in pools.values


def test_lambda_authorizer_is_asked(asked: Plan) -> None:
    assert methods(asked, "authorization") == ["CUSTOM"] * len(ROUTES)
    assert methods(asked, "authorizer_id") == ["auth1"] * len(ROUTES)
    authorizer = asked.values[AUTHORIZER]
    path = f"lambda:path/2015-03-31/functions/{FUNCTION}:live/invocations"
    assert authorizer["authorizer_uri"] == f"arn:aws:apigateway:us-east-1:{path}"
    assert authorizer["identity_source"] == "method.request.header.X-Key,context.identity.sourceIp"
    assert (authorizer["type"], authorizer["authorizer_result_ttl_in_seconds"]) == ("REQUEST", 0)


def test_only_this_authorizer_may_invoke_its_function(asked: Plan) -> None:
    permission = asked.values[PERMISSION]
    assert (permission["function_name"], permission["qualifier"]) == (FUNCTION, "live")
    assert permission["principal"] == "apigateway.amazonaws.com"
    assert permission["source_arn"] == f"{API}/authorizers/auth1"


def test_role_of_the_caller_takes_the_place_of_the_permission(plan: Planner) -> None:
    role = "arn:aws:iam::123456789012:role/invoke"
    planned = plan(inputs={"name": "demo", "api": custom(role_arn=role)})
    assert planned.values[AUTHORIZER]["authorizer_credentials"] == role
    assert PERMISSION not in planned.values


def test_keys_are_counted_by_a_usage_plan(keyed: Plan) -> None:
    assert methods(keyed, "api_key_required") == [True] * len(ROUTES)
    usage = keyed.values["aws_api_gateway_usage_plan.this[0]"]
    assert usage["name"] == "demo-api"
    assert usage["throttle_settings"] == [{"rate_limit": 5, "burst_limit": 10}]
    assert usage["quota_settings"] == [{"limit": 1000, "offset": 0, "period": "WEEK"}]
    assert [stage["stage"] for stage in usage["api_stages"]] == ["v1"]


def test_usage_plan_without_limits_of_its_own(plan: Planner) -> None:
    usage = plan(inputs={"name": "demo", "api": {"api_key_required": True}}).values[
        "aws_api_gateway_usage_plan.this[0]"
    ]
    assert (usage["throttle_settings"], usage["quota_settings"]) == ([], [])


def test_unknown_path_is_403_only_where_requests_are_signed(default: Plan, pools: Plan, asked: Plan) -> None:
    address = 'aws_api_gateway_gateway_response.this["MISSING_AUTHENTICATION_TOKEN"]'
    assert [one.values[address]["status_code"] for one in (default, pools, asked)] == ["403", "404", "404"]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("UNAUTHORIZED", "401", "UNAUTHORIZED"),
        ("AUTHORIZER_FAILURE", "500", "AUTHORIZER_FAILED"),
        ("AUTHORIZER_CONFIGURATION_ERROR", "500", "AUTHORIZER_FAILED"),
        ("INVALID_API_KEY", "403", "INVALID_API_KEY"),
        ("QUOTA_EXCEEDED", "429", "QUOTA_EXCEEDED"),
        ("ACCESS_DENIED", "403", "ACCESS_DENIED"),
        ("WAF_FILTERED", "403", "ACCESS_DENIED"),
    ],
)
def test_refusals_have_the_shape_of_all_errors(default: Plan, kind: str, status: str, code: str) -> None:
    response = default.values[f'aws_api_gateway_gateway_response.this["{kind}"]']
    assert response["status_code"] == status
    assert f'"code":"{code}"' in response["response_templates"]["application/json"]


def test_each_change_of_authorization_is_deployed(default: Plan, pools: Plan, asked: Plan, keyed: Plan) -> None:
    plans = (default, pools, asked, keyed)
    triggers = [one.values["aws_api_gateway_deployment.this[0]"]["triggers"]["settings"] for one in plans]
    assert len(set(triggers)) == len(plans)
