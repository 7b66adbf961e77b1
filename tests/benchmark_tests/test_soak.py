from pathlib import Path
from typing import Any

import pytest

from benchmarks.subjects import soak
from harness.errors import HarnessError


def record(task_id: str, status: str = "completed") -> dict[str, dict[str, str]]:
    return {"taskId": {"S": task_id}, "status": {"S": status}, "attempts": {"N": "1"}}


def test_what_was_accepted_and_completed_once_is_right() -> None:
    soak.check(["a", "b"], [record("b"), record("a")], dead_letters=0)


@pytest.mark.parametrize(
    ("ids", "records", "dead_letters", "said"),
    [
        (["a", "a"], [record("a")], 0, "'ids given twice': 1"),
        (["a", "b"], [record("a")], 0, "'accepted, and not on record': 1"),
        (["a"], [record("a"), record("b")], 0, "'on record, and not accepted': 1"),
        (["a"], [record("a", "pending")], 0, "'not completed': 1"),
        (["a"], [record("a")], 3, "'dead letters': 3"),
    ],
)
def test_whatever_differs_is_told(ids: list[str], records: list[Any], dead_letters: int, said: str) -> None:
    with pytest.raises(HarnessError, match=said):
        soak.check(ids, records, dead_letters)


def test_curve_ends_with_all_that_there_are() -> None:
    points = soak.curve([f"2026-01-01T00:00:{second:02d}.000Z" for second in range(60)], 1_767_225_600.0)
    assert len(points) == soak.POINTS
    assert points[-1] == [59.0, 60]


def memory(per_thousand: float) -> dict[str, Any]:
    curve = [[0.0, 40.0], [9.0, 41.0]]
    return {"processes": 2, "warm": 40.0, "end": 41.0, "per_thousand": per_thousand, "curve": curve}


RESULT = {
    "tasks": 20_000,
    "retried": 0,
    "posted": 190.0,
    "done": 200.0,
    "accepted": [[1, 10], [190, 20_000]],
    "completed": [[2, 10], [200, 20_000]],
    "memory": {"server": memory(10), "api": memory(0.1), "worker": memory(0)},
}


def test_table_tells_the_rate_and_tells_the_server_from_the_functions() -> None:
    shown = soak.table(RESULT)
    assert "done after 200 s, 100 a second" in shown
    assert "| API function | 2 | 40.0 | 41.0 | +0.100 | 512 |" in shown
    assert "| embedded AWS | 2 | 40.0 | 41.0 | +10.000 |" in shown


def test_plot_is_small(tmp_path: Path) -> None:
    soak.plot(RESULT, tmp_path)
    assert (tmp_path / "soak.png").stat().st_size < 60_000
