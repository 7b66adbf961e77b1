"""What a user gets who installs the client into an empty environment."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loopback import Answer, loopback

CLIENT = Path(__file__).parents[1]
VIEW = Answer({"taskId": "6f1c1a3e-0000-4000-8000-000000000000", "status": "completed", "attempts": 1, "result": [1]})


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the client, and what it has asked for itself. Takes half a minute."""
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    install = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        str(CLIENT),
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def test_the_command_explains_itself(bin_folder: Path, tmp_path: Path) -> None:
    shown = subprocess.run(
        [str(bin_folder / "task-runner"), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "Usage: task-runner" in shown.stdout


def test_the_command_submits_a_task(bin_folder: Path, tmp_path: Path) -> None:
    with loopback(VIEW) as site:
        command = [str(bin_folder / "task-runner"), "submit", "--url", site.url, "{}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, json.loads(done.stdout)) == (0, [1]), done.stderr


def test_the_library_is_typed_and_every_module_can_be_imported(bin_folder: Path, tmp_path: Path) -> None:
    code = (
        "import importlib, pkgutil, pathlib, task_runner_client as client\n"
        "for module in pkgutil.walk_packages(client.__path__, 'task_runner_client.'):\n"
        "    if not module.name.endswith('__main__'): print(importlib.import_module(module.name).__name__)\n"
        "print(pathlib.Path(client.__file__).with_name('py.typed').is_file())"
    )
    shown = subprocess.run(
        [str(bin_folder / "python"), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert "task_runner_client.commands.list_dlq" in shown
    assert shown[-1] == "True"


@pytest.mark.usefixtures("bin_folder")
def test_installing_leaves_nothing_in_the_folder_it_is_made_of() -> None:
    there = [*CLIENT.iterdir(), *(CLIENT / "src").iterdir()]
    assert not [path for path in there if path.name in ("build", "dist") or path.suffix == ".egg-info"]
