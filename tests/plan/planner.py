"""Plans a configuration of this repository, on a copy, without a single call to AWS."""

import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import tftest

from harness.paths import ROOT, module_files
from harness.terraform import terraform_binary, terraform_environment
from plan.graph import Graph, read

MODULE = "."
Resource = Mapping[str, Any]  # type, name, instances and perhaps module, as in a state file
# Nothing listens on the discard port: a plan that calls AWS fails. What the provider checks by itself is off.
_OFFLINE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1", "AWS_REGION": "us-east-1"}
_PROVIDER = """provider "aws" {
  access_key                  = "plan"
  secret_key                  = "plan"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""


class Plan:
    """What a plan would create.

    Attributes:
        values: what is known of each resource, by its address without the module of the example.
        types: how many resources there are of each type.
        outputs: names of the outputs.
        known_outputs: the outputs whose values are known.
        changes: what would be done to each resource that does not stay as it is, as the plan's JSON tells it.
        configuration: the root module as it is written, before anything is evaluated.
    """

    def __init__(self, planned: tftest.TerraformPlanOutput) -> None:
        outputs = planned["planned_values"].get("outputs", {})
        self.outputs = set(outputs)
        self.known_outputs = {name: output["value"] for name, output in outputs.items() if "value" in output}
        self.values: dict[str, dict[str, Any]] = {}
        self.types: Counter[str] = Counter()
        self.changes: dict[str, dict[str, Any]] = {}
        self.configuration: dict[str, Any] = planned["configuration"]["root_module"]
        for change in planned.get("resource_changes", ()):
            if change["mode"] == "managed":
                address = change["address"].removeprefix("module.task_runner.")
                self.values[address] = change["change"]["after"]
                self.types[change["type"]] += 1
                if change["change"]["actions"] != ["no-op"] or "previous_address" in change:
                    self.changes[address] = change["change"]


class Planner:
    """Plans any folder of this repository. Each is copied and initialised once, and nothing is planned twice."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folders: dict[str, tftest.TerraformTest] = {}
        self._plans: dict[str, Plan] = {}
        for file in [*module_files(), *ROOT.glob("examples/*/*.tf")]:
            _copy(file, home)

    def __call__(
        self,
        source: str = MODULE,
        inputs: Mapping[str, Any] | None = None,
        known: Mapping[str, Mapping[str, Any]] | None = None,
        applied: Sequence[Resource] | None = None,
    ) -> Plan:
        """Plan `source`, a folder's path in this repository.

        `known` stands for resources that exist: with their ARNs, the plan shows what is derived from these. `applied`
        is a whole state, as a list of its resources.
        """
        asked = json.dumps([source, inputs, known, applied])
        if asked not in self._plans:
            terraform = self._initialised(source, applied or _resources(known or {}))
            with tempfile.NamedTemporaryFile("w", suffix=".tfvars.json", dir=self._home) as file:
                json.dump(inputs or {}, file)
                file.flush()
                self._plans[asked] = Plan(terraform.plan(output=True, tf_var_file=file.name, refresh=False))
        return self._plans[asked]

    def generated(self, configuration: Mapping[str, Any], applied: Sequence[Resource]) -> tftest.TerraformPlanOutput:
        """Plan a configuration that is no file of the repository, on a whole state; modules are at `../`."""
        folder = self._home / "generated"
        folder.mkdir(exist_ok=True)
        (folder / "main.tf.json").write_text(json.dumps(configuration))
        (folder / "offline.tf").unlink(missing_ok=True)
        terraform = _offline(folder)
        _write_state(folder, applied)
        return terraform.plan(output=True, refresh=False)

    def errors(self, inputs: Mapping[str, Any]) -> str:
        """Return what Terraform says to inputs that the module has to refuse."""
        file = self._home / "refused.tfvars.json"
        file.write_text(json.dumps(inputs))
        with pytest.raises(tftest.TerraformTestError) as caught:
            self._initialised(MODULE, []).execute_command("plan", "-json", "-input=false", f"-var-file={file}")
        return str(caught.value.args[0])

    def graph(self, source: str = MODULE) -> Graph:
        """Return what waits for what in `source`, resources included that only other inputs bring about."""
        return read(self._initialised(source, []).execute_command("graph", "-type=plan").out)

    def _initialised(self, source: str, resources: Sequence[Resource]) -> tftest.TerraformTest:
        if source not in self._folders:
            for file in (ROOT / source).glob("*.tf"):
                _copy(file, self._home)
            self._folders[source] = _offline(self._home / source)
        _write_state(self._home / source, resources)
        return self._folders[source]


def _offline(folder: Path) -> tftest.TerraformTest:
    # An override merges with the provider block of an example; where there is none it has to be a plain file.
    plain = 'provider "aws"' not in "".join(file.read_text() for file in folder.glob("*.tf"))
    (folder / ("offline.tf" if plain else "offline_override.tf")).write_text(_PROVIDER)
    terraform = tftest.TerraformTest(str(folder), binary=terraform_binary().path)
    terraform.env = {**terraform_environment(), **_OFFLINE}
    terraform.setup(cleanup_on_exit=False)
    return terraform


def _write_state(folder: Path, resources: Sequence[Resource]) -> None:
    # Terraform and OpenTofu name the provider by different registries.
    provider = re.findall(r'^provider "(.+)"', (folder / ".terraform.lock.hcl").read_text(), re.MULTILINE)[0]
    (folder / "terraform.tfstate").write_text(json.dumps(_state(resources, provider)))


def _copy(file: Path, home: Path) -> None:
    target = home / file.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _resources(known: Mapping[str, Mapping[str, Any]]) -> list[Resource]:
    resources: list[Resource] = []
    for address, attributes in known.items():
        kind, name = address.split(".")
        instance = {"index_key": 0, "schema_version": 0, "attributes": attributes}
        resources.append({"type": kind, "name": name, "instances": [instance]})
    return resources


def _state(resources: Sequence[Resource], provider: str) -> dict[str, Any]:
    managed = [{"mode": "managed", "provider": f'provider["{provider}"]', **resource} for resource in resources]
    return {"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "", "resources": managed}


def differences(expected: Any, found: Any, where: str = "") -> list[str]:
    """Return where `found` lacks what `expected` has; more than that may be in it."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line for key, value in expected.items() for line in differences(value, found.get(key), f"{where}/{key}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            line
            for index, (a, b) in enumerate(zip(expected, found, strict=True))
            for line in differences(a, b, f"{where}/{index}")
        ]
    return [] if expected == found else [f"{where}: expected {expected!r}, found {found!r}"]
