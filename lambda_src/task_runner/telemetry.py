"""JSON logs and embedded metrics, named by the module's `name` through Powertools' own variables.

Powertools reads them where a logger or a set of metrics is made, so both are made on first use: importing this reads
nothing.
"""

from functools import cache
from threading import Lock
from typing import Any, cast

import aws_lambda_powertools
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from task_runner.errors import ConfigError

_OLDEST_POWERTOOLS = 3

if int(aws_lambda_powertools.__version__.partition(".")[0]) < _OLDEST_POWERTOOLS:
    raise ConfigError(
        f"the worker's package brings Powertools {aws_lambda_powertools.__version__}, which wins over the layer's: "
        f"package {_OLDEST_POWERTOOLS}.0 or newer, or leave it out and use the layer's"
    )


class _MadeOnFirstUse:
    _lock = Lock()  # threads that made it twice would write each line twice

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            return getattr(_logger(), name)


logger = cast(Logger, _MadeOnFirstUse())
"""Never give it a payload, a result or an exception's text at INFO or above: only ids, types and counts."""


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _metrics() -> Metrics:
    return Metrics()


def count(name: str) -> None:
    """Add one to a metric of this invocation."""
    _metrics().add_metric(name, MetricUnit.Count, 1)


def flush_metrics() -> None:
    """Write this invocation's metrics, if there are any; Powertools would warn about an empty set."""
    if _metrics().metric_set:
        _metrics().flush_metrics()
