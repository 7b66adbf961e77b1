"""Where `terraform init` gets the AWS provider: as the user's own settings say, else from a mirror on this machine."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.errors import HarnessError
from harness.locks import file_lock
from harness.paths import BUILD, ROOT

MIRROR_VARIABLE = "TASK_RUNNER_PROVIDER_MIRROR"  # a folder that holds <registry host>/hashicorp/aws/
_FOLDER = BUILD / "terraform"
_PREFIXES = ("/opt", "/usr/local", "/usr/local/lib", "/usr/local/share", "/usr/share", "/usr/lib", "/var/lib", "/srv")
_PROBE_SECONDS = 15
_CACHE_FRESH_SECONDS = 24 * 3600
# No release satisfies this: the probe learns whether releases can be listed, and never downloads one.
_PROBE = 'terraform { required_providers { aws = { source = "hashicorp/aws", version = ">= 99999" } } }\n'


def provider_settings(terraform: str, platform: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables that make `terraform init` find the AWS provider here.

    Raises:
        HarnessError: the registry cannot be reached and no mirror is found, or the one that was named is none.
    """
    named = environment.get(MIRROR_VARIABLE)
    if named:
        if not _is_mirror(Path(named), platform):
            raise HarnessError(
                f"{MIRROR_VARIABLE} names {named}, which holds no <registry host>/hashicorp/aws/ for {platform}."
            )
        return _use_mirror(Path(named))
    if _releases_can_be_listed(terraform, environment):
        return _use_cache(terraform, environment)
    for folder in _mirror_candidates(environment):
        if _is_mirror(folder, platform):
            return _use_mirror(folder)
    raise HarnessError(
        "Terraform can neither reach its registry nor find a copy of the provider hashicorp/aws. Connect to a network "
        "that reaches the registry, or run `terraform providers mirror <folder>` on a machine that does, copy the "
        f"folder here and name it in {MIRROR_VARIABLE}."
    )


def _init(terraform: str, config: str, environment: Mapping[str, str], timeout: float | None) -> str:
    """Return what `terraform init` of a configuration says on stderr; nothing when it succeeds."""
    with tempfile.TemporaryDirectory(prefix="task-runner-init-") as folder:
        (Path(folder) / "versions.tf").write_text(config)
        command = [terraform, "init", "-input=false", "-no-color", "-backend=false"]
        done = subprocess.run(
            command, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False, timeout=timeout
        )
    # The message is wrapped at the width of a terminal and framed.
    return " ".join(done.stderr.replace("│", " ").split()) if done.returncode else ""


def _releases_can_be_listed(terraform: str, environment: Mapping[str, str]) -> bool:
    hurried = {**environment, "TF_REGISTRY_DISCOVERY_RETRY": "0", "TF_REGISTRY_CLIENT_TIMEOUT": "5"}
    try:
        return "no available releases match" in _init(terraform, _PROBE, hurried, _PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        return False


def _use_cache(terraform: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Download the provider once, here, for all the runs that come: each is some hundred megabytes.

    Terraform does not promise that runs side by side may fill its cache, so it is filled under a lock beforehand.
    """
    if environment.get("TF_PLUGIN_CACHE_DIR"):
        return {}
    cache, filled = _FOLDER / "plugins", _FOLDER / "plugins.filled"
    settings = {
        "TF_PLUGIN_CACHE_DIR": str(cache),
        # Without it a folder that has no lock file yet downloads again. Lock files of test folders are thrown away.
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
    }
    with file_lock(_FOLDER / "plugins.lock"):
        if not filled.is_file() or time.time() - filled.stat().st_mtime > _CACHE_FRESH_SECONDS:
            cache.mkdir(parents=True, exist_ok=True)
            failure = _init(terraform, (ROOT / "versions.tf").read_text(), {**environment, **settings}, None)
            if failure:
                raise HarnessError(f"terraform init cannot install the AWS provider: {failure}")
            filled.touch()
    return settings


def _mirror_candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Terraform's own plugin folders first, then one level under the usual prefixes."""
    if environment.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(environment["TF_PLUGIN_CACHE_DIR"])
    home = Path.home()
    yield home / ".terraform.d" / "plugins"
    yield home / ".terraform.d" / "plugin-cache"
    yield Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "terraform" / "plugins"
    yield Path("/usr/local/share/terraform/plugins")
    yield Path("/usr/share/terraform/plugins")
    for prefix in _PREFIXES:
        if os.access(prefix, os.R_OK | os.X_OK):
            yield from sorted(path for path in Path(prefix).iterdir() if os.access(path, os.R_OK | os.X_OK))


def _is_mirror(folder: Path, platform: str) -> bool:
    """Know a mirror by its layout: <host>/hashicorp/aws/, its releases packed or unpacked, for this platform."""
    layouts = (f"*/hashicorp/aws/*/{platform}/*", f"*/hashicorp/aws/*_{platform}.zip")
    return any(next(folder.glob(layout), None) is not None for layout in layouts)


def _use_mirror(mirror: Path) -> dict[str, str]:
    file = _FOLDER / "mirror.tfrc"
    held = json.dumps(sorted({"/".join(path.parts[-2:]) for path in mirror.glob("*/*/*") if path.is_dir()}))
    text = (
        "# Written by the test harness: what is in a folder of providers comes from there, any other as usual.\n"
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f"    path    = {json.dumps(str(mirror.resolve()))}\n"
        f"    include = {held}\n"
        "  }\n"
        f"  direct {{\n    exclude = {held}\n  }}\n"
        "}\n"
    )
    with file_lock(_FOLDER / "mirror.lock"):
        if not file.is_file() or file.read_text() != text:
            draft = file.with_suffix(".new")
            draft.write_text(text)
            shutil.move(draft, file)  # at once: another run may be reading it
    return {"TF_CLI_CONFIG_FILE": str(file)}
