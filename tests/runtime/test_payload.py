import json

import pytest

from task_runner.record.payload import DEEPEST_PAYLOAD, DEEPEST_RESULT, dump, fingerprint, parse

GOOD = ["{}", "null", "0", '"ü"', "[1.5, -2e10, 123456789012345678901234567890]", ' {"a": [true]} ', '{"a":1,"a":2}']
BAD = ["", "{", "NaN", "[Infinity]", "1e999", "'a'", "[" * 100_000, '"\\ud800"', "\ufeff{}", "1" * 5000, "{}{}"]


@pytest.mark.parametrize("text", GOOD)
def test_json_is_read(text: str) -> None:
    assert parse(dump(parse(text))) == parse(text)


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:12])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)


def test_fingerprint_stays_what_records_hold() -> None:
    stored = "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777"
    assert fingerprint({"b": 2, "a": 1}) == stored, "a replay would be refused once the new version is deployed"


def test_fingerprint_ignores_spacing_and_order_only() -> None:
    assert fingerprint(parse('{"a":1,"b":2}')) == fingerprint(parse('{ "b": 2, "a": 1 }'))
    assert fingerprint(parse('{"a":1}')) != fingerprint(parse('{"a":"1"}'))


def nested(levels: int) -> str:
    return (
        "[" * (levels // 2)
        + '{"]":' * (levels - levels // 2)
        + '"[[\\"{"'
        + "}" * (levels - levels // 2)
        + "]" * (levels // 2)
    )


def test_nesting_is_limited_by_level() -> None:
    assert parse(nested(DEEPEST_PAYLOAD))
    with pytest.raises(ValueError, match="deep"):
        parse(nested(DEEPEST_PAYLOAD + 1))
    assert parse("[" + "[[]]," * 1000 + "[]]"), "what stands beside each other is not deep"


def test_result_may_hold_its_payload_and_not_much_more() -> None:
    assert dump({"echo": parse(nested(DEEPEST_PAYLOAD))})
    assert dump(json.loads(nested(DEEPEST_RESULT)))
    with pytest.raises(ValueError, match="deep"):
        dump(json.loads(nested(DEEPEST_RESULT + 1)))
