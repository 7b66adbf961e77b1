"""What a run gives to its subjects: a place to show progress, an embedded AWS, and stacks applied on it."""

import json
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from harness import embedded
from harness.embedded import EmbeddedAws
from harness.stack import Stack
from harness.target import Outputs, Target
from harness.terraform import terraform_binary
from task_runner_client import TaskClient
from task_runner_client.progress import View

HERE = Path(__file__).parent
SIDES = OURS, TEXTBOOK = "ours", "textbook"  # the folders of their configurations


@dataclass(frozen=True)
class Side:
    """One of those that are compared, applied."""

    name: str
    target: Target
    outputs: Outputs

    def client(self) -> TaskClient:
        """Return a new client, with a connection of its own, which lasts: one for each thread."""
        return self.target.task_client(self.outputs)


class Bench:
    """A context manager: what was started inside it is gone after it. Nothing starts before it is asked for."""

    def __init__(self, view: View) -> None:
        """Show progress in this view."""
        self.view = view
        self._exit = ExitStack()
        self._stacks: list[Stack] = []

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the server and with it all stacks."""
        self._exit.close()

    @cached_property
    def folder(self) -> Path:
        """A temporary folder."""
        return Path(self._exit.enter_context(tempfile.TemporaryDirectory(prefix="task-runner-")))

    @cached_property
    def server(self) -> EmbeddedAws:
        """The server of the embedded AWS, one for the whole run, started by a launcher of our own."""
        vars(embedded)["_LAUNCHER"] = HERE / "launcher.py"
        return self._exit.enter_context(EmbeddedAws())

    @cached_property
    def target(self) -> Target:
        """The embedded AWS."""
        return Target.embedded(self.server.endpoint, self.server.ca_bundle)

    @cached_property
    def packages(self) -> Mapping[str, str]:
        """The packages of both sides, by the variables that name them."""
        work, textbook = HERE / "work", HERE / "textbook"
        packages = {
            "package_file": zipped(self.folder / "tasks.zip", work),
            "api_package_file": zipped(self.folder / "api.zip", textbook / "api"),
            "worker_package_file": zipped(self.folder / "worker.zip", textbook / "worker", work),
        }
        return {name: str(file) for name, file in packages.items()}

    @cached_property
    def ours(self) -> Side:
        """The module, applied on the embedded AWS."""
        return self.applied(HERE / OURS, **self.packages)

    @cached_property
    def textbook(self) -> Side:
        """The textbook version, applied on the embedded AWS."""
        return self.applied(HERE / TEXTBOOK, **self.packages)

    @cached_property
    def pair(self) -> Mapping[str, Side]:
        """The module and the textbook version, both applied on the same embedded AWS, by the names OURS, TEXTBOOK."""
        with self.view.step("Applying the module and the textbook version"), ThreadPoolExecutor() as pool:
            self.target.client("lambda")  # made once, and not by two threads at the same time
            self.packages  # noqa: B018 - the same
            return dict(zip(SIDES, pool.map(lambda name: getattr(self, name), SIDES), strict=True))

    def applied(self, source: Path, **variables: Any) -> Side:
        """Apply a configuration on the embedded AWS, where what it creates is called `bench-<name of its folder>`.

        Raises:
            HarnessError: Terraform failed.
        """
        stack = self.prepared(source, **variables)
        stack.apply()
        return Side(source.name, self.target, stack.outputs())

    def prepared(self, source: Path, **variables: Any) -> Stack:
        """Make a stack of a configuration, initialised and not applied; `name` among the variables calls it otherwise.

        Raises:
            HarnessError: Terraform failed.
        """
        known = {**self.target.variables(f"bench-{source.name}"), **variables}
        stack = Stack(self.target, source, view=View.silent(), variables=known)
        self._exit.callback(stack.close)
        stack.prepare()
        self._stacks.append(stack)
        return stack

    def versions(self) -> dict[str, str]:
        """Return the version of the AWS provider, once a stack was applied."""
        for stack in self._stacks:
            command = [terraform_binary().path, f"-chdir={stack.folder}", "version", "-json"]
            told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            return {"provider": str(next(iter(told["provider_selections"].values())))}
        return {}


def zipped(package: Path, *folders: Path) -> Path:
    """Zip the Python files of some folders; return the package."""
    with zipfile.ZipFile(package, "w") as archive:
        for file in [file for folder in folders for file in sorted(folder.glob("*.py"))]:
            archive.write(file, file.name)
    return package
