"""The instances of this module in an applied configuration, and what the harness has to know of each: from its state.

The configuration needs no output for that. An instance is found by the addresses of its resources: it is a module with
both functions and the mapping that feeds the worker.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.errors import HarnessError

State = Mapping[str, Any]  # what `terraform state pull` prints
_Resources = dict[tuple[str, str], dict[str, Any]]  # attributes by type and name
_MARKS = {
    ("aws_lambda_function", "api"),
    ("aws_lambda_function", "worker"),
    ("aws_lambda_event_source_mapping", "this"),
}
# Outputs of the module, and the attributes that they are.
_OUTPUTS = {
    "api_endpoint": ("aws_api_gateway_stage", "this", "invoke_url"),
    "api_function_arn": ("aws_lambda_function", "api", "arn"),
    "api_function_name": ("aws_lambda_function", "api", "function_name"),
    "api_id": ("aws_api_gateway_rest_api", "this", "id"),
    "api_log_group_name": ("aws_cloudwatch_log_group", "api", "name"),
    "api_name": ("aws_api_gateway_rest_api", "this", "name"),
    "api_role_arn": ("aws_lambda_function", "api", "role"),
    "dead_letter_queue_arn": ("aws_sqs_queue", "dead_letter", "arn"),
    "dead_letter_queue_name": ("aws_sqs_queue", "dead_letter", "name"),
    "dead_letter_queue_url": ("aws_sqs_queue", "dead_letter", "url"),
    "event_source_mapping_uuid": ("aws_lambda_event_source_mapping", "this", "uuid"),
    "queue_arn": ("aws_sqs_queue", "this", "arn"),
    "queue_name": ("aws_sqs_queue", "this", "name"),
    "queue_url": ("aws_sqs_queue", "this", "url"),
    "stage_name": ("aws_api_gateway_stage", "this", "stage_name"),
    "table_arn": ("aws_dynamodb_table", "this", "arn"),
    "table_name": ("aws_dynamodb_table", "this", "name"),
    "worker_function_arn": ("aws_lambda_function", "worker", "arn"),
    "worker_function_name": ("aws_lambda_function", "worker", "function_name"),
    "worker_log_group_name": ("aws_cloudwatch_log_group", "worker", "name"),
    "worker_role_arn": ("aws_lambda_function", "worker", "role"),
    "worker_timeout": ("aws_lambda_function", "worker", "timeout"),
}


@dataclass(frozen=True)
class Instance:
    """One use of the module.

    Attributes:
        address: as Terraform has it, such as `module.jobs["mail"]`; empty where the module itself was applied.
        name: the module's input of this name.
        outputs: those outputs of the module that are attributes of its resources.
        package: path of the worker's package as Terraform has it; None where it is in S3.
        is_open: whether anybody may post a task: no signature, no token, no key.
        max_receive_count: what Terraform was asked for.
    """

    address: str
    name: str
    outputs: dict[str, Any]
    package: str | None
    is_open: bool
    max_receive_count: int

    @property
    def label(self) -> str:
        """A short name among its neighbours: `jobs["mail"]`."""
        return self.address.removeprefix("module.") or "the module"


def instances(state: State) -> list[Instance]:
    """Return the instances that a state holds, by address."""
    modules: dict[str, _Resources] = {}
    open_: dict[str, bool] = {}
    for resource in state.get("resources", ()):
        address = resource.get("module", "")
        if resource["mode"] != "managed":
            continue
        for each in resource["instances"]:
            modules.setdefault(address, {})[resource["type"], resource["name"]] = each["attributes"]
            if resource["type"] == "aws_api_gateway_method" and each["attributes"]["http_method"] == "POST":
                open_[address] = open_.get(address, True) and _is_open(each["attributes"])
    found = {address: resources for address, resources in modules.items() if resources.keys() >= _MARKS}
    return [_instance(address, found[address], is_open=open_.get(address, False)) for address in sorted(found)]


def _instance(address: str, resources: _Resources, *, is_open: bool) -> Instance:
    worker = resources["aws_lambda_function", "worker"]
    redrive = resources.get(("aws_sqs_queue_redrive_policy", "this"), {}).get("redrive_policy") or "{}"
    return Instance(
        address=address,
        name=worker["environment"][0]["variables"]["POWERTOOLS_SERVICE_NAME"],
        outputs={
            output: resources[kind, name][attribute]
            for output, (kind, name, attribute) in _OUTPUTS.items()
            if (kind, name) in resources
        },
        package=worker.get("filename") or None,
        is_open=is_open,
        max_receive_count=int(json.loads(redrive).get("maxReceiveCount", 0)),
    )


def _is_open(method: Mapping[str, Any]) -> bool:
    return method["authorization"] == "NONE" and not method["api_key_required"]


def chosen(found: Sequence[Instance], wanted: str) -> Instance:
    """Return the instance of an address, or the only one where none is asked for.

    The address may lack `module.` at its beginning, and the quotes that a shell takes away.

    Raises:
        HarnessError: there is none, or there are several to choose from; the message lists them.
    """
    matching = [each for each in found if not wanted or _plain(each.address) == _plain(wanted)]
    if len(matching) == 1:
        return matching[0]
    there = "\n".join(f"  {each.address}" for each in found) or "  none"
    if wanted:
        raise HarnessError(f"There is no instance {wanted}. There are:\n{there}")
    raise HarnessError(
        f"Which instance of the module? Name it with --instance, or INSTANCE='...' for make. There are:\n{there}"
    )


def _plain(address: str) -> str:
    return address.removeprefix("module.").replace('"', "").replace("'", "")
