"""checkov over what is published: `python -m policy.scan`, from tests/, prints its summary."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from harness.paths import ROOT

CHECKOV = ROOT / ".venv" / "checkov" / "bin" / "checkov"
RESULTS = ("passed", "failed", "skipped")
_SOURCES = ("*.tf", "examples/*/*.tf")

Check = dict[str, Any]


def copy_sources(folder: Path) -> None:
    """Copy what is published, so that no folder of ours that git ignores is scanned."""
    for pattern in _SOURCES:
        for path in ROOT.glob(pattern):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def scan(folder: Path) -> dict[str, Any]:
    """Return checkov's report on a folder.

    Raises:
        RuntimeError: checkov could not tell; the message is its own.
    """
    command = [str(CHECKOV), "--directory", str(folder), "--framework", "terraform", "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def place(check: Check) -> str:
    """Return the folder whose plan the check is about: an example's, for a resource of the module that it uses."""
    file = check.get("caller_file_path") or check["file_path"]
    return str(Path(file.lstrip("/")).parent)


def main() -> int:
    """Print how many checks passed, failed and were skipped in each folder, and what failed; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        copy_sources(Path(folder))
        results = scan(Path(folder))["results"]
    counts = {kind: Counter(place(check) for check in results[f"{kind}_checks"]) for kind in RESULTS}
    print(f"{'':<24}" + "".join(f"{kind:>9}" for kind in RESULTS))
    for name in sorted(set().union(*counts.values())):
        label = "module" if name == "." else name
        print(f"{label:<24}" + "".join(f"{counts[kind][name]:>9}" for kind in RESULTS))
    for check in results["failed_checks"]:
        print(f"FAILED {check['check_id']} {place(check)} {check['resource']}: {check['check_name']}")
    print("Each skip and its reason: docs/security.md")
    return int(bool(results["failed_checks"]))


if __name__ == "__main__":
    sys.exit(main())
