"""Cut botocore's data down to what the functions use of it, for a cold start to read: task_runner/aws_data.

    python lambda_src/aws_data.py     # part of `make package`, whose botocore is the pinned one

Whole, it is 1.9 MB of JSON. What is left keeps its form and its words, so that botocore reads it as its own: the models
of two services with only the operations below, and the endpoints of these services in every partition and region. The
rules that decide where a request goes, and by which retries, are not among it: they are the runtime's own botocore's.
"""

import gzip
import json
import shutil
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import botocore

OPERATIONS = {
    "dynamodb/2012-08-10": (
        "DescribeEndpoints",  # botocore looks for it where AWS_ENABLE_ENDPOINT_DISCOVERY is set
        "GetItem",
        "PutItem",
        "UpdateItem",
    ),
    "sqs/2012-11-05": (
        "ChangeMessageVisibility",
        "SendMessage",
    ),
}
"""What the functions call, by service and version of its API."""

TARGET = Path(__file__).resolve().parent / "task_runner" / "aws_data"
_OF_BOTOCORE = Path(botocore.__file__).parent / "data"
_SERVICES = {version.partition("/")[0] for version in OPERATIONS}


def write(folder: Path) -> None:
    """Make the folder anew, with the data and the notice that botocore's licence asks to pass on."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in {"endpoints": endpoints(), **{f"{of}/service-2": model(of) for of in OPERATIONS}}.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, indent=1) + "\n")
    (notice,) = (path for path in distribution("botocore").files or () if path.name == "NOTICE")
    (folder / "NOTICE").write_bytes(notice.read_binary())


def endpoints() -> dict[str, Any]:
    """Return every partition with the two services alone."""
    whole: dict[str, Any] = _read("endpoints.json")
    for partition in whole["partitions"]:
        services = partition["services"].items()
        partition["services"] = {name: service for name, service in services if name in _SERVICES}
    return whole


def model(version: str) -> dict[str, Any]:
    """Return a service's model with our operations, and the shapes that they lead to."""
    whole = _read(f"{version}/service-2.json.gz")
    operations = {name: whole["operations"][name] for name in OPERATIONS[version]}
    needed = _reached(operations, whole["shapes"])
    shapes = {name: shape for name, shape in whole["shapes"].items() if name in needed}
    kept: dict[str, Any] = _undocumented({**whole, "operations": operations, "shapes": shapes})
    return kept


def _reached(operations: dict[str, Any], shapes: dict[str, Any]) -> set[str]:
    reached: set[str] = set()
    ahead = set(_named(operations))
    while ahead:
        reached |= ahead
        ahead = {name for shape in ahead for name in _named(shapes[shape])} - reached
    return reached


def _named(node: Any) -> Iterator[str]:
    """Yield the shapes that a part of a model names."""
    if isinstance(node, dict):
        if isinstance(node.get("shape"), str):
            yield node["shape"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _named(child)


def _undocumented(node: Any) -> Any:
    """Leave out the prose, which is most of a model and which no request needs."""
    if isinstance(node, dict):
        return {
            key: _undocumented(child)
            for key, child in node.items()
            if not (key == "documentation" and isinstance(child, str))
        }
    return [_undocumented(child) for child in node] if isinstance(node, list) else node


def _read(name: str) -> Any:
    path = _OF_BOTOCORE / name
    return json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_text())


if __name__ == "__main__":
    write(TARGET)
    print(f"{TARGET.name:18} {sum(path.stat().st_size for path in TARGET.rglob('*.json')):>9,} bytes")
