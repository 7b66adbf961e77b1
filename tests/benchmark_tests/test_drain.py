from pathlib import Path
from typing import Any

from benchmarks.draining import Setting
from benchmarks.subjects import drain

TEXTBOOK, DEFAULT = "textbook, batch 10", "batch 10, 10 at once"


def result(waiting: list[float], computing: list[float]) -> dict[str, Any]:
    found = {"waiting": ([40.0, 44.0], waiting), "computing": ([6.0, 6.0], computing)}
    return {"count": 200, "seconds": {kind: {TEXTBOOK: base, DEFAULT: own} for kind, (base, own) in found.items()}}


def test_default_setting_is_named_as_in_the_results() -> None:
    assert {TEXTBOOK, DEFAULT} < drain.limits().keys()


def test_speedup_is_that_of_each_round() -> None:
    assert drain.speedups({TEXTBOOK: [40, 44], DEFAULT: [4, 11]}, DEFAULT) == [10, 4]


def test_speedup_that_misses_its_target_stands_out() -> None:
    told = drain.table(result(waiting=[4.0, 4.0], computing=[12.0, 12.0]))
    assert f"| {DEFAULT} | 4.0 | 10.50 | 10.00 to 11.00 | 10 | 12.0 | **0.50** | 0.50 to 0.50 | the cores |" in told
    assert f"| {TEXTBOOK} | 42.0 | 1.00 |" in told


def test_limit_counts_the_waits_in_a_row() -> None:
    # 200 tasks: 20 batches, five at a time, are 4 in a row; 40 batches are 8.
    assert [drain.waits(setting) for setting in (Setting(10, 1), Setting(10, 10), Setting(5, 5))] == [40, 4, 8]
    assert drain.limits()[DEFAULT] == 10


def test_plot_is_a_small_picture(tmp_path: Path) -> None:
    drain.plot(result([4.0, 5.0], [6.0, 7.0]), tmp_path)
    assert (tmp_path / "drain.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "drain.png").stat().st_size < 60_000
