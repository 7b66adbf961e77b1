"""The tables of docs/changes.md."""

import json
import re
from collections.abc import Collection, Mapping

from plan.changes import cases
from plan.changes.lost import LOST
from plan.changes.together import Change, applied, changes, moved
from plan.planner import Planner

Found = Mapping[str, Mapping[str, str]]  # attribute -> resource -> create, delete, update or replace

_DEPLOYMENT = "aws_api_gateway_deployment.this"
_READABLE = 30  # characters
_SAID = {"create": " (created)", "delete": " (destroyed)", "replace": " (replaced)", "update": ""}
_BY_LOSS = ("replace", "delete", "create", "update")


def found(planner: Planner, attributes: Collection[str] = tuple(cases.CASES)) -> Found:
    """Return, for each of these attributes, what its change does to each resource."""
    bases = {cases.CASES[name][0]: cases.BASES[cases.CASES[name][0]] for name in attributes}
    states = applied(planner, bases)
    labels = {name: name.replace(".", "-") for name in attributes}
    state = [one for name, label in labels.items() for one in moved(states[cases.CASES[name][0]], label)]
    planned = changes(planner, {label: cases.after(name) for name, label in labels.items()}, state)
    return {name: _by_resource(planned[label]) for name, label in labels.items()}


def _by_resource(planned: Mapping[str, Change]) -> dict[str, str]:
    """Return the actions by resource without its key; of several, the one that takes most away."""
    actions: dict[str, set[str]] = {}
    for address, change in planned.items():
        done = "replace" if len(change["actions"]) == 2 else change["actions"][0]
        actions.setdefault(re.sub(r"\[.*", "", address), set()).add(done)
    return {name: next(one for one in _BY_LOSS if one in done) for name, done in actions.items()}


def losses(done: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each resource that is replaced or destroyed and that somebody would miss, and what goes with it.

    Raises:
        KeyError: lost.py does not say what goes with one of them.
    """
    gone = [name for name, action in sorted(done.items()) if action in ("replace", "delete")]
    return [(f"`{name}`", loss) for name in gone if (loss := LOST[name])]


def rows(told: Found) -> tuple[list[str], list[str], list[str]]:
    """Return the rows of the three tables: what takes something away, what deploys the API anew, what is in place."""
    takes, deploys, stays = [], [], []
    for name, done in told.items():
        others = ", ".join(f"`{one}`{_SAID[action]}" for one, action in sorted(done.items()) if one != _DEPLOYMENT)
        if lost := losses(done):
            takes.append(_row(name, *lost[0]) + "".join(f"| | | {' | '.join(one)} |\n" for one in lost[1:]))
        elif _DEPLOYMENT in done:
            deploys.append(_row(name, others))
        else:
            stays.append(_row(name, others))
    return takes, deploys, stays


def _row(attribute: str, *cells: str) -> str:
    return f"| {' | '.join((f'`{attribute}`', _change(attribute), *cells))} |\n"


def _change(attribute: str) -> str:
    """Return what the attribute becomes, where that is short enough to be read."""
    value = json.dumps(cases.CASES[attribute][1])
    return f"`{value}`" if len(value) <= _READABLE else "another"
