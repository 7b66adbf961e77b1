"""Who may vouch for the API's certificate."""

import os
from pathlib import Path

from task_runner_client.errors import TaskRunnerClientError

_VARIABLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # of AWS's own tools; of requests, which has two


def ca_bundle(given: str | None) -> str | None:
    """Return the file or folder of authorities that is given, or else named by the environment; None for neither.

    Raises:
        TaskRunnerClientError: it is not there.
    """
    bundle = given or next(filter(None, map(os.environ.get, _VARIABLES)), None)
    if bundle is not None and not Path(bundle).exists():
        where = f"ca_bundle, {', '.join(_VARIABLES[:-1])} or {_VARIABLES[-1]}"
        raise TaskRunnerClientError(f"There are no certificates at {bundle!r}: look where {where} is set.")
    return bundle
