"""How long an apply takes is decided by what waits for what: the bounds are counts, of Terraform's own graph.

The graph has every resource that some input brings about, so the bounds hold for all inputs. An API that is deployed
before its routes are there is another matter: see test_order.
"""

import pytest

from plan.graph import Graph, chains, read
from plan.planner import Planner

# After each of these writes the provider reads the queue six times, 5 s apart (hashicorp/terraform-provider-aws,
# internal/service/sqs/queue.go, waitQueueAttributesPropagated).
LONG = tuple(f"aws_sqs_queue{kind}." for kind in ("", "_redrive_policy", "_redrive_allow_policy", "_policy"))
LONG_WAITS = 2  # both queues at once, then at once all that joins them
RESOURCES = 9  # the API from its creation, down a path of three parts, to the settings of its stage


def is_resource(thing: str) -> bool:
    return thing.startswith("aws_")


def is_long(thing: str) -> bool:
    return thing.startswith(LONG)


@pytest.fixture(scope="module")
def graph(plan: Planner) -> Graph:
    return plan.graph()


def test_writes_to_queues_wait_for_one_another_twice_at_most(graph: Graph) -> None:
    assert {kind for kind in LONG if any(thing.startswith(kind) for thing in graph)} == set(LONG)
    assert [chain for chain in chains(graph, is_long).values() if len(chain) > LONG_WAITS] == []


def test_no_other_resource_waits_for_a_second_write_to_a_queue(graph: Graph) -> None:
    """Else functions, mapping and deployment would be made after both waits, rather than during the second."""
    found = chains(graph, is_long)
    others = [thing for thing in graph if is_resource(thing) and not is_long(thing)]
    assert {thing: found[thing] for thing in others if len(found[thing]) >= LONG_WAITS} == {}


def test_resources_wait_for_one_another_nine_in_a_row_at_most(graph: Graph) -> None:
    longest = max(chains(graph, is_resource).values(), key=len)
    assert len(longest) <= RESOURCES, longest


def test_chain_is_followed_through_what_is_no_resource() -> None:
    dot = """
    "[root] aws_a.x (expand)" -> "[root] local.y (expand)"
    "[root] aws_a.x (expand)" -> "[root] aws_c.w (expand)"
    "[root] local.y (expand)" -> "[root] aws_b.z (expand)"
    "[root] aws_b.z (expand)" -> "[root] aws_c.w (expand)"
    """
    assert chains(read(dot), is_resource)["aws_a.x"] == ("aws_c.w", "aws_b.z", "aws_a.x")
