"""A stack that the version before applied keeps all that it has, but for what changes on purpose."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from harness.paths import ROOT
from plan.planner import Plan, Planner, Resource

SOURCE = "tests/plan/upgrade"
STATE: list[Resource] = json.loads((ROOT / SOURCE / "state.json").read_text())
INSTANCES = ("module.defaults", "module.everything")
CREATE, UPDATE, REPLACE, DELETE = ["create"], ["update"], ["create", "delete"], ["delete"]
NEW_CODE = "new code, in a version of its own"
NEW_HANDLER = "the handler's module is another one, and the layer a new version"
NEW_ROUTE = "any other method of a path is answered by the function, with 405"
CHANGES = {
    "aws_lambda_layer_version.task_runner[0]": (REPLACE, NEW_CODE),
    "aws_lambda_layer_version.dependencies[0]": (DELETE, "the functions need no library beside the runtime's own"),
    "aws_lambda_function.api[0]": (UPDATE, NEW_HANDLER),
    "aws_lambda_function.worker[0]": (UPDATE, NEW_HANDLER),
    **{
        f'{kind}["{route}"]': (CREATE, NEW_ROUTE)
        for kind in ("aws_api_gateway_method.this", "aws_api_gateway_integration.this", "aws_lambda_permission.api")
        for route in ("any_task", "any_task_id")
    },
    "aws_api_gateway_deployment.this[0]": (REPLACE, "it takes the new routes into use"),
    "aws_api_gateway_stage.this[0]": (UPDATE, "it serves the new deployment"),
}
# What the version before did not have.
NEW_TYPES = {"aws_lambda_alias", "aws_lambda_provisioned_concurrency_config"}
UPDATED = {
    "aws_lambda_function.api[0]": {"handler", "layers"},
    "aws_lambda_function.worker[0]": {"handler", "layers"},
    "aws_api_gateway_stage.this[0]": {"deployment_id"},
}
# What the provider finds out anew whenever it updates a function.
REPORTED = {"last_modified", "qualified_arn", "qualified_invoke_arn", "version"}


def with_region(resource: Resource) -> Resource:
    """Provider 6 has the region in each resource's state; provider 5 drops what its schema lacks."""
    instances = [{**one, "attributes": {**one["attributes"], "region": "us-east-1"}} for one in resource["instances"]]
    return {**resource, "instances": instances}


def in_each_instance(addresses: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{instance}.{address}": what for instance in INSTANCES for address, what in addresses.items()}


def changed(change: Mapping[str, Any]) -> set[str]:
    before, after = change["before"], change["after"]
    unknown = {key for key, value in change["after_unknown"].items() if "true" in json.dumps(value)}
    return (unknown | {key for key in before.keys() & after.keys() if before[key] != after[key]}) - REPORTED


@pytest.fixture(scope="module")
def upgrade(plan: Planner) -> Plan:
    return plan(SOURCE, applied=[with_region(resource) for resource in STATE])


def test_nothing_is_created_changed_destroyed_or_moved_unless_listed(upgrade: Plan) -> None:
    found = {address: change["actions"] for address, change in upgrade.changes.items()}
    assert found == {address: actions for address, (actions, _) in in_each_instance(CHANGES).items()}


def test_only_the_listed_attributes_are_updated(upgrade: Plan) -> None:
    updated = in_each_instance(UPDATED)
    assert {address: changed(upgrade.changes[address]) for address in updated} == updated


def test_state_holds_every_type_of_resource() -> None:
    lines = [line for file in ROOT.glob("*.tf") for line in file.read_text().splitlines()]
    declared = {line.split('"')[1] for line in lines if line.startswith('resource "')}
    assert len(declared) > 20
    assert {resource["type"] for resource in STATE} == declared - NEW_TYPES
