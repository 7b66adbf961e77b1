from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

_SUBJECTS = PurePosixPath("tests/e2e")


class BySubject(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """Gives one worker a file at a time, and all files of a folder in tests/e2e together: they share a stack."""

    def _split_scope(self, nodeid: str) -> str:
        file = PurePosixPath(super()._split_scope(nodeid))
        return str(file.parent if _SUBJECTS in file.parents else file)


@pytest.hookimpl(optionalhook=True)  # without xdist, nobody asks
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySubject | None:
    return BySubject(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("task-runner")
    group.addoption(
        "--target",
        choices=("embedded", "aws"),
        default="embedded",
        help="where tests/e2e applies its stacks: on servers of its own, or in the AWS account of your credentials",
    )
    group.addoption("--yes", action="store_true", help="create and destroy in that account without being asked")
    group.addoption(
        "--flood",
        type=int,
        default=200,
        help="how many tasks the chaos test posts at once (default: %(default)s; `make soak` posts 1000)",
    )
