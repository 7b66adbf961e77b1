"""What task code imports: the context it is given and the two ways to steer a retry.

Importing this package needs neither AWS nor any dependency, so task code is tested like any other function.
"""

from task_runner.context import TaskContext
from task_runner.errors import PermanentError, RetryLater

__all__ = ["PermanentError", "RetryLater", "TaskContext"]
