"""What task code imports: the context it is given and the two ways to steer a retry.

Importing this package needs neither AWS nor any dependency, so task code is tested like any other function.
"""

import os
import sys

from task_runner.context import TaskContext
from task_runner.errors import PermanentError, RetryLater

__all__ = ["PermanentError", "RetryLater", "TaskContext"]

# Where a package of the caller and a layer of ours hold the same library, the caller's is used. Lambda orders its
# search path so; said again here, it holds on every stand-in for Lambda as well.
if _root := os.environ.get("LAMBDA_TASK_ROOT"):
    sys.path.insert(0, _root)
