"""`python -m task_runner_client` is the command `task-runner`."""

import sys

from task_runner_client.commands import main

if __name__ == "__main__":
    sys.exit(main())
