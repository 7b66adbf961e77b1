import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from plan.planner import Planner


@pytest.fixture(scope="session")
def plan() -> Iterator[Planner]:
    with tempfile.TemporaryDirectory(prefix="task-runner-plan-") as home:
        yield Planner(Path(home))
