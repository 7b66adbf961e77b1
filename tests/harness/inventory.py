"""What exists in the services that the module uses, to prove that destroy leaves nothing behind."""

from collections.abc import Callable, Iterator
from typing import Any

from harness.target import Target

Listing = Callable[[Any], Iterator[str]]


def inventory(target: Target, only: str = "") -> frozenset[str]:
    """Return "kind name" of everything there is, or of what has `only` in its name (an account has more than us)."""
    found = (
        f"{kind} {name}" for kind, (service, listing) in _LISTINGS.items() for name in listing(target.client(service))
    )
    return frozenset(entry for entry in found if only in entry)


def _listing(operation: str, key: str, name: str | None = None, **arguments: str) -> Listing:
    """List by a paginated operation: its answer's `key`, and of each item there the field `name`."""

    def listing(client: Any) -> Iterator[str]:
        for page in client.get_paginator(operation).paginate(**arguments):
            for item in page.get(key, []):
                yield str(item[name] if name else item)

    return listing


_LISTINGS: dict[str, tuple[str, Listing]] = {
    "DynamoDB table": ("dynamodb", _listing("list_tables", "TableNames")),
    "SQS queue": ("sqs", _listing("list_queues", "QueueUrls")),
    "Lambda function": ("lambda", _listing("list_functions", "Functions", "FunctionArn")),
    "Lambda layer": ("lambda", _listing("list_layers", "Layers", "LayerArn")),
    "event source mapping": ("lambda", _listing("list_event_source_mappings", "EventSourceMappings", "FunctionArn")),
    "IAM role": ("iam", _listing("list_roles", "Roles", "Arn")),
    "IAM policy": ("iam", _listing("list_policies", "Policies", "Arn", Scope="Local")),
    "log group": ("logs", _listing("describe_log_groups", "logGroups", "logGroupName")),
    "S3 bucket": ("s3", _listing("list_buckets", "Buckets", "Name")),
    "REST API": ("apigateway", _listing("get_rest_apis", "items", "name")),
}
