"""docs/openapi.yaml says what api.py and api.tf do: the same routes, and the same codes with the same statuses."""

import ast
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import yaml

from harness.paths import ROOT
from task_runner.api.entry import _KEY, LARGEST_BODY, view
from task_runner.progress import LONGEST_MESSAGE, Progress
from task_runner.record.payload import DEEPEST_PAYLOAD
from task_runner.record.task import Status, Task, TaskError

API = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
GATEWAY = (ROOT / "api.tf").read_text()
FUNCTION = (ROOT / "lambda_src" / "task_runner" / "api" / "entry.py").read_text()

Answer = tuple[str, str]  # status as the description writes it, code


def resolved(value: Any) -> Any:
    """Follow a reference; what stands beside it holds too."""
    while isinstance(value, dict) and "$ref" in value:
        found: Any = API
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = {**found, **{key: beside for key, beside in value.items() if key != "$ref"}}
    return value


def described(method: str, path: str) -> set[Answer]:
    """The errors of an operation."""
    return {
        (status, code)
        for status, answer in API["paths"][path][method]["responses"].items()
        if status != "200"
        for code in resolved(answer)["content"]["application/json"]["schema"]["properties"]["code"]["enum"]
    }


def all_described() -> set[Answer]:
    return {answer for method, path in operations() for answer in described(method, path)}


def operations() -> set[tuple[str, str]]:
    return {(method, path) for path, item in API["paths"].items() for method in item}


def from_function() -> Iterator[Answer]:
    """Every status with its code that stands in the source as `...(HTTPStatus.X, "CODE", ...)`."""
    for node in ast.walk(ast.parse(FUNCTION)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"BadRequest", "_error"}:
            call = ast.unparse(node)
            found = re.match(r"\w+\(HTTPStatus\.(\w+), '(\w+)'", call)
            assert found or "(error.status, error.code," in call, f"write status and code out, to compare them: {call}"
            if found:
                yield str(HTTPStatus[found[1]].value), found[2]


def from_gateway() -> Iterator[Answer]:
    block = re.search(r"^  gateway_responses = \{\n(.*?)^  \}$", GATEWAY, re.DOTALL | re.MULTILINE)
    assert block
    kind = ""
    for line in block[1].splitlines():
        named = re.match(r" {4}(\w+)\s+= ", line)
        kind = named[1] if named else kind
        for status, code in re.findall(r'status = (\w+), code = "(\w+)"', line):
            yield (kind.removeprefix("DEFAULT_") if status == "null" else status), code


def test_every_error_of_the_code_is_described() -> None:
    assert not {*from_function(), *from_gateway()} - all_described()


def test_every_error_that_is_described_is_in_the_code() -> None:
    known = {*from_function(), *from_gateway()}
    assert len(known) > 15, "they are found at all"
    # A default of the gateway stands in for many statuses.
    unknown = {(status, code) for status, code in all_described() - known if (f"{status[0]}XX", code) not in known}
    assert not unknown


def test_routes_are_those_of_gateway_and_function() -> None:
    routes = re.findall(r'method = "(\w+)", path = "([^"]+)"', GATEWAY)
    assert {(method.lower(), path) for method, path in routes} == operations()
    patterns = [
        (call.func.attr, call.args[0].value)
        for call in ast.walk(ast.parse(FUNCTION))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"get", "post", "put", "patch", "delete", "head"}
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "app"
        and isinstance(call.args[0], ast.Constant)
    ]
    assert len(patterns) == len(operations())
    for method, path in operations():
        assert [m for m, pattern in patterns if re.fullmatch(str(pattern), path)] == [method]


def test_limits_are_those_of_the_function() -> None:
    body = API["paths"]["/task"]["post"]["requestBody"]["description"]
    assert f"{LARGEST_BODY:,} bytes" in body
    assert f"nested {DEEPEST_PAYLOAD} levels" in body
    [key] = API["paths"]["/task"]["post"]["parameters"]
    texts = [*map(chr, range(256)), "", "k" * 255, "k" * 256]
    assert all(bool(re.search(key["schema"]["pattern"], text)) == bool(_KEY.fullmatch(text)) for text in texts)


def test_views_have_the_fields_that_are_described() -> None:
    error, progress = TaskError("t", "m"), Progress(0.5, "half")
    task = Task("i", Status.FAILED, "{}", "", "c", "u", 0, 1, 1, "s", "f", result="1", error=error, progress=progress)
    fields = API["components"]["schemas"]["Task"]["properties"]
    assert view(task).keys() == fields.keys()
    assert vars(error).keys() == resolved(fields["error"])["properties"].keys()
    assert vars(progress).keys() == resolved(fields["progress"])["properties"].keys()
    assert fields["progress"]["properties"]["message"]["maxLength"] == LONGEST_MESSAGE
    assert [status.value for status in Status] == API["components"]["schemas"]["Status"]["enum"]
