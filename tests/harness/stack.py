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
from harness.paths import BUILD, ROOT, module_files, place_in_copy
from harness.reaper import REAPER, delete_folder
from harness.runner import Events, run
from harness.target import Target
from harness.task_code import TaskCode, packages_itself
from harness.terraform import terraform_binary
from task_runner_client.progress import View

Variables = Mapping[str, Any]
_CHANGING = ("-json", "-auto-approve", "-input=false")
_NOT_COPIED = shutil.ignore_patterns(".terraform*", "*.tfstate*", "__pycache__", ".git", ".venv")


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
        """Make no copy yet. `source` is the configuration's folder; variables it does not declare are left out.

        `home` keeps copy and state for later runs. Without it they live in a temporary folder that does not outlive
        this process; in an account they live in .build, since what is lost with them would have to be found by hand.
        """
        self.target = target
        self.name = source.name
        declared = _declared(source)
        self.variables = {name: value for name, value in (variables or {}).items() if name in declared}
        self.source, self.view = source.resolve(), view
        self.code = TaskCode.of(self.source)
        if home is None and target.is_embedded:
            home = Path(tempfile.mkdtemp(prefix="task-runner-"))
            REAPER.add("folder", home)
        self.home = home or BUILD / "runs" / f"{self.name}-{secrets.token_hex(3)}"
        self.folder = self.home / place_in_copy(self.source)
        self._terraform = tftest.TerraformTest(str(self.folder), binary=terraform_binary().path)
        self._terraform.env = target.terraform_environment()
        # tftest takes every exit code but 1 and 11, a killed Terraform's too, for success: run with our own.
        self._terraform.execute_command = self._execute

    def prepare(self) -> None:
        """Build the task code's package where it is due, copy what the configuration needs, and `terraform init`.

        Raises:
            HarnessError: the package cannot be built, or Terraform cannot be initialised.
        """
        if packages_itself(self.source):
            self.code.current()
        for old in (*self.home.glob("*.tf"), *self.folder.glob("*.tf")):
            old.unlink()  # one that is gone from the source must not stay in the copy
        for file in module_files():
            copy = self.home / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        shutil.copytree(self.source, self.folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
        # In a file, so that terraform run by hand in this folder has them too.
        (self.folder / "harness.auto.tfvars.json").write_text(json.dumps(self.variables))
        self._terraform.setup(cleanup_on_exit=False)

    def apply(self) -> dict[str, Any]:
        """Create or update everything; return what the output `task_runner` holds.

        Raises:
            HarnessError: Terraform failed, or the configuration has no such output.
        """
        with self.view.step(f"Applying {self.name}") as step:
            self._execute("apply", *_CHANGING, on_event=Events(step))
        outputs = self.outputs()
        if not outputs:
            wanted = 'output "task_runner" { value = module.<its name> }'
            raise HarnessError(f"The harness reads an output that {self.source} lacks. Add: {wanted}")
        return outputs

    def destroy(self) -> None:
        """Destroy everything that the state knows."""
        with self.view.step(f"Destroying {self.name}") as step:
            self._execute("destroy", *_CHANGING, on_event=Events(step))

    def outputs(self) -> dict[str, Any]:
        """Return what the output `task_runner` holds; empty before the first apply."""
        return dict(self._terraform.output().get("task_runner") or {})

    def sample_task(self) -> Any:
        """Return a payload that its task code completes: the output `sample_task`, or one for the demo's code.

        None where the configuration brings code of its own and no such output.
        """
        if packages_itself(self.source):
            return self._terraform.output().get("sample_task")
        return {"seconds": 1, "greeting": "hello"}

    @property
    def is_open(self) -> bool:
        """Tell whether anybody may post a task: no signature, no token, no key."""
        methods = [method for method in self.asked("aws_api_gateway_method") if method["http_method"] == "POST"]
        return all(method["authorization"] == "NONE" and not method["api_key_required"] for method in methods)

    def max_receive_count(self) -> int:
        """Return how many receives Terraform was asked for."""
        (redrive,) = self.asked("aws_sqs_queue_redrive_policy")
        return int(json.loads(redrive["redrive_policy"])["maxReceiveCount"])

    def plan(self) -> Any:
        """Plan, and return tftest's TerraformPlanOutput."""
        file = self.folder / "run.tfplan"
        self._execute("plan", "-input=false", "-no-color", f"-out={file}")
        shown = self._execute("show", "-no-color", "-json", str(file))
        return tftest.TerraformPlanOutput(json.loads(shown.out))

    @property
    def package(self) -> Path:
        """Where the copy has the package of the task code."""
        return self.home / self.code.place

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
