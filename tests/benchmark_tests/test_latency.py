from pathlib import Path
from typing import Any

import pytest

from benchmarks.subjects import latency
from benchmarks.through_api import by_rounds


def row(place: str, request: str, ours: float, textbook: float) -> dict[str, Any]:
    samples = {"ours": [ours / 1000] * 10, "textbook": [textbook / 1000] * 10}
    return latency.row(place, request, 1, samples)


def result() -> dict[str, Any]:
    rows = [row("handlers", "POST", 13, 20), row("handlers", "GET", 12, 10), row("embedded", latency.NOTHING, 4, 4)]
    return {"rows": [*rows, row("embedded", "POST", 9, 12), row("embedded", "GET", 8, 8)]}


def test_row_tells_milliseconds_by_percentile() -> None:
    samples = {"ours": [number / 1000 for number in range(1, 201)], "textbook": [0.1] * 200}
    found = latency.row("handlers", "POST", 1, samples)
    assert latency.percentiles(found["ours"]) == {"p50": 100, "p95": 190, "p99": 198}
    assert (found["samples"], len(found["textbook"])) == (200, 99)


def test_ratio_that_misses_its_target_stands_out() -> None:
    told = latency.table(result()).splitlines()
    assert (
        "| POST, handler, 10 ms a call | 1 | 13.0 | 20.0 | 0.65 | 0.65 to 0.65 | ≤ 0.65 | 0.50 | 0.65 | 0.65 |" in told
    )
    assert any(line.startswith("| GET, handler, 10 ms a call | 1 | 12.0 | 10.0 | **1.20** |") for line in told)


def test_limit_of_a_post_is_its_way_and_the_longer_of_its_calls() -> None:
    post, get = row("embedded", "POST", 9, 12), row("embedded", "GET", 8, 8)
    assert latency.limit(post, floor=4) == pytest.approx(8 / 12)
    assert latency.limit(get, floor=4) == 1


def test_samples_of_clients_are_put_in_the_order_of_their_rounds() -> None:
    assert by_rounds([{"ours": [1, 3]}, {"ours": [2, 4]}]) == {"ours": [1, 2, 3, 4]}


def test_plot_is_a_small_picture(tmp_path: Path) -> None:
    latency.plot(result(), tmp_path)
    assert (tmp_path / "latency.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "latency.png").stat().st_size < 90_000
