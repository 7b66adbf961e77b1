"""The tables of docs/inputs.md: of each object input a section, of each of its attributes a row.

What a row says comes from two places that must agree: the type has the attribute with its default, and a bullet of the
description, "- `attribute`: meaning. Default value.", has its meaning. A bullet may tell of several attributes.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hcl_files import text, type_of

_BULLET = re.compile(r"^- (?P<names>`[^`]+`(?:, `[^`]+`)*): (?P<meaning>.+)$")
_DEFAULT = re.compile(r"^(?P<meaning>.*)\bDefault:? (?P<default>.+)\.$")
_NONE = {"[]", "{}"}  # what "Default none." says of lists and maps


@dataclass(frozen=True)
class Attribute:
    """One attribute of an object type.

    Attributes:
        name: its path, as in `throttle.rate`.
        type: as HCL writes it.
        default: as HCL writes it; None where it has to be set.
        parent: the optional object that has to be there for it to count; empty at the top.
    """

    name: str
    type: str
    default: str | None
    parent: str = ""


def is_object(body: dict[str, Any]) -> bool:
    """Tell whether a variable is an object, whose attributes have a section of their own."""
    return type_of(body).startswith("object(")


def introduction(body: dict[str, Any]) -> str:
    """Return what a description says before it comes to the attributes."""
    return " ".join(line for line in text(body["description"]).splitlines() if not line.startswith("- "))


def rows(name: str, body: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield attribute, type, default and meaning of each attribute of an object input, as its description orders them.

    Raises:
        SystemExit: description and type do not name the same attributes.
    """
    declared = {attribute.name: attribute for attribute in attributes(type_of(body))}
    described = _described(text(body["description"]))
    if declared.keys() != described.keys():
        differing = ", ".join(sorted(declared.keys() ^ described.keys()))
        sys.exit(f"variable {name!r}: these stand in its type or in its description, and not in both: {differing}")
    for attribute, (meaning, said) in described.items():
        default, sentence = _default(declared[attribute], meaning, said)
        yield attribute, declared[attribute].type, default, sentence[0].upper() + sentence[1:]


def attributes(object_type: str, prefix: str = "") -> Iterator[Attribute]:
    """Yield the attributes of an object type and of the objects in it; those of lists of objects stay in their type."""
    for part in _split(_inside(_inside(object_type))):
        name, _, expression = part.partition(" = ")
        kind, default = expression, None
        if expression.startswith("optional("):
            kind, default = (*_split(_inside(expression)), "null")[:2]
        if kind.startswith("object("):
            yield from attributes(kind, f"{prefix}{name}.")
        else:
            yield Attribute(prefix + name, kind, default, prefix.rstrip("."))


def _inside(call: str) -> str:
    """Return what stands between the first bracket and the last."""
    return re.sub(r"^[^({]*[({](.*)[)}]$", r"\1", call)


def _split(listed: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(listed):
        depth += (character in "({[") - (character in ")}]")
        if character == "," and not depth:
            parts.append(listed[start:at].strip())
            start = at + 1
    return [*parts, listed[start:].strip()]


def _described(description: str) -> dict[str, tuple[str, str]]:
    """Return meaning and default, as the description words them, of each attribute that it names."""
    found = {}
    for line in description.splitlines():
        if bullet := _BULLET.match(line):
            names = re.findall(r"`([^`]+)`", bullet["names"])
            told = _DEFAULT.match(bullet["meaning"])
            meaning, said = (told["meaning"].strip(), told["default"]) if told else (bullet["meaning"], "")
            each = said.split(", ") if said.count(", ") == len(names) - 1 else [said] * len(names)
            found.update({name: (meaning, default) for name, default in zip(names, each, strict=True)})
    return found


def _default(attribute: Attribute, meaning: str, said: str) -> tuple[str, str]:
    """Return default and meaning; what the description says of the default goes where it says more than the type."""
    if attribute.default == "null" and said:
        return said, meaning
    literal = attribute.default
    shown = f"`{literal}`" if literal is not None else "required"
    if literal is None and attribute.parent:
        shown = f"required with `{attribute.parent}`"
    same = said.strip("`") == (literal or "").strip('"') or (said == "none" and literal in _NONE)
    return shown, meaning if same or not said else f"{meaning} Default: {said}."
