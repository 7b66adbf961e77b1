"""docs/openapi.yaml says what the API does: its routes, and the errors of function and gateway with their statuses."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
import schemathesis

from harness.paths import API_ERRORS, ROOT
from support.openapi import API, OPERATIONS, PAGE, Content, answers, contents, faults, resolved
from task_runner.api.answers import view
from task_runner.api.body import LARGEST_BODY
from task_runner.api.routes import OPTIONAL, routes_with
from task_runner.api.routes.submit import IDEMPOTENCY_KEY
from task_runner.progress import LONGEST_MESSAGE, Progress
from task_runner.record.history import AttemptOutcome, begun, ended
from task_runner.record.payload import DEEPEST_PAYLOAD
from task_runner.record.task import Status, Task, TaskError

ERRORS = json.loads(API_ERRORS.read_text())

Answer = tuple[str, str]  # status as the description writes it, code


def described() -> set[Answer]:
    """The errors of all operations."""
    return {
        (status, code)
        for method, path in OPERATIONS
        for status, answer in answers(method, path).items()
        for code in answer.codes
    }


def known() -> set[Answer]:
    """The errors of function and gateway; a default of the gateway has a class of statuses, such as 4XX."""
    function = {(str(error["status"]), code) for code, error in ERRORS["function"].items()}
    gateway = {
        (str(error["status"] or kind.removeprefix("DEFAULT_")), error["code"])
        for kind, error in ERRORS["gateway"].items()
    }
    return function | gateway


def test_description_is_valid() -> None:
    schemathesis.openapi.from_path(PAGE).validate()


def test_every_error_of_the_code_is_described() -> None:
    assert not known() - described()


def test_every_error_that_is_described_is_in_the_code() -> None:
    assert len(known()) > 15, "they are found at all"
    # A default of the gateway stands in for many statuses.
    unknown = {(status, code) for status, code in described() - known() if (f"{status[0]}XX", code) not in known()}
    assert not unknown


def test_routes_are_those_of_the_function() -> None:
    assert sorted((route.method.lower(), route.path) for route in routes_with(OPTIONAL)) == OPERATIONS


def test_licence_is_the_projects() -> None:
    assert API["info"]["license"]["identifier"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text()


def test_limits_are_those_of_the_function() -> None:
    body = API["paths"]["/task"]["post"]["requestBody"]["description"]
    assert f"{LARGEST_BODY:,} bytes" in body
    assert f"nested {DEEPEST_PAYLOAD} levels" in body
    [key] = API["paths"]["/task"]["post"]["parameters"]
    texts = [*map(chr, range(256)), "", "k" * 255, "k" * 256]
    assert all(
        bool(re.search(key["schema"]["pattern"], text)) == bool(IDEMPOTENCY_KEY.fullmatch(text)) for text in texts
    )


def test_views_have_the_fields_that_are_described() -> None:
    error, progress = TaskError("t", "m"), Progress(0.5, "half")
    history = ended((begun("s", "e"),), AttemptOutcome.FAILED, "e", error)
    ended_task = Task("i", Status.FAILED, "{}", "", "c", "u", 0, 1, 1, "s", "f")
    task = replace(ended_task, result="1", error=error, progress=progress, history=history)
    fields = API["components"]["schemas"]["Task"]["properties"]
    assert view(task).keys() == fields.keys()
    assert vars(error).keys() == resolved(fields["error"])["properties"].keys()
    assert vars(progress).keys() == resolved(fields["progress"])["properties"].keys()
    assert fields["progress"]["properties"]["message"]["maxLength"] == LONGEST_MESSAGE
    attempt = resolved(fields["history"]["items"])["properties"]
    assert view(task)["history"][0].keys() == attempt.keys()
    assert [outcome.value for outcome in AttemptOutcome] == attempt["outcome"]["enum"]
    assert [status.value for status in Status] == API["components"]["schemas"]["Status"]["enum"]


@pytest.mark.parametrize("content", [*contents()], ids=lambda content: f"{content.operation} {content.status}")
def test_every_body_has_examples_that_fit(content: Content) -> None:
    assert content.examples
    assert [fault for example in content.examples.values() for fault in content.faults(example)] == []


@pytest.mark.parametrize("name", ["TaskId", "Time"])
def test_format_is_told_and_kept(name: str) -> None:
    schema = API["components"]["schemas"][name]
    good, bad = {
        "TaskId": ("0b8c5a4e-2f60-4f0e-9a53-7d1c6e3f9a10", "0b8c5a4e2f604f0e9a537d1c6e3f9a10"),
        "Time": ("2026-01-31T12:00:00.000Z", "2026-13-31T12:00:00.000Z"),
    }[name]
    assert schema["format"] == {"TaskId": "uuid", "Time": "date-time"}[name]
    assert faults(schema, good) == []
    assert faults(schema, bad)


def test_examples_of_parameters_and_headers_fit() -> None:
    operations = [API["paths"][path][method] for method, path in OPERATIONS]
    examples = [parameter for operation in operations for parameter in operation["parameters"]]
    examples += [resolved(header) for content in contents() for header in content.headers.values()]
    assert [faults(each["schema"], each["example"]) for each in examples] == [[]] * len(examples)


def sentences() -> dict[str, list[str]]:
    """The sentences of every code; a blank is anything."""
    all_of: dict[str, list[str]] = {}
    pairs: list[tuple[str, Any]] = [*ERRORS["function"].items(), *((e["code"], e) for e in ERRORS["gateway"].values())]
    for code, error in pairs:
        texts = re.split(r"\{\w+\}", error["error"])
        all_of.setdefault(code, []).append(".+".join(map(re.escape, texts)))
    return all_of


@pytest.mark.parametrize(
    "content", [each for each in contents() if each.codes], ids=lambda c: f"{c.operation} {c.status}"
)
def test_every_error_has_an_example_with_its_sentence(content: Content) -> None:
    assert content.examples.keys() == set(content.codes)
    for code, example in content.examples.items():
        assert example["code"] == code
        assert any(re.fullmatch(sentence, example["error"]) for sentence in sentences()[code])
