import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from task_runner_client import client, queues


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pass no time between polls; tell how long each wait would have been."""
    taken: list[float] = []
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: sum(taken), sleep=taken.append))
    monkeypatch.setattr(queues, "_EMPTY_RECEIVES", 1)  # each waits a second
    return taken


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the developer has set up for AWS, or for another task runner, is not there."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "TASK_RUNNER_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
