"""Build the Lambda packages, byte for byte the same on every machine.

Entries are sorted, with fixed times and modes, stored uncompressed (zlib's output differs between its versions), and
without bytecode (which differs between interpreters).

    python lambda_src/package.py [folder]     # default: lambda_src/dist
"""

import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold


def build(folder: Path) -> list[Path]:
    """Write task_runner.zip and demo.zip into the folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_zip(folder / "task_runner.zip", HERE, "python/", only="task_runner"), build_demo(folder)]


def build_demo(folder: Path) -> Path:
    """Write demo.zip alone and return its path."""
    return _zip(folder / "demo.zip", HERE / "demo", "")


def _zip(target: Path, root: Path, prefix: str, only: str = "") -> Path:
    files = sorted(path for path in (root / only).rglob("*") if path.is_file() and path.suffix != ".pyc")
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(prefix + path.relative_to(root).as_posix(), _EPOCH)
            entry.create_system = 3  # Unix, on every machine
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return target


if __name__ == "__main__":
    for package in build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "dist"):
        print(f"{package.name:18} {package.stat().st_size:>9,} bytes")
