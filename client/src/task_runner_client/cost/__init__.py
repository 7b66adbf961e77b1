"""What a month of tasks costs: a `Load` and written prices make a `Bill`. Nothing is asked of AWS."""

from task_runner_client.cost.bill import NOT_INCLUDED, Bill, Line, bill
from task_runner_client.cost.load import Load
from task_runner_client.cost.prices import PRICES, REGION, Price

__all__ = ["NOT_INCLUDED", "PRICES", "REGION", "Bill", "Line", "Load", "Price", "bill"]
