"""Reads what .tf files declare: variables, outputs, requirements, and the checks that they skip."""

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2

_RESOURCE_OR_SKIP = re.compile(
    r'^resource "(?P<type>\w+)" "(?P<name>\w+)"|checkov:skip=(?P<check>\w+):(?P<reason>.+)$', re.MULTILINE
)


def blocks(folder: Path, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and body of each `kind` block in the folder, by name."""
    found = {
        text(name): body
        for file in folder.glob("*.tf")
        if re.search(rf'^{kind} "', file.read_text(), re.MULTILINE)  # parsing takes long
        for block in hcl2.loads(file.read_text()).get(kind, [])
        for name, body in block.items()
        if isinstance(body, dict)
    }
    yield from sorted(found.items())


def requirements(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield Terraform and each provider with the versions that versions.tf accepts."""
    settings = hcl2.loads((folder / "versions.tf").read_text())["terraform"][0]
    yield "terraform", text(settings["required_version"])
    for name, body in settings["required_providers"][0].items():
        if isinstance(body, dict):
            yield name, text(body["version"])


def skips(file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield resource, check and reason of each skip that stands in the file."""
    resource = ""
    for found in _RESOURCE_OR_SKIP.finditer(file.read_text()):
        if found["type"]:
            resource = f"{found['type']}.{found['name']}"
        else:
            yield resource, found["check"], found["reason"]


def type_of(body: dict[str, Any]) -> str:
    """Return a variable's type as one line."""
    return str(body["type"]).removeprefix("${").removesuffix("}")


def default_of(body: dict[str, Any]) -> str | None:
    """Return a variable's default as HCL writes it; None where it has none."""
    if "default" not in body:
        return None
    value = body["default"]
    if isinstance(value, list):
        return json.dumps([text(item) for item in value])
    return value if isinstance(value, str) else json.dumps(value)


def text(literal: str) -> str:
    """Return what a string literal stands for, quoted or a heredoc; each paragraph and each bullet on one line."""
    if literal.startswith('"<<-'):
        written = textwrap.dedent("\n".join(literal.splitlines()[1:-1]))
        return re.sub(r"(?<=\S)\n\s*(?!- )(?=\S)", " ", written)
    return str(json.loads(literal)) if literal.startswith('"') else literal
