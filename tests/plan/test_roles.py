"""Roles of the module's own, and roles that a caller who may not call IAM brings."""

import json

import pytest

from plan.known import KNOWN
from plan.planner import Plan, Planner

MINE = "arn:aws:iam::123456789012:role/mine"
BOUNDARY = "arn:aws:iam::123456789012:policy/bound"
ROLES = ("api", "worker")


@pytest.fixture(scope="module")
def own(plan: Planner) -> Plan:
    inputs = {"name": "demo", "roles": {"permissions_boundary": BOUNDARY, "path": "/services/"}}
    return plan(inputs=inputs, known=KNOWN)


@pytest.fixture(scope="module")
def brought(plan: Planner) -> Plan:
    inputs = {"name": "demo", "roles": {"api_arn": f"{MINE}-api", "worker_arn": f"{MINE}-worker"}}
    return plan(inputs=inputs, known=KNOWN)


@pytest.mark.parametrize("role", ROLES)
def test_own_role_has_boundary_and_path(own: Plan, role: str) -> None:
    found = own.values[f"aws_iam_role.{role}[0]"]
    assert (found["permissions_boundary"], found["path"]) == (BOUNDARY, "/services/")


@pytest.mark.parametrize("role", ROLES)
def test_policy_is_told_whoever_owns_the_role(own: Plan, brought: Plan, role: str) -> None:
    document = own.known_outputs[f"{role}_policy_json"]
    assert document == brought.known_outputs[f"{role}_policy_json"]
    assert json.loads(document) == json.loads(own.values[f"aws_iam_role_policy.{role}[0]"]["policy"])


@pytest.mark.parametrize("role", ROLES)
def test_brought_role_is_used(brought: Plan, role: str) -> None:
    assert brought.values[f"aws_lambda_function.{role}[0]"]["role"] == f"{MINE}-{role}"
    assert brought.known_outputs[f"{role}_role_arn"] == f"{MINE}-{role}"


def test_nothing_in_iam_is_created_for_brought_roles(brought: Plan) -> None:
    assert [kind for kind in brought.types if kind.startswith("aws_iam")] == []


@pytest.mark.parametrize(("given", "other"), [ROLES, ROLES[::-1]])
def test_one_role_alone_can_be_brought(plan: Planner, given: str, other: str) -> None:
    mixed = plan(inputs={"name": "demo", "roles": {f"{given}_arn": MINE}})
    assert mixed.values[f"aws_lambda_function.{given}[0]"]["role"] == MINE
    assert [address for address in mixed.values if address.startswith("aws_iam")] == [
        f"aws_iam_role.{other}[0]",
        f"aws_iam_role_policy.{other}[0]",
    ]
