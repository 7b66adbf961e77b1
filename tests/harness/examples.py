"""The folders that commands are about."""

import os
from pathlib import Path

from harness.errors import BadInput
from harness.paths import ROOT


def example_folder(example: str) -> Path:
    """Return the folder of an example: its name below examples/, or a path (with a slash) to a folder anywhere.

    Raises:
        BadInput: there is none, or it holds no Terraform; the message lists the examples there are.
    """
    folder = named_folder(example)
    if not example or folder == ROOT or next(folder.glob("*.tf"), None) is None:
        names = ", ".join(sorted(path.parent.name for path in ROOT.glob("examples/*/main.tf")))
        raise BadInput(f"There is no example {example!r}. There are: {names}. A path names a folder elsewhere.")
    return folder


def named_folder(example: str) -> Path:
    """Return the same, whether it is there or not."""
    return Path(example).resolve() if os.sep in example else ROOT / "examples" / example
