"""`task-runner cost`."""

from collections.abc import Callable
from dataclasses import Field, asdict, fields
from typing import Any, get_args

import click
from rich.console import Console
from rich.table import Table

from task_runner_client.commands.output import for_a_person, show_json
from task_runner_client.cost import NOT_INCLUDED, REGION, Bill, Load, bill
from task_runner_client.cost.load import Architecture
from task_runner_client.cost.text import amount, decimal
from task_runner_client.errors import TaskRunnerClientError


def _load_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add an option for each field of `Load`."""
    for one in reversed(fields(Load)):
        command = _option(one)(command)
    return command


def _option(one: "Field[Any]") -> Callable[[Callable[..., int]], Callable[..., int]]:
    name, says = one.name.replace("_", "-"), one.metadata["says"]
    if isinstance(one.default, bool):
        return click.option(f"--{name}/--no-{name}", default=one.default, show_default=True, help=says)
    return click.option(f"--{name}", type=_type(one), default=one.default, show_default=True, help=says)


def _type(one: "Field[Any]") -> "click.ParamType[Any]":
    if isinstance(one.default, str):
        return click.Choice(get_args(Architecture))
    low, high = one.metadata["low"], one.metadata["high"]
    return click.FloatRange(low, high) if isinstance(one.default, float) else click.IntRange(low, high)


@click.command()
@_load_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as is done where the output is no terminal.")
def cost(as_json: bool, **given: Any) -> int:
    """Tell what a month of tasks costs, from written prices.

    Nothing is asked of AWS: the prices are list prices of us-east-1, which the JSON names with their sources. They
    change and differ by region, so look up what matters before you rely on the sum.

    \b
    Examples:
      task-runner cost --tasks 1000000 --polls 3
      task-runner cost --tasks 50000000 --batch 10 --memory 1024 --kms
      task-runner cost --json | jq .usd
    """
    try:
        made = bill(Load(**given))
    except TaskRunnerClientError as error:
        raise click.UsageError(str(error)) from error
    if for_a_person() and not as_json:
        _show(made)
    else:
        show_json(_as_json(made))
    return 0


def _as_json(made: Bill) -> dict[str, Any]:
    lines = [
        {"name": line.name, "quantity": line.quantity, "usd": line.usd, "price": asdict(line.price)}
        for line in made.lines
    ]
    return {
        "region": REGION,
        "usd": made.usd,
        "usdPerTask": made.usd_per_task,
        "lines": lines,
        "notIncluded": NOT_INCLUDED,
        "load": asdict(made.load),
    }


def _show(made: Bill) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", footer_style="bold", show_footer=True)
    table.add_column("WHAT", "together", overflow="fold")
    table.add_column("HOW MANY", justify="right")
    table.add_column("PRICE", justify="right")
    table.add_column("USD", f"{made.usd:,.2f}", justify="right")
    for line in made.lines:
        price = f"{decimal(line.price.usd)} for {line.price.per:,}"
        table.add_row(line.price.what, amount(line.quantity, line.price.unit), price, f"{line.usd:,.2f}")
    console = Console(highlight=False)
    console.print(table)
    each = "" if made.usd_per_task is None else f", {decimal(made.usd_per_task)} USD for each task"
    console.print(f"A month of 30 days in {REGION}{each}. Not in it: {'; '.join(NOT_INCLUDED)}.")
