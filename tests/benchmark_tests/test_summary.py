import pytest

from benchmarks.summary import percentile, ratios, spread


def test_percentile_is_a_sample_that_the_share_does_not_exceed() -> None:
    assert [percentile(range(1, 101), share) for share in (1, 50, 95, 99, 100)] == [1, 50, 95, 99, 100]
    assert percentile([9, 1, 5], 50) == 5


def test_percentile_of_few_samples_is_the_next_higher_one() -> None:
    assert [percentile([3, 1, 2, 4], share) for share in (50, 95, 99)] == [2, 4, 4]


@pytest.mark.parametrize(("samples", "share"), [([], 50), ([1], 0), ([1], 101)])
def test_percentile_of_nothing_is_refused(samples: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="samples"):
        percentile(samples, share)


def test_ratio_is_ours_over_the_baseline_where_both_are_known() -> None:
    assert ratios({"p50": 1, "p95": 6, "other": 1}, {"p50": 2, "p95": 3}) == {"p50": 0.5, "p95": 2}


def test_spread_is_over_blocks_that_were_taken_side_by_side() -> None:
    assert spread([1, 1, 1, 2, 2, 2], [2, 2, 2, 2, 2, 2], blocks=2) == (0.5, 1.0)


def test_spread_of_fewer_samples_than_blocks_is_refused() -> None:
    with pytest.raises(ValueError, match="5 blocks"):
        spread([1, 2], [1, 2])
