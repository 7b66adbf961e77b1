"""The cost model: prices, quantities and sums, against examples that were computed by hand."""

import random
from dataclasses import fields, replace
from datetime import date

import pytest

from task_runner_client import TaskRunnerClientError
from task_runner_client.cost import PRICES, Bill, Load, bill
from task_runner_client.cost.prices import Price

DEARER = [one.name for one in fields(Load) if "low" in one.metadata and one.name not in ("batch", "concurrency")]
SWITCHES = [one.name for one in fields(Load) if isinstance(one.default, bool)]


def quantity(made: Bill, name: str) -> float:
    return next((line.quantity for line in made.lines if line.name == name), 0.0)


def test_a_million_tasks_by_hand() -> None:
    made = bill(Load(tasks=1_000_000, polls=2, seconds=1, payload_kb=1))
    by_hand = {
        "api_request": 3_000_000,  # a POST, two GETs
        "lambda_request": 4_000_000,  # these, and a batch for each task
        "lambda_second_arm64": 600_000,  # half a GB for 3,000,000 x 0.05 s and 1,000,000 x 1.05 s
        "sqs_request": 3_648_000,  # send, receive, delete; five polls of 20 s all month
        "dynamodb_write": 6_000_000,  # three writes of 1.2 to 1.4 KB
        "dynamodb_read": 2_000_000,
    }
    assert {name: quantity(made, name) for name in by_hand} == pytest.approx(by_hand)
    assert quantity(made, "dynamodb_stored") == pytest.approx(1_624e6 / 2**30)
    assert quantity(made, "logs_written") == pytest.approx(2_010e6 / 2**30)  # 400 + 200 + 210 + 4 x 300 bytes
    assert made.usd_of("api_request") == pytest.approx(10.50)
    assert made.usd_of("lambda_second_arm64") == pytest.approx(8.00, abs=0.001)
    assert made.usd == pytest.approx(27.66, abs=0.005)
    assert made.usd_per_task == pytest.approx(27.66e-6, abs=5e-9)


def test_idle_stack_pays_for_its_long_polls_alone() -> None:
    made = bill(Load(tasks=0))
    assert [line.name for line in made.lines] == ["sqs_request"]
    assert made.usd == pytest.approx(0.2592)
    assert made.usd_per_task is None


def test_batch_shares_time_receives_and_deletes() -> None:
    made = bill(Load(tasks=1000, polls=1, batch=100, concurrency=10, seconds=2, idle_pollers=0))
    assert quantity(made, "lambda_request") == 2 * 1000 + 10
    # 2000 requests of 0.05 s; ten batches, each of ten turns of 2 s and 0.05 s; half a GB
    assert quantity(made, "lambda_second_arm64") == pytest.approx((2000 * 0.05 + 10 * 20.05) / 2)
    assert quantity(made, "sqs_request") == 1000 + 100 + 100  # ten messages at once, in a receive and in a delete


def test_large_payload_and_result_take_more_units() -> None:
    made = bill(Load(tasks=1, polls=3, payload_kb=10, result_kb=5))
    assert quantity(made, "dynamodb_write") == 11 + 11 + 16  # 10.2, 10.4 and 15.4 KB
    assert quantity(made, "dynamodb_read") == 2 * 3 + 4  # in units of 4 KB: twice without the result, once with it


def test_retries_and_progress_write_again() -> None:
    made = bill(Load(tasks=100, polls=1, retried=0.1, progress=4, idle_pollers=0))
    assert quantity(made, "dynamodb_write") == pytest.approx(2 * 100 * (3 + 0.2 + 4))
    assert quantity(made, "sqs_request") == pytest.approx(100 + 110 + 100 + 10)
    assert quantity(made, "metric") == 3


def test_each_extra_by_hand() -> None:
    load = Load(tasks=1_000_000, polls=1)
    plain = bill(load).usd

    def adds(**more: object) -> float:
        return bill(replace(load, **more)).usd - plain  # type: ignore[arg-type] # one test for fields of several types

    assert adds(kms=True) == pytest.approx(1 + 43_200 / 10_000 * 0.03)
    assert adds(web_acl=3) == pytest.approx(5 + 3 + 2 * 0.60)
    assert adds(endpoints=2) == pytest.approx(2 * 720 * 0.01)
    assert adds(nat_gateways=2) == pytest.approx(2 * 720 * 0.045)
    assert adds(provisioned_pollers=2) == pytest.approx(2 * 720 * 0.00925)
    assert adds(provisioned_concurrency=10) == pytest.approx(10 * 0.5 * 2_592_000 * 0.0000033334)
    assert adds(api_provisioned_concurrency=1, architecture="arm64") == pytest.approx(1_296_000 * 0.0000033334)
    snapshot = 1_296_000 * 0.0000015046 + 50 * 0.0001397998  # half a GB, kept for a month and restored 100 times
    assert adds(snap_start=True, restores=100) == pytest.approx(snapshot)
    assert adds(snap_start=True, api_snap_start=True, restores=100) == pytest.approx(2 * snapshot)
    assert adds(ephemeral_storage=2560) == pytest.approx(1_050_000 * 2 * 0.0000000309)
    assert adds(point_in_time_recovery=False) == pytest.approx(-1_624e6 / 2**30 * 0.20)
    access = 2_000_000 * 500 / 2**30
    assert adds(access_logs=True) == pytest.approx(access * (0.50 + 365 / 30 * 0.03))


