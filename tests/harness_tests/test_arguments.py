"""The command line: what each command takes, and what it refuses."""

from typing import Any

import pytest

from harness import client_commands, stack_commands
from harness.arguments import parser
from harness.where import Where


def called(
    module: Any, name: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Parse a command line and return what its function was called with, but for the view."""
    calls = []
    monkeypatch.setattr(module, name, lambda *given, **named: calls.append((given, named)))
    chosen = parser().parse_args(line.split())
    chosen.run(chosen)
    ((given, named),) = calls
    named.pop("view")
    return given, named


@pytest.mark.parametrize(
    ("line", "given", "named"),
    [
        ("demo", ("basic", "embedded"), {"sure": False}),
        ("demo --example complete --target aws --yes", ("complete", "aws"), {"sure": True}),
        ("up", ("basic", "embedded"), {"sure": False, "detach": False}),
        ("up --detach", ("basic", "embedded"), {"sure": False, "detach": True}),
        ("verify --example complete", ("complete",), {}),
        ("redrive --yes", ("basic",), {"sure": True}),
        ("down", ("basic",), {"sure": False}),
        ("env", ("basic",), {}),
    ],
)
def test_a_command_about_stacks_takes_what_it_uses(
    line: str, given: tuple[Any, ...], named: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(stack_commands, line.split()[0], line, monkeypatch) == (given, named)


def test_a_client_command_takes_an_example_or_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    given, named = called(client_commands, "submit", "submit [1] --example mine --target aws", monkeypatch)
    assert given == (Where("mine", "aws"), "[1]")
    assert named == {"idempotency_key": None, "wait": True}
    given, _ = called(client_commands, "watch", "watch 1-2 --url https://x/v1", monkeypatch)
    assert given == (Where("basic", None, "https://x/v1"), "1-2")
    given, _ = called(client_commands, "list_dlq", "list-dlq --queue-url https://q", monkeypatch)
    assert given == (Where("basic", None, None, "https://q"),)


def test_a_negative_number_is_a_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(client_commands, "submit", "submit -5", monkeypatch)[0][1] == "-5"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "required: command"),
        ("verify --yes", "unrecognized arguments: --yes"),
        ("demo --detach", "unrecognized arguments: --detach"),
        ("up --target moon", "invalid choice: 'moon'"),
        ("submit", "one of the arguments payload --file is required"),
        ("submit {} --file x", "not allowed with argument"),
        ("submit {} --idempotency-key kürzel", "must be 1 to 255 visible ASCII characters"),
        ("watch", "required: taskId"),
    ],
)
def test_a_mistake_is_named(line: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args(line.split())
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("command", ["demo", "up", "verify", "redrive", "down", "env", "submit", "watch", "list-dlq"])
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        parser().parse_args([command, "--help"])
    assert "--example" in capsys.readouterr().out
