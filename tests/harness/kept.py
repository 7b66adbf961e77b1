"""The stack that `up` leaves behind: what is written down about it, and how a later command finds it again."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from harness.command_line import command_line
from harness.embedded import EmbeddedAws
from harness.errors import BadInput, HarnessError
from harness.paths import ROOT, STACKS
from harness.reaper import delete_folder
from harness.stack import Stack
from harness.target import Target
from task_runner_client.progress import View


def example_folder(example: str) -> Path:
    """Return the folder of an example: its name below examples/, or a path (with a slash) to a folder anywhere.

    Raises:
        BadInput: there is none, or it holds no Terraform; the message lists the examples there are.
    """
    folder = _folder(example)
    if not example or next(folder.glob("*.tf"), None) is None:
        names = ", ".join(sorted(path.parent.name for path in ROOT.glob("examples/*/main.tf")))
        raise BadInput(f"There is no example {example!r}. There are: {names}. A path names a folder elsewhere.")
    return folder


def _folder(example: str) -> Path:
    return Path(example).resolve() if os.sep in example else ROOT / "examples" / example


@dataclass(frozen=True)
class Kept:
    """A stack that stays between commands, in .build/stacks/<name of its folder>/."""

    source: Path
    target: Target
    server: EmbeddedAws | None

    @property
    def name(self) -> str:
        """What commands call it: the name of the folder that it is made of."""
        return self.source.name

    @property
    def _record(self) -> Path:
        return STACKS / self.name / "kept.json"

    @property
    def _outputs(self) -> Path:
        return STACKS / self.name / "outputs.json"

    @classmethod
    def create(cls, where: str, example: str, view: View) -> Self:
        """Start a server that outlives this process (or take the caller's account), and write it down."""
        source = example_folder(example)
        server = None
        if where == "aws":
            target = Target.aws()
        else:
            with view.step("Starting the embedded AWS"):
                server = EmbeddedAws(STACKS / source.name / "server", detached=True).start()
            target = Target.embedded(server.endpoint)
        kept = cls(source, target, server)
        try:
            kept._write()
        except BaseException:
            kept.forget()
            raise
        return kept

    @classmethod
    def find(cls, example: str, view: View) -> Self | None:
        """Find what an earlier `up` made. One whose server has died is explained and cleaned away.

        Raises:
            HarnessError: another folder of that name is up, or it is in an AWS account that the caller's credentials
                do not reach now.
        """
        folder = STACKS / _folder(example).name
        try:
            record: dict[str, Any] = json.loads((folder / "kept.json").read_text())
        except FileNotFoundError:
            example_folder(example)
            return None
        source = Path(record["source"])
        if os.sep in example and _folder(example) != source:
            raise HarnessError(
                f"{source.name} is up already, made of {source}. End it first, with `down` of that folder."
            )
        if record["target"] == "aws":
            return cls(source, Target.aws(), None)
        server = EmbeddedAws.attach(folder / "server", record["group"], record["port"])
        kept = cls(source, Target.embedded(server.endpoint), server)
        if server.is_alive() and server.is_healthy():
            return kept
        view.say(f"The embedded AWS of {kept.name} has died, and the stack on it is gone. The end of its log:")
        view.say(server.log_tail(10))
        kept.forget()
        return None

    @classmethod
    def need(cls, example: str, view: View) -> Self:
        """Find what an earlier `up` made.

        Raises:
            BadInput: it is not up; the message says how to start it.
        """
        kept = cls.find(example, view)
        if kept is None:
            raise BadInput(f"{example} is not up. Start it with: {command_line('up', example)}")
        return kept

    def line(self, command: str) -> str:
        """Return the line that does something to it, for the shell that has called us."""
        return command_line(command, self.name)

    def stack(self, view: View) -> Stack:
        """Return the stack itself, with its state."""
        variables = self.target.variables(f"task-runner-{self.name}")
        return Stack(self.target, self.source, view=view, variables=variables, home=STACKS / self.name / "work")

    def outputs(self) -> dict[str, Any]:
        """Return what the output `task_runner` held after the last apply, without asking Terraform.

        Raises:
            HarnessError: no apply has gone through yet.
        """
        try:
            outputs: dict[str, Any] = json.loads(self._outputs.read_text())
        except FileNotFoundError:
            raise HarnessError(f"{self.name} is not applied yet. Wait for `{self.line('up')}`, or run it.") from None
        return outputs

    def client_settings(self) -> dict[str, str]:
        """Return the environment variables that lead the command task-runner to it; none before the first apply."""
        if not self._outputs.is_file():
            return {}
        outputs = self.outputs()
        return {"TASK_RUNNER_URL": self.target.api_url(outputs), "TASK_RUNNER_QUEUE_URL": outputs["queue_url"]}

    def note(self, outputs: dict[str, Any]) -> None:
        """Write down what an apply has returned."""
        self._outputs.write_text(json.dumps(outputs))

    def is_on_record(self) -> bool:
        """Tell whether nobody has taken it down since."""
        return self._record.is_file()

    def forget(self) -> None:
        """End the server and delete everything that is kept. In an account, destroy first: the state goes too."""
        if self.server is not None:
            self.server.stop()
        delete_folder(STACKS / self.name)

    def _write(self) -> None:
        record: dict[str, Any] = {"source": str(self.source), "target": self.target.name}
        if self.server is not None:
            record |= {"group": self.server.group, "port": self.server.port}
        self._record.parent.mkdir(parents=True, exist_ok=True)
        self._record.write_text(json.dumps(record))
