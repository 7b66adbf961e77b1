"""Task code that ends the way the payload says, until the attempt from which it works."""

import os
import time
from pathlib import Path
from typing import Any

from task_runner import PermanentError, TaskContext


def handle(payload: dict[str, Any], context: TaskContext) -> Any:
    print(f"attempt {context.attempt}", flush=True)  # must not be taken for the worker's answer, in any process
    if context.attempt >= payload.get("works_from", 10**6):
        return {"attempt": context.attempt}
    match payload["do"]:
        case "raise":
            raise ValueError("no luck")
        case "give up":
            raise PermanentError("never")
        case "return nonsense":
            return object()
        case "hang":
            time.sleep(60)
        case "exit":
            os._exit(1)
        case "take 2 GiB":
            return len(b"x" * (2 << 30))
        case "tell who you are":
            Path(payload["file"]).write_text(str(os.getpid()))
            time.sleep(60)
    return {"attempt": context.attempt}
