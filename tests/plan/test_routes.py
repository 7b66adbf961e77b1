"""Optional routes: each is there where it is named, guarded as all others are, and otherwise nothing of it is."""

import json

import pytest

from plan.known import API, KNOWN
from plan.planner import Plan, Planner
from task_runner.api.routes import OPTIONAL


def inputs(**api: object) -> dict[str, object]:
    return {"name": "demo", "api": api}


@pytest.fixture(scope="module")
def plain(plan: Planner) -> Plan:
    return plan(inputs=inputs(routes=[]), known=KNOWN)


@pytest.fixture(scope="module")
def with_all(plan: Planner) -> Plan:
    return plan(inputs=inputs(routes=[*OPTIONAL], cors={"allow_origins": ["*"]}), known=KNOWN)


def added(plain: Plan, more: Plan) -> set[str]:
    return more.values.keys() - plain.values.keys()


@pytest.mark.parametrize("name", OPTIONAL)
def test_route_brings_its_own_resources_and_no_others(plan: Planner, plain: Plan, name: str) -> None:
    planned = plan(inputs=inputs(routes=[name]), known=KNOWN)
    kinds = ("aws_api_gateway_method.this", "aws_api_gateway_integration.this", "aws_lambda_permission.api")
    routes = {f'{kind}["{key}"]' for kind in kinds for key in (name, f"any_{name}")}
    assert added(plain, planned) == routes | {f'aws_api_gateway_resource.action["{name}"]'}


@pytest.mark.parametrize("name", OPTIONAL)
def test_route_is_guarded_and_calls_the_function(with_all: Plan, name: str) -> None:
    method = with_all.values[f'aws_api_gateway_method.this["{name}"]']
    assert (method["http_method"], method["authorization"]) == (OPTIONAL[name][0], "AWS_IAM")
    assert method["request_parameters"] == {"method.request.path.taskId": True}
    assert with_all.values[f'aws_lambda_permission.api["{name}"]']["source_arn"] == f"{API}/*/POST/task/*/{name}"
    assert with_all.values[f'aws_lambda_permission.api["any_{name}"]']["source_arn"] == f"{API}/*/*/task/*/{name}"


@pytest.mark.parametrize("name", OPTIONAL)
def test_browsers_may_ask_before_they_call_it(with_all: Plan, name: str) -> None:
    method = with_all.values[f'aws_api_gateway_method.this["preflight_{name}"]']
    assert (method["http_method"], method["authorization"]) == ("OPTIONS", "NONE")


def variables(plan: Plan) -> dict[str, str]:
    (environment,) = plan.values["aws_lambda_function.api[0]"]["environment"]
    told: dict[str, str] = environment["variables"]
    return told


def test_function_knows_which_there_are(plain: Plan, with_all: Plan) -> None:
    assert variables(with_all)["TASK_RUNNER_ROUTES"].split() == sorted(OPTIONAL)
    assert "TASK_RUNNER_ROUTES" not in variables(plain)


def test_retry_needs_no_grant_of_its_own(plan: Planner, plain: Plan) -> None:
    planned = plan(inputs=inputs(routes=["retry"]), known=KNOWN)
    for role in ("api", "worker"):
        before, after = (json.loads(one.values[f"aws_iam_role_policy.{role}[0]"]["policy"]) for one in (plain, planned))
        assert before == after
