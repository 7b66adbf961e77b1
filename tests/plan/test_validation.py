"""One input that each validation refuses, and the bounds that they accept.

Terraform reports all refused inputs of a plan at once, so cases that do not touch each other share one.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.paths import ROOT
from plan.planner import Planner
from plan.refused import DAY, EXCLUDED, LAYER, PACKAGE, REFUSED, VPC

FROM_RESOURCES = (
    "queue.visibility_timeout must be at least",
    "table.record_ttl_days must be longer",
    "names.dead_letter_queue must differ",
    "names.worker_function must differ",
    "names.worker_role must differ",
    "kms_key_arn must be a key of the provider's region",
)

LOWEST = {
    "name": "n",
    "names": {"table": "tab", "queue": "q", "dead_letter_queue": "d", "api": "a", "api_role": "a+=,.@_-"},
    "runtime": "python3.10",
    "max_receive_count": 1,
    "api": {"throttle": {"rate": 1, "burst": 1}, "memory_size": 128, "timeout": 1, "stage_name": "v"},
    "worker": {
        "timeout": 5,
        "memory_size": 128,
        "batch_size": 1,
        "concurrency": 1,
        "maximum_concurrency": 2,
        "reserved_concurrency": 2,
        "ephemeral_storage": 512,
        "package_file": PACKAGE,
        "handler": "a.b",
        "environment": {"AB": ""},
        "vpc": VPC,
    },
    "queue": {"visibility_timeout": 5, "retention_seconds": 60, "dead_letter_retention_seconds": 60},
    "retry": {"base_seconds": 1, "cap_seconds": 1},
    "table": {"record_ttl_days": 1},
    "logs": {"retention_days": 0, "level": "DEBUG"},
    "tags": {"k": "", "Aws": "aws:"},
}
HIGHEST = {
    "name": "n" * 57,
    "names": {
        "table": "t" * 255,
        "queue": "q" * 80,
        "dead_letter_queue": "d" * 80,
        "api": "a" * 255,
        "api_function": "f" * 64,
        "worker_role": "r" * 64,
        "task_runner_layer": "l" * 140,
    },
    "runtime": "python3.13",
    "architecture": "x86_64",
    "max_receive_count": 1000,
    "api": {"throttle": {"rate": 10000, "burst": 5000}, "memory_size": 10240, "timeout": 29, "stage_name": "v" * 128},
    "worker": {
        "timeout": 900,
        "memory_size": 10240,
        "batch_size": 10000,
        "batching_window": 300,
        "concurrency": 100,
        "maximum_concurrency": 1000,
        "reserved_concurrency": 1000,
        "ephemeral_storage": 10240,
        "package_s3": {"bucket": "b" * 63, "key": "k" * 1024, "version": "v" * 1024},
        "handler": "my_package.tasks.handle",
        "environment": {"LONG": "x" * 3036, "AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"},
        "layers": [LAYER] * 4,
        "vpc": {"subnet_ids": ["subnet-0a"] * 16, "security_group_ids": ["sg-0a"] * 5},
    },
    "queue": {"visibility_timeout": 43200, "retention_seconds": 14 * DAY},
    "retry": {"base_seconds": 43200, "cap_seconds": 43200},
    "roles": {"path": f"/{'x' * 510}/", "permissions_boundary": "arn:aws-cn:iam::aws:policy/job/Bound"},
    "table": {"record_ttl_days": 3650},
    "logs": {"retention_days": 3653, "level": "CRITICAL"},
    "tags": {"k" * 128: "v" * 256},
}


@dataclass
class Batch:
    """Inputs that are refused in one plan."""

    from_resources: bool
    inputs: dict[str, Any] = field(default_factory=lambda: {"name": "demo"})
    taken: set[str] = field(default_factory=set)
    errors: str | None = None

    def takes(self, path: str, message: str) -> bool:
        """Tell whether the case would neither overwrite nor be confused with another one here."""
        clash = {
            taken for taken in self.taken if f"{taken}.".startswith(f"{path}.") or f"{path}.".startswith(f"{taken}.")
        }
        return not clash and message not in self.taken and self.from_resources == message.startswith(FROM_RESOURCES)

    def add(self, path: str, value: Any, message: str) -> None:
        *parents, last = path.split(".")
        inputs = self.inputs
        for parent in parents:
            inputs = inputs.setdefault(parent, {})
        inputs[last] = value
        self.taken |= {path, message}


def batched() -> list[tuple[Batch, str]]:
    batches: list[Batch] = []
    result = []
    for path, value, message in REFUSED:
        found = next((batch for batch in batches if batch.takes(path, message)), None)
        if found is None:
            found = Batch(message.startswith(FROM_RESOURCES))
            batches.append(found)
        found.add(path, value, message)
        result.append((found, message))
    return result


@pytest.mark.parametrize(
    ("batch", "message"), batched(), ids=[f"{path}={str(value)[:20]}" for path, value, _ in REFUSED]
)
def test_refused(plan: Planner, batch: Batch, message: str) -> None:
    if batch.errors is None:
        batch.errors = plan.errors(batch.inputs)
    assert message in batch.errors


@pytest.mark.parametrize(("inputs", "message"), EXCLUDED, ids=[message for _, message in EXCLUDED])
def test_refused_together(plan: Planner, inputs: dict[str, Any], message: str) -> None:
    assert message in plan.errors({"name": "demo", **inputs})


@pytest.mark.parametrize("inputs", [LOWEST, HIGHEST], ids=["lowest", "highest"])
def test_bounds_are_accepted(plan: Planner, inputs: dict[str, Any]) -> None:
    assert plan(inputs=inputs).values.keys() == plan(inputs={"name": "demo"}).values.keys()


def test_every_rule_has_a_case() -> None:
    texts = [file.read_text() for file in ROOT.glob("*.tf")]
    rules = [rule for text in texts for rule in re.findall(r'error_message = (?:join\(" ", \[\s+)?"(.+)"', text)]
    assert len(rules) == sum(text.count("error_message") for text in texts)
    assert len(rules) > 30
    messages = [message for *_, message in (*REFUSED, *EXCLUDED)]
    assert [rule for rule in rules if not rule.startswith(tuple(messages))] == []
