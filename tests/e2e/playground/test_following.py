"""Following a server whose stack is gone, or never was."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import kept as kept_module
from harness import playground
from harness.deployment import Deployment
from harness.embedded import EmbeddedAwsError
from harness.kept import Kept
from harness.playground import Playground
from harness.watcher import Watcher
from task_runner_client.progress import View


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Kept, Playground]]:
    """A playground around a server without a stack."""
    monkeypatch.setattr(kept_module, "STACKS", tmp_path)
    kept = Kept.create("embedded", "basic", View())
    assert kept.server is not None
    try:
        stack = kept.stack(View())
        nothing = Deployment(stack, [])
        yield kept, Playground(kept, kept.server, nothing, Watcher(tuple), lambda: nothing, View())
    finally:
        kept.forget()


def test_a_server_that_dies_is_told_with_the_end_of_its_log(
    empty: tuple[Kept, Playground], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playground, "_DOWN_SECONDS", 0.5)
    kept, here = empty
    assert kept.server is not None
    os.kill(kept.server.group, signal.SIGKILL)
    with pytest.raises(EmbeddedAwsError, match=r"has died(.|\n)*Running on https://127\.0\.0\.1"):
        here.follow()


def test_who_follows_learns_that_the_stack_was_taken_down(
    empty: tuple[Kept, Playground], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(playground, "_DOWN_SECONDS", 60.0)  # to delete a folder takes its time on a busy machine
    kept, here = empty
    ender = threading.Timer(0.5, kept.forget)
    ender.start()
    here.follow()
    ender.join()
    assert "basic was taken down." in capsys.readouterr().out
