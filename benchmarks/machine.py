"""What the figures were measured on; nothing that tells whose machine it is."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from harness.runtime import runtime_python
from harness.terraform import terraform_binary


def machine() -> dict[str, str | int]:
    """Return processor, cores, and the versions of what takes part."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "lambda_python": _lambda_python(),
        "ministack": version("ministack"),
        "terraform": terraform_binary().version,
    }


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _lambda_python() -> str:
    command = [str(runtime_python()), "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
