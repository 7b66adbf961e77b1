from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.in_process import in_process
from benchmarks.subjects.calls import BATCH, TARGETS, summed, table


@pytest.fixture(scope="module")
def acts() -> Any:
    return in_process("calls", BATCH)


@pytest.fixture(scope="module")
def result(acts: Any) -> dict[str, Any]:
    return {name: summed(each) for name, each in acts.items()}


def operations(acts: Any, name: str, act: str) -> list[str]:
    return sorted(call["operation"] for call in acts[name][act])


@pytest.mark.parametrize("name", ["ours", "textbook"])
def test_both_versions_do_the_same_with_aws(acts: Any, name: str) -> None:
    assert operations(acts, name, "POST") == ["PutItem", "SendMessage"]
    assert operations(acts, name, "GET") == ["GetItem"]
    assert operations(acts, name, "batch of 1") == ["UpdateItem"] * 2


@pytest.mark.parametrize("what", TARGETS)
def test_module_makes_no_more_calls_than_wanted(result: dict[str, Any], what: str) -> None:
    assert result["ours"]["figures"][what]["calls"] <= TARGETS[what]


def test_module_makes_the_calls_of_a_post_at_the_same_time(result: dict[str, Any]) -> None:
    assert {name: each["at_once"] for name, each in result.items()} == {"ours": 2, "textbook": 1}


def calls(count: int) -> Iterator[dict[str, Any]]:
    return ({"operation": "UpdateItem", "sent": 100, "received": 10} for _ in range(count))


def test_what_does_not_grow_with_the_batch_is_the_batchs() -> None:
    acts = {"POST": [], "GET": [], "at once": 1, "batch of 1": [*calls(3)], "batch": [*calls(2 * BATCH + 1)]}
    figures = summed(acts)["figures"]
    assert figures["task"] == {"calls": 2, "sent": 200, "received": 20}
    assert figures["batch"] == {"calls": 1, "sent": 100, "received": 10}


def test_too_many_calls_stand_out_in_the_table(result: dict[str, Any]) -> None:
    assert "**" not in table(result)
    result["ours"]["figures"]["GET"]["calls"] = 2
    assert "| GET | **2** | ≤ 1 | 1 |" in table(result)
