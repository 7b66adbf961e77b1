"""Task code that tells whose layer it finds, and reads what it may."""

import os
from typing import Any

import boto3

from task_runner import TaskContext, testing


def handle(payload: dict[str, Any], _context: TaskContext) -> dict[str, Any]:
    if "version" in payload:
        return {"version": os.environ["AWS_LAMBDA_FUNCTION_VERSION"]}
    if "read" not in payload:
        return {"from_my_layer": getattr(testing, "FROM_MY_LAYER", False)}
    s3 = boto3.client("s3")
    return {"text": s3.get_object(Bucket=os.environ["BUCKET"], Key=payload["read"])["Body"].read().decode()}
