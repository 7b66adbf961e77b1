"""The scripts in docs/ that write generated pages, as `make docs` calls them."""

import os
import subprocess
import sys

from harness.paths import ROOT


def written_by(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a script of docs/; return how it ended."""
    command = [sys.executable, str(ROOT / "docs" / script), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "client" / "src")])}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
