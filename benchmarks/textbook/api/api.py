"""POST /task and GET /task/{taskId}, as tutorials write them: put the item, then send the message; get the item."""

import json
import os
import uuid
from datetime import datetime, timezone
from typing import Any

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
sqs = boto3.client("sqs")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    if event["httpMethod"] == "POST":
        return create_task(event)
    return get_task(event)


def create_task(event: dict[str, Any]) -> dict[str, Any]:
    """Record a task, then queue it."""
    try:
        payload = json.loads(event["body"] or "{}")
    except ValueError:
        return respond(400, {"error": "the body is not JSON"})
    task_id = str(uuid.uuid4())
    created_at = datetime.now(timezone.utc).isoformat()
    task = {"taskId": task_id, "status": "pending", "payload": json.dumps(payload), "createdAt": created_at}
    table.put_item(Item=task)
    sqs.send_message(
        QueueUrl=os.environ["QUEUE_URL"],
        MessageBody=json.dumps({"taskId": task_id, "payload": payload}),
    )
    return respond(200, {"taskId": task_id, "status": "pending", "createdAt": created_at})


def get_task(event: dict[str, Any]) -> dict[str, Any]:
    """Tell how a task stands."""
    task_id = event["pathParameters"]["taskId"]
    task = table.get_item(Key={"taskId": task_id}).get("Item")
    if task is None:
        return respond(404, {"error": "no such task"})
    for name in ("payload", "result"):
        if name in task:
            task[name] = json.loads(str(task[name]))
    return respond(200, task)


def respond(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """Shape an answer for API Gateway."""
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
