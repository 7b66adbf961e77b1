"""Clients of the APIs under test."""

from collections.abc import Mapping
from typing import Any

from e2e.conftest import Live
from e2e.denials.callers import Caller
from task_runner_client import SigV4, TaskClient

TASK = b'{"seconds": 0}'


def client(stack: Live, auth: SigV4 | None, outputs: Mapping[str, Any] | None = None) -> TaskClient:
    url = stack.target.api_url(outputs or stack.outputs)
    return TaskClient(url, sign="always" if auth else "never", signer=auth, ca_bundle=stack.target.verify)


def signed(stack: Live, caller: Caller) -> TaskClient:
    return client(stack, SigV4(caller.credentials, stack.target.region))
