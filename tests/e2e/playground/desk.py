"""Somebody at work: a folder with an example of their own, and the commands that they run in it."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.conftest import PATIENCE
from harness.embedded import EmbeddedAws
from harness.paths import ROOT, STACKS_VARIABLE
from harness.target import Outputs, Target
from harness.waiting import poll
from support.processes import interruptible_python


@dataclass(frozen=True)
class Desk:
    """A folder with an example of somebody's own, copied so that it can be edited, and what `up` keeps about it."""

    folder: Path
    name: str = "mine"

    @property
    def source(self) -> Path:
        return self.folder / self.name

    @property
    def stacks(self) -> Path:
        return self.folder / "stacks"

    def environment(self) -> dict[str, str]:
        return {**os.environ, STACKS_VARIABLE: str(self.stacks)}

    def start(
        self, log: Path, command: str, *arguments: str, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[bytes]":
        with log.open("wb") as out:
            return subprocess.Popen(
                interruptible_python("-m", "harness", command, "--example", str(self.source), *arguments),
                cwd=ROOT / "tests",
                env=self.environment(),
                stdin=stdin,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def run(self, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "harness", command, "--example", self.name, *arguments],
            cwd=ROOT / "tests",
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def client(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the client's command in a shell that has taken over what `env` prints."""
        program = Path(sys.executable).with_name("task-runner")
        return self.shell(f"{self.run('env').stdout}\n{shlex.join([str(program), *arguments])}")

    def shell(self, lines: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["sh", "-c", lines], cwd=ROOT / "tests", capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def kept(self, name: str) -> Any:
        record: Any = json.loads((self.stacks / self.name / name).read_text())
        return record

    @property
    def target(self) -> Target:
        record = self.kept("kept.json")
        server = EmbeddedAws.attach(self.stacks / self.name / "server", record["group"], record["port"])
        return Target.embedded(server.endpoint, server.ca_bundle)

    @property
    def outputs(self) -> Outputs:
        return self.outputs_of("module.task_runner")

    def outputs_of(self, instance: str) -> Outputs:
        (outputs,) = (each["outputs"] for each in self.kept("instances.json") if each["address"] == instance)
        found: Outputs = outputs
        return found

    def greeting(self) -> str:
        task = self.target.task_client(self.outputs).run({"name": "world"}, PATIENCE)
        return str(task["result"]["greeting"])

    def edit(self, old: str, new: str, name: str = "src/my_tasks.py") -> None:
        file = self.source / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@dataclass(frozen=True)
class Following:
    """An `up` that follows the stack, and what it has shown."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def count(self, pattern: str) -> int:
        return len(re.findall(pattern, self.log.read_text(), re.MULTILINE))

    def shows(self, pattern: str, times: int = 1) -> bool:
        """Wait until it has shown so many lines of this kind, or has ended."""
        poll(lambda: self.process.poll() is not None or self.count(pattern) >= times, seconds=PATIENCE)
        return self.count(pattern) >= times

    @contextmanager
    def told(self, pattern: str) -> Iterator[None]:
        """What happens in the block must make a line of this kind appear that was not there before."""
        before = self.count(pattern)
        yield
        assert self.shows(pattern, times=before + 1), self.log.read_text()
