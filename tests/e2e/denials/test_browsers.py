"""Scripts in browsers: which may call, and what they may read."""

import pytest

from e2e.conftest import Live
from e2e.denials.clients import TASK, client

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
