"""Every grant of the two roles is needed: without it, something that can be named fails."""

from collections.abc import Callable, Iterator

import pytest

from e2e.conftest import PATIENCE, SUBJECTS, Live, live, packaged
from e2e.least_privilege.grants import ROLES, Grant, Policies
from harness.waiting import poll, wait_until
from task_runner_client import TERMINAL

Scenario = Callable[[Live, str], str]  # uses the stack in one way, waits for what is expected, says what came of it
_STANDSTILL = 8.0  # seconds: many times what a task needs, far less than the 180 for which a message stays hidden


def accept_a_task(stack: Live, _expected: str) -> str:
    return answered(stack, "POST", "/task", b'{"do": "work"}')


def read_a_task(stack: Live, _expected: str) -> str:
    return answered(stack, "GET", f"/task/{finished(stack)}")


def judge_a_lost_worker(stack: Live, _expected: str) -> str:
    """GET fails a task, in the record too, whose worker died on the last delivery."""
    task_id = finished(stack)
    stack.target.client("dynamodb").update_item(
        TableName=stack.outputs["table_name"],
        Key={"taskId": {"S": task_id}},
        UpdateExpression="SET #status = :processing, receives = :last, leaseExpiresAt = :past",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":processing": {"S": "processing"}, ":last": {"N": "9"}, ":past": {"N": "1"}},
    )
    return answered(stack, "GET", f"/task/{task_id}")


def run_a_task(stack: Live, expected: str) -> str:
    return comes_to(stack, {"do": "work"}, expected)


def retry_a_task(stack: Live, expected: str) -> str:
    return comes_to(stack, {"do": "fail once"}, expected)


SCENARIOS: dict[str, list[Scenario]] = {
    "api": [accept_a_task, read_a_task, judge_a_lost_worker],
    "worker": [run_a_task, retry_a_task],
}
WORKS: dict[Scenario, str] = {
    accept_a_task: "200 pending",
    read_a_task: "200 completed",
    judge_a_lost_worker: "200 failed",
    run_a_task: "completed, attempt 1",
    retry_a_task: "completed, attempt 2",
}
# What happens without the grant.
NEEDED = {
    Grant("api", "KeepRecords", "dynamodb:PutItem", "table"): (accept_a_task, "503 UNAVAILABLE"),
    Grant("api", "KeepRecords", "dynamodb:GetItem", "table"): (read_a_task, "503 UNAVAILABLE"),
    Grant("api", "KeepRecords", "dynamodb:UpdateItem", "table"): (judge_a_lost_worker, "503 UNAVAILABLE"),
    Grant("api", "SendWakeUps", "sqs:SendMessage", "queue"): (accept_a_task, "503 UNAVAILABLE"),
    # It is never claimed, and its message comes back until the permission is there.
    Grant("worker", "UpdateRecords", "dynamodb:UpdateItem", "table"): (run_a_task, "pending, attempt 0"),
    # The first attempt is settled, but its message cannot be called back before the visibility timeout.
    Grant("worker", "TakeWakeUps", "sqs:ChangeMessageVisibility", "queue"): (retry_a_task, "pending, attempt 1"),
}
_MAPPING = (
    "Lambda's own poller calls it with the role, and the embedded AWS' poller asks nobody. AWS documents that it must "
    "be granted (Lambda developer guide, 'Creating and configuring an Amazon SQS event source mapping')."
)
_LOGS = "Lambda itself writes the log with the role, and the embedded AWS asks nobody."
# What the embedded AWS does not enforce, and why it is granted all the same.
NOT_ENFORCED = {
    Grant("worker", "TakeWakeUps", "sqs:ReceiveMessage", "queue"): _MAPPING,
    Grant("worker", "TakeWakeUps", "sqs:DeleteMessage", "queue"): _MAPPING,
    Grant("worker", "TakeWakeUps", "sqs:GetQueueAttributes", "queue"): _MAPPING,
    **{
        Grant(role, "WriteLogs", action, "log group"): _LOGS
        for role in ROLES
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    },
}


