import pytest

from demo.tasks import handle
from task_runner import PermanentError
from task_runner.testing import task_context


@pytest.mark.parametrize("payload", [{"seconds": 0}, {"seconds": 0.01, "text": "hello"}])
def test_payload_is_echoed(payload: dict[str, object]) -> None:
    assert handle(payload, task_context()) == {"echo": payload}


@pytest.mark.parametrize("seconds", ["1", -1, 61, None])
def test_seconds_that_cannot_be_slept_fail_for_good(seconds: object) -> None:
    with pytest.raises(PermanentError, match="seconds must be a number"):
        handle({"seconds": seconds}, task_context())
