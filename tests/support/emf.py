"""The metrics that a function wrote: CloudWatch's embedded metric format, a line of JSON among the others."""

import json
from typing import Any


def metrics_in(output: str) -> list[dict[str, Any]]:
    """Return every document of metrics in a function's standard output, without its time.

    Such a line is known by `_aws` (CloudWatch user guide, embedded metric format specification).
    """
    documents = [document for line in output.splitlines() if "_aws" in (document := json.loads(line))]
    for document in documents:
        assert document["_aws"].pop("Timestamp") > 0
    return documents


def document(service: str, counts: dict[str, int]) -> dict[str, Any]:
    """Return what one invocation writes that counted so many of each metric, in this order."""
    metrics = [{"Name": name, "Unit": "Count"} for name in counts]
    declared = {"Namespace": "TaskRunner", "Dimensions": [["service"]], "Metrics": metrics}
    values = {name: [1.0] * number for name, number in counts.items()}
    return {"_aws": {"CloudWatchMetrics": [declared]}, "service": service, **values}
