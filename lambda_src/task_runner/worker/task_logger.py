"""The logger that task code is given: each of its lines names the task."""

import logging


def task_logger(task_id: str, parent: logging.Logger) -> logging.Logger:
    """Return a logger of this task's own. `logging.getLogger` would keep one for each task ever run."""
    logger = logging.Logger(f"{parent.name}.task")
    logger.parent = parent

    def name_the_task(record: logging.LogRecord) -> bool:
        record.task_id = task_id
        return True

    logger.addFilter(name_the_task)
    return logger
