from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from benchmarks import __main__ as command
from benchmarks import report
from benchmarks.subjects import Subject
from harness.errors import HarnessError


def subject(result: dict[str, Any] | None) -> Any:
    def measure(_: object) -> dict[str, Any]:
        if result is None:
            raise HarnessError("nothing to be measured")
        return result

    return SimpleNamespace(measure=measure, table=str)


def test_subject_that_fails_does_not_keep_the_next_from_being_measured(capsys: pytest.CaptureFixture[str]) -> None:
    chosen: dict[str, Subject] = {"latency": subject(None), "calls": subject({"one": 1})}
    with patch.object(report, "keep") as keep:
        assert command.measured(chosen) == 1
    (name, run, result), _ = keep.call_args
    assert (name, result) == ("calls", {"one": 1})
    assert run["machine"]["cores"] > 0
    assert "latency: nothing to be measured" in capsys.readouterr().out


def test_unknown_subject_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with patch("sys.argv", ["benchmarks", "latencies"]), pytest.raises(SystemExit):
        command.main()
    assert "no such subject: latencies; there are latency, calls, drain" in capsys.readouterr().err
