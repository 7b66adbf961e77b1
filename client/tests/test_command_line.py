"""The command as a whole: its help, its completion, and that `python -m` is the same."""

import os
import subprocess
import sys

import pytest

from task_runner_client.commands import main, task_runner

Shown = pytest.CaptureFixture[str]


@pytest.mark.parametrize("command", sorted(task_runner.commands))
def test_each_command_has_help_with_an_example(command: str, capsys: Shown) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"\n    task-runner {command} " in shown
    assert max(len(line) for line in shown.split("Options:")[1].splitlines()) <= 80


def test_the_help_tells_exit_codes_and_every_command(capsys: Shown) -> None:
    assert main(["-h"]) == 0
    shown = capsys.readouterr().out
    for code in ("0 ", "1 ", "2 ", "130 "):
        assert f"\n    {code}" in shown
    for command in ("submit", "watch", "list-dlq", "redrive", "cost"):
        assert f"\n  {command} " in shown
    assert "..." not in shown.split("Commands:")[1], "what a command is for is cut off"


@pytest.mark.parametrize(
    ("arguments", "sentence"), [([], "Usage:"), (["dance"], "No such command 'dance'"), (["--loud"], "No such option")]
)
def test_a_mistake_is_named(arguments: list[str], sentence: str, capsys: Shown) -> None:
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err


def completion(**variables: str) -> str:
    """What the command, called `task-runner`, prints to a shell that completes."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    code = "import sys; sys.argv = ['task-runner']; from task_runner_client.commands import main; sys.exit(main())"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion_script(shell: str) -> None:
    script = completion(_TASK_RUNNER_COMPLETE=f"{shell}_source")
    assert f"_TASK_RUNNER_COMPLETE={shell}_complete" in script


@pytest.mark.parametrize(
    ("words", "completed"), [("task-runner wa", "watch"), ("task-runner redrive --que", "--queue-url")]
)
def test_commands_and_options_are_completed(words: str, completed: str) -> None:
    count = str(len(words.split()) - 1)
    assert (
        completion(_TASK_RUNNER_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=count) == f"plain,{completed}\n"
    )


def test_python_runs_the_same_command() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "task_runner_client", "submit"]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert shown.returncode == 2
    assert "Missing argument 'PAYLOAD'" in shown.stderr
