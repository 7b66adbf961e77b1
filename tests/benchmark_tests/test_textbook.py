"""The version that the module is compared with is right, as far as a caller can tell: it wins nothing by doing less."""

import json
import os
import runpy
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from benchmarks.bench import HERE
from benchmarks.handlers import record, request

TEXTBOOK = HERE / "textbook"


@pytest.fixture
def cloud() -> Iterator[Any]:
    region = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    with mock_aws(), patch.dict(os.environ, region):
        boto3.client("dynamodb").create_table(
            TableName="tasks",
            KeySchema=[{"AttributeName": "taskId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "taskId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        url = boto3.client("sqs").create_queue(QueueName="tasks")["QueueUrl"]
        os.environ.update(TABLE_NAME="tasks", QUEUE_URL=url)
        yield SimpleNamespace(url=url, code=SimpleNamespace(**runpy.run_path(str(HERE / "work" / "work.py"))))


def api(method: str, resource: str, body: str | None = None, **parameters: str) -> tuple[int, Any]:
    handler = runpy.run_path(str(TEXTBOOK / "api" / "api.py"))["handler"]
    answer = handler(request(method, resource, body, **parameters), None)
    return answer["statusCode"], json.loads(answer["body"])


def work(cloud: Any) -> Any:
    """Hand what is in the queue to the worker, and return its answer."""
    messages = boto3.client("sqs").receive_message(QueueUrl=cloud.url, MaxNumberOfMessages=10)["Messages"]
    with patch.dict(sys.modules, {"work": cloud.code}):
        handler = runpy.run_path(str(TEXTBOOK / "worker" / "worker.py"))["handler"]
        return handler({"Records": [record(message["Body"]) for message in messages]}, None)


def test_task_is_recorded_run_and_told(cloud: Any) -> None:
    status, accepted = api("POST", "/task", '{"blocks": 1}')
    assert (status, accepted["status"]) == (200, "pending")
    assert api("GET", "/task/{taskId}", taskId=accepted["taskId"])[1]["status"] == "pending"
    assert work(cloud) == {"batchItemFailures": []}
    _, task = api("GET", "/task/{taskId}", taskId=accepted["taskId"])
    assert (task["status"], task["result"], task["payload"]) == ("completed", {"done": {"blocks": 1}}, {"blocks": 1})


def test_failed_task_is_told_and_comes_again_alone(cloud: Any) -> None:
    failing = api("POST", "/task", '{"seconds": "no number"}')[1]["taskId"]
    good = api("POST", "/task", "{}")[1]["taskId"]
    assert len(work(cloud)["batchItemFailures"]) == 1
    told = {task_id: api("GET", "/task/{taskId}", taskId=task_id)[1] for task_id in (failing, good)}
    assert (told[failing]["status"], told[good]["status"]) == ("failed", "completed")
    assert told[failing]["error"]


@pytest.mark.usefixtures("cloud")
def test_what_is_not_there_or_not_json_is_refused() -> None:
    assert api("GET", "/task/{taskId}", taskId="none")[0] == 404
    assert api("POST", "/task", "{")[0] == 400
