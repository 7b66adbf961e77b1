"""The program that the embedded AWS starts to run Lambda code: it prepares the folders, then becomes Python.

It finds, in a folder of one execution environment, what the server has unpacked: `code` and `layer_<number>`. As on AWS
nobody may write there, and what is temporary has a folder that only this environment sees.
"""

import shlex
from pathlib import Path

_PREPARE = """#!/bin/sh
home=${1%/*}
chmod -R a-w "$home/code" "$home"/layer_*[0-9] 2>/dev/null  # there may be no layer
mkdir "$home/tmp" && export TMPDIR="$home/tmp"
"""
_RUN = 'exec {python} "$@"\n'
# The server tells what a function writes once its invocation has ended; a copy shows it live. What a failed task said
# is shown, too: whoever looks on here wrote it. Set here, it changes nothing that is applied.
_RUN_TEED = """pipe={output}/"$$.pipe"
rm -f "$pipe" && mkfifo "$pipe" || exit 1
tee -a {output}/"$AWS_LAMBDA_FUNCTION_NAME.$$.log" < "$pipe" >&2 &
exec 3> "$pipe"
rm "$pipe"
export TASK_RUNNER_LOG_ERROR_TEXT=true
exec {python} "$@" 2>&3 3>&-
"""


def write_program(place: Path, python: Path, output: Path | None) -> Path:
    """Write it to a file, and return that; `output` is the folder for live copies of what functions write, if any."""
    run = _RUN if output is None else _RUN_TEED
    place.write_text(_PREPARE + run.format(python=shlex.quote(str(python)), output=shlex.quote(str(output))))
    place.chmod(0o700)
    return place
