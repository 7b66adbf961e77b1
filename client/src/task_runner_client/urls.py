"""What the URL of an API or of a queue tells."""

import re
from urllib.parse import urlsplit

from task_runner_client.errors import TaskRunnerClientError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REGION_IN_HOST = re.compile(r"(?:\.execute-api|^sqs)\.([a-z0-9-]+)\.amazonaws\.")


def checked(url: str) -> str:
    """Return a URL without the slash at its end, if what is sent there cannot be read on the way.

    Raises:
        TaskRunnerClientError: it is neither https nor http to this machine, or has more than a path.
    """
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" and parts.hostname is not None
    except ValueError:  # such as half an IPv6 address
        raise TaskRunnerClientError("This is no https URL: its host cannot be read.") from None
    if parts.query or parts.fragment or "@" in url:  # where secrets may stand, so it is not told
        raise TaskRunnerClientError("The URL has a user before its host, or more than a path behind it: leave it out.")
    if not secure and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise TaskRunnerClientError(f"{url!r} is no https URL.")
    return url.rstrip("/")


def is_loopback(url: str) -> bool:
    """Tell whether a URL stays on this machine."""
    return urlsplit(url).hostname in LOOPBACK


def origin(url: str) -> str:
    """Return a URL without its path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def region_in(url: str) -> str | None:
    """Return the AWS region that the host of an API or a queue names; None for a host name of the caller's own."""
    named = _REGION_IN_HOST.search(urlsplit(url).hostname or "")
    return named[1] if named else None
