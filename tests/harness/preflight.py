"""Names what is wrong with a configuration, or cannot work on the embedded AWS, before anything is applied."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.configuration import ModuleFolder, module_folders
from harness.errors import HarnessError
from harness.given_variables import refuse_missing
from harness.unknown_attributes import refuse_unknown_attributes

# Providers that need no account: they compute, or work on files of this machine.
_LOCAL = {"archive", "cloudinit", "external", "http", "local", "null", "random", "template", "time", "tls"}
_LOCK = re.compile(r'^provider "([^"]+)"', re.MULTILINE)
_WANTED = re.compile(r"provider\s+([\w.-]+(?:/[\w.-]+)+)")
# What was seen to fail there, with MiniStack 1.5.33 and provider 5.100.
_FAILING = {
    "aws_api_gateway_client_certificate": "is not known to it",
    "aws_cloudwatch_log_anomaly_detector": "is not known to it",
    "aws_cloudwatch_query_definition": "is not known to it",
    "aws_lambda_code_signing_config": "crashes the provider",
    "aws_xray_group": "is not known to it",
    "aws_xray_sampling_rule": "is not known to it",
}
_ADVICE = (
    "Leave it out while you play, by a variable that its count depends on (VARS='-var ...=false'), or apply to an "
    "account: TARGET=aws."
)


def refuse_what_files_tell(source: Path, arguments: Sequence[str], *, embedded: bool) -> None:
    """Read a configuration before anything is started for it.

    Raises:
        HarnessError: a variable has no value, an object has an attribute that the module does not know, or something
            cannot work on the embedded AWS.
    """
    folders = module_folders(source)
    refuse_unknown_attributes(folders)
    refuse_missing(source, arguments)
    if embedded:
        refuse_written(folders)


def refuse_providers(lock: Path) -> None:
    """Look at the providers that `terraform init` has chosen; one of another cloud would work on its real accounts.

    Raises:
        HarnessError: there is one that is neither AWS nor works on this machine alone.
    """
    chosen = _LOCK.findall(lock.read_text()) if lock.is_file() else []
    strange = [name for name in chosen if not _is_fine(name)]
    if strange:
        raise HarnessError(
            f"Nothing was applied: the embedded AWS is no place for the provider {' and '.join(strange)}, which would "
            f"work on what it serves for real. {_ADVICE}"
        )


def _is_fine(name: str) -> bool:
    _, _, source = name.partition("/")
    organisation, _, provider = source.partition("/")
    return source == "hashicorp/aws" or "builtin" in name or (organisation == "hashicorp" and provider in _LOCAL)


def missing_provider(said: str) -> str | None:
    """Return what to do about an `init` that found no provider; None where it failed for another reason."""
    text = " ".join(said.replace("│", " ").split())
    if "query available provider packages" not in text and "provider registry" not in text:
        return None
    names = sorted(set(_WANTED.findall(text)))
    return (
        f"{', '.join(names) or 'A provider'} cannot be installed. Connect to a network that reaches its registry; or "
        "run `terraform providers mirror <folder>` in your configuration on a machine that does, copy the folder here "
        "and name it in TASK_RUNNER_PROVIDER_MIRROR; or leave out what needs it while you play."
    )


def refuse_written(folders: Iterable[ModuleFolder]) -> None:
    """Look for what is known to fail by how it is written.

    Raises:
        HarnessError: there is such a thing; the message has file and line.
    """
    found = [sentence for folder in folders for sentence in _written(folder)]
    if found:
        raise HarnessError("\n".join([*found, _ADVICE]))


def _written(folder: ModuleFolder) -> Iterator[str]:
    for block in folder.of("data"):
        if block.labels[0] == "terraform_remote_state":
            yield f"{block.file}: data.{'.'.join(block.labels)} would read a state of yours, which the copy must not."
    for block in folder.of("resource"):
        place = f"{block.file}: {'.'.join(block.labels)}"
        if block.labels[0] == "aws_api_gateway_rest_api" and "body" in block.arguments:
            line = block.arguments["body"].line
            yield f"{block.file}:{line}: {'.'.join(block.labels)}: a REST API from a body fails on the embedded AWS."
        if block.labels[0] == "aws_api_gateway_api_key" and "value" not in block.arguments:
            yield f"{place} needs a `value` of 20 characters or more on the embedded AWS."


def refuse_planned(address: str, kind: str) -> None:
    """Look at a resource that an apply is about to create.

    Raises:
        HarnessError: its type is known to fail.
    """
    if kind in _FAILING:
        raise HarnessError(
            f"Stopped before it fails on the embedded AWS: {address}: {kind} {_FAILING[kind]}. {_ADVICE}"
        )
