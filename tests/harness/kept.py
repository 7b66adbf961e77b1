"""The stack that `up` leaves behind: what is written down about it, and how a later command finds it again."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from harness.command_line import command_line
from harness.embedded import EmbeddedAws
from harness.errors import BadInput, HarnessError
from harness.examples import example_folder, named_folder
from harness.given_variables import provided
from harness.instances import Instance, chosen
from harness.paths import STACKS
from harness.reaper import delete_folder
from harness.stack import Stack
from harness.target import Target
from task_runner_client.progress import View


@dataclass(frozen=True)
class Kept:
    """A stack that stays between commands, in .build/stacks/<name of its folder>/.

    Attributes:
        source: the folder that it is made of.
        target: where it is.
        server: its embedded AWS; None in an account.
        arguments: what Terraform was given for its variables, `-var=...` and `-var-file=...`.
    """

    source: Path
    target: Target
    server: EmbeddedAws | None
    arguments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What commands call it: the name of the folder that it is made of."""
        return self.source.name

    @property
    def _record(self) -> Path:
        return STACKS / self.name / "kept.json"

    @property
    def _instances(self) -> Path:
        return STACKS / self.name / "instances.json"

    @classmethod
    def create(cls, where: str, example: str, view: View, arguments: Sequence[str] = ()) -> Self:
        """Start a server that outlives this process (or take the caller's account), and write it down."""
        source = example_folder(example)
        server = None
        if where == "aws":
            target = Target.aws()
        else:
            with view.step("Starting the embedded AWS"):
                server = EmbeddedAws(STACKS / source.name / "server", detached=True).start()
            target = Target.embedded(server.endpoint, server.ca_bundle)
        kept = cls(source, target, server, tuple(arguments))
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
        folder = STACKS / named_folder(example).name
        try:
            record: dict[str, Any] = json.loads((folder / "kept.json").read_text())
        except FileNotFoundError:
            example_folder(example)
            return None
        source = Path(record["source"])
        if os.sep in example and named_folder(example) != source:
            raise HarnessError(
                f"{source.name} is up already, made of {source}. End it first, with `down` of that folder."
            )
        arguments = tuple(record.get("arguments", ()))
        if record["target"] == "aws":
            return cls(source, Target.aws(), None, arguments)
        server = EmbeddedAws.attach(folder / "server", record["group"], record["port"])
        kept = cls(source, Target.embedded(server.endpoint, server.ca_bundle), server, arguments)
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
        return Stack(
            self.target,
            self.source,
            view=view,
            variables=provided(self.target, self.source, self.arguments),
            arguments=self.arguments,
            home=STACKS / self.name / "work",
        )

    def given(self, arguments: Sequence[str]) -> Self:
        """Return it with other values for its variables, and write them down; it keeps its own where none are given."""
        if not arguments:
            return self
        kept = replace(self, arguments=tuple(arguments))
        kept._write()
        return kept

    def instances(self) -> list[Instance]:
        """Return the instances of the module as the last apply left them, without asking Terraform.

        Raises:
            HarnessError: no apply has gone through yet.
        """
        try:
            return [Instance(**each) for each in json.loads(self._instances.read_text())]
        except FileNotFoundError:
            raise HarnessError(f"{self.name} is not applied yet. Wait for `{self.line('up')}`, or run it.") from None

    def outputs(self, instance: str = "") -> dict[str, Any]:
        """Return what the module's outputs held after the last apply, as far as its resources tell.

        `instance` is the address of one; it need not be given where there is only one.

        Raises:
            HarnessError: no apply has gone through yet, or there is no such instance, or none was chosen.
        """
        return chosen(self.instances(), instance).outputs

    def client_settings(self, instance: str = "") -> dict[str, str]:
        """Return the environment variables that lead the command task-runner to it; none before the first apply.

        Raises:
            HarnessError: there is no such instance, or none was chosen.
        """
        if not self.is_applied:
            return {}
        outputs = self.outputs(instance)
        return {"TASK_RUNNER_URL": self.target.api_url(outputs), "TASK_RUNNER_QUEUE_URL": outputs["queue_url"]}

    @property
    def is_applied(self) -> bool:
        """Tell whether an apply has ever gone through."""
        return self._instances.is_file()

    def note(self, instances: Sequence[Instance]) -> None:
        """Write down what an apply has made."""
        self._instances.write_text(json.dumps([asdict(each) for each in instances]))

    def is_on_record(self) -> bool:
        """Tell whether nobody has taken it down since."""
        return self._record.is_file()

    def forget(self) -> None:
        """End the server and delete everything that is kept. In an account, destroy first: the state goes too."""
        if self.server is not None:
            self.server.stop()
        delete_folder(STACKS / self.name)

    def _write(self) -> None:
        record: dict[str, Any] = {"source": str(self.source), "target": self.target.name, "arguments": self.arguments}
        if self.server is not None:
            record |= {"group": self.server.group, "port": self.server.port}
        self._record.parent.mkdir(parents=True, exist_ok=True)
        self._record.write_text(json.dumps(record))
