"""The interpreter that runs Lambda code on the embedded AWS: what AWS's own runtime carries, and nothing else."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.errors import HarnessError
from harness.locks import file_lock
from harness.paths import REQUIREMENTS, VENVS

VERSION = "3.12"  # the runtime the module asks for by default
_FOREIGN = "task_runner"  # ships in our layer; the runtime must not have it
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:")


def runtime_python() -> Path:
    """Path of the bare interpreter; made on first use and again when its requirements change.

    Raises:
        HarnessError: the environment cannot be made, or it can import what only our packages should bring.
    """
    requirements = REQUIREMENTS / "runtime.txt"
    stamp = hashlib.sha256(requirements.read_bytes()).hexdigest()
    home = VENVS / "runtime"
    ready = home / "ready"
    with file_lock(VENVS / "runtime.lock"):
        if not (ready.is_file() and ready.read_text() == stamp and _runs(home / "bin" / "python")):
            _make(home, requirements)
            ready.write_text(stamp)
    return home / "bin" / "python"


def _make(home: Path, requirements: Path) -> None:
    python = home / "bin" / "python"
    _run([next(_interpreters()), "-m", "venv", "--clear", str(home)])
    _run([str(python), *_PIP, "-r", str(requirements)])
    if _runs(python, f"import {_FOREIGN}"):
        raise HarnessError(
            f"{python} can import {_FOREIGN}, so a package missing from a layer would go unseen. "
            "Look for a PYTHONPATH or a .pth file that leads to it."
        )


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise HarnessError(f"{' '.join(command)} failed ({done.returncode}):\n{done.stdout}{done.stderr}".rstrip())


def _interpreters() -> Iterator[str]:
    """Interpreters to build on, the best first: the Lambda runtime's own version, else the harness' interpreter."""
    name = f"python{VERSION}"
    folders = [Path(folder) for folder in os.get_exec_path()]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders += sorted(pyenv.glob(f"versions/{VERSION}*/bin"), reverse=True)
    for folder in folders:
        # A version manager's shim stands on PATH even where no such version is selected: only a run tells.
        if _runs(folder / name, "import ensurepip, venv"):
            yield str(folder / name)
    yield sys.executable


def _runs(python: Path, code: str = "") -> bool:
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
