import pytest


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
