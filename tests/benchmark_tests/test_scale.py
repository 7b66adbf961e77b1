"""The model of how far a stack scales, against points computed by hand; docs/scale.md is what it tells."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scale import QUOTAS, Quota, Setup, busy, drain_seconds, hit, limits, minutes_until, month, waves
from harness.paths import ROOT
from support.generated import written_by
from task_runner_client.cost import Load, bill

DEFAULT = Setup()
PAGE = ROOT / "docs" / "scale.md"


def test_default_setup_by_hand() -> None:
    by_hand = {
        "throttle of the stage": 100 / 2,
        "API Gateway's requests": 10_000 / 3,
        "Lambda's concurrency": 1_000 / (3 * 0.05 + 1.05 / 10),
        "Lambda's requests": 10_000 / 3.1,
        "batches side by side": 1_250 * 10 / 1.05,
        "messages in flight": 120_000 / 1.05,
        "a new table": 600,  # 600 x 6 of 4,000 writes and 600 x 2 of 12,000 reads are all of them
        "the table's quota": 40_000 / 6,
    }
    assert limits(DEFAULT) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("change", "part", "expected"),
    [
        ({"throttle": 10_000, "polls": 1}, "throttle of the stage", 10_000),
        ({"polls": 9}, "API Gateway's requests", 1_000),
        ({"seconds": 9.95, "batch": 1}, "batches side by side", 125),
        ({"seconds": 9.95, "batch": 100, "threads": 50}, "batches side by side", 1_250 * 100 / 19.95),
        ({"side_by_side": 20}, "batches side by side", 20 * 10 / 1.05),
        ({"pollers": 200}, "batches side by side", 2_000 * 10 / 1.05),
        ({"payload_kb": 10.0}, "the table's quota", 40_000 / 33),
    ],
)
def test_each_input_moves_its_part(change: dict[str, Any], part: str, expected: float) -> None:
    assert limits(replace(DEFAULT, **change))[part] == pytest.approx(expected)


def test_what_is_hit_is_told_the_tightest_first() -> None:
    assert hit(DEFAULT, 50) == []
    assert hit(DEFAULT, 51) == ["throttle of the stage"]
    assert hit(replace(DEFAULT, throttle=10_000), 3_300) == ["a new table", "Lambda's requests"]


def test_batches_fill_with_what_arrives_while_the_first_pollers_work() -> None:
    assert [DEFAULT.filled(rate) for rate in (0, 1, 10, 47, 48, 10_000)] == [1, 1, 2, 9, 10, 10]


def test_busy_instances_by_hand() -> None:
    assert busy(DEFAULT, 1_000) == pytest.approx((150, 105))
    assert busy(DEFAULT, 1) == pytest.approx((0.15, 1.05))


def test_pollers_take_minutes_to_be_as_many_as_long_tasks_need() -> None:
    assert minutes_until(DEFAULT, 1) == 0
    assert minutes_until(replace(DEFAULT, seconds=60), 200) == pytest.approx((1_201 - 5) / 300)


def test_month_is_that_of_the_cost_model() -> None:
    assert month(DEFAULT, 10).usd == pytest.approx(bill(Load(tasks=25_920_000, batch=2)).usd)


@pytest.mark.parametrize(
    ("tasks", "batch", "side_by_side", "expected"), [(100, 10, 5, 2), (101, 10, 5, 3), (9, 10, 5, 1), (0, 10, 5, 0)]
)
def test_waves_by_hand(tasks: int, batch: int, side_by_side: int, expected: int) -> None:
    assert waves(tasks, batch, side_by_side) == expected


@pytest.mark.parametrize(("side_by_side", "seen"), [(2, 54.0), (5, 21.0), (20, 8.3)])
def test_drain_of_the_embedded_aws_is_near_the_model(side_by_side: int, seen: float) -> None:
    assert drain_seconds(replace(DEFAULT, threads=1), 100, side_by_side) == pytest.approx(seen, rel=0.25)


@pytest.mark.parametrize("quota", QUOTAS.values(), ids=QUOTAS)
def test_each_quota_names_a_page_of_aws(quota: Quota) -> None:
    assert re.match(r"https://(docs\.aws\.amazon\.com|repost\.aws)/", quota.source)
    assert quota.value > 0


def test_page_is_current() -> None:
    done = written_by("scales.py", "--check")
    assert done.returncode == 0, done.stderr


def test_page_that_was_changed_by_hand_is_written_anew_and_its_plot_drawn(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    right = PAGE.read_text()
    page.write_text(right.replace("| 3,333 |", "| 4,333 |", 1))
    assert written_by("scales.py", "--check", "--page", page).returncode == 1
    assert not (tmp_path / "benchmarks").exists()
    done = written_by("scales.py", "--page", page)
    assert done.returncode == 0, done.stderr
    assert page.read_text() == right
    assert (tmp_path / "benchmarks" / "scale.png").read_bytes().startswith(b"\x89PNG")


def test_sentences_of_the_page_are_what_the_model_tells() -> None:
    text = " ".join(PAGE.read_text().split())
    most = limits(DEFAULT)
    assert f"make it {most['throttle of the stage']:.0f} tasks a second" in text
    assert f"a new table, at {most['a new table']:.0f} a second" in text
    assert 3_000 < most["Lambda's requests"] < most["API Gateway's requests"] < most["Lambda's concurrency"] < 4_000
    long = replace(DEFAULT, seconds=60)
    assert f"need {200 * long.batch_seconds / long.batch:,.0f} batches side by side" in text
    assert minutes_until(long, 200) == pytest.approx(4, abs=0.05)
