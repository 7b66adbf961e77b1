"""One applied configuration, in a folder of its own."""

import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tftest

from harness.errors import HarnessError
from harness.paths import BUILD, ROOT
from harness.progress import View
from harness.reaper import REAPER, delete_folder
from harness.runner import Events, run
from harness.target import Target
from harness.terraform import terraform_binary

Variables = Mapping[str, Any]
_CHANGING = ("-json", "-auto-approve", "-input=false")
_NOT_COPIED = shutil.ignore_patterns(".terraform*", "*.tfstate*", "__pycache__")


class Stack:
    """A copy of the module and of one configuration that uses it (an example, a test's fixture), run by Terraform.

    A copy, because tftest deletes lock and state files where it works, and because runs side by side must not meet.
    """

    def __init__(
        self,
        target: Target,
        source: Path,
        *,
        view: View,
        variables: Variables | None = None,
        home: Path | None = None,
    ) -> None:
        """Make no copy yet. `source` is a folder of this repository; variables it does not declare are left out.

        `home` keeps copy and state for later runs. Without it they live in a temporary folder that does not outlive
        this process; in an account they live in .build, since what is lost with them would have to be found by hand.
        """
        self.target = target
        self.name = source.name
        declared = _declared(source)
        self.variables = {name: value for name, value in (variables or {}).items() if name in declared}
        self._source, self._view = source.resolve(), view
        if home is None and target.is_embedded:
            home = Path(tempfile.mkdtemp(prefix="task-runner-"))
            REAPER.add("folder", home)
        self.home = home or BUILD / "runs" / f"{self.name}-{secrets.token_hex(3)}"
        self.folder = self.home / self._source.relative_to(ROOT)
        self._terraform = tftest.TerraformTest(str(self.folder), binary=terraform_binary().path)
        self._terraform.env = target.terraform_environment()
        # tftest takes every exit code but 1 and 11, a killed Terraform's too, for success: run with our own.
        self._terraform.execute_command = self._execute

    def prepare(self) -> None:
        """Copy what the configuration needs, and `terraform init`."""
        files = [*ROOT.glob("*.tf"), *(ROOT / "lambda_src" / "dist").glob("*.zip")]
        for file in files:
            copy = self.home / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        shutil.copytree(self._source, self.folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
        # In a file, so that terraform run by hand in this folder has them too.
        (self.folder / "harness.auto.tfvars.json").write_text(json.dumps(self.variables))
        self._terraform.setup(cleanup_on_exit=False)

    def apply(self) -> dict[str, Any]:
        """Create or update everything; return what the output `task_runner` holds."""
        with self._view.step(f"Applying {self.name}") as step:
            self._execute("apply", *_CHANGING, on_event=Events(step))
        return self.outputs()

    def destroy(self) -> None:
        """Destroy everything that the state knows."""
        with self._view.step(f"Destroying {self.name}") as step:
            self._execute("destroy", *_CHANGING, on_event=Events(step))

    def outputs(self) -> dict[str, Any]:
        """Return what the output `task_runner` holds; empty before the first apply."""
        outputs = self._terraform.output()
        return dict(outputs["task_runner"]) if "task_runner" in outputs else {}

    def plan(self) -> Any:
        """Plan, and return tftest's TerraformPlanOutput."""
        file = self.folder / "run.tfplan"
        self._execute("plan", "-input=false", "-no-color", f"-out={file}")
        shown = self._execute("show", "-no-color", "-json", str(file))
        return tftest.TerraformPlanOutput(json.loads(shown.out))

    @property
    def has_state(self) -> bool:
        """Tell whether anything was ever applied."""
        return (self.folder / "terraform.tfstate").is_file()

    @property
    def has_outputs(self) -> bool:
        """Tell whether an apply has ever gone through."""
        return self.has_state and bool(self.outputs())

    def asked(self, resource_type: str) -> list[dict[str, Any]]:
        """Return what the state holds of every resource of a type."""
        return [
            instance["attributes"]
            for resource in self._terraform.state_pull()["resources"]
            if (resource["mode"], resource["type"]) == ("managed", resource_type)
            for instance in resource["instances"]
        ]

    def close(self) -> None:
        """Delete the folder, with the state in it."""
        delete_folder(self.home)
        REAPER.drop("folder", self.home)

    def _execute(self, command: str, *arguments: str, on_event: Events | None = None) -> Any:
        # On an embedded AWS nothing is lost with the state; an account's state must be written.
        grace = 10.0 if self.target.is_embedded else 600.0
        return run(
            [self._terraform.binary, command, *arguments],
            self.folder,
            self._terraform.env,
            grace=grace,
            on_line=on_event,
        )


def _declared(source: Path) -> set[str]:
    return {name for file in source.glob("*.tf") for name in re.findall(r'^variable "(\w+)"', file.read_text(), re.M)}


@contextmanager
def applied(stack: Stack) -> Iterator[dict[str, Any]]:
    """Apply a stack, yield its outputs, then destroy it and delete its folder.

    After an error nothing on an embedded AWS is destroyed one by one: it all goes with its server.

    Raises:
        HarnessError: it could not be destroyed in an account; folder and state stay, and the message says where.
    """
    failure: BaseException | None = None
    try:
        stack.prepare()
        yield stack.apply()
    except BaseException as error:
        failure = error
        raise
    finally:
        if stack.has_state and not (failure and stack.target.is_embedded):
            _destroy(stack, failure)
        stack.close()


def _destroy(stack: Stack, earlier: BaseException | None) -> None:
    try:
        stack.destroy()
    except BaseException as error:
        if stack.target.is_embedded:
            stack.close()
            raise
        before = f"{earlier}\n\n" if earlier else ""
        raise HarnessError(
            f"{before}{stack.name} is still in {stack.target.title}, in part or whole: {error}\nIts state is kept. Run "
            f"`terraform -chdir={stack.folder} destroy` until it succeeds, then delete {stack.home}."
        ) from error
