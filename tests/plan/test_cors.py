"""Scripts in browsers: preflight requests without authorization, headers on API Gateway's own answers."""

import json
from typing import Any

import pytest

from plan.known import API, KNOWN
from plan.planner import Plan, Planner

APP, ADMIN = "https://app.example.com", "https://admin.example.com"
PREFLIGHTS = {"preflight_submit", "preflight_get"}


@pytest.fixture(scope="module")
def cors(plan: Planner) -> Plan:
    api = {
        "cors": {"allow_origins": [APP, ADMIN], "allow_headers": ["X-Trace"], "max_age": 60},
        "api_key_required": True,
        "allowed_source_ips": ["192.0.2.0/24"],
    }
    return plan(inputs={"name": "demo", "api": api}, known=KNOWN)


def parameters(plan: Plan) -> list[dict[str, str]]:
    return [one["response_parameters"] or {} for address, one in plan.values.items() if "gateway_response" in address]


def test_preflight_needs_no_authorization(cors: Plan) -> None:
    methods = {key: cors.values[f'aws_api_gateway_method.this["{key}"]'] for key in PREFLIGHTS}
    assert {one["http_method"] for one in methods.values()} == {"OPTIONS"}
    assert {(one["authorization"], one["api_key_required"]) for one in methods.values()} == {("NONE", False)}


def test_function_answers_the_preflight(cors: Plan) -> None:
    integrations = [cors.values[f'aws_api_gateway_integration.this["{key}"]'] for key in PREFLIGHTS]
    assert {one["type"] for one in integrations} == {"AWS_PROXY"}
    sources = {cors.values[f'aws_lambda_permission.api["{key}"]']["source_arn"] for key in PREFLIGHTS}
    assert sources == {f"{API}/*/OPTIONS/task", f"{API}/*/OPTIONS/task/*"}


def test_all_else_is_guarded_as_before(cors: Plan) -> None:
    for key in ("submit", "get", "any_task", "any_task_id"):
        method = cors.values[f'aws_api_gateway_method.this["{key}"]']
        assert (method["authorization"], method["api_key_required"]) == ("AWS_IAM", True)


def test_resource_policy_lets_preflights_in_from_the_same_addresses(cors: Plan) -> None:
    allow, denial = json.loads(cors.values["aws_api_gateway_rest_api_policy.this[0]"]["policy"])["Statement"]
    assert (allow["Effect"], allow["Resource"]) == ("Allow", f"{API}/*/OPTIONS/*")
    assert (denial["Effect"], denial["Resource"]) == ("Deny", f"{API}/*")


def test_function_knows_what_to_allow(cors: Plan) -> None:
    (environment,) = cors.values["aws_lambda_function.api[0]"]["environment"]
    told = {name: value for name, value in environment["variables"].items() if "_CORS_" in name}
    assert told == {
        "TASK_RUNNER_CORS_ALLOW_ORIGINS": f"{APP} {ADMIN}",
        "TASK_RUNNER_CORS_ALLOW_HEADERS": "X-Trace",
        "TASK_RUNNER_CORS_MAX_AGE": "60",
    }


def test_refusals_of_the_gateway_name_whichever_of_several_origins_asks(cors: Plan) -> None:
    assert all(
        one["gatewayresponse.header.Access-Control-Allow-Origin"] == "method.request.header.Origin"
        and one["gatewayresponse.header.Vary"] == "'Origin'"
        for one in parameters(cors)
    )


@pytest.mark.parametrize("origin", [APP, "*"])
def test_refusals_of_the_gateway_name_the_only_origin(plan: Planner, origin: str) -> None:
    planned = plan(inputs={"name": "demo", "api": {"cors": {"allow_origins": [origin]}}})
    found: set[Any] = {one["gatewayresponse.header.Access-Control-Allow-Origin"] for one in parameters(planned)}
    assert found == {f"'{origin}'"}
    assert "gatewayresponse.header.Vary" not in parameters(planned)[0]


def test_no_cors_by_default(plan: Planner) -> None:
    planned = plan(inputs={"name": "demo"})
    methods = {
        one["http_method"] for address, one in planned.values.items() if "aws_api_gateway_method.this" in address
    }
    assert methods == {"POST", "GET", "ANY"}
    assert [header for one in parameters(planned) for header in one if "Access-Control" in header] == []
