from functools import partial

from benchmarks.turns import in_turn


def test_each_call_is_made_once_a_round_and_first_in_every_other() -> None:
    made: list[str] = []
    samples = in_turn({name: partial(made.append, name) for name in ("ours", "textbook")}, rounds=4)
    assert made == ["ours", "textbook", "textbook", "ours"] * 2
    assert {name: len(of) for name, of in samples.items()} == {"ours": 4, "textbook": 4}


def test_each_round_is_told() -> None:
    told: list[int] = []
    in_turn({"one": int}, 3, lambda: told.append(1))
    assert len(told) == 3
