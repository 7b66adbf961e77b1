"""How the functions' output and the server's complaints become lines for a person."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.embedded import EmbeddedAws
from harness.function_logs import FunctionLogs, Line, Tail, readable

ID = "6f1c1a3e-0000-4000-8000-000000000000"


def log(level: str = "INFO", **more: Any) -> str:
    """What the functions' logger writes."""
    fixed = {"level": level, "location": "handle:7", "timestamp": "2026-01-31 10:00:00,000+0000", "service": "mine"}
    return json.dumps({**fixed, **more})


def shown(text: str) -> list[Line]:
    return list(readable("10:00:00", "worker", text))


def test_a_log_line_shows_time_function_level_task_and_message() -> None:
    (line,) = shown(log(message="page 3", task_id=ID))
    assert line.text == f"10:00:00 worker INFO    {ID} page 3"


def test_what_else_a_log_line_says_stands_behind_its_message() -> None:
    (line,) = shown(log("WARNING", message="attempt failed", task_id=ID, error_type="ValueError", receives=2))
    assert line.text.endswith(f"WARNING {ID} attempt failed error_type=ValueError receives=2")
    assert line.style == "yellow"


def test_a_line_without_a_task_leaves_no_gap() -> None:
    assert shown(log(message="starting"))[0].text == "10:00:00 worker INFO    starting"


def test_a_traceback_is_shown_below_without_the_servers_folders() -> None:
    place = "/tmp/x/server/tmp/ministack-lambda-mine-worker-ab/code"  # noqa: S108 - where a server has unpacked code
    trace = f'Traceback:\n  File "{place}/my_tasks.py", line 3\nValueError: no'
    message, *below = shown(log("ERROR", message="no luck", task_id=ID, exception=trace, exception_name="ValueError"))
    assert message.text == f"10:00:00 worker ERROR   {ID} no luck"
    assert [line.text.strip() for line in below] == ["Traceback:", 'File "my_tasks.py", line 3', "ValueError: no"]


@pytest.mark.parametrize("text", ["plain words", "[1, 2]", '{"not": "a log"}', '{"broken', "", "  File x"])
def test_what_is_no_log_line_is_shown_as_it_is(text: str) -> None:
    assert shown(text)[0].text.removeprefix("10:00:00 worker ").strip() == text.strip()


def test_metrics_are_not_shown() -> None:
    assert shown('{"_aws": {"Timestamp": 1}, "service": "mine", "TasksCompleted": [1.0]}') == []


def test_a_tail_tells_whole_lines_once(tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    file.write_text("old\n")
    tail = Tail(file, from_end=True)
    assert tail.lines() == []
    with file.open("a") as out:
        out.write("one\ntw")
        out.flush()
        assert tail.lines() == ["one"]
        out.write("o\n")
    assert tail.lines() == ["two"]
    assert tail.lines() == []


def test_a_line_that_nobody_ends_is_told_in_the_end(tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    file.write_bytes(b"half \xff")
    tail = Tail(file)
    assert tail.lines() == []
    assert tail.lines() == ["half \ufffd"]
    assert tail.lines() == []


@pytest.fixture
def server(tmp_path: Path) -> EmbeddedAws:
    server = EmbeddedAws(tmp_path, detached=True)
    server.output.mkdir()
    return server


def test_every_function_is_followed_under_its_role(server: EmbeddedAws) -> None:
    earlier = server.output / "mine-worker.1.log"
    earlier.write_text("before\n")
    logs = FunctionLogs(server, {"mine-worker": "worker"})
    with earlier.open("a") as file:
        file.write("again\n")
    (server.output / "mine-worker.2.log").write_text("from another process\n")
    (server.output / "mine-authorizer.3.log").write_text("a function of the example's own\n")
    said = [line.text[9:].split(maxsplit=1) for line in logs.lines()]
    assert said == [
        ["mine-authorizer", "a function of the example's own"],
        ["worker", "again"],
        ["worker", "from another process"],
    ]


def test_of_the_server_only_complaints_are_shown(server: EmbeddedAws) -> None:
    server.log.write_text("2026-01-31 10:00:00 ERROR [lambda] long ago\n")
    logs = FunctionLogs(server, {})
    with server.log.open("a") as file:
        file.write(
            "2026-01-31 10:00:00 INFO [lambda] ESM: Lambda mine-worker output:\n"
            f"{log(message='told live already')}\n"
            "2026-01-31 10:00:00 WARNING [lambda] Lambda mine-worker timed out after 60s\n"
            "  a line that belongs to it\n"
        )
    (line,) = logs.lines()
    assert line.text.endswith("server WARNING Lambda mine-worker timed out after 60s")
