import os
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks import processes
from benchmarks.processes import Process, of_group
from benchmarks.sampler import Sample, Sampler, growth, largest
from benchmarks.subjects import memory
from harness.errors import HarnessError

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from Linux' /proc")


def sample(at: float, **resident: float) -> Sample:
    """A look at processes by number, all of one function."""
    return Sample(at, [Process(int(name[1:]), "api", size, size) for name, size in resident.items()])


def test_own_process_is_found_in_its_group() -> None:
    held = b"x" * 100_000_000
    del held
    (own,) = [process for process in of_group(os.getpgid(0)) if process.id == os.getpid()]
    assert 10 < own.resident < own.peak - 50
    assert own.function == os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")


def test_bare_interpreter_needs_less_than_any_function() -> None:
    assert 1 < memory.interpreter() < 30


def test_machine_without_proc_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "_PROCESSES", tmp_path)
    with pytest.raises(HarnessError, match="Linux"):
        of_group(1)


def test_sampler_looks_at_the_beginning_and_at_the_end() -> None:
    with Sampler(os.getpgid(0)) as sampler:
        deadline = time.monotonic() + 30
        while not sampler.samples and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(sampler.samples) >= 2
    assert all(sample.processes for sample in sampler.samples)


def test_largest_process_of_each_moment_counts() -> None:
    assert largest([sample(0, p1=5, p2=7), sample(1), sample(2, p1=9)], "api") == [(0, 7), (2, 9)]


def test_growth_is_that_of_the_process_which_grows_the_most() -> None:
    samples = [sample(at, p1=50, p2=40 + 0.5 * at) for at in range(10)]
    assert growth(samples, "api") == pytest.approx(0.5)


def test_process_that_has_just_started_does_not_count() -> None:
    samples = [sample(at, p1=50) if at < 6 else sample(at, p1=50, p2=10.0 * at) for at in range(10)]
    assert growth(samples, "api") == 0


def test_table_and_plot_show_both_sides(tmp_path: Path) -> None:
    functions = {kind: {"rest": 40.0, "peak": 44.0, "package": 30.0} for kind in memory.FUNCTIONS}
    result: dict[str, Any] = {"ours": functions, "textbook": {**functions, "api": {**functions["api"], "peak": 88.0}}}
    result["interpreter"] = 9.5
    assert "| API function, at most, MB | 44.0 | 88.0 | 0.50 | ≤ 512 |" in memory.table(result)
    assert "| ≥ 9.5, an interpreter that runs nothing |" in memory.table(result)
    memory.plot(result, tmp_path)
    assert (tmp_path / "memory.png").stat().st_size < 60_000
