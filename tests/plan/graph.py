"""What Terraform waits for before it makes a thing, read off its own graph, which follows locals and dynamic blocks."""

import re
from collections.abc import Callable, Mapping
from functools import cache

Graph = Mapping[str, frozenset[str]]
"""For each thing (a resource's address, a local, a variable) what it waits for directly."""

_EDGE = re.compile(r'^\s*"\[root] (.+?)(?: \(expand\))?" -> "\[root] (.+?)(?: \(expand\))?"', re.MULTILINE)


def read(dot: str) -> Graph:
    """Read what `terraform graph -type=plan` prints."""
    waits: dict[str, set[str]] = {}
    for waiting, awaited in _EDGE.findall(dot):
        waits.setdefault(waiting, set()).add(awaited)
    return {waiting: frozenset(awaited) for waiting, awaited in waits.items()}


def chains(graph: Graph, counts: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
    """Return for each thing the longest row of things that count and that wait for one another, up to itself."""

    @cache
    def chain(thing: str) -> tuple[str, ...]:
        before = max(map(chain, sorted(graph.get(thing, ()))), key=len, default=())
        return (*before, thing) if counts(thing) else before

    return {thing: chain(thing) for thing in sorted(graph)}
