"""One applied configuration, in a folder of its own."""

import json
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tftest

from harness.errors import HarnessError
from harness.given_variables import declared
from harness.instances import Instance, instances
from harness.packages import Packages
from harness.paths import BUILD
from harness.preflight import missing_provider, refuse_planned, refuse_providers
from harness.reaper import REAPER, delete_folder
from harness.runner import Events, TerraformError, run
from harness.target import Target
from harness.task_code import Demo, package_before_plan
from harness.terraform import terraform_binary
from harness.working_copy import WorkingCopy
from task_runner_client.progress import View

Variables = Mapping[str, Any]
_CHANGING = ("-json", "-auto-approve", "-input=false")
# Of the caller's environment: it would have Terraform work elsewhere than in the copy, or on other arguments.
_LEADS_AWAY = ("TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE")


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
        arguments: Sequence[str] = (),
        home: Path | None = None,
    ) -> None:
        """Make no copy yet. `source` is the configuration's folder; variables it does not declare are left out.

        `arguments` are Terraform's own, `-var=...` and `-var-file=...`, and count more. `home` keeps copy and state for
        later runs. Without it they live in a temporary folder that does not outlive this process; in an account they
        live in .build, since what is lost with them would have to be found by hand.
        """
        self.target = target
        self.name = source.name
        known = declared(source)
        self.variables = {name: value for name, value in (variables or {}).items() if name in known}
        self.arguments = tuple(arguments)
        self.source, self.view = source.resolve(), view
        if home is None and target.is_embedded:
            home = Path(tempfile.mkdtemp(prefix="task-runner-")).resolve()
            REAPER.add("folder", home)
        self.copy = WorkingCopy(self.source, home or BUILD / "runs" / f"{self.name}-{secrets.token_hex(3)}")
        self.home, self.folder = self.copy.home, self.copy.folder
        self.packages = Packages(self.copy)
        self._terraform = tftest.TerraformTest(str(self.folder), binary=terraform_binary().path)
        environment = target.terraform_environment()
        self._terraform.env = {name: value for name, value in environment.items() if not name.startswith(_LEADS_AWAY)}
        # tftest takes every exit code but 1 and 11, a killed Terraform's too, for success: run with our own.
        self._terraform.execute_command = self._execute

    def prepare(self) -> None:
        """Build the task code's package where it is due, copy what the configuration needs, and `terraform init`.

        Raises:
            HarnessError: the package cannot be built, Terraform cannot be initialised, or a provider cannot work on the
                embedded AWS.
        """
        package_before_plan(self.source)
        embedded = self.target.is_embedded
        said = self.copy.make(embedded=embedded)
        # In a file, so that terraform run by hand in this folder has them too.
        (self.folder / "harness.auto.tfvars.json").write_text(json.dumps(self.variables))
        try:
            self._terraform.setup(cleanup_on_exit=False)
        except TerraformError as error:
            raise HarnessError(f"{error}\n{missing_provider(str(error)) or ''}".rstrip()) from error
        said += self.copy.override_downloaded(embedded=embedded)
        if embedded:
            refuse_providers(self.folder / ".terraform.lock.hcl")
        for sentence in said:
            self.view.say(f"In the copy: {sentence}")

    def apply(self) -> None:
        """Create or update everything.

        Raises:
            HarnessError: Terraform failed, or would make something that cannot work on the embedded AWS.
        """
        planned = refuse_planned if self.target.is_embedded else None
        with self.view.step(f"Applying {self.name}") as step:
            self._execute("apply", *_CHANGING, *self.arguments, on_event=Events(step, planned))

    def destroy(self) -> None:
        """Destroy everything that the state knows."""
        with self.view.step(f"Destroying {self.name}") as step:
            self._execute("destroy", *_CHANGING, *self.arguments, on_event=Events(step))

    def instances(self) -> list[Instance]:
        """Return the instances of the module that the state holds.

        Raises:
            HarnessError: it holds none.
        """
        found = instances(self._terraform.state_pull())
        if not found:
            raise HarnessError(f"{self.source} uses this module nowhere: there is nothing to post a task to.")
        return found

    def outputs(self) -> dict[str, Any]:
        """Return what the output `task_runner` holds, for tests that read outputs; empty where there is none."""
        return dict(self._terraform.output().get("task_runner") or {})

    def sample_task(self, instance: Instance) -> Any:
        """Return a payload that its task code completes: one for the demo's code, or the output `sample_task`.

        None where the configuration brings code of its own and no such output.
        """
        if isinstance(self.packages.code(instance), Demo):
            return {"seconds": 1, "greeting": "hello"}
        return self._terraform.output().get("sample_task")

    def refresh_packages(self) -> None:
        """Have the copy's packages say what the files say, as far as the last apply tells whose they are.

        Raises:
            PackagingError: one cannot be built.
        """
        self.packages.refresh(self.instances() if self.has_state else ())

    def plan(self) -> Any:
        """Plan, and return tftest's TerraformPlanOutput."""
        file = self.folder / "run.tfplan"
        self._execute("plan", "-input=false", "-no-color", f"-out={file}", *self.arguments)
        shown = self._execute("show", "-no-color", "-json", str(file))
        return tftest.TerraformPlanOutput(json.loads(shown.out))

    @property
    def has_state(self) -> bool:
        """Tell whether anything was ever applied."""
        return (self.folder / "terraform.tfstate").is_file()

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
        stack.apply()
        yield stack.outputs()
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
