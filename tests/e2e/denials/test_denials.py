"""Who may not, may not: callers of an API that wants signed requests, and the two roles outside of their own stack."""

import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from e2e.callers import SPREAD, Caller, Tampered, assumed, client_of, delete_user, make_user, session_of
from e2e.conftest import SUBJECTS, Live, live
from task_runner_client import SigV4, TaskClient

TASK = b'{"seconds": 0}'


@pytest.fixture(scope="module")
def stack(pytestconfig: pytest.Config) -> Iterator[Live]:
    with live(pytestconfig, SUBJECTS / "denials") as stack:
        yield stack


@pytest.fixture(scope="module")
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


def client(stack: Live, auth: SigV4 | None, outputs: Mapping[str, Any] | None = None) -> TaskClient:
    return TaskClient(stack.target.api_url(outputs or stack.outputs), sign="always" if auth else "never", signer=auth)


def settled(api: TaskClient) -> None:
    """Wait until a caller that may is known to be one."""
    deadline = time.monotonic() + SPREAD
    while (answer := api.request("GET", "/task/no-uuid")).status_code == 403 and time.monotonic() < deadline:
        time.sleep(1)
    assert answer.status_code == 400, answer.text


BAD_REQUESTS = (
    "unsigned",
    "with somebody else's secret",
    "with an unknown key",
    "with another body than was signed",
    "with another method than was signed",
    "signed for another region",
    "with a token of another kind",
    "by a user without a grant",
    "by a user of another API",
)
# The embedded AWS answers these by itself, where AWS uses the gateway response that the module sets.
FOREIGN_SHAPE = {"signed for another region", "by a user without a grant", "by a user of another API"}


def send(stack: Live, callers: Mapping[str, Caller], how: str) -> requests.Response:
    region, alice = stack.target.region, callers["alice"].credentials
    forged = Credentials(alice.access_key, callers["bob"].credentials.secret_key)
    unknown = Credentials("AKIA" + "A" * 16, alice.secret_key)
    auths: dict[str, SigV4 | None] = {
        "unsigned": None,
        "with a token of another kind": None,
        "with somebody else's secret": SigV4(forged, region),
        "with an unknown key": SigV4(unknown, region),
        "with another body than was signed": Tampered(alice, region, body=b'{"seconds": 9}'),
        "with another method than was signed": Tampered(alice, region, method="POST"),
        "signed for another region": SigV4(alice, "eu-central-1"),
        "by a user without a grant": SigV4(callers["nobody"].credentials, region),
        "by a user of another API": SigV4(callers["mallory"].credentials, region),
    }
    headers = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."} if how == "with a token of another kind" else {}
    method = "PUT" if how == "with another method than was signed" else "POST"
    return client(stack, auths[how]).request(method, "/task", TASK, headers)


@pytest.fixture(scope="module")
def paused(stack: Live) -> Iterator[None]:
    """Keep wake-ups in the queue, where they can be counted."""
    lambda_, mapping = stack.target.client("lambda"), stack.outputs["event_source_mapping_uuid"]
    lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    deadline = time.monotonic() + 120
    while lambda_.get_event_source_mapping(UUID=mapping)["State"] != "Disabled":
        assert time.monotonic() < deadline, "the mapping does not stop"
        time.sleep(1)
    yield
    lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)


def written(stack: Live) -> tuple[int, int]:
    """How many records and how many messages there are."""
    table, queue = stack.outputs["table_name"], stack.outputs["queue_url"]
    pages = (
        stack.target.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=table, Select="COUNT", ConsistentRead=True)
    )
    kinds = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    counts = stack.target.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=kinds)["Attributes"]
    return sum(page["Count"] for page in pages), sum(map(int, counts.values()))


@pytest.mark.usefixtures("paused")
def test_who_may_call_gets_a_task(stack: Live, callers: Mapping[str, Caller]) -> None:
    records, messages = written(stack)
    answer = signed(stack, callers["alice"]).request("POST", "/task", TASK)
    assert answer.status_code == 200, answer.text
    assert written(stack) == (records + 1, messages + 1), "what is counted is what is written"


