"""The worker, as tutorials write it: one record after the other, and the failed ones are reported."""

import json
import os
from datetime import datetime, timezone
from typing import Any

import boto3
import work

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Run a batch of tasks; name those that are to come again."""
    failures = []
    for record in event["Records"]:
        try:
            process(json.loads(record["body"]))
        except Exception as error:  # noqa: BLE001 - one bad record must not end the loop over its batch
            print(f"task failed: {error!r}")
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def process(message: dict[str, Any]) -> None:
    """Run one task, and record how it stands before and after."""
    update(message["taskId"], status="processing")
    try:
        result = work.handle(message["payload"])
    except Exception as error:
        update(message["taskId"], status="failed", error=str(error))
        raise
    update(message["taskId"], status="completed", result=json.dumps(result))


def update(task_id: str, **attributes: str) -> None:
    """Set some attributes of a task; `status`, `result` and `error` are reserved words or may be."""
    attributes["updatedAt"] = datetime.now(timezone.utc).isoformat()
    table.update_item(
        Key={"taskId": task_id},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in attributes),
        ExpressionAttributeNames={f"#{name}": name for name in attributes},
        ExpressionAttributeValues={f":{name}": value for name, value in attributes.items()},
    )
