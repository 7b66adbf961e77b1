"""Putting changed task code on a worker function: what is refused before, and in which order it is done."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from harness import redeploy as redeploy_module
from harness.errors import HarnessError
from harness.redeploy import DoesNotCompile, check_syntax, deliveries_paused, redeploy, update_code
from harness.target import Target

DIGEST = base64.b64encode(hashlib.sha256(b"zip").digest()).decode()  # as Lambda tells it
OUTPUTS = {"event_source_mapping_uuid": "m", "queue_url": "q", "worker_function_name": "w"}


class Aws:
    """Stands for the Lambda and SQS clients: remembers what is done, and answers in turn."""

    def __init__(self, in_flight: list[int], states: list[str]) -> None:
        self._in_flight, self._states = in_flight, states
        self._stops = ["stopping", "stopped"]
        self.runs = "arn:aws:lambda:us-east-1:1:function:w"
        self.done: list[Any] = []

    def update_event_source_mapping(self, **given: Any) -> None:
        self.done.append("deliver" if given["Enabled"] else "pause")

    def get_event_source_mapping(self, **_: Any) -> Any:
        if self._stops:
            self.done.append(self._stops.pop(0))
        return {"State": "Disabling" if self.done[-1] == "stopping" else "Disabled", "FunctionArn": self.runs}

    def get_queue_attributes(self, **_: Any) -> Any:
        count = self._in_flight.pop(0) if len(self._in_flight) > 1 else self._in_flight[0]
        self.done.append(count)
        return {"Attributes": {"ApproximateNumberOfMessagesNotVisible": str(count)}}

    def update_function_code(self, **given: Any) -> None:
        self.done.append((given["FunctionName"], given["ZipFile"]))

    def get_function_configuration(self, **_: Any) -> Any:
        told = {"LastUpdateStatus": self._states.pop(0), "LastUpdateStatusReason": "too large"}
        return {**told, "CodeSha256": DIGEST, "Environment": {"Variables": {"TOKEN": "hush"}}}

    def publish_version(self, **_: Any) -> Any:
        self.done.append("publish")
        return {"Version": "7"}

    def update_alias(self, **given: Any) -> None:
        self.done.append((given["Name"], given["FunctionVersion"]))


def target(monkeypatch: pytest.MonkeyPatch, aws: Aws) -> Target:
    monkeypatch.setattr(Target, "client", lambda _self, _service: aws)
    return Target.embedded("http://127.0.0.1:1")


def test_code_is_updated_once_what_runs_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws([2, 1, 0], ["InProgress", "Successful"])
    here = target(monkeypatch, aws)
    with deliveries_paused(here, OUTPUTS):
        update_code(here, OUTPUTS, b"zip")
    assert aws.done == ["pause", "stopping", "stopped", 2, 1, 0, ("w", b"zip"), "deliver"]


def test_a_package_that_runs_already_is_not_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws([0], ["Successful"])
    assert not redeploy(target(monkeypatch, aws), OUTPUTS, b"zip")
    assert aws.done == []


@pytest.mark.parametrize(("qualifier", "moved"), [("", []), (":$LATEST", []), (":live", ["publish", ("live", "7")])])
def test_an_alias_that_the_queue_feeds_is_moved_to_the_new_code(
    monkeypatch: pytest.MonkeyPatch, qualifier: str, moved: list[Any]
) -> None:
    aws = Aws([0], ["Successful", "Successful"])
    aws.runs += qualifier
    assert redeploy(target(monkeypatch, aws), OUTPUTS, b"new")
    assert aws.done[aws.done.index(("w", b"new")) + 1 :] == [*moved, "deliver"]


def test_a_task_that_does_not_end_holds_the_update_back_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redeploy_module, "_END_SECONDS", 0.2)
    aws = Aws([1], ["Successful"])
    here = target(monkeypatch, aws)
    with deliveries_paused(here, OUTPUTS):
        update_code(here, OUTPUTS, b"zip")
    assert aws.done[-2:] == [("w", b"zip"), "deliver"]


def test_deliveries_go_on_after_an_update_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws([0], ["InProgress", "Failed"])
    here = target(monkeypatch, aws)
    with pytest.raises(HarnessError, match="w has not taken the new code: too large"), deliveries_paused(here, OUTPUTS):
        update_code(here, OUTPUTS, b"zip")
    assert aws.done[-1] == "deliver"


def test_an_update_that_does_not_end_is_told_without_the_functions_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redeploy_module, "_UPDATE_SECONDS", 0)
    here = target(monkeypatch, Aws([0], ["InProgress"] * 9))
    with pytest.raises(HarnessError, match=r"w takes the new code.*InProgress") as told:
        update_code(here, OUTPUTS, b"zip")
    assert "hush" not in str(told.value)


def test_a_file_that_does_not_compile_is_named_with_its_line(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("x = 1\n")
    bad.write_text("x = 1\ndef (\n")
    with pytest.raises(DoesNotCompile, match=r"bad.py:2: SyntaxError: invalid syntax$"):
        check_syntax([good, bad])


def test_what_is_no_python_or_is_gone_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.txt").write_text("def (")
    monkeypatch.setattr(redeploy_module, "runtime_python", lambda: pytest.fail("there is nothing to compile"))
    check_syntax([tmp_path / "notes.txt", tmp_path / "deleted.py"])
