"""What is written for DynamoDB: conditions, and values with their types."""

from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from task_runner.progress import Progress
from task_runner.record.attribute_values import loaded, stored
from task_runner.record.expression import Attr, Condition

MINE = Attr("lease").eq("mine")
EARLY = Attr("attempts").lte(3)


def test_parts_of_a_condition_keep_their_order_and_their_own_values() -> None:
    either = (MINE & EARLY) | (Attr("lease").eq("yours") & Attr("healUntil").not_exists())
    assert either.guarding({"Key": "k"}) == {
        "Key": "k",
        "ConditionExpression": (
            "((#lease = :if0 AND #attempts <= :if1) OR (#lease = :if2 AND attribute_not_exists(#healUntil)))"
        ),
        "ExpressionAttributeNames": {"#lease": "lease", "#attempts": "attempts", "#healUntil": "healUntil"},
        "ExpressionAttributeValues": {":if0": {"S": "mine"}, ":if1": {"N": "3"}, ":if2": {"S": "yours"}},
    }


def test_names_and_values_of_the_write_stay() -> None:
    write = {
        "UpdateExpression": "SET #a = :a",
        "ExpressionAttributeNames": {"#a": "a"},
        "ExpressionAttributeValues": {":a": {"N": "1"}},
    }
    assert Attr("b").lt(2).guarding(write) == {
        "UpdateExpression": "SET #a = :a",
        "ConditionExpression": "#b < :if0",
        "ExpressionAttributeNames": {"#a": "a", "#b": "b"},
        "ExpressionAttributeValues": {":a": {"N": "1"}, ":if0": {"N": "2"}},
    }


@pytest.mark.parametrize("condition", [Attr("a").exists(), Attr("a").not_exists()])
def test_condition_without_a_value_declares_none(condition: Condition) -> None:
    assert condition.guarding({}).keys() == {"ConditionExpression", "ExpressionAttributeNames"}


@pytest.mark.parametrize("value", ["", "ü", "12", 0, -7, 1_800_000_000_123, {}, {"a": {"b": 1, "c": "d"}}])
def test_values_are_written_as_boto3_would_and_come_back(value: Any) -> None:
    written: Any = stored(value)
    assert written == TypeSerializer().serialize(value)
    assert loaded(written) == TypeDeserializer().deserialize(written) == value


@pytest.mark.parametrize("fraction", [0.0, 0.0001, 0.3333, 1.0])
def test_fractions_come_back(fraction: float) -> None:
    assert loaded(stored(Progress(fraction, "m"))) == {"fraction": fraction, "message": "m"}


@pytest.mark.parametrize("value", [{"L": []}, {"BOOL": True}, {"SS": ["a"]}])
def test_foreign_attribute_harms_nobody(value: dict[str, Any]) -> None:
    assert loaded(value) == next(iter(value.values()))


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError):
        stored(None)
