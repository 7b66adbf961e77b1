import pytest

from plan.planner import Plan, Planner

NAMES = ("name", "function_name", "layer_name")
# Unique within the role, function or API that they belong to, not within the account.
INNER = ("aws_iam_role_policy", "aws_lambda_permission", "aws_api_gateway_request_validator")


@pytest.fixture(scope="module")
def pair(plan: Planner) -> Plan:
    return plan("tests/plan/instances")


def test_two_instances_share_no_name(pair: Plan) -> None:
    found = [
        (address.split(".")[2], values[key])
        for address, values in pair.values.items()
        for key in NAMES
        if values.get(key) and not address.split(".")[2].startswith(INNER)
    ]
    assert len(found) == 2 * 12, found
    assert sorted(set(found)) == sorted(found)


def test_both_are_whole(pair: Plan) -> None:
    assert sum(address.startswith("module.first.") for address in pair.values) == 50
    assert sum(address.startswith("module.second.") for address in pair.values) == 50


def test_nothing_is_created_when_told_so(plan: Planner) -> None:
    nothing = plan(inputs={"name": "demo", "create": False})
    assert nothing.values == {}
