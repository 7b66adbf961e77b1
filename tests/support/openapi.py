"""docs/openapi.yaml as tests ask it: what an operation answers, with which schema and examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from jsonschema_rs import Draft202012Validator

from harness.paths import ROOT

PAGE = ROOT / "docs" / "openapi.yaml"
API: Any = yaml.safe_load(PAGE.read_text())
OPERATIONS = sorted((method, path) for path, item in API["paths"].items() for method in item)


def resolved(value: Any) -> Any:
    """Follow a reference; what stands beside it holds too."""
    while isinstance(value, dict) and "$ref" in value:
        found: Any = API
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = {**found, **{key: beside for key, beside in value.items() if key != "$ref"}}
    return value


@dataclass(frozen=True)
class Content:
    """A body, of a request or of an answer; `status` is None for a request."""

    operation: str
    status: str | None
    media: Mapping[str, Any]
    headers: Mapping[str, Any]

    @property
    def examples(self) -> dict[str, Any]:
        return {name: resolved(example)["value"] for name, example in self.media.get("examples", {}).items()}

    @property
    def codes(self) -> list[str]:
        """The errors that it may be; none for a success."""
        return [] if self.status in (None, "200") else resolved(self.media["schema"])["properties"]["code"]["enum"]

    def faults(self, body: Any) -> list[str]:
        """Tell what does not fit the schema."""
        return faults(self.media["schema"], body)


def faults(schema: Mapping[str, Any], value: Any) -> list[str]:
    """Tell what of a value does not fit a schema, formats included."""
    whole = {**schema, "components": API["components"]}
    return [error.message for error in Draft202012Validator(whole, validate_formats=True).iter_errors(value)]


def answers(method: str, path: str) -> dict[str, Content]:
    """Return what an operation answers, by status."""
    found = {status: resolved(answer) for status, answer in API["paths"][path][method]["responses"].items()}
    return {
        status: Content(f"{method} {path}", status, answer["content"]["application/json"], answer.get("headers", {}))
        for status, answer in found.items()
    }


def contents() -> Iterator[Content]:
    """Yield every body of every operation."""
    for method, path in OPERATIONS:
        if body := API["paths"][path][method].get("requestBody"):
            yield Content(f"{method} {path}", None, body["content"]["application/json"], {})
        yield from answers(method, path).values()
