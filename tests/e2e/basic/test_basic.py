"""The example everybody starts with: applied, driven, planned again, destroyed."""

import uuid

import pytest

from benchmarks.scale import QUOTAS, Setup, waves
from e2e.basic.waves import invocations, one_after_the_other, side_by_side
from e2e.conftest import PATIENCE, Live
from e2e.plans import second_plan
from harness.acceptance import Subject, accept
from harness.report import report
from task_runner_client.progress import View


def test_the_stack_is_accepted(basic: Live) -> None:
    findings = accept(Subject.of(basic.stack, *basic.stack.instances()))
    assert report(findings, View(), "basic"), [finding for finding in findings if not finding.passed]


def test_a_task_is_accepted_run_and_answered(basic: Live) -> None:
    submitted = basic.api.request("POST", "/task", b'{"seconds": 1, "greeting": "hello"}')
    assert submitted.status_code == 200
    accepted = submitted.json()
    assert accepted.keys() == {"taskId", "status", "createdAt"}
    assert accepted["status"] == "pending"
    assert submitted.headers["Location"].endswith(f"task/{accepted['taskId']}")
    assert submitted.headers["Retry-After"].isdigit()

    seen = list(basic.api.wait(accepted["taskId"], PATIENCE))
    done = seen[-1]
    order = ["pending", "processing", "completed"]  # a poll may miss one, and never sees them in another order
    assert [view["status"] for view in seen] == [status for status in order if status in {v["status"] for v in seen}]
    assert done["status"] == "completed"
    assert done["result"] == {"echo": {"seconds": 1, "greeting": "hello"}}
    assert done["attempts"] == 1
    assert done["createdAt"] <= done["startedAt"] <= done["completedAt"] <= done["updatedAt"]


def test_an_empty_body_is_an_empty_payload(basic: Live) -> None:
    accepted = basic.api.request("POST", "/task", b"").json()
    done = basic.end_of(accepted["taskId"])
    assert (done["status"], done["result"]) == ("completed", {"echo": {}})


def test_get_asks_to_come_back_until_the_task_is_done(basic: Live) -> None:
    with basic.paused():  # so that it is not done before it is asked for
        task_id = basic.api.submit({"seconds": 0})["taskId"]
        assert basic.api.request("GET", f"/task/{task_id}").headers["Retry-After"].isdigit()
    basic.end_of(task_id)
    assert "Retry-After" not in basic.api.request("GET", f"/task/{task_id}").headers


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param("POST", "/task", b"not json", 400, id="a body that is not JSON"),
        pytest.param("POST", "/task", b'"' + b"x" * 256 * 1024 + b'"', 413, id="a body over 256 KiB"),
        pytest.param("GET", "/task/not-a-uuid", None, 400, id="an id that is no UUID"),
        pytest.param("GET", f"/task/{uuid.uuid4()}", None, 404, id="an unknown id"),
        pytest.param("GET", "/nothing/here", None, 404, id="an unknown path"),
        pytest.param("DELETE", "/task", None, 405, id="a wrong method"),
    ],
)
def test_bad_input_is_refused_in_our_shape(
    basic: Live, method: str, path: str, body: bytes | None, status: int
) -> None:
    answer = basic.api.request(method, path, body)
    assert answer.status_code == status, answer.text
    refusal = answer.json()
    assert refusal.keys() == {"error", "code"}
    assert refusal["code"] == refusal["code"].upper()
    assert refusal["error"]


def test_a_body_of_256_kib_is_taken(basic: Live) -> None:
    assert basic.api.request("POST", "/task", b'"' + b"x" * (256 * 1024 - 2) + b'"').status_code == 200


def test_backlog_is_drained_in_the_batches_and_waves_of_the_model(basic: Live) -> None:
    if not basic.target.is_embedded:
        pytest.skip("AWS adds pollers while it drains, and need not fill its batches")
    tasks, batch, pollers = 100, Setup().batch, QUOTAS["first_batches"].value
    with basic.paused():
        ids = [basic.api.submit({"seconds": 2})["taskId"] for _ in range(tasks)]
    assert {basic.end_of(task_id)["status"] for task_id in ids} == {"completed"}
    batches = invocations(basic, ids)
    assert [one.tasks for one in batches] == [batch] * (tasks // batch)
    assert 1 < side_by_side(batches) <= pollers
    assert one_after_the_other(batches) >= waves(tasks, batch, pollers) == 2  # more where a worker starts late


def test_a_second_plan_is_empty(basic: Live) -> None:
    assert second_plan(basic) == {}


@pytest.mark.parametrize(
    ("method", "path", "allowed"), [("PUT", "/task", "POST"), ("POST", f"/task/{uuid.UUID(int=0)}", "GET")]
)
def test_wrong_method_is_told_the_right_one(basic: Live, method: str, path: str, allowed: str) -> None:
    answer = basic.api.request(method, path, b"{}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
