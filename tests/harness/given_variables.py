"""The values that a configuration's variables get: its own, those of the command line, and a few of the harness'."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from harness import hcl
from harness.configuration import ModuleFolder
from harness.errors import HarnessError
from harness.target import Target

_PROVIDED = {"name", "region"}  # variables that a target has values for


def file_argument(text: str) -> str:
    """Return the argument for Terraform of a file of values, by a path that holds wherever Terraform runs.

    Raises:
        HarnessError: there is no such file.
    """
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise HarnessError(f"There is no file {path} to take variables from.")
    return f"-var-file={path}"


def value_argument(text: str) -> str:
    """Return the argument for Terraform of `name=value`.

    Raises:
        HarnessError: it is not of that form.
    """
    if "=" not in text:
        raise HarnessError(f"A variable is given as NAME=VALUE, and not as {text!r}.")
    return f"-var={text}"


def declared(source: Path) -> dict[str, hcl.Block]:
    """Return the variables that a configuration declares."""
    return {block.labels[0]: block for block in ModuleFolder.read(source).of("variable")}


def without_value(source: Path, arguments: Sequence[str]) -> dict[str, hcl.Block]:
    """Return the variables that have neither a default nor a value in files, environment or arguments."""
    given = {*_in_files(source), *_in_arguments(arguments)}
    given |= {name.removeprefix("TF_VAR_") for name in os.environ if name.startswith("TF_VAR_")}
    return {
        name: block
        for name, block in declared(source).items()
        if "default" not in block.arguments and name not in given
    }


def provided(target: Target, source: Path, arguments: Sequence[str]) -> dict[str, Any]:
    """Return what the harness gives to the variables of a stack that is named like its folder.

    In an account they count more than the configuration's own values: what is tried there must not meet what runs
    there. On an embedded AWS they fill what has no value.
    """
    values = target.variables(f"task-runner-{source.name}")
    if not target.is_embedded:
        return values
    missing = without_value(source, arguments)
    return {name: value for name, value in values.items() if name in missing}


def refuse_missing(source: Path, arguments: Sequence[str]) -> None:
    """Ask for each variable that would stop the plan.

    Raises:
        HarnessError: there are such variables; the message names each with its description.
    """
    missing = {name: block for name, block in without_value(source, arguments).items() if name not in _PROVIDED}
    if missing:
        lines = [f"  {name}{_description(block)}" for name, block in missing.items()]
        values = " ".join(f"-var {name}=..." for name in missing)
        raise HarnessError(
            f"{source.name} needs a value for each of these variables:\n"
            + "\n".join(lines)
            + f"\nGive them with {values} (make: VARS='{values}'), or in a terraform.tfvars beside the configuration."
        )


def _description(block: hcl.Block) -> str:
    described = block.arguments.get("description")
    return f": {described.literal}" if described and described.literal else ""


def _in_files(source: Path) -> Iterator[str]:
    for pattern in ("terraform.tfvars", "*.auto.tfvars", "terraform.tfvars.json", "*.auto.tfvars.json"):
        for file in source.glob(pattern):
            yield from _in_file(file)


def _in_arguments(arguments: Sequence[str]) -> Iterator[str]:
    for argument in arguments:
        option, _, value = argument.partition("=")
        if option == "-var":
            yield value.partition("=")[0].strip()
        else:
            yield from _in_file(Path(value))


def _in_file(file: Path) -> Iterator[str]:
    if file.suffix != ".json":
        yield from hcl.arguments(file)
        return
    try:
        yield from json.loads(file.read_text())
    except ValueError:  # Terraform says so, with the place
        return
