"""The two roles outside of their own stack."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from e2e.conftest import Live
from e2e.denials.callers import Caller, assumed, client_of, session_of

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
