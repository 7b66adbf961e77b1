"""JSON logs and embedded metrics, named by the module's `name` through Powertools' own variables."""

from aws_lambda_powertools import Logger, Metrics

logger = Logger()
"""Never give it a payload, a result or an exception's text at INFO or above: only ids, types and counts."""

metrics = Metrics()


def flush_metrics() -> None:
    """Write this invocation's metrics, if there are any; Powertools would warn about an empty set."""
    if metrics.metric_set:
        metrics.flush_metrics()
