"""Markdown tables of figures."""

from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its first column holds words, the others figures."""
    ruled = ["---", *["---:"] * (len(columns) - 1)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (columns, ruled, *rows))


def ratio(value: float, target: float, *, at_most: bool = True) -> str:
    """Write a ratio, in bold where it misses its target."""
    met = value <= target if at_most else value >= target
    return f"{value:.2f}" if met else f"**{value:.2f}**"


def wanted(target: float, *, at_most: bool = True) -> str:
    """Write a target."""
    return f"{'≤' if at_most else '≥'} {target:g}"
