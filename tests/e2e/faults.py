"""Faults that a test puts into a stack that runs."""

import json
import uuid

from e2e.conftest import Live


class denied:  # noqa: N801 - reads as a statement
    """Takes an action away from the API function's role for the time of a block."""

    def __init__(self, stack: Live, action: str) -> None:
        self._iam = stack.target.client("iam")
        self._key = {"RoleName": stack.outputs["api_role_arn"].rsplit("/", 1)[-1], "PolicyName": f"deny-{uuid.uuid4()}"}
        self._policy = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}],
        }

    def __enter__(self) -> None:
        self._iam.put_role_policy(**self._key, PolicyDocument=json.dumps(self._policy))

    def __exit__(self, *_: object) -> None:
        self._iam.delete_role_policy(**self._key)
