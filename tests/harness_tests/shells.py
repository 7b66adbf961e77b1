"""What is printed for a shell, and a shell that knows nothing but it."""

import os
import subprocess
from pathlib import Path


def printed_lines(text: str) -> list[str]:
    """The lines that are set off for a shell: two spaces stand before them."""
    return [line.strip() for line in text.splitlines() if line.startswith("  ")]


def shell(line: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a line in a shell that knows nothing of AWS and of make."""
    alien = ("AWS_", "TASK", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(alien)}
    return subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
