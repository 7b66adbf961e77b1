"""The scope of an idempotency key. Its wording is part of the ids that keys have made, so it never changes."""

from typing import Any

import pytest

from support.cloud import Api
from task_runner.api.caller import identity_of

USER = "arn:aws:sts::123456789012:assumed-role/team/ada"


@pytest.mark.parametrize(
    ("context", "named"),
    [
        ({}, ""),
        ({"identity": {"userArn": None, "sourceIp": "192.0.2.1"}, "authorizer": None}, ""),
        ({"identity": {"userArn": USER}}, f"iam={USER}"),
        ({"identity": {"apiKeyId": "k1"}}, "key=k1"),
        ({"authorizer": {"claims": {"sub": "u1"}}}, "cognito=u1"),
        ({"authorizer": {"principalId": "p1"}}, "authorizer=p1"),
        ({"authorizer": {"principalId": "p1"}, "identity": {"apiKeyId": "k1"}}, "authorizer=p1 key=k1"),
    ],
)
def test_caller_is_named_as_the_gateway_authenticated_it(context: dict[str, Any], named: str) -> None:
    assert identity_of(context) == named


def test_a_key_names_the_same_task_in_every_version(api: Api) -> None:
    context = {"identity": {"userArn": USER}}
    accepted = api.post("{}", {"Idempotency-Key": "order-7"}, requestContext=context)
    assert accepted.body["taskId"] == "2621b591-afae-506c-9f59-78ecfedc1870"
