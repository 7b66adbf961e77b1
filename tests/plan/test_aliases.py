"""Functions that start from a snapshot or are kept ready: what then stands before them; by default, none of it.

The embedded AWS neither takes a snapshot nor keeps anything ready, and asks for no permission: so it is said here.
"""

from typing import Any

import pytest

from plan.known import ACCOUNT, API, KNOWN, QUEUE
from plan.planner import Plan, Planner

ROUTES = ("submit", "get", "any_task", "any_task_id")
MAPPING = "aws_lambda_event_source_mapping.this[0]"
SNAPPED: dict[str, Any] = {"snap_start": True}
READY: dict[str, Any] = {"provisioned_concurrency": 3}

PERMISSION = {  # from before there were aliases
    "id": "api-gateway-get",
    "statement_id": "api-gateway-get",
    "action": "lambda:InvokeFunction",
    "function_name": "demo-api",
    "principal": "apigateway.amazonaws.com",
    "source_arn": f"{API}/*/GET/task/*",
}


def instances(kind: str, name: str, attributes: dict[int | str, Any]) -> dict[str, Any]:
    found = [{"index_key": key, "schema_version": 0, "attributes": values} for key, values in attributes.items()]
    return {"type": kind, "name": name, "instances": found}


def function(key: str) -> dict[str, Any]:
    arn = f"arn:aws:lambda:{ACCOUNT}:function:demo-{key}"
    of = {"id": f"demo-{key}", "function_name": f"demo-{key}", "arn": arn, "invoke_arn": f"path/{arn}/invocations"}
    return {**of, "publish": True, "version": "7", "source_code_hash": "old"}


def alias(key: str) -> dict[str, Any]:
    of = function(key)
    arn = f"{of['arn']}:live"
    told = {"id": arn, "arn": arn, "invoke_arn": f"path/{arn}/invocations", "name": "live"}
    return {**told, "function_name": of["function_name"], "function_version": of["version"]}


@pytest.fixture(scope="module")
def default(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo"}, known=KNOWN)


@pytest.fixture(scope="module")
def snapped(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo", "api": SNAPPED}, known=KNOWN)


@pytest.fixture(scope="module")
def ready(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo", "worker": READY}, known=KNOWN)


@pytest.fixture(scope="module")
def changed(plan: Planner) -> Plan:
    """The functions and their aliases exist, and the code has changed since."""
    known = [(address.partition("."), values) for address, values in KNOWN.items()]
    state = [instances(kind, name, {0: values}) for (kind, _, name), values in known]
    state += [instances("aws_lambda_function", key, {0: function(key)}) for key in ("api", "worker")]
    state += [instances("aws_lambda_alias", "this", {key: alias(key) for key in ("api", "worker")})]
    state += [instances("aws_lambda_permission", "api", {"get": PERMISSION})]
    return plan(inputs={"name": "demo", "api": READY, "worker": SNAPPED}, applied=state)


def test_nothing_of_it_is_there_by_default(default: Plan) -> None:
    assert not default.types.keys() & {"aws_lambda_alias", "aws_lambda_provisioned_concurrency_config"}
    for key in ("api", "worker"):
        values = default.values[f"aws_lambda_function.{key}[0]"]
        assert (values["publish"], values["snap_start"]) == (False, [])
    assert {default.values[f'aws_lambda_permission.api["{route}"]']["qualifier"] for route in ROUTES} == {None}
    assert default.values[MAPPING]["provisioned_poller_config"] == []
    assert (default.known_outputs["api_alias_arn"], default.known_outputs["worker_alias_arn"]) == (None, None)


def test_a_function_with_snap_start_publishes_versions_behind_an_alias(default: Plan, snapped: Plan) -> None:
    assert snapped.values.keys() - default.values.keys() == {'aws_lambda_alias.this["api"]'}
    values = snapped.values["aws_lambda_function.api[0]"]
    assert (values["publish"], values["snap_start"]) == (True, [{"apply_on": "PublishedVersions"}])
    made = snapped.values['aws_lambda_alias.this["api"]']
    assert (made["name"], made["function_name"]) == ("live", "demo-api")
    assert snapped.values["aws_lambda_function.worker[0]"]["publish"] is False


def test_instances_are_kept_ready_behind_the_alias(default: Plan, ready: Plan) -> None:
    kept = 'aws_lambda_provisioned_concurrency_config.this["worker"]'
    assert ready.values.keys() - default.values.keys() == {'aws_lambda_alias.this["worker"]', kept}
    values = ready.values["aws_lambda_function.worker[0]"]
    assert (values["publish"], values["snap_start"]) == (True, [])
    told = ("function_name", "qualifier", "provisioned_concurrent_executions")
    assert [ready.values[kept][name] for name in told] == ["demo-worker", "live", 3]


def test_the_alias_alone_is_called(changed: Plan) -> None:
    arn = f"arn:aws:lambda:{ACCOUNT}:function:demo"
    uris = {changed.values[f'aws_api_gateway_integration.this["{route}"]']["uri"] for route in ROUTES}
    assert uris == {f"path/{arn}-api:live/invocations"}
    assert {changed.values[f'aws_lambda_permission.api["{route}"]']["qualifier"] for route in ROUTES} == {"live"}
    mapping = changed.values[MAPPING]
    assert (mapping["function_name"], mapping["event_source_arn"]) == (f"{arn}-worker:live", QUEUE)
    assert changed.known_outputs["api_alias_arn"] == f"{arn}-api:live"
    assert changed.known_outputs["worker_alias_arn"] == f"{arn}-worker:live"


def test_the_api_may_call_the_function_until_it_may_call_the_alias(changed: Plan) -> None:
    assert changed.changes['aws_lambda_permission.api["get"]']["actions"] == ["create", "delete"]


@pytest.mark.parametrize("key", ["api", "worker"])
def test_the_alias_moves_to_the_version_of_changed_code(changed: Plan, key: str) -> None:
    change = changed.changes[f'aws_lambda_alias.this["{key}"]']
    assert (change["actions"], change["after_unknown"].get("function_version")) == (["update"], True)
    assert change["before"]["arn"] == change["after"]["arn"], "so nothing changes for whoever calls it"


@pytest.mark.parametrize(("minimum", "maximum"), [(2, 2), (200, 2000)])
def test_pollers_of_its_own_take_the_place_of_a_maximum(plan: Planner, minimum: int, maximum: int) -> None:
    reserved = 10 * maximum  # all of which may be kept ready
    pollers = {"minimum": minimum, "maximum": maximum}
    worker = {"provisioned_pollers": pollers, "reserved_concurrency": reserved, "provisioned_concurrency": reserved}
    mapping = plan(inputs={"name": "demo", "worker": worker}).values[MAPPING]
    assert mapping["provisioned_poller_config"] == [{"minimum_pollers": minimum, "maximum_pollers": maximum}]
    assert mapping["scaling_config"] == []
