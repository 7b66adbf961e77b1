import uuid
from collections.abc import Iterator, Mapping

import pytest

from e2e.conftest import SPREAD, SUBJECTS, Live, live
from e2e.denials.callers import Caller, delete_user, make_user
from e2e.denials.clients import client
from harness.waiting import poll
from task_runner_client import SigV4, TaskClient


@pytest.fixture(scope="package")
def stack(pytestconfig: pytest.Config) -> Iterator[Live]:
    with live(pytestconfig, SUBJECTS / "denials") as stack:
        yield stack


@pytest.fixture(scope="package")
def callers(stack: Live) -> Iterator[Mapping[str, Caller]]:
    """Alice and Bob may call the API, Mallory another one, Nobody none; Oscar may try to take a role."""
    api, other = stack.outputs["api_execution_arn"], stack.outputs["other"]["api_execution_arn"]
    prefix = stack.outputs["api_function_name"]
    may = {
        "alice": ("execute-api:Invoke", f"{api}/*"),
        "bob": ("execute-api:Invoke", f"{api}/*"),
        "mallory": ("execute-api:Invoke", f"{other}/*"),
        "nobody": ("execute-api:Invoke",),
        "oscar": ("sts:AssumeRole", stack.outputs["api_role_arn"], stack.outputs["worker_role_arn"]),
    }
    made: dict[str, Caller] = {}
    iam = stack.target.client("iam")
    try:
        for name, (action, *resources) in may.items():
            made[name] = make_user(iam, f"{prefix}-{name}", action, *resources)
        for name in ("alice", "bob", "mallory"):
            api_outputs = stack.outputs["other"] if name == "mallory" else stack.outputs
            settled(client(stack, SigV4(made[name].credentials, stack.target.region), api_outputs))
        yield made
    finally:
        for name in made:
            delete_user(iam, f"{prefix}-{name}")


def settled(api: TaskClient) -> None:
    """Wait until a caller that may is known to be one."""
    answer = poll(
        lambda: api.request("GET", "/task/no-uuid"),
        lambda answer: answer.status_code != 403,
        seconds=SPREAD,
        pause=1,
    )
    assert answer.status_code == 400, answer.text


@pytest.fixture
def api_keys(stack: Live) -> Iterator[list[str]]:
    """Two API keys of the keyed instance's usage plan, and one of no plan."""
    gateway, plan = stack.target.client("apigateway"), stack.outputs["keyed"]["usage_plan_id"]
    prefix, ids, values = stack.outputs["keyed"]["api_function_name"], [], []
    try:
        for number in range(3):
            values.append(uuid.uuid4().hex)
            made = gateway.create_api_key(name=f"{prefix}-{number}", value=values[-1], enabled=True)
            ids.append(made["id"])
        for key in ids[:2]:
            gateway.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
        yield values
    finally:
        for key in ids:
            gateway.delete_api_key(apiKey=key)
