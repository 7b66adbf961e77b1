"""The logger that task code is given: each of its lines names the task."""

import json
import logging
import os
import sys
from datetime import datetime, timezone

_OF_EVERY_RECORD = vars(logging.makeLogRecord({})).keys() | {"message", "asctime", "taskName"}


def task_logger(task_id: str, parent: logging.Logger) -> logging.Logger:
    """Return a logger of this task's own. `logging.getLogger` would keep one for each task ever run."""
    logger = logging.Logger(f"{parent.name}.task")
    logger.parent = parent

    def name_the_task(record: logging.LogRecord) -> bool:
        record.task_id = task_id
        return True

    logger.addFilter(name_the_task)
    return logger


def plain_logger() -> logging.Logger:
    """Return a logger that writes what Powertools' would, for a process that lives too short a time to import it.

    Lambda's layers hold no bytecode and cannot be written to, so that each new process compiles all it imports.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logger = logging.getLogger(os.environ.get("POWERTOOLS_SERVICE_NAME", "task_runner"))
    logger.setLevel(os.environ.get("POWERTOOLS_LOG_LEVEL", "INFO"))
    logger.addHandler(handler)
    logger.propagate = False
    return logger


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "level": record.levelname,
            "location": f"{record.funcName}:{record.lineno}",
            "message": record.getMessage(),
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "service": record.name.partition(".")[0],
        }
        line |= {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)
