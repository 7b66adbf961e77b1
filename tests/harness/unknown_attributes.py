"""Finds attributes that the module's object inputs do not know: Terraform drops them without a word."""

import difflib
import re
from collections.abc import Iterator
from functools import cache

from harness import hcl
from harness.configuration import ModuleFolder, task_runner_calls
from harness.errors import HarnessError
from harness.paths import ROOT

Known = dict[str, "Known"]  # attributes of an object type, with theirs; empty: whatever has no fixed attributes
_WRAPPED = re.compile(r"^(?:optional|list|set|map|object)\(")


def refuse_unknown_attributes(folders: list[ModuleFolder]) -> None:
    """Look at every call of this module.

    Raises:
        HarnessError: an object that is written out has an attribute that its input does not know; the message has the
            place of each, and the nearest right name.
    """
    found = [sentence for call in task_runner_calls(folders) for sentence in _unknown(call, folders)]
    if found:
        raise HarnessError("Terraform would drop without a word what the module does not know:\n" + "\n".join(found))


def _unknown(call: hcl.Block, folders: list[ModuleFolder]) -> Iterator[str]:
    (folder,) = (folder for folder in folders if folder.path == call.file.parent)
    local = {name: value for block in folder.of("locals") for name, value in block.arguments.items()}
    for name, known in input_types().items():
        if known and (value := call.arguments.get(name)):
            named = local.get(value.text.removeprefix("local."), value) if value.text.startswith("local.") else value
            for path, nearest, line in _differences(named, known, name):
                advice = f" Did you mean `{nearest}`?" if nearest else ""
                yield f'{call.file}:{line}: module "{call.labels[0]}": there is no `{path}`.{advice}'


def _differences(value: hcl.Expression, known: Known, path: str) -> Iterator[tuple[str, str, int]]:
    """Yield path, nearest known name and line of each attribute that is not known."""
    for item in _items(value):
        for name, inner in (item.members() or {}).items():
            if name not in known:
                nearest = difflib.get_close_matches(name, known, 1, 0.5)
                yield f"{path}.{name}", nearest[0] if nearest else "", inner.line
            elif known[name]:
                yield from _differences(inner, known[name], f"{path}.{name}")


def _items(value: hcl.Expression) -> Iterator[hcl.Expression]:
    """Yield the object itself, or those of a list."""
    if not value.text.startswith("["):
        yield value
        return
    for at, end in hcl.elements(value.whole, value.start):
        yield hcl.Expression(value.whole, at, at, end)


@cache
def input_types() -> dict[str, Known]:
    """Return what the module's inputs are made of, by their names."""
    variables = ModuleFolder.read(ROOT).of("variable")
    return {block.labels[0]: _known(block.arguments["type"]) for block in variables}


def _known(type_: hcl.Expression) -> Known:
    """Return the attributes of an object type, also inside of `optional`, `list`, `set`; a map's keys are free."""
    at = type_.start
    while found := _WRAPPED.match(type_.whole[at : type_.end]):
        if found[0] == "map(":
            return {}
        at += len(found[0])
    inner = hcl.Expression(type_.whole, at, at, hcl.past(type_.whole, at))
    return {name: _known(member) for name, member in (inner.members() or {}).items()}
