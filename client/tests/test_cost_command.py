"""`task-runner cost`: a table for people, JSON for programs, an option for each field of the load."""

import json
from dataclasses import fields
from typing import Any

import pytest

from task_runner_client.commands import main
from task_runner_client.cost import Load
from terminal import shown_on_a_terminal

Shown = pytest.CaptureFixture[str]


def told(capsys: Shown, *arguments: str) -> Any:
    assert main(["cost", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_table_adds_up_and_says_what_is_not_in_it() -> None:
    shown = shown_on_a_terminal("cost", "--tasks", "1000000", "--polls", "3")
    costs = [float(line.split()[-1]) for line in shown if " for " in line and not line.startswith("A month")]
    [together] = [float(line.split()[-1]) for line in shown if line.startswith("together")]
    assert together == pytest.approx(sum(costs), abs=0.005 * len(costs))
    assert any("4,000,000 requests" in line and "3.50 for 1,000,000" in line and "14.00" in line for line in shown)
    text = " ".join(line.strip() for line in shown)
    assert "USD for each task. Not in it: the free tier;" in text
    assert max(len(line) for line in shown) <= 80


def test_json_is_printed_where_nobody_looks(capsys: Shown) -> None:
    bill = told(capsys, "--tasks", "1000000", "--polls", "3")
    assert bill["usd"] == pytest.approx(sum(line["usd"] for line in bill["lines"]))
    assert bill["usdPerTask"] == pytest.approx(bill["usd"] / 1_000_000)
    assert (bill["region"], bill["load"]["polls"]) == ("us-east-1", 3)
    assert bill["lines"][0]["price"]["source"].startswith("https://")


def test_json_is_printed_on_a_terminal_that_asks_for_it() -> None:
    shown = shown_on_a_terminal("cost", "--json", "--tasks", "0")
    assert json.loads("\n".join(shown))["usdPerTask"] is None


def test_each_field_of_the_load_is_an_option(capsys: Shown) -> None:
    arguments: list[str] = []
    expected: dict[str, Any] = {}
    for one in fields(Load):
        option = one.name.replace("_", "-")
        if isinstance(one.default, bool):
            arguments.append(f"--no-{option}" if one.default else f"--{option}")
            expected[one.name] = not one.default
        elif isinstance(one.default, str):
            arguments += [f"--{option}", "x86_64"]
            expected[one.name] = "x86_64"
        elif "provisioned_concurrency" not in one.name:  # which snap_start excludes
            arguments += [f"--{option}", str(one.metadata["high"])]
            expected[one.name] = one.metadata["high"]
    assert told(capsys, *arguments)["load"].items() >= expected.items()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--polls", "21"], "'--polls': 21 is not in the range 1<=x<=20"),
        (["--payload-kb", "257"], "'--payload-kb': 257"),
        (["--tasks", "many"], "'many' is not a valid integer"),
        (["--architecture", "riscv"], "'riscv' is not one of 'arm64', 'x86_64'"),
        (["--retried", "nan"], "retried must be 0 to 1, not nan"),
        (
            ["--snap-start", "--provisioned-concurrency", "2"],
            "snap_start and provisioned_concurrency exclude each other",
        ),
    ],
)
def test_options_that_cannot_be_are_refused(arguments: list[str], says: str, capsys: Shown) -> None:
    assert main(["cost", *arguments]) == 2
    assert says in capsys.readouterr().err
