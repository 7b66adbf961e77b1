"""The command line: what each command takes, and what it refuses."""

from typing import Any

import pytest

from harness import demonstration, stack_commands
from harness.arguments import parser


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
        ("demo", ("basic", "embedded", []), {"sure": False}),
        ("demo --example complete --target aws --yes", ("complete", "aws", []), {"sure": True}),
        ("up", ("basic", "embedded", []), {"sure": False, "detach": False}),
        ("up --detach", ("basic", "embedded", []), {"sure": False, "detach": True}),
        (
            "up -var a=1 --var b=x=y",
            ("basic", "embedded", ["-var=a=1", "-var=b=x=y"]),
            {"sure": False, "detach": False},
        ),
        ("demo -var=a=1", ("basic", "embedded", ["-var=a=1"]), {"sure": False}),
        (f"demo -var-file {__file__}", ("basic", "embedded", [f"-var-file={__file__}"]), {"sure": False}),
        ("verify --example complete", ("complete", ""), {}),
        ("verify --instance module.a", ("basic", "module.a"), {}),
        ("redrive --yes", ("basic", ""), {"sure": True}),
        ("down", ("basic",), {"sure": False}),
        ("env", ("basic", ""), {}),
    ],
)
def test_a_command_about_stacks_takes_what_it_uses(
    line: str, given: tuple[Any, ...], named: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = line.split()[0]
    assert called(demonstration if command == "demo" else stack_commands, command, line, monkeypatch) == (given, named)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "required: command"),
        ("verify --yes", "unrecognized arguments: --yes"),
        ("demo --detach", "unrecognized arguments: --detach"),
        ("publish {}", "invalid choice: 'publish'"),
        ("down --instance module.a", "unrecognized arguments: --instance"),
        ("up -var team", "A variable is given as NAME=VALUE, and not as 'team'"),
        ("up -var-file no/such.tfvars", "There is no file "),
        ("up --target moon", "invalid choice: 'moon'"),
    ],
)
def test_a_mistake_is_named(line: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args(line.split())
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("command", ["demo", "up", "verify", "redrive", "down", "env"])
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        parser().parse_args([command, "--help"])
    assert "--example" in capsys.readouterr().out
