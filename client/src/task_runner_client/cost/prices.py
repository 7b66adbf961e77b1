"""The written prices, each with the place and the month in which it was seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True)
class Price:
    """What one thing costs.

    Attributes:
        what: the thing, as a line of the bill names it.
        usd: for `per` units, in the first tier.
        unit: what is counted.
        source: AWS's own list, to look the price up today.
        seen: the month (YYYY-MM) of what showed this price, which `by` names.
        tiers: from how many units a month on a unit costs something else, for `per` units.
    """

    what: str
    usd: float
    per: int
    unit: str
    source: str
    seen: str
    by: str
    tiers: Mapping[str, float] = field(default_factory=dict)

    def of(self, quantity: float) -> float:
        """Return what so many units of one month cost, in USD."""
        cost, before = self.usd * quantity, self.usd
        for begins, usd in self.tiers.items():
            cost += (usd - before) * max(0.0, quantity - float(begins))
            before = usd
        return cost / self.per


_written = json.loads(files("task_runner_client.cost").joinpath("prices.json").read_text(encoding="utf-8"))

REGION: str = _written["region"]
PRICES: Mapping[str, Price] = {name: Price(**price) for name, price in _written["prices"].items()}
