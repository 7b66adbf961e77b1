"""The errors of errors.json: each is answered, with its status and its sentence, and no other is."""

import json
from pathlib import Path
from typing import Any

import pytest

from runtime.api.provoked import PROVOKED
from support.cloud import Api, Cloud
from support.openapi import contents
from task_runner.api import answers
from task_runner.api.answers import Refused

ERRORS: dict[str, Any] = json.loads(Path(answers.__file__).with_name("errors.json").read_text())["function"]


def described(status: int, code: str) -> Any:
    [example, *others] = [
        content.examples[code] for content in contents() if content.status == str(status) and code in content.examples
    ]
    assert all(other == example for other in others)
    return example


def test_every_error_is_known_here() -> None:
    assert PROVOKED.keys() == ERRORS.keys()


@pytest.mark.parametrize("code", PROVOKED)
def test_error_is_answered_as_written_and_as_described(
    cloud: Cloud, api: Api, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    answer = PROVOKED[code](cloud, api, monkeypatch)
    assert (answer.status, answer.body["code"]) == (ERRORS[code]["status"], code)
    assert answer.body == described(answer.status, code)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_code_that_is_not_in_the_file_cannot_be_answered() -> None:
    with pytest.raises(LookupError, match="TEAPOT"):
        Refused("TEAPOT")


def test_sentence_with_an_open_blank_cannot_be_answered() -> None:
    with pytest.raises(LookupError, match="size"):
        Refused("PAYLOAD_TOO_LARGE", largest=1)


def test_event_that_is_none_of_api_gateways_is_a_fault_in_the_shape_of_all_errors(api: Api) -> None:
    answer = api.post("{}", requestContext=None)
    assert (answer.status, answer.body) == (500, {"error": ERRORS["INTERNAL"]["error"], "code": "INTERNAL"})
    assert answer.headers["Cache-Control"] == "no-store"