@pytest.mark.usefixtures("paused")
@pytest.mark.parametrize("how", BAD_REQUESTS)
def test_request_is_refused_and_nothing_is_written(stack: Live, callers: Mapping[str, Caller], how: str) -> None:
    before = written(stack)
    answer = send(stack, callers, how)
    assert answer.status_code == 403, answer.text
    if stack.target.is_embedded and how in FOREIGN_SHAPE:
        assert "no identity-based policy" in answer.text, "the exemption has ended"
    else:
        assert answer.json().keys() == {"error", "code"}
        assert "arn:" not in answer.text
    assert written(stack) == before


def test_get_is_refused_too(stack: Live, callers: Mapping[str, Caller]) -> None:
    task_id = signed(stack, callers["alice"]).submit({})["taskId"]
    assert signed(stack, callers["alice"]).request("GET", f"/task/{task_id}").status_code == 200
    for auth in (None, SigV4(callers["mallory"].credentials, stack.target.region)):
        answer = client(stack, auth).request("GET", f"/task/{task_id}")
        assert answer.status_code == 403
        assert task_id not in answer.text


def test_two_callers_with_one_key_have_two_tasks(stack: Live, callers: Mapping[str, Caller]) -> None:
    alice, bob = (signed(stack, callers[name]) for name in ("alice", "bob"))
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again, foreign = (api.request("POST", "/task", TASK, key) for api in (alice, alice, bob))
    assert [answer.status_code for answer in (first, again, foreign)] == [200, 200, 200]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json()["taskId"] == first.json()["taskId"] != foreign.json()["taskId"]
    assert "Idempotency-Replayed" not in foreign.headers
    # Another payload: a conflict with one's own key, and with nobody else's.
    assert alice.request("POST", "/task", b"[]", key).status_code == 422
    for answer in (first, again, foreign):
        assert "arn:" not in f"{answer.text} {answer.headers}"


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


def test_api_keys_let_in_and_tell_callers_apart(stack: Live, api_keys: list[str]) -> None:
    def post(key: str | None) -> requests.Response:
        headers = {"Idempotency-Key": "one", **({"x-api-key": key} if key else {})}
        return client(stack, None, stack.outputs["keyed"]).request("POST", "/task", TASK, headers)

    deadline = time.monotonic() + SPREAD
    while 403 in {post(key).status_code for key in api_keys[:2]}:
        assert time.monotonic() < deadline, "the keys are not known"
        time.sleep(1)
    first, second = (post(key) for key in api_keys[:2])
    assert [answer.headers["Idempotency-Replayed"] for answer in (first, second)] == ["true", "true"]
    same = first.json()["taskId"] == second.json()["taskId"]
    # The embedded AWS does not tell the function which key was used; the unit tests give it AWS's event.
    assert same == stack.target.is_embedded, "the exemption has ended"
    for key in (None, api_keys[2], "no-key"):
        answer = post(key)
        assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_API_KEY")


ORIGIN = "https://app.example.com"


