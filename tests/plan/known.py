"""Resources that stand for applied ones, so that a plan shows what is derived from their ARNs."""

from typing import Any

ACCOUNT = "us-east-1:123456789012"
QUEUE, DEAD_LETTERS = f"arn:aws:sqs:{ACCOUNT}:demo-queue", f"arn:aws:sqs:{ACCOUNT}:demo-dlq"
TABLE = f"arn:aws:dynamodb:{ACCOUNT}:table/demo-tasks"
LOGS = f"arn:aws:logs:{ACCOUNT}:log-group:/aws/lambda/demo"
API = f"arn:aws:execute-api:{ACCOUNT}:abc123"


def queue(name: str, arn: str) -> dict[str, Any]:
    return {"name": name, "id": f"https://sqs/{name}", "url": f"https://sqs/{name}", "arn": arn, "fifo_queue": False}


KNOWN: dict[str, dict[str, Any]] = {
    "aws_sqs_queue.this": queue("demo-queue", QUEUE),
    "aws_sqs_queue.dead_letter": queue("demo-dlq", DEAD_LETTERS),
    "aws_dynamodb_table.this": {"name": "demo-tasks", "id": "demo-tasks", "hash_key": "taskId", "arn": TABLE},
    "aws_cloudwatch_log_group.api": {
        "name": "/aws/lambda/demo-api",
        "id": "/aws/lambda/demo-api",
        "arn": f"{LOGS}-api",
    },
    "aws_cloudwatch_log_group.worker": {
        "name": "/aws/lambda/demo-worker",
        "id": "/aws/lambda/demo-worker",
        "arn": f"{LOGS}-worker",
    },
    "aws_api_gateway_rest_api.this": {
        "name": "demo-api",
        "id": "abc123",
        "root_resource_id": "root",
        "execution_arn": API,
    },
}
