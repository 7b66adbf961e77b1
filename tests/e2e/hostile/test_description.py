"""The answer to whatever is sent is described in docs/openapi.yaml."""

import uuid
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from e2e.conftest import Live
from e2e.faults import denied
from e2e.hostile.answers import INTERNALS, inspect
from harness.paths import ROOT

API = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yaml")
OPERATIONS = {"POST /task": API["/task"]["POST"], "GET /task/{taskId}": API["/task/{taskId}"]["GET"]}
CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
# The same requests in every run: what fails can be looked into, and nobody's change fails by luck.
SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Counted:
    """Sends generated requests, checks them against the description, and counts the answers by status."""

    def __init__(self, stack: Live) -> None:
        self.statuses: dict[int, int] = {}
        self._base_url = stack.api.base_url
        self._session = requests.Session()
        self._session.trust_env = False
        self._verify = stack.target.verify or True

    def send(self, case: Case[Any]) -> schemathesis.Response:
        answer = case.call(base_url=self._base_url, session=self._session, verify=self._verify)
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        case.validate_response(answer, checks=CHECKS)
        return answer


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_as_described(basic: Live, name: str, mode: GenerationMode) -> None:
    counted = Counted(basic)

    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    @SETTINGS
    def explore(case: Case[Any]) -> None:
        answer = counted.send(case)
        inspect(basic, answer.status_code, str(answer.headers), answer.text)

    explore()
    assert sum(counted.statuses.values()) > 50, counted.statuses


def test_outage_is_503_and_nothing_else(basic: Live) -> None:
    counted = Counted(basic)

    @given(case=OPERATIONS["POST /task"].as_strategy() | OPERATIONS["GET /task/{taskId}"].as_strategy())
    @settings(SETTINGS, max_examples=60)
    def explore(case: Case[Any]) -> None:
        answer = counted.send(case)
        if answer.status_code == 503:
            assert answer.json()["code"] == "UNAVAILABLE"
            assert not INTERNALS.search(answer.text)
        else:
            assert 400 <= answer.status_code < 500, answer.text

    with denied(basic, "dynamodb:*"):
        explore()
    assert counted.statuses[503] > 20, counted.statuses


def test_tasks_and_replays_are_as_described(basic: Live) -> None:
    def post(body: bytes) -> requests.Response:
        return basic.api.request("POST", "/task", body, {"Idempotency-Key": key})

    key = str(uuid.uuid4())
    first, again, other = post(b"[]"), post(b" []"), post(b"{}")
    task_id = first.json()["taskId"]
    done = basic.end_of(task_id)
    assert done["status"] == "completed"
    answers = [("POST /task", first), ("POST /task", again), ("POST /task", other), ("POST /task", post(b"[]"))]
    answers.append(("GET /task/{taskId}", basic.api.request("GET", f"/task/{task_id}")))
    assert [answer.status_code for _, answer in answers] == [200, 200, 422, 200, 200]
    for name, answer in answers:
        OPERATIONS[name].validate_response(answer)
