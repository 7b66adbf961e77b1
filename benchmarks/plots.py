"""Plots in one style, as small PNGs."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

COLORS = {"ours": "#0072b2", "textbook": "#d55e00"}  # of Okabe and Ito, told apart by those who see few colours
_STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
}


@contextmanager
def saved(file: Path, rows: int = 1, columns: int = 1) -> Iterator[Any]:
    """Give the axes of a new figure, an array of rows and columns, and save it as the file."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(4.2 * columns, 3.0 * rows), layout="tight")
        yield figure.subplots(rows, columns, squeeze=False)
        file.parent.mkdir(exist_ok=True)
        drawn = BytesIO()
        figure.savefig(drawn, dpi=110)
        # Few colours are needed: with a palette the file has a quarter of the size.
        Image.open(drawn).convert("RGB").quantize(64).save(file, optimize=True)
