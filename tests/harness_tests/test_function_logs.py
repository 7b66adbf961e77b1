"""How the functions' output and the server's complaints become lines for a person."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from harness import printed
from harness.embedded import EmbeddedAws
from harness.function_logs import FunctionLogs, Tail
from harness.log_lines import Line, readable
from harness.printed import HELD_SECONDS, Prints

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


def test_what_is_ordinary_takes_no_room() -> None:
    (line,) = shown(log(message="task completed", task_id=ID, receives=1, pages=[1]))
    assert line.text.endswith("task completed pages=[1]")


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


METRICS = '{"_aws": {"Timestamp": 1}, "service": "mine", "TasksCompleted": [1.0]}'


def test_metrics_are_not_shown() -> None:
    assert shown(METRICS) == []


UNPACKED = "/tmp/x/server/tmp/ministack-lambda-mine-worker-ab"  # noqa: S108 - where a server has unpacked code
FRAMES = [
    {"file": f"{UNPACKED}/code/my_tasks.py", "line": 12, "function": "handle"},
    {"file": f"{UNPACKED}/code/shop/orders.py", "line": 7, "function": "read"},
    {"file": "/usr/lib/python3.12/json/decoder.py", "line": 355, "function": "raw_decode"},
    {"file": f"{UNPACKED}/layer_1/python/task_runner/progress.py", "line": 3, "function": "show"},
]


def test_a_failed_attempt_says_why_and_where_in_the_readers_own_code_first() -> None:
    why = {"error_type": "ValueError", "error_text": "no\nluck \x1b[31m", "frames": FRAMES}
    message, *below = shown(log("WARNING", message="attempt failed", task_id=ID, **why))
    assert message.text == f"10:00:00 worker WARNING {ID} attempt failed"
    assert [line.text for line in below] == [
        "    ValueError: no",
        "    luck \ufffd[31m",
        "      shop/orders.py:7 in read",
        "      my_tasks.py:12 in handle",
        "      through task_runner/progress.py:3 in show",
        "      through json/decoder.py:355 in raw_decode",
    ]
    assert max(len(line.text) for line in (message, *below)) <= 80


def test_a_failure_stays_on_one_screen() -> None:
    why = {"error_type": "E", "error_text": "line\n" * 100, "frames": FRAMES * 10}
    lines = shown(log("WARNING", message="attempt failed", **why))
    assert len(lines) == 1 + 8 + 6 + 3
    assert lines[8].text.endswith("… and 93 more")


def test_a_line_of_the_past_has_its_own_time() -> None:
    (line,) = readable("", "worker", log(message="starting").replace("+0000", f"{datetime.now().astimezone():%z}"))
    assert line.text == "10:00:00 worker INFO    starting"
    (line,) = readable("", "worker", "a print")
    assert line.text == "         worker         a print"


def ended(task_id: str) -> str:
    return log(message="task completed", task_id=task_id, receives=1)


def test_a_print_is_of_the_one_task_that_its_batch_had() -> None:
    prints = Prints()
    inside = log(message="page 3", task_id=ID)
    assert list(prints.read(["one", inside, "two"], 5.0)) == []
    told = list(prints.read([ended(ID), METRICS, "next"], 5.2))
    assert told == [("one", ID), (inside, ID), ("two", ID), (ended(ID), ID)]


def test_a_print_of_one_of_several_tasks_is_told_as_nobodys() -> None:
    lines = ["one", ended("a"), ended("b"), METRICS]
    assert [task_id for _, task_id in Prints().read(lines, 5.0)] == ["", "", ""]


def test_a_print_of_a_task_that_goes_on_is_told_after_a_moment() -> None:
    prints = Prints()
    assert list(prints.read(["working"], 5.0)) == []
    assert list(prints.read([], 5.0 + HELD_SECONDS)) == [("working", "")]
    assert list(prints.read(["done", ended(ID), METRICS], 9.0)) == [("done", ID), (ended(ID), ID)]


def test_what_a_new_process_has_printed_may_be_an_imports() -> None:
    assert list(Prints().read(["importing", ended(ID)], 5.0, first=True)) == [("importing", ""), (ended(ID), "")]


def test_tasks_of_an_earlier_batch_do_not_count() -> None:
    prints = Prints()
    list(prints.read([ended("a"), METRICS], 5.0))
    assert list(prints.read(["one", ended(ID), METRICS], 6.0)) == [("one", ID), (ended(ID), ID)]


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


def test_every_function_is_followed_under_its_role(server: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "HELD_SECONDS", 0.0)
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


def test_what_was_written_before_can_be_shown_too(server: EmbeddedAws) -> None:
    (server.output / "mine-worker.1.log").write_text(f"before\n{ended(ID)}\n")
    said = [line.text for line in FunctionLogs(server, {"mine-worker": "worker"}, from_start=True).lines()]
    assert said[0].split() == ["worker", "before"]
    assert said[1].endswith(f"{ID} task completed")


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
