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
    assert len(found) > len(NAMES), found
    assert sorted(set(found)) == sorted(found)


@pytest.mark.parametrize("instance", ["first", "second"])
def test_both_are_whole(plan: Planner, pair: Plan, instance: str) -> None:
    prefix = f"module.{instance}."
    found = {address.removeprefix(prefix) for address in pair.values if address.startswith(prefix)}
    assert found == plan(inputs={"name": instance}).values.keys()


def test_nothing_is_created_when_told_so(plan: Planner) -> None:
    nothing = plan(inputs={"name": "demo", "create": False})
    assert nothing.values == {}
    assert nothing.outputs
    assert {nothing.known_outputs.get(name) for name in nothing.outputs} == {None}
