"""Scripts in browsers: which origins may call, and what they get to see (Fetch standard, CORS protocol)."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from task_runner.api.answers import Answer
from task_runner.config import Cors

_ALLOWED = ("Authorization", "Content-Type", "Idempotency-Key", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key")
"""Headers that every caller may need: those of signatures, tokens, API keys and of this API."""

_EXPOSED = ("Idempotency-Replayed", "Location", "Retry-After")


class CrossOrigin:
    """Answers preflight requests, and lets scripts of the allowed origins read all other answers.

    Attributes:
        preflight: says what may be asked of the API as a whole; what one path takes, and that others are refused, its
            own answer says.
    """

    def __init__(self, cors: Cors, methods: Iterable[str]) -> None:
        self._origins = cors.allow_origins
        # So that no cache serves one origin's answer to another.
        self._always = {} if self._origins == ("*",) else {"Vary": "Origin"}
        self._allowed = {
            "Access-Control-Allow-Headers": ",".join(sorted({*_ALLOWED, *cors.allow_headers})),
            "Access-Control-Expose-Headers": ",".join(_EXPOSED),
            "Access-Control-Max-Age": str(cors.max_age),
        }
        allow_methods = ",".join(sorted({*methods, "OPTIONS"}))
        self.preflight = Answer(HTTPStatus.NO_CONTENT, None, {"Access-Control-Allow-Methods": allow_methods})

    def headers(self, asked: Mapping[str, str]) -> dict[str, str]:
        """Return what an answer carries on top, by the request's headers (their names in lower case)."""
        origin = asked.get("origin")
        if origin is not None and "*" in self._origins:
            origin = "*"
        if origin not in self._origins:
            return self._always
        return {**self._always, "Access-Control-Allow-Origin": origin, **self._allowed}