@pytest.mark.parametrize(("origin", "told"), [(ORIGIN, ORIGIN), ("https://evil.example.com", None)])
def test_scripts_of_named_origins_may_call(stack: Live, api_keys: list[str], origin: str, told: str | None) -> None:
    api, headers = client(stack, None, stack.outputs["keyed"]), {"Origin": origin}
    asked = {**headers, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    preflight = api.request("OPTIONS", "/task", None, asked)
    assert preflight.status_code == 204, "a browser sends no key with it"
    assert preflight.headers.get("Access-Control-Allow-Origin") == told
    answer = api.request("POST", "/task", TASK, {**headers, "x-api-key": api_keys[0]})
    assert answer.headers.get("Access-Control-Allow-Origin") == told


def test_scripts_can_read_refusals_of_the_gateway(stack: Live) -> None:
    answer = client(stack, None, stack.outputs["keyed"]).request("POST", "/task", TASK, {"Origin": ORIGIN})
    assert answer.json()["code"] == "INVALID_API_KEY"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def signed(stack: Live, caller: Caller) -> TaskClient:
    return client(stack, SigV4(caller.credentials, stack.target.region))


# What no role of ours may do: a call, with the outputs of the instance that it names.
Call = tuple[str, str, dict[str, Any]]
KEY = {"taskId": {"S": "00000000-0000-4000-8000-000000000000"}}


def on_table(outputs: Mapping[str, Any]) -> dict[str, Call]:
    table = {"TableName": outputs["table_name"]}
    never = {"ConditionExpression": "attribute_exists(no)"}  # what is allowed changes nothing
    return {
        "GetItem": ("dynamodb", "get_item", {**table, "Key": KEY}),
        "PutItem": ("dynamodb", "put_item", {**table, **never, "Item": KEY}),
        "UpdateItem": ("dynamodb", "update_item", {**table, **never, "Key": KEY}),
        "DeleteItem": ("dynamodb", "delete_item", {**table, "Key": KEY}),
        "Scan": ("dynamodb", "scan", table),
        "Query": (
            "dynamodb",
            "query",
            {**table, "KeyConditionExpression": "taskId = :id", "ExpressionAttributeValues": {":id": KEY["taskId"]}},
        ),
        "DescribeTable": ("dynamodb", "describe_table", table),
        "DeleteTable": ("dynamodb", "delete_table", table),
    }


def on_queue(url: str) -> dict[str, Call]:
    queue = {"QueueUrl": url}
    return {
        "SendMessage": ("sqs", "send_message", {**queue, "MessageBody": "{}"}),
        "ReceiveMessage": ("sqs", "receive_message", {**queue, "VisibilityTimeout": 0}),
        "DeleteMessage": ("sqs", "delete_message", {**queue, "ReceiptHandle": "none"}),
        "ChangeMessageVisibility": (
            "sqs",
            "change_message_visibility",
            {**queue, "ReceiptHandle": "none", "VisibilityTimeout": 0},
        ),
        "GetQueueAttributes": ("sqs", "get_queue_attributes", {**queue, "AttributeNames": ["All"]}),
        "PurgeQueue": ("sqs", "purge_queue", queue),
        "DeleteQueue": ("sqs", "delete_queue", queue),
    }


def on_functions(outputs: Mapping[str, Any]) -> dict[str, Call]:
    names = (outputs["api_function_name"], outputs["worker_function_name"])
    return {f"Invoke {name}": ("lambda", "invoke", {"FunctionName": name}) for name in names}


OWN = {
    "api": {"GetItem", "PutItem", "UpdateItem", "SendMessage"},
    "worker": {"UpdateItem", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"},
}


@pytest.mark.parametrize("role", OWN)
def test_role_reaches_its_own_table_and_queue_only(stack: Live, callers: Mapping[str, Caller], role: str) -> None:
    own, other = stack.outputs, stack.outputs["other"]
    allowed = {**on_table(own), **on_queue(own["queue_url"])}
    refused = {
        **{f"{name}, not granted": call for name, call in allowed.items() if name not in OWN[role]},
        **{f"{name} of the dead-letter queue": call for name, call in on_queue(own["dead_letter_queue_url"]).items()},
        **{f"{name} of another table": call for name, call in on_table(other).items()},
        **{f"{name} of another queue": call for name, call in on_queue(other["queue_url"]).items()},
        **on_functions(own),
        **on_functions(other),
    }
    with assumed(stack.target, own[f"{role}_role_arn"], callers["oscar"]) as session:
        clients = {service: client_of(stack.target, session, service) for service in ("dynamodb", "sqs", "lambda")}
        got_in = [name for name, call in refused.items() if not is_denied(clients, call)]
        kept_out = [name for name in OWN[role] if is_denied(clients, allowed[name])]
    assert not got_in
    assert not kept_out, "a denial means something only where the same credentials get in elsewhere"


def test_roles_are_for_lambda_only(stack: Live, callers: Mapping[str, Caller]) -> None:
    sts = client_of(stack.target, session_of(stack.target, callers["oscar"].credentials), "sts")
    for role in OWN:
        with pytest.raises(ClientError, match="AccessDenied"):
            sts.assume_role(RoleArn=stack.outputs[f"{role}_role_arn"], RoleSessionName="denials")


def is_denied(clients: Mapping[str, Any], call: Call) -> bool:
    """Whether IAM refuses the call; an answer that finds other faults with it was let through."""
    service, operation, parameters = call
    try:
        getattr(clients[service], operation)(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"].startswith("AccessDenied")
    return False
