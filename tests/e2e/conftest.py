import io
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.embedded import EmbeddedAws
from harness.inventory import inventory
from harness.paths import ROOT
from harness.redeploy import deliveries_paused
from harness.stack import Stack, applied
from harness.target import Outputs, Target
from task_runner_client import TaskClient, TaskView
from task_runner_client.progress import View

SUBJECTS = Path(__file__).parent
EXAMPLES = ROOT / "examples"
SPREAD = 60.0  # seconds that a new user, key, policy or trust may take in an account until it is known everywhere
PATIENCE = 180.0  # seconds: many times what a task here takes, since a busy machine is not a fault


@dataclass(frozen=True)
class Live:
    """A stack that is applied."""

    stack: Stack
    outputs: Outputs

    @property
    def target(self) -> Target:
        return self.stack.target

    @property
    def api(self) -> TaskClient:
        return self.target.task_client(self.outputs)

    def end_of(self, task_id: str) -> TaskView:
        """Wait until a task is terminal, and return its view."""
        *_, view = self.api.wait(task_id, PATIENCE)
        return view

    def run(self, payload: Any) -> TaskView:
        """Submit a payload and return the terminal view of its task."""
        return self.end_of(self.api.submit(payload)["taskId"])

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep in the queue, for the time of the block, what is sent to it."""
        with deliveries_paused(self.target, self.outputs):
            yield


@contextmanager
def place(config: pytest.Config) -> Iterator[Target]:
    """The caller's account where the options say so, else a server of its own."""
    if config.getoption("--target") == "aws":
        if not config.getoption("--yes"):
            pytest.exit("--target aws creates and destroys in your AWS account: add --yes to agree", returncode=2)
        yield Target.aws()
        return
    with EmbeddedAws(plain_http=True) as server:
        yield Target.embedded(server.endpoint, server.ca_bundle, plain_endpoint=server.plain_endpoint)
        server.check()


@contextmanager
def live(config: pytest.Config, source: Path, **variables: Any) -> Iterator[Live]:
    """Apply a stack under a name of its own, destroy it, and see that nothing of that name is left."""
    with place(config) as target:
        name = f"trt-{source.name}-{secrets.token_hex(3)}"
        before = inventory(target, name)
        stack = Stack(target, source, view=View(), variables={**target.variables(name), **variables})
        with applied(stack) as outputs:
            yield Live(stack, outputs)
        left = inventory(target, name) - before
        assert not left, f"destroy leaves something behind: {sorted(left)}"


def packaged(source: Path, folder: Path) -> str:
    """Zip a stack's task code; return the variable `package_file`."""
    package = folder / "tasks.zip"
    package.write_bytes(package_of((source / "tasks.py").read_text()))
    return str(package)


def package_of(code: str) -> bytes:
    """Zip the text of a module `tasks`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("tasks.py", code)
    return content.getvalue()
