"""Zips src into build/worker.zip."""

import shutil
from pathlib import Path

HERE = Path(__file__).parent

shutil.make_archive(str(HERE / "build" / "worker"), "zip", HERE / "src")
