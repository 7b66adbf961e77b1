"""What the log is told of a failure: where it came from, and its text only where somebody has asked for that.

A frame is a file, a line and a function: no values, so nothing of a payload. A text may hold anything.
"""

import importlib
from collections.abc import Iterator
from typing import Any, TypeVar

from task_runner.record.task import TaskError
from task_runner.worker.task_code import adapt

Frame = dict[str, Any]
Error = TypeVar("Error", bound=BaseException)

_MOST_FRAMES = 40
"""Of one failure. A recursion without an end has a thousand; CloudWatch takes no event above 1 MB (PutLogEvents)."""

_CARRIED = "_task_runner_frames"
_CALLER = adapt.__code__.co_filename  # task code is called there, and nowhere else
_IMPORTS = ("<frozen importlib", importlib.import_module.__code__.co_filename)


def failure(error: BaseException, frames: list[Frame], *, text: bool) -> dict[str, Any]:
    """Return the fields of a log line: the error's type, the frames that there are, the text if it is wanted."""
    told = TaskError.of(error)
    return {"error_type": told.type, "frames": frames or None, "error_text": told.message if text else None}


def frames_of(error: BaseException) -> list[Frame]:
    """Return the frames of task code that an error came through, the innermost last; of many the outer and inner ones.

    Of task code that could not be imported: those of the import.
    """
    carried = vars(error).get(_CARRIED)
    if carried is not None:
        return list(carried)
    frames = _below_the_call(error)
    if not frames and error.__cause__:
        frames = _below_the_call(error.__cause__)
    return _shortened(frames)


def every_frame(error: BaseException) -> list[Frame]:
    """Return all frames that an error came through, the runtime's own included; of many the outer and inner ones."""
    return _shortened(list(_frames(error)))


def carrying(error: Error, frames: list[Frame]) -> Error:
    """Let an error stand for one of another process, whose frames these are."""
    vars(error)[_CARRIED] = frames
    return error


def _below_the_call(error: BaseException) -> list[Frame]:
    frames = list(_frames(error))
    calls = [number for number, frame in enumerate(frames) if frame["file"] == _CALLER]
    return [frame for frame in frames[calls[-1] + 1 :] if not frame["file"].startswith(_IMPORTS)] if calls else []


def _frames(error: BaseException) -> Iterator[Frame]:
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        yield {"file": code.co_filename, "line": trace.tb_lineno, "function": code.co_name}
        trace = trace.tb_next


def _shortened(frames: list[Frame]) -> list[Frame]:
    half = _MOST_FRAMES // 2
    return frames if len(frames) <= _MOST_FRAMES else frames[:half] + frames[-half:]
