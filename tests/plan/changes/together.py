"""Many instances of the module in one configuration, planned at once, on states that nothing was applied for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plan.planner import Planner, Resource

Inputs = Mapping[str, Any]
Change = Mapping[str, Any]  # of a resource, as the plan's JSON tells it

_ROUNDS = 8  # until nothing is left to do; five were needed when this was written
_MADE_UP = {"id", "url", "root_resource_id", "unique_id"}  # what other resources are made of, beside ARNs
_EMPTY: dict[str, Any] = {"tags_all": {}, "binary_media_types": [], "managed_policy_arns": []}


def changes(planner: Planner, instances: Mapping[str, Inputs], state: list[Resource]) -> dict[str, dict[str, Change]]:
    """Return what a plan on this state would do, by the label of the instance and the address of the resource in it."""
    found: dict[str, dict[str, Change]] = {label: {} for label in instances}
    for change in _planned(planner, instances, state):
        if change["change"]["actions"] != ["no-op"]:
            _, label, address = change["address"].split(".", 2)
            found[label][address] = change["change"]
    return found


def applied(planner: Planner, instances: Mapping[str, Inputs]) -> dict[str, list[Resource]]:
    """Return, for each instance, a state on which its plan is empty, as after an apply.

    What a plan knows of a resource goes into the state, and the ids and ARNs that only AWS would know are made up. What
    is derived from these, such as a policy, is known to the next plan, and so on until there is nothing to do.

    Raises:
        AssertionError: there still is after as many rounds as it should ever take.
    """
    known: dict[str, dict[str, Any]] = {}
    for _ in range(_ROUNDS):
        states = {label: list(_resources(known, label)) for label in instances}
        planned = _planned(planner, instances, [resource for state in states.values() for resource in state])
        to_do = [change for change in planned if change["change"]["actions"] != ["no-op"]]
        if not to_do:
            return states
        known |= {change["address"]: {**change, "attributes": _attributes(change)} for change in to_do}
    raise AssertionError(f"Never done: {sorted(change['address'] for change in to_do)}")


def moved(state: list[Resource], label: str) -> list[Resource]:
    """Return the same resources in an instance of another label."""
    return [{**resource, "module": f"module.{label}"} for resource in state]


def _planned(planner: Planner, instances: Mapping[str, Inputs], state: list[Resource]) -> list[dict[str, Any]]:
    modules = {label: {"source": "../", **inputs} for label, inputs in instances.items()}
    planned = planner.generated({"module": modules}, state)
    return [change for change in planned["resource_changes"] if change["mode"] == "managed"]


def _resources(known: Mapping[str, Mapping[str, Any]], label: str) -> Iterator[Resource]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for resource in known.values():
        if resource["module_address"] == f"module.{label}":
            instance = {"index_key": resource["index"], "schema_version": 0, "attributes": resource["attributes"]}
            found.setdefault((resource["type"], resource["name"]), []).append(instance)
    for (kind, name), instances in found.items():
        yield {"module": f"module.{label}", "type": kind, "name": name, "instances": instances}


def _attributes(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource's attributes as a plan would have them after it, with what is unknown made up or left out."""
    made_up = re.sub(r"\W+", "-", change["address"])
    service = change["type"].split("_")[1]

    def known(name: str, unknown: Any, value: Any) -> Any:
        if isinstance(unknown, list) and value:
            return [known(name, *both) for both in zip(unknown, value, strict=True)]
        if isinstance(unknown, dict):
            return {**value, **{key: known(key, one, value.get(key)) for key, one in unknown.items()}}
        if unknown is not True:
            return value
        if name.endswith("arn"):
            return f"arn:aws:{service}:us-east-1:123456789012:{made_up}"
        return made_up if name in _MADE_UP else _EMPTY.get(name)

    after: dict[str, Any] = known("", change["change"]["after_unknown"], change["change"]["after"])
    return after
