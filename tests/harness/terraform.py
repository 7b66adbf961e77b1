"""Finds a Terraform that can run here, and the environment it runs in."""

import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness.errors import HarnessError
from harness.providers import provider_settings

BINARY_VARIABLE = "TASK_RUNNER_TERRAFORM"  # a name on PATH or a path: "tofu", say
_MINIMUM = (1, 5)  # the floor in versions.tf


@dataclass(frozen=True)
class Binary:
    """A Terraform or OpenTofu that is new enough."""

    path: str
    version: str
    platform: str  # such as linux_amd64


@functools.cache
def terraform_binary() -> Binary:
    """Return the `terraform` on PATH, or what TASK_RUNNER_TERRAFORM names.

    Raises:
        HarnessError: it is missing, does not run, or is too old; the message says what to install.
    """
    name = os.environ.get(BINARY_VARIABLE) or "terraform"
    wanted = ".".join(map(str, _MINIMUM))
    advice = f"Install Terraform or OpenTofu {wanted} or newer, or name the binary to use in {BINARY_VARIABLE}."
    path = shutil.which(name)
    if path is None:
        raise HarnessError(f"'{name}' was not found. {advice}")
    done = subprocess.run(
        [path, "version", "-json"], capture_output=True, text=True, check=False, env=_own_environment()
    )
    try:
        found = json.loads(done.stdout)
        version, platform = str(found["terraform_version"]), str(found["platform"])
        numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2])
    except (ValueError, KeyError) as error:
        raise HarnessError(f"'{path} version' says nothing usable: {done.stderr.strip()}. {advice}") from error
    if numbers < _MINIMUM:
        raise HarnessError(f"{path} is version {version}. {advice}")
    return Binary(path, version, platform)


def terraform_environment() -> dict[str, str]:
    """Return the whole environment for any Terraform command: the caller's own, so that `init` finds the AWS provider.

    The first call in a process may take some seconds on a slow network; the answer is kept.

    Raises:
        HarnessError: Terraform is missing or too old, or there is no provider to be found.
    """
    return {**_own_environment(), **found_provider_settings(), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}


@functools.cache
def found_provider_settings() -> dict[str, str]:
    """Return only what `terraform_environment` adds to the caller's own so that the AWS provider is found."""
    binary = terraform_binary()
    return provider_settings(binary.path, binary.platform, _own_environment())


def _own_environment() -> dict[str, str]:
    """The caller's environment without what breaks a run."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_LOG")}
    # It may name a file that does not exist; every command would print a warning about it.
    if not Path(environment.get("TF_CLI_CONFIG_FILE", "")).is_file():
        environment.pop("TF_CLI_CONFIG_FILE", None)
    return environment
