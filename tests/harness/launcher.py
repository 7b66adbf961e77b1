"""The program that MiniStack runs in: `launcher.py <python that runs Lambda code>`.

MiniStack starts Lambda code on the `sys.executable` of its own process. Left alone that is the harness' interpreter,
with all its packages: one that is missing from a Lambda package would be found there, and a run would prove nothing.
"""

import sys


def main() -> None:
    """Run the server in the foreground until SIGTERM."""
    sys.executable = sys.argv.pop(1)
    from ministack import app  # reads its settings from the environment at import

    app.main()


if __name__ == "__main__":
    main()
