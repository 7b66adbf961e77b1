"""What a route is given: the parts of API Gateway's event that count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from task_runner.api.answers import Refused
from task_runner.api.caller import identity_of
from task_runner.record.task import is_task_id


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        method: what was asked for.
        resource: of what: the path as the routes write it, with its parameters in braces. API Gateway has matched it;
            in the path that was sent, the base path of a custom domain may stand before it, and slashes behind it.
        parameters: what stands in the path for the names in braces, percent-decoded by API Gateway.
        headers: their names are in lower case; of a header that came twice, API Gateway hands on the last.
        body: as text, or as base64 where `is_base64` says so.
        caller: who asks, see `identity_of`.
    """

    method: str
    resource: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    is_base64: bool
    caller: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Request":
        """Read a Lambda proxy event of a REST API (payload format 1.0); it has null for what is not there."""
        return cls(
            method=event["httpMethod"],
            resource=event["resource"],
            parameters=event.get("pathParameters") or {},
            headers=headers_of(event),
            body=event.get("body") or "",
            is_base64=bool(event.get("isBase64Encoded")),
            caller=identity_of(event["requestContext"]),
        )


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """Read an event's headers, as `Request` has them."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


def task_id_of(request: Request) -> str:
    """Return the task's id that stands in the path, as the record has it.

    Raises:
        Refused: it is none.
    """
    task_id = request.parameters.get("taskId", "")  # a gateway may find none in odd paths
    if not is_task_id(task_id):
        raise Refused("INVALID_TASK_ID")
    return task_id.lower()
