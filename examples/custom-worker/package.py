"""Build build/worker.zip: the task code with its dependencies, the same bytes on every machine. Needs pip alone."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
PINNED = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--platform", "any", "--implementation", "py"]
MADE_BY_PIP = {"RECORD", "INSTALLER", "REQUESTED"}  # they name this machine's paths and times


def main() -> None:
    """Install the requirements into a scratch folder, and zip them with the sources."""
    target = HERE / "build" / "worker.zip"
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([*PIP, *PINNED, "--target", scratch, "-r", HERE / "requirements.txt"], check=True)
        write(target, [Path(scratch), HERE / "src"])
    print(f"{target.relative_to(HERE)}: {target.stat().st_size:,} bytes")


def write(target: Path, roots: list[Path]) -> None:
    """Zip what lies below the roots, but for bytecode and scripts, in a fixed order and with a fixed time."""
    files = {path.relative_to(root).as_posix(): path for root in roots for path in root.rglob("*") if wanted(path)}
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name)  # dated 1980, the earliest time a zip can hold
            entry.create_system = 3  # Unix, on every machine
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def wanted(path: Path) -> bool:
    """Tell what the worker needs from what pip leaves beside it."""
    return path.is_file() and path.suffix != ".pyc" and path.parent.name != "bin" and path.name not in MADE_BY_PIP


if __name__ == "__main__":
    main()
