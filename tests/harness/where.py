"""Which stack a client command speaks to."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from harness.client import SigV4, TaskClient
from harness.errors import HarnessError
from harness.kept import Kept
from harness.progress import View
from harness.target import LOOPBACK, Target


@dataclass(frozen=True)
class Where:
    """Which stack a client command speaks to: what `up` made of an example, unless a URL says otherwise.

    Attributes:
        example: name or folder of the example.
        target: "embedded" or "aws", where that stack has to be; None for wherever it is.
        url: an API's URL, stage included, of any stack.
        queue_url: a dead-letter queue's URL, of any stack.
    """

    example: str
    target: str | None = None
    url: str | None = None
    queue_url: str | None = None

    def api(self, view: View) -> TaskClient:
        """Return a client of the stack's API, which signs if the API asks.

        Raises:
            HarnessError: the stack is not up, or is elsewhere.
        """
        if self.url is None:
            kept = self._kept(view)
            return TaskClient.of(kept.target, kept.outputs())
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise HarnessError(f"{self.url!r} is no https URL. Give the output `api_endpoint`, such as https://…/v1.")
        url = self.url.rstrip("/").removesuffix("/task")
        return TaskClient(url, signer=lambda: SigV4.of(Target.of_url(url)))

    def dead_letter_queue(self, view: View) -> tuple[Any, str]:
        """Return an SQS client, and the URL of the stack's dead-letter queue.

        Raises:
            HarnessError: the stack is not up, or is elsewhere; there are no credentials.
        """
        if self.queue_url is not None:
            return Target.of_url(self.queue_url).client("sqs"), self.queue_url
        kept = self._kept(view)
        return kept.target.client("sqs"), str(kept.outputs()["dead_letter_queue_url"])

    def again(self) -> str:
        """Return the arguments with which another command speaks to the same stack."""
        if self.url is not None:
            return f" --url {self.url}"
        return "" if self.example == "basic" else f" --example {self.example}"

    def _kept(self, view: View) -> Kept:
        kept = Kept.need(self.example, view)
        if self.target not in (None, kept.target.name):
            raise HarnessError(f"{kept.name} is up on {kept.target.title}: leave --target {self.target} out.")
        return kept
