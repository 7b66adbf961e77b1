import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.subjects import apply
from benchmarks.timeline import Made, Timeline, awaited, critical_path, told

STARTED = 1_767_225_600.0  # 2026-01-01T00:00:00Z
QUEUE, DEAD = Made("aws_sqs_queue.this[0]", 1, 26), Made("aws_sqs_queue.dead_letter[0]", 1, 26.1)
REDRIVE, FUNCTION = Made("aws_sqs_queue_redrive_policy.this[0]", 26.2, 51.4), Made("aws_lambda_function.api", 26.2, 35)
MADE = [QUEUE, FUNCTION, DEAD, REDRIVE]
WAITS = {REDRIVE.address: {"aws_sqs_queue.this", "aws_sqs_queue.dead_letter"}, FUNCTION.address: {"aws_sqs_queue.this"}}


def event(kind: str, address: str, second: int, action: str = "create") -> str:
    hook = {"resource": {"addr": address}, "action": action}
    return json.dumps({"type": kind, "hook": hook, "@timestamp": f"2026-01-01T00:00:{second:02d}.500000Z"})


def test_resource_is_made_from_its_start_to_its_completion() -> None:
    timeline = Timeline(STARTED)
    for line in (
        "no event",
        event("apply_start", "a", 1),
        event("apply_progress", "a", 2),
        event("refresh_start", "a", 2),
    ):
        timeline(line)
    timeline(event("apply_complete", "a", 3))
    assert timeline.made == [Made("a", 1.5, 3.5)]


def test_what_is_only_read_is_left_out() -> None:
    timeline = Timeline(STARTED)
    for kind in ("apply_start", "apply_complete"):
        timeline(event(kind, "data.a", 1, "read"))
    assert timeline.made == []


def test_critical_path_ends_with_what_was_made_last_and_goes_by_what_it_waited_for() -> None:
    assert critical_path(MADE, WAITS) == [DEAD, REDRIVE]


def test_instances_wait_for_what_the_state_says(tmp_path: Path) -> None:
    state = tmp_path / "state"
    resource: dict[str, Any] = {"module": "module.m", "type": "aws_x", "name": "y"}
    instances = [{"index_key": key, "dependencies": ["module.m.aws_z.w"]} for key in (0, "k")]
    single = {"type": "aws_x", "name": "y", "instances": [{}]}
    state.write_text(json.dumps({"resources": [{**resource, "instances": instances}, single]}))
    waits = {"module.m.aws_z.w"}
    assert awaited(state) == {"module.m.aws_x.y[0]": waits, 'module.m.aws_x.y["k"]': waits, "aws_x.y": set()}


@pytest.fixture
def result() -> dict[str, Any]:
    side = {"seconds": 55.0, "resources": [*map(told, MADE)], "path": [told(DEAD), told(REDRIVE)]}
    return {"ours": side, "textbook": {**side, "seconds": 50.0}}


def test_table_tells_what_is_left_without_the_waits(result: dict[str, Any]) -> None:
    shown = apply.table(result)
    assert "| without them, s | 5.0 | 0.0 |  | ≤ 10 |" in shown
    assert "| `sqs_queue_redrive_policy.this` | 26.2 | 25.2 | 25 |" in shown


def test_plot_has_a_bar_for_each_resource(result: dict[str, Any], tmp_path: Path) -> None:
    apply.plot(result, tmp_path)
    assert (tmp_path / "apply.png").stat().st_size < 60_000
