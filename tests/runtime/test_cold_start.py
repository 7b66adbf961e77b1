"""What a cold start of each function imports and parses: counts, since time says little on a busy machine."""

import json
import os
import subprocess
import sys

import pytest

from harness.paths import ROOT

LAYER = ROOT / "lambda_src"
ENTRIES = ["task_runner.api.entry", "task_runner.worker.entry"]
BESIDE_BOTOCORE = {"concurrent.futures.thread", "gc"}
"""The modules of others that the functions need, and that botocore does not import for its clients anyway."""
KEPT_OUT = {"asyncio", "aws_lambda_powertools", "boto3", "ctypes", "multiprocessing", "s3transfer", "unittest"}
MOST_OF_OURS = 36
MOST_PARSED = 200_000
"""Characters of JSON. With nothing but its own data botocore parses 2.1 million for the two clients."""

START = """
import sys, json
from botocore import loaders

class Counting:
    parsed = 0

    @classmethod
    def loads(cls, text, **options):
        cls.parsed += len(text)
        return json.loads(text, **options)

loaders.json = Counting
{start}
print(json.dumps({{"modules": sorted(sys.modules), "parsed": Counting.parsed}}))
"""
PLAIN = """
from botocore.session import Session
session = Session()
session.create_client("dynamodb"), session.create_client("sqs")
"""


def started(start: str) -> tuple[set[str], int]:
    """Start a process; return the modules that it imported, and how much of botocore's data it parsed."""
    done = subprocess.run(
        [sys.executable, "-c", START.format(start=start)],
        env={**os.environ, "PYTHONPATH": str(LAYER)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return set(told["modules"]), told["parsed"]


@pytest.fixture(scope="module")
def plain() -> tuple[set[str], int]:
    return started(PLAIN)


@pytest.mark.parametrize("entry", ENTRIES)
def test_function_imports_itself_and_what_botocore_imports(entry: str, plain: tuple[set[str], int]) -> None:
    imported, _ = started(f"import {entry}")
    ours = {name for name in imported if name.startswith("task_runner")}
    demo = {name for name in imported if name.partition(".")[0] == "demo"}
    assert imported - plain[0] - ours - demo == BESIDE_BOTOCORE, "each cold start would pay for it"
    assert not imported & KEPT_OUT, "each cold start would pay for it"
    assert entry in ours
    assert len(ours) <= MOST_OF_OURS


@pytest.mark.parametrize("entry", ENTRIES)
def test_function_parses_a_small_part_of_botocores_data(entry: str, plain: tuple[set[str], int]) -> None:
    _, parsed = started(f"import {entry}")
    assert 0 < parsed <= MOST_PARSED < plain[1] / 10
