"""The bill of a load."""

from dataclasses import dataclass

from task_runner_client.cost.load import Load
from task_runner_client.cost.prices import PRICES, Price
from task_runner_client.cost.quantities import quantities

NOT_INCLUDED = (
    "the free tier",
    "data that leave AWS, or pass an endpoint or a NAT gateway",
    "the time of cold starts",
    "what the task code itself uses",
)


@dataclass(frozen=True)
class Line:
    """So many units at a price, in one month."""

    name: str
    quantity: float
    price: Price

    @property
    def usd(self) -> float:
        """What they cost."""
        return self.price.of(self.quantity)


@dataclass(frozen=True)
class Bill:
    """What a load costs in a month of 30 days; things of which it takes none have no line."""

    load: Load
    lines: tuple[Line, ...]

    @property
    def usd(self) -> float:
        """The sum."""
        return sum(line.usd for line in self.lines)

    @property
    def usd_per_task(self) -> float | None:
        """The sum's share for each task; None where there are no tasks."""
        return self.usd / self.load.tasks if self.load.tasks else None

    def usd_of(self, *names: str) -> float:
        """Return what the lines of these names, as prices.json has them, cost together."""
        return sum(line.usd for line in self.lines if line.name in names)


def bill(load: Load) -> Bill:
    """Return the bill of a load at the written prices."""
    lines = (Line(name, quantity, PRICES[name]) for name, quantity in quantities(load).items())
    return Bill(load, tuple(line for line in lines if line.quantity))
