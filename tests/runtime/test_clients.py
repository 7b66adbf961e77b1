"""The clients that a function makes while it starts."""

import gc
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from botocore.loaders import Loader
from moto import mock_aws

from support.cloud import Cloud
from task_runner import clients
from task_runner.clients import connect
from task_runner.config import Config
from task_runner.record.task import Status


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_clients_reach_the_table_and_the_queue() -> None:
    with mock_aws():
        cloud = Cloud()
        store, wakeups = connect(Config("tasks", cloud.queue_url, 3, 3600), connections=1)
        task_id = "3f1c1e58-6d5c-4e0e-9a53-0d5f6a0f7a11"
        assert store.create(task_id, "{}", "hash", cloud.clock()).status is Status.PENDING
        wakeups.send(task_id)
        assert cloud.task(task_id).payload == "{}"
        assert len(cloud.receive()) == 1


@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1"])
def test_services_that_are_not_searched_for_are_there(kind: str) -> None:
    known = clients._OurData().list_available_services(kind)
    assert set(known) <= set(Loader().list_available_services(kind))


def test_garbage_is_collected_again_once_they_are_made() -> None:
    connect(Config("tasks", "https://sqs", 3, 3600), connections=1)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1000


def test_garbage_is_collected_again_where_they_cannot_be_made() -> None:
    with patch.object(clients, "Session", side_effect=LookupError), pytest.raises(LookupError):
        connect(Config("tasks", "https://sqs", 3, 3600), connections=1)
    assert gc.isenabled()
