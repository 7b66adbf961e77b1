"""Makes a folder for task code of somebody's own: code, tests, packaging and a configuration that work as they are."""

import os
import re
import shlex
import shutil
from pathlib import Path

from harness.command_line import caller_folder, command_line
from harness.errors import BadInput
from harness.paths import ROOT, SOURCES
from task_runner_client.progress import View

TEMPLATE = Path(__file__).parent / "template"
_SHARED = ("examples/custom-worker/package.py", "examples/basic/versions.tf")  # what works there works here
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PLACEHOLDER, _TO_ROOT = "my-tasks", "../../.."  # of the template, which is a folder that works itself
_SAMPLE = '{"text": "the quick brown fox"}'


def new(name: str, place: str, *, view: View) -> bool:
    """Make the folder `name` in the folder `place`, by default beside this checkout, and say how to go on.

    Raises:
        BadInput: the name will not do, or there is such a folder, or no place for it.
    """
    folder = _free(name, (caller_folder() / place if place else ROOT.parent).resolve())
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in _SHARED:
        shutil.copy(ROOT / file, folder)
    to_root = os.path.relpath(ROOT, folder)
    for path in (folder / "main.tf", folder / "README.md"):
        path.write_text(path.read_text().replace(_TO_ROOT, to_root).replace(_PLACEHOLDER, name))
    _say_how(folder, view)
    return True


def _free(name: str, place: Path) -> Path:
    line = command_line("new", "basic", NAME="word-count")
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"{name!r} will not do as a name: take up to 40 lower case letters, digits and hyphens that begin with a "
            f"letter, as in: {line}"
        )
    if not place.is_dir():
        raise BadInput(f"There is no folder {place}. Make it, or name another one with IN=.")
    if (place / name).exists():
        raise BadInput(f"{place / name} is there already. Take another NAME, or another folder with IN=.")
    return place / name


def _say_how(folder: Path, view: View) -> None:
    tests = f"PYTHONPATH={shlex.quote(f'src{os.pathsep}{SOURCES}')} python3 -m unittest discover -s tests"
    view.say(f"Made {folder}. What to change first: src/tasks.py.")
    view.say("Its unit tests:")
    view.say(f"  (cd {shlex.quote(str(folder))} && {tests})")
    view.say("One payload in this process, for a debugger:")
    view.say(f"  {command_line('run', str(folder), TASK=_SAMPLE)}")
    view.say("On an embedded AWS, with each change live as you save it; then a task, from another shell:")
    view.say(f"  {command_line('up', str(folder))}")
    view.say(f"  {command_line('submit', folder.name, TASK=_SAMPLE)}")
