"""The environment of both functions: they read it, and make their clients, at import, as they do in Lambda."""

import os

os.environ.update(
    {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "POWERTOOLS_SERVICE_NAME": "unit",
        "POWERTOOLS_METRICS_NAMESPACE": "TaskRunner",
        "TASK_RUNNER_TABLE_NAME": "tasks",
        "TASK_RUNNER_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/tasks",
        "TASK_RUNNER_MAX_RECEIVE_COUNT": "3",
        "TASK_RUNNER_RECORD_TTL_SECONDS": "2592000",
        "TASK_RUNNER_QUEUE_RETENTION_SECONDS": "345600",
        "TASK_RUNNER_HANDLER": "demo.tasks.handle",
        "TASK_RUNNER_CONCURRENCY": "10",
        "TASK_RUNNER_RETRY_BASE_SECONDS": "2",
        "TASK_RUNNER_RETRY_CAP_SECONDS": "300",
    }
)
