"""Build build/worker.zip: the task code with its dependencies, the same bytes on every machine. Needs pip alone.

python3 package.py        # what requirements.txt pins, and src
python3 package.py pin    # write requirements.txt anew: the newest of what requirements.in names, with hashes
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
PURE = ["--only-binary", ":all:", "--platform", "any", "--implementation", "py"]
MADE_BY_PIP = {"RECORD", "INSTALLER", "REQUESTED"}  # they name this machine's paths and times


def build() -> None:
    """Install the requirements into a scratch folder, and zip them with the sources."""
    target = HERE / "build" / "worker.zip"
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pip("requirements.txt", "--require-hashes", "--no-deps", "--target", scratch)
        write(target, [Path(scratch), HERE / "src"])
    print(f"{target.relative_to(HERE)}: {target.stat().st_size:,} bytes")


def pin() -> None:
    """Ask pip what it would install, and write that down with the hashes of the files."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        pip("requirements.in", "--dry-run", "--ignore-installed", "--target", scratch, "--report", str(report))
        found = json.loads(report.read_text())["install"] if report.is_file() else []
    lines = ["# Pinned with hashes by: python3 package.py pin"]
    for each in sorted(found, key=lambda each: str(each["metadata"]["name"])):
        hashed = each["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{each['metadata']['name']}=={each['metadata']['version']} --hash=sha256:{hashed}")
    (HERE / "requirements.txt").write_text("\n".join(lines) + "\n")
    print(f"requirements.txt: {len(found)} pinned")


def pip(requirements: str, *arguments: str) -> None:
    """Run pip on a file of requirements, if there are any in it; end with what it says where it fails."""
    wanted = (line.strip() for line in (HERE / requirements).read_text().splitlines())
    if not any(line and not line.startswith("#") for line in wanted):
        return
    done = subprocess.run(
        [*PIP, *PURE, *arguments, "-r", HERE / requirements], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(
            f"{done.stderr.strip()}\npip cannot install what {HERE / requirements} names. The package takes pure "
            "Python only, so that it runs on every architecture; `python3 package.py pin` writes requirements.txt anew."
        )


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
    match sys.argv[1:]:
        case []:
            build()
        case ["pin"]:
            pin()
        case _:
            print(__doc__, file=sys.stderr)
            sys.exit(2)
