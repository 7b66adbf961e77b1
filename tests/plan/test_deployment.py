"""A change of the API is not live until it is deployed: whatever shapes it changes the deployment's trigger.

The trigger is evaluated as it is written, without the resources around it: so one plan has it in many variants, each
with other inputs or with a text in the module's files replaced.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import tftest

import inputs
from harness.paths import API_ERRORS, ROOT
from harness.terraform import terraform_binary, terraform_environment
from hcl_files import blocks, type_of
from plan.planner import Plan, Planner
from plan.shaping import ELSEWHERE, HASHED, NOT_DEPLOYED, SHAPED, SHAPING, Api, cors

ANSWERS = API_ERRORS.relative_to(ROOT).as_posix()
EVALUATED = (
    "main.tf",
    "api.tf",
    "api_routes.tf",
    "cors.tf",
    ANSWERS,
)  # what the trigger is made of, besides the inputs
RE = re.DOTALL | re.MULTILINE
DEPLOYMENT = "aws_api_gateway_deployment.this"


@dataclass(frozen=True)
class Variant:
    """An instance of the module."""

    api: Api = field(default_factory=dict)
    file: str = ""
    old: str = ""
    new: str = ""
    function: str = "demo-api"


def routes() -> Iterator[tuple[str, Variant]]:
    """Each route, guarded where it was not and the other way round."""
    everything = {**cors(), "routes": ["retry"]}
    for name in ("api.tf", "api_routes.tf", "cors.tf"):
        for line, key, guarded in re.findall(
            r"^( +(\w+) += \{ method = .*guarded = (true|false).*)$", (ROOT / name).read_text(), re.MULTILINE
        ):
            other = {"true": "false", "false": "true"}[guarded]
            yield key, Variant(everything, name, line, line.replace(f"guarded = {guarded}", f"guarded = {other}"))


def answers() -> Iterator[tuple[str, Variant]]:
    """Each answer of the gateway, with another sentence."""
    for line, kind in re.findall(r'^( +"(\w+)": \{.*"code".*)$', (ROOT / ANSWERS).read_text(), re.MULTILINE):
        yield kind, Variant({"authorization": "AWS_IAM"}, ANSWERS, line, line.replace('"error": "', '"error": "No. '))


ROUTES, GATEWAY = dict(routes()), dict(answers())
RETRY = Variant({}, "api.tf", "\"'1'\"", "\"'2'\"")
RENAMED = Variant(function="demo-front")


class Variants:
    """The trigger in many variants, from one plan without any provider."""

    def __init__(self, folder: Path) -> None:
        """Plan each variant that a test compares."""
        self._folder = folder
        self._names: dict[str, str] = {}
        compared = [Variant(api) for pair in (*SHAPING.values(), *ELSEWHERE.values()) for api in pair]
        edited = [*ROUTES.values(), *GATEWAY.values(), RETRY, RENAMED]
        for variant in (*compared, *edited, *(Variant(one.api) for one in edited)):
            self._names.setdefault(repr(variant), f"v{len(self._names)}")
            self._write(variant)
        terraform = tftest.TerraformTest(str(folder), binary=terraform_binary().path)
        terraform.env = terraform_environment()
        terraform.setup(cleanup_on_exit=False)
        self._outputs = terraform.plan(output=True)["planned_values"]["outputs"]

    def trigger(self, variant: Variant) -> Any:
        return self._outputs[self._names[repr(variant)]]["value"]

    def _write(self, variant: Variant) -> None:
        name = self._names[repr(variant)]
        for file in (*EVALUATED, *(path.name for path in ROOT.glob("variables*.tf"))):
            text = (ROOT / file).read_text()
            if file == variant.file:
                assert text.count(variant.old) == 1
                text = text.replace(variant.old, variant.new)
            target = self._folder / name / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        (trigger,) = re.findall(r"^  triggers = \{\n    settings = (.+?)^  \}", (ROOT / "api_rest.tf").read_text(), RE)
        (self._folder / name / "trigger.tf").write_text(f'output "trigger" {{\n  value = {trigger}}}\n')
        names = {"api_function": variant.function}
        module = {"source": f"./{name}", "name": "demo", "names": names, "api": variant.api}
        outputs = {name: {"value": f"${{module.{name}.trigger}}"}}
        (self._folder / f"{name}.tf.json").write_text(json.dumps({"module": {name: module}, "output": outputs}))


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Variants:
    return Variants(tmp_path_factory.mktemp("variants"))


@pytest.fixture(scope="module")
def written(plan: Planner) -> Plan:
    return plan(inputs={"name": "demo", "api": {"routes": ["retry"]}})


def attributes() -> Iterator[str]:
    """Each attribute of the input `api`, by its path."""
    api = dict(blocks(ROOT, "variable"))["api"]
    yield from (attribute.name for attribute in inputs.attributes(type_of(api)))


def test_of_each_attribute_it_is_decided_whether_it_shapes_the_api() -> None:
    assert sorted(attributes()) == sorted([*SHAPING, *ELSEWHERE])


@pytest.mark.parametrize("attribute", SHAPING)
def test_attribute_that_shapes_the_api_is_deployed(variants: Variants, attribute: str) -> None:
    before, after = SHAPING[attribute]
    assert variants.trigger(Variant(before)) != variants.trigger(Variant(after))


@pytest.mark.parametrize("attribute", ELSEWHERE)
def test_attribute_of_anything_else_is_not_deployed(variants: Variants, attribute: str) -> None:
    before, after = ELSEWHERE[attribute]
    assert variants.trigger(Variant(before)) == variants.trigger(Variant(after))


@pytest.mark.parametrize("route", ROUTES)
def test_change_of_a_route_is_deployed(variants: Variants, route: str) -> None:
    variant = ROUTES[route]
    assert variants.trigger(variant) != variants.trigger(Variant(variant.api))


@pytest.mark.parametrize("kind", [*GATEWAY, "Retry-After"])
def test_change_of_an_answer_is_deployed(variants: Variants, kind: str) -> None:
    variant = GATEWAY.get(kind, RETRY)
    assert variants.trigger(variant) != variants.trigger(Variant(variant.api))


def test_another_function_is_deployed(variants: Variants) -> None:
    assert variants.trigger(RENAMED) != variants.trigger(Variant())


def test_every_route_and_every_answer_is_changed(written: Plan) -> None:
    made = {key for key in written.values if key.startswith("aws_api_gateway_method.this")}
    assert {f'aws_api_gateway_method.this["{key}"]' for key in ROUTES if "preflight" not in key} == made
    made = {key for key in written.values if key.startswith("aws_api_gateway_gateway_response.this")}
    assert {f'aws_api_gateway_gateway_response.this["{key}"]' for key in GATEWAY} == made


def test_whatever_the_resources_of_the_api_are_made_of_is_in_the_hash(written: Plan) -> None:
    resources = {one["address"]: one for one in written.configuration["resources"]}
    hashed = whole(resources[DEPLOYMENT]["expressions"]["triggers"]["references"])
    assert hashed >= set(HASHED.values())
    named = {
        name
        for one in resources.values()
        if one["type"] in SHAPED
        for expression in [*one["expressions"].values(), one.get("for_each_expression"), one.get("count_expression")]
        for name in whole(references(expression))
        if name.startswith(("local.", "var."))
    }
    assert named == HASHED.keys() | NOT_DEPLOYED.keys()


def references(expression: Any) -> Iterator[str]:
    if isinstance(expression, dict):
        yield from expression.get("references", ())
        for value in expression.values():
            yield from references(value)
    elif isinstance(expression, list):
        for value in expression:
            yield from references(value)


def whole(found: Any) -> set[str]:
    """Leave of `var.api.cors.max_age`, `var.api.cors`, `var.api` only what stands between object and attribute."""
    return {".".join(name.split(".")[: 3 if name.startswith("var.api") else 2]) for name in found} - {"var.api"}
