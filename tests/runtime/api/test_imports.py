"""Whoever changes how requests are routed has one file to change."""

from pathlib import Path

from task_runner import api


def test_one_file_alone_knows_the_event_handler_of_powertools() -> None:
    files = Path(api.__file__).parent.rglob("*.py")
    assert [file.name for file in files if "event_handler" in file.read_text()] == ["dispatch.py"]
