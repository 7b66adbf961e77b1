"""Instances of the module are found in a state by the addresses of their resources."""

import json
from typing import Any

import pytest

from harness.errors import HarnessError
from harness.instances import Instance, chosen, instances


def resource(module: str, kind: str, name: str, **attributes: Any) -> dict[str, Any]:
    return {
        "module": module,
        "mode": "managed",
        "type": kind,
        "name": name,
        "instances": [{"index_key": 0, "attributes": attributes}],
    }


def instance_of(module: str, name: str, *, authorization: str = "NONE") -> list[dict[str, Any]]:
    environment = [{"variables": {"POWERTOOLS_SERVICE_NAME": name}}]
    redrive = json.dumps({"maxReceiveCount": 3})
    method = {"http_method": "POST", "authorization": authorization, "api_key_required": False}
    return [
        resource(module, "aws_lambda_function", "api", function_name=f"{name}-api", arn="", role=""),
        resource(
            module,
            "aws_lambda_function",
            "worker",
            function_name=f"{name}-w",
            filename="./x.zip",
            environment=environment,
            arn="",
            role="",
            timeout=60,
        ),
        resource(module, "aws_lambda_event_source_mapping", "this", uuid="u"),
        resource(module, "aws_sqs_queue_redrive_policy", "this", redrive_policy=redrive),
        resource(module, "aws_api_gateway_method", "this", **method),
    ]


def found(*groups: list[dict[str, Any]]) -> list[Instance]:
    return instances({"resources": [each for group in groups for each in group]})


def test_each_module_with_the_functions_and_their_mapping_is_one() -> None:
    other = [resource("module.other", "aws_lambda_function", "worker", function_name="w")]
    one, two = found(instance_of('module.jobs["b"]', "b"), other, instance_of("module.a.module.inner", "a"))
    assert (one.address, one.name, one.outputs["worker_function_name"]) == ("module.a.module.inner", "a", "a-w")
    assert (two.address, two.label, two.package) == ('module.jobs["b"]', 'jobs["b"]', "./x.zip")
    assert two.max_receive_count == 3


@pytest.mark.parametrize(("authorization", "is_open"), [("NONE", True), ("AWS_IAM", False)])
def test_who_may_post_is_read_of_each_instance(authorization: str, is_open: bool) -> None:
    one, two = found(instance_of("module.a", "a", authorization=authorization), instance_of("module.b", "b"))
    assert (one.is_open, two.is_open) == (is_open, True)


@pytest.mark.parametrize("wanted", ['module.jobs["b"]', 'jobs["b"]', "jobs[b]", "module.jobs['b']"])
def test_an_instance_is_chosen_by_its_address_with_or_without_what_a_shell_takes(wanted: str) -> None:
    several = found(instance_of('module.jobs["b"]', "b"), instance_of("module.a", "a"))
    assert chosen(several, wanted).name == "b"


def test_the_only_one_need_not_be_named_and_of_several_all_are_told() -> None:
    one = found(instance_of("module.a", "a"))
    assert chosen(one, "").name == "a"
    with pytest.raises(HarnessError, match=r"There is no instance b\. There are:\n  module\.a$"):
        chosen(one, "b")
    with pytest.raises(HarnessError, match=r"Which instance(.|\n)*\n  module\.a\n  module\.b$"):
        chosen(found(instance_of("module.a", "a"), instance_of("module.b", "b")), "")
