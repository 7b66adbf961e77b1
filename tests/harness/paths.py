"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"  # everything a run leaves on purpose: reports, stacks that `up` keeps
REQUIREMENTS = ROOT / "tests" / "requirements"
VENVS = ROOT / ".venv"
