"""A request for each error of the function, such that the answer is the example in docs/openapi.yaml."""

from collections.abc import Callable

import pytest

from runtime.api.aws import OUTAGES, broken
from support.cloud import Answer, Api, Cloud, delivery
from task_runner.api.body import LARGEST_BODY

UNKNOWN = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"
KEY = {"Idempotency-Key": "order-7"}

Provoke = Callable[[Cloud, Api, pytest.MonkeyPatch], Answer]


def _reused(_: Cloud, api: Api, __: pytest.MonkeyPatch) -> Answer:
    assert api.post("1", KEY).status == 200
    return api.post("2", KEY)


def _unavailable(cloud: Cloud, api: Api, patch: pytest.MonkeyPatch) -> Answer:
    patch.setattr(cloud.dynamodb, "get_item", broken(OUTAGES[0]))
    return api.get(UNKNOWN)


def _fault(cloud: Cloud, api: Api, patch: pytest.MonkeyPatch) -> Answer:
    patch.setattr(cloud.dynamodb, "put_item", broken(RuntimeError("secret")))
    return api.post("{}")


def _completed(cloud: Cloud, _: Api, __: pytest.MonkeyPatch) -> Answer:
    task_id = cloud.put()
    cloud.store.claim(delivery(task_id), "mine", cloud.clock() + 1000, cloud.clock())
    cloud.store.complete(cloud.task(task_id), "1", cloud.clock())
    return Api(cloud, routes=["retry"]).retry(task_id)


PROVOKED: dict[str, Provoke] = {
    "NOT_FOUND": lambda _, api, __: api.request("GET", "/elsewhere"),
    "METHOD_NOT_ALLOWED": lambda _, api, __: api.request("DELETE", "/task"),
    "TASK_NOT_FOUND": lambda _, api, __: api.get(UNKNOWN),
    "TASK_NOT_ENDED": lambda cloud, _, __: Api(cloud, routes=["retry"]).retry(cloud.put()),
    "TASK_COMPLETED": _completed,
    "INVALID_TASK_ID": lambda _, api, __: api.get("not-a-uuid"),
    "INVALID_JSON": lambda _, api, __: api.post('{\n  "a": 1\n  "b": 2\n}'),
    "INVALID_IDEMPOTENCY_KEY": lambda _, api, __: api.post("{}", {"Idempotency-Key": ""}),
    "IDEMPOTENCY_KEY_REUSED": _reused,
    "PAYLOAD_TOO_LARGE": lambda _, api, __: api.post('"' + "x" * (LARGEST_BODY - 1) + '"'),
    "UNAVAILABLE": _unavailable,
    "INTERNAL": _fault,
}
