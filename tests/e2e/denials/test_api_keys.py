"""Callers that an API knows by their keys."""

import requests

from e2e.conftest import SPREAD, Live
from e2e.denials.clients import TASK, client
from harness.waiting import wait_until


def test_api_keys_let_in_and_tell_callers_apart(stack: Live, api_keys: list[str]) -> None:
    def post(key: str | None) -> requests.Response:
        headers = {"Idempotency-Key": "one", **({"x-api-key": key} if key else {})}
        return client(stack, None, stack.outputs["keyed"]).request("POST", "/task", TASK, headers)

    wait_until(
        "the keys are known",
        lambda: [post(key).status_code for key in api_keys[:2]],
        lambda statuses: 403 not in statuses,
        seconds=SPREAD,
        pause=1,
    )
    first, second = (post(key) for key in api_keys[:2])
    assert [answer.headers["Idempotency-Replayed"] for answer in (first, second)] == ["true", "true"]
    same = first.json()["taskId"] == second.json()["taskId"]
    # The embedded AWS does not tell the function which key was used; the unit tests give it AWS's event.
    assert same == stack.target.is_embedded, "the exemption has ended"
    for key in (None, api_keys[2], "no-key"):
        answer = post(key)
        assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_API_KEY")
