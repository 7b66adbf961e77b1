"""JSON logs and embedded metrics on the standard output, from where Lambda takes them to CloudWatch."""

import json
import logging
import sys
from collections.abc import Mapping

from task_runner.json_lines import JsonLines
from task_runner.record.task import now_ms

logger = logging.getLogger("task_runner")
"""Never give it a payload, a result or an exception's text at INFO or above: only ids, types and counts."""

_MOST_VALUES = 100
"""Of one metric in one document; CloudWatch takes no more (user guide, embedded metric format specification)."""

_names = {"service": "task_runner", "namespace": "TaskRunner"}
_counts: dict[str, int] = {}


def configure(variables: Mapping[str, str]) -> None:
    """Name and level what is written from here on, by the variables that Powertools in task code reads, too."""
    _names["service"] = variables.get("POWERTOOLS_SERVICE_NAME", _names["service"])
    _names["namespace"] = variables.get("POWERTOOLS_METRICS_NAMESPACE", _names["namespace"])
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(_names["service"]))
    logger.handlers = [handler]
    logger.setLevel(variables.get("POWERTOOLS_LOG_LEVEL", "INFO").upper())
    logger.propagate = False  # Lambda's own handler, on the root logger, would write each line again


def count(name: str) -> None:
    """Add one to a metric of this invocation."""
    _counts[name] = _counts.get(name, 0) + 1
    if _counts[name] == _MOST_VALUES:
        flush_metrics()


def flush_metrics() -> None:
    """Write this invocation's metrics, if there are any, for CloudWatch to read from the log."""
    if not _counts:
        return
    declared = {
        "Namespace": _names["namespace"],
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in _counts],
    }
    document = {
        "_aws": {"Timestamp": now_ms(), "CloudWatchMetrics": [declared]},
        "service": _names["service"],
        **{name: [1.0] * number for name, number in _counts.items()},
    }
    _counts.clear()
    print(json.dumps(document, separators=(",", ":")))
