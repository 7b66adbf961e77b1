"""What the API answers about one task, as the tests of several commands have it."""

from loopback import Answer

ID = "6f1c1a3e-0000-4000-8000-000000000000"
PENDING = Answer({"taskId": ID, "status": "pending", "attempts": 0})
COMPLETED = Answer({"taskId": ID, "status": "completed", "attempts": 1})
FAILED = Answer(
    {
        "taskId": ID,
        "status": "failed",
        "attempts": 2,
        "updatedAt": "2026-01-31T10:00:01.000Z",
        "completedAt": "2026-01-31T10:00:01.000Z",
        "error": {"type": "ValueError", "message": "no"},
    }
)
NO_SUCH_TASK = Answer({"error": "There is no task with this id.", "code": "TASK_NOT_FOUND"}, 404)