@pytest.fixture(scope="module")
def stack(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    if pytestconfig.getoption("--target") == "aws":
        pytest.skip("in an account a policy takes its time to spread, so a removal that nothing notices proves nothing")
    source = SUBJECTS / "failures"
    with live(pytestconfig, source, package_file=packaged(source, tmp_path_factory.mktemp("package"))) as stack:
        yield stack


@pytest.fixture(scope="module")
def policies(stack: Live) -> Policies:
    return Policies(stack)


def test_everything_works_with_all_grants(stack: Live) -> None:
    assert {scenario: scenario(stack, WORKS[scenario]) for role in ROLES for scenario in SCENARIOS[role]} == WORKS


def test_each_grant_has_a_scenario_or_a_reason(policies: Policies) -> None:
    assert not unexplained(policies)
    assert not stale(policies)


@pytest.mark.parametrize("grant", NEEDED, ids=str)
def test_without_the_grant_its_scenario_fails(stack: Live, policies: Policies, grant: Grant) -> None:
    scenario, symptom = NEEDED[grant]
    with policies.without(grant):
        seen = scenario(stack, symptom)
    assert seen != WORKS[scenario], f"nothing notices that it is gone: {grant}"
    assert seen == symptom
    assert scenario(stack, WORKS[scenario]) == WORKS[scenario], "it works again"


@pytest.mark.parametrize("grant", NOT_ENFORCED, ids=str)
def test_what_is_not_enforced_is_noticed_by_nothing(stack: Live, policies: Policies, grant: Grant) -> None:
    with policies.without(grant):
        seen = {scenario: scenario(stack, WORKS[scenario]) for scenario in SCENARIOS[grant.role]}
    noticed = [scenario.__name__ for scenario in seen if seen[scenario] != WORKS[scenario]]
    assert not noticed, f"it is enforced: move it to NEEDED with what notices it, {noticed}: {grant}"


@pytest.mark.parametrize("role", ROLES)
def test_one_grant_too_many_is_named(stack: Live, policies: Policies, role: str) -> None:
    with policies.granting(role, "dynamodb:DeleteItem", stack.outputs["table_arn"]):
        assert unexplained(policies) == [f"{role} role, Extra: dynamodb:DeleteItem on the table"]
    dead_letters = stack.outputs["dead_letter_queue_arn"]
    with policies.granting(role, "sqs:SendMessage", dead_letters):
        assert unexplained(policies) == [f"{role} role, Extra: sqs:SendMessage on the {dead_letters}"]
    assert not unexplained(policies)


def test_a_grant_that_another_one_covers_is_not_noticed(stack: Live, policies: Policies) -> None:
    grant = Grant("api", "KeepRecords", "dynamodb:PutItem", "table")
    with policies.granting("api", "dynamodb:*", "*"), policies.without(grant):
        assert accept_a_task(stack, "") == WORKS[accept_a_task]


def unexplained(policies: Policies) -> list[str]:
    """Grants for which nobody has said what needs them."""
    return [str(grant) for grant in policies.grants() if grant not in NEEDED.keys() | NOT_ENFORCED.keys()]


def stale(policies: Policies) -> list[str]:
    """Explanations of grants that are no more."""
    return sorted(map(str, (NEEDED.keys() | NOT_ENFORCED.keys()) - set(policies.grants())))


def answered(stack: Live, method: str, path: str, body: bytes | None = None) -> str:
    answer = stack.api.request(method, path, body)
    shown = answer.json()
    return f"{answer.status_code} {shown.get('code') or shown['status']}"


def finished(stack: Live) -> str:
    """Id of a completed task; the table is asked, since the API may not be allowed to."""
    task_id = str(stack.api.submit({"do": "work"})["taskId"])
    dynamodb, key = stack.target.client("dynamodb"), {"taskId": {"S": task_id}}
    wait_until(
        "the task is completed",
        lambda: dynamodb.get_item(TableName=stack.outputs["table_name"], Key=key)["Item"]["status"]["S"],
        lambda status: status == "completed",
        seconds=PATIENCE,
    )
    return task_id


def comes_to(stack: Live, payload: dict[str, str], expected: str) -> str:
    """How a task stands that has come to what is expected, or to its end.

    One that is expected to get stuck has had the time to go on from there.
    """
    task_id = stack.api.submit(payload)["taskId"]

    def standing() -> str:
        view = stack.api.get(task_id)
        return f"{view['status']}, attempt {view['attempts']}"

    def has_ended(stands: str) -> bool:
        return stands.startswith(tuple(TERMINAL))

    poll(standing, lambda stands: stands == expected or has_ended(stands), seconds=PATIENCE)
    return poll(standing, has_ended, seconds=_STANDSTILL)