def test_x86_time_has_its_own_price() -> None:
    assert bill(Load(architecture="x86_64")).usd_of("lambda_second_x86_64") == pytest.approx(600_000 * 0.0000166667)


def test_tiers_count_from_where_they_begin() -> None:
    price = PRICES["api_request"]
    assert price.of(333e6) == pytest.approx(333 * 3.50)
    assert price.of(21e9) == pytest.approx(333 * 3.50 + 667 * 2.80 + 19_000 * 2.38 + 1_000 * 1.51)


@pytest.mark.parametrize("price", PRICES.values(), ids=PRICES)
def test_each_price_says_what_it_is_and_where_it_was_seen(price: Price) -> None:
    assert price.usd > 0
    assert price.per in (1, 10_000, 1_000_000)
    assert price.source.startswith("https://aws.amazon.com/")
    assert date.fromisoformat(f"{price.seen}-01") > date(2024, 1, 1)
    assert price.by
    assert price.what
    begins = [float(tier) for tier in price.tiers]
    assert begins == sorted(begins)
    assert [price.usd, *price.tiers.values()] == sorted([price.usd, *price.tiers.values()], reverse=True)


@pytest.mark.parametrize("name", DEARER)
def test_more_of_anything_never_costs_less(name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - the same loads each time
    bounds = {one.name: (one.metadata["low"], one.metadata["high"]) for one in fields(Load) if "low" in one.metadata}
    for _ in range(50):
        base = Load(
            tasks=chance.randint(0, 10**9),
            polls=chance.randint(1, 20),
            seconds=chance.uniform(0, 900),
            payload_kb=chance.uniform(0, 256),
            retried=chance.random(),
            batch=chance.randint(1, 100),
            snap_start=name == "restores",
        )
        low, high = bounds[name]
        kind = type(getattr(base, name))
        less, more = sorted(kind(low + chance.random() * (high - low)) for _ in range(2))
        if name == "provisioned_pollers":
            less, more = max(2, less), max(2, more)
        assert bill(replace(base, **{name: less})).usd <= bill(replace(base, **{name: more})).usd


@pytest.mark.parametrize("name", SWITCHES)
def test_what_is_turned_on_costs_more(name: str) -> None:
    off, on = (bill(Load(**{name: value})) for value in (False, True))  # type: ignore[arg-type] # all of them are bool
    assert off.usd < on.usd


def test_threads_make_a_batch_cheaper() -> None:
    costs = [bill(Load(batch=10, concurrency=threads)).usd for threads in (1, 2, 5, 10, 100)]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[3] == costs[4]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("polls", 0, "polls must be 1 to 20, not 0"),
        ("tasks", -1, "tasks must be 0 to 1000000000000"),
        ("retried", 1.5, "retried must be 0 to 1"),
        ("seconds", float("nan"), "seconds must be 0 to 900, not nan"),
        ("memory", 64, "memory must be 128 to 10240"),
        ("provisioned_pollers", 1, "0 or at least 2"),
    ],
)
def test_load_that_cannot_be_is_refused(field: str, value: float, says: str) -> None:
    with pytest.raises(TaskRunnerClientError, match=says):
        Load(**{field: value})  # type: ignore[arg-type] # as a program would that is not checked


def test_snapshot_and_provisioned_concurrency_of_one_function_exclude_each_other() -> None:
    with pytest.raises(TaskRunnerClientError, match=r"^snap_start and provisioned_concurrency exclude each other"):
        Load(snap_start=True, provisioned_concurrency=1)
    with pytest.raises(TaskRunnerClientError, match=r"^api_snap_start and api_provisioned_concurrency"):
        Load(api_snap_start=True, api_provisioned_concurrency=1)
    assert Load(snap_start=True, api_provisioned_concurrency=1)
