"""From samples to the few figures that are told of them."""

import math
from collections.abc import Mapping, Sequence
from statistics import median


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest sample that `share` percent of all do not exceed (nearest rank).

    Raises:
        ValueError: there are no samples, or the share is not in 0 < share <= 100.
    """
    if not samples or not 0 < share <= 100:
        raise ValueError("a percentile needs samples, and a share above 0 and up to 100")
    return sorted(samples)[math.ceil(len(samples) * share / 100) - 1]


def ratios(ours: Mapping[str, float], baseline: Mapping[str, float]) -> dict[str, float]:
    """Return ours over the baseline for each figure that both have: below 1 is less than the baseline."""
    return {name: ours[name] / baseline[name] for name in ours if name in baseline}


def spread(ours: Sequence[float], baseline: Sequence[float], blocks: int = 5) -> tuple[float, float]:
    """Return the lowest and the highest ratio of medians, over blocks of samples that were taken side by side.

    How far they are apart tells what the ratio of all samples is worth.

    Raises:
        ValueError: there are fewer samples than blocks.
    """
    size = min(len(ours), len(baseline)) // blocks
    if not size:
        raise ValueError(f"{blocks} blocks need as many samples")
    cuts = [slice(start * size, (start + 1) * size) for start in range(blocks)]
    found = [median(ours[cut]) / median(baseline[cut]) for cut in cuts]
    return min(found), max(found)
