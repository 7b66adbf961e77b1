"""When Terraform made what, from its own event stream, and the row of resources that decided how long it took."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Made:
    """A resource, and when it was made: seconds since Terraform was started."""

    address: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


class Timeline:
    """Takes the lines of `terraform apply -json` as they come."""

    def __init__(self, started: float) -> None:
        """Count from this moment, in seconds of the epoch."""
        self._started = started
        self._began: dict[str, float] = {}
        self.made: list[Made] = []

    def __call__(self, line: str) -> None:
        """Take one line; what is no event is ignored."""
        try:
            event = json.loads(line)
        except ValueError:  # a provider may print what it likes
            return
        kind, hook = event.get("type"), event.get("hook", {})
        if kind not in ("apply_start", "apply_complete") or hook.get("action") == "read":
            return
        address = hook["resource"]["addr"]
        at = datetime.fromisoformat(event["@timestamp"]).timestamp() - self._started
        if kind == "apply_start":
            self._began[address] = at
        else:
            self.made.append(Made(address, self._began[address], at))


def awaited(state: Path) -> dict[str, set[str]]:
    """Read, of a state file, which resources each instance waits for; those without the index of an instance."""
    waits: dict[str, set[str]] = {}
    for resource in json.loads(state.read_text())["resources"]:
        place = ".".join(filter(None, [resource.get("module"), resource["type"], resource["name"]]))
        for instance in resource["instances"]:
            index = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
            waits[place + index] = set(instance.get("dependencies", ()))
    return waits


def critical_path(made: list[Made], waits: Mapping[str, set[str]]) -> list[Made]:
    """Return the resource that was made last, the last of those that it waited for, and so on, the first one first."""
    path: list[Made] = []
    candidates = made
    while candidates:
        last = max(candidates, key=lambda one: one.ended)
        path.insert(0, last)
        before = waits.get(last.address, set())
        candidates = [one for one in made if one.address.partition("[")[0] in before and one.ended <= last.began]
    return path


def told(made: Made) -> dict[str, Any]:
    """Return it as JSON can hold it."""
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in asdict(made).items()}
