"""The runtime package on moto: real store, queue and handlers, an AWS that answers from memory."""

import os
from collections.abc import Callable, Iterator

import pytest
from moto import mock_aws

from runtime import environment  # noqa: F401 - before the handlers, which read it at import
from support.cloud import Api, Clock, Cloud, Worker
from task_runner.telemetry import configure, logger

configure(os.environ)  # here, so that the lines go to the session's standard output, not to one test's
logger.propagate = True  # to `caplog`


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with mock_aws():
        yield Cloud()


@pytest.fixture
def clock(cloud: Cloud) -> Clock:
    return cloud.clock


@pytest.fixture
def api(cloud: Cloud) -> Api:
    return Api(cloud)


@pytest.fixture
def worker(cloud: Cloud) -> Callable[..., Worker]:
    """Make a worker around task code: `worker(lambda payload, context: ...)`."""

    def make(
        code: Callable[..., object], timeout: float = 60, concurrency: int = 10, log_error_text: bool = False
    ) -> Worker:
        return Worker(cloud, code, timeout, concurrency, log_error_text)

    return make
