"""Faults that a test puts into a stack that runs."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from e2e.conftest import Live


@contextmanager
def denied(stack: Live, action: str) -> Iterator[None]:
    """Take an action away from the API function's role for the time of a block."""
    iam = stack.target.client("iam")
    key = {"RoleName": stack.outputs["api_role_arn"].rsplit("/", 1)[-1], "PolicyName": f"deny-{uuid.uuid4()}"}
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]}
    iam.put_role_policy(**key, PolicyDocument=json.dumps(policy))
    try:
        yield
    finally:
        iam.delete_role_policy(**key)
