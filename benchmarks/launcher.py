"""Starts the embedded AWS as the harness' own launcher does, but lets no answer of a function wait.

MiniStack holds back the answer of a function that has written no log line, for 50 ms, in case one is still to come; for
one that has, for 5 ms. AWS waits for neither. A version that logs each request would so be 'faster' than one that does
not, by more than the requests take.
"""

import runpy
from pathlib import Path

from ministack.core import lambda_runtime

_OWN = Path(__file__).parents[1] / "tests" / "harness" / "launcher.py"


def main() -> None:
    """Run the server in the foreground until SIGTERM."""
    lambda_runtime.Worker._drain_stderr_bounded = lambda worker, **_: worker._drain_stderr()
    runpy.run_path(str(_OWN), run_name="__main__")


if __name__ == "__main__":
    main()
