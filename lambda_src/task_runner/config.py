"""The functions' environment, read once; every mistake is reported at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from task_runner.errors import ConfigError

_PREFIX = "TASK_RUNNER_"
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_ROUTE = re.compile(r"retry")
_HANDLER = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


@dataclass(frozen=True)
class Config:
    """What both functions need.

    Attributes:
        table_name: the status table.
        queue_url: the task queue.
        max_receive_count: deliveries of a message before it is dead-lettered.
        record_ttl_seconds: how long a record outlives its last change.
    """

    table_name: str
    queue_url: str
    max_receive_count: int
    record_ttl_seconds: int


@dataclass(frozen=True)
class Cors:
    """Which scripts in browsers may call the API.

    Attributes:
        allow_origins: their origins, or only `*`.
        allow_headers: what they may send besides what every caller may.
        max_age: how long a browser keeps the answer to a preflight request, in seconds.
    """

    allow_origins: tuple[str, ...]
    allow_headers: tuple[str, ...]
    max_age: int


@dataclass(frozen=True)
class ApiConfig(Config):
    """What the API function needs on top.

    Attributes:
        queue_retention_seconds: how long the queue keeps a message.
        cors: None where no script may call.
        routes: the optional ones that there are.
    """

    queue_retention_seconds: int
    cors: Cors | None = None
    routes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkerConfig(Config):
    """What the worker function needs on top.

    Attributes:
        handler: the task code, `module.function`.
        concurrency: tasks of one batch that run side by side.
        retry_base_seconds, retry_cap_seconds: first and longest upper end of the wait between tries.
        log_error_text: whether the log may hold the text of an exception, and with it anything.
    """

    handler: str
    concurrency: int
    retry_base_seconds: int
    retry_cap_seconds: int
    log_error_text: bool = False


class _Environment:
    """Reads variables and collects what is wrong with them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.mistakes: list[str] = []

    def text(self, name: str) -> str:
        value = self._variables.get(_PREFIX + name, "")
        if not value:
            self.mistakes.append(f"{_PREFIX}{name} is missing")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        value = self.text(name)
        if not value:
            return low
        if not re.fullmatch(r"\d{1,12}", value, re.ASCII) or not low <= int(value) <= high:
            self.mistakes.append(f"{_PREFIX}{name} must be a whole number from {low} to {high}, not {value!r}")
            return low
        return int(value)

    def flag(self, name: str) -> bool:
        value = self._variables.get(_PREFIX + name)
        if value not in (None, "true"):
            self.mistakes.append(f"{_PREFIX}{name} must be true or absent, not {value!r}")
        return value == "true"

    def handler(self) -> str:
        value = self.text("HANDLER")
        if value and not _HANDLER.fullmatch(value):
            self.mistakes.append(f"{_PREFIX}HANDLER must be module.function, not {value!r}")
        return value

    def cors(self) -> Cors | None:
        if _PREFIX + "CORS_ALLOW_ORIGINS" not in self._variables:
            return None
        origins = tuple(self.text("CORS_ALLOW_ORIGINS").split())
        if origins != ("*",):
            self._each("CORS_ALLOW_ORIGINS", origins, _ORIGIN, "either * or origins such as https://example.com")
        headers = tuple(self._variables.get(_PREFIX + "CORS_ALLOW_HEADERS", "").split())
        self._each("CORS_ALLOW_HEADERS", headers, _HEADER, "names of headers")
        return Cors(origins, headers, self.number("CORS_MAX_AGE", 0, 86_400))

    def routes(self) -> tuple[str, ...]:
        names = tuple(self._variables.get(_PREFIX + "ROUTES", "").split())
        self._each("ROUTES", names, _ROUTE, "names of optional routes: retry")
        return names

    def _each(self, name: str, values: tuple[str, ...], form: re.Pattern[str], what: str) -> None:
        wrong = [value for value in values if not form.fullmatch(value)]
        if wrong:
            self.mistakes.append(f"{_PREFIX}{name} must be {what}, not {' '.join(wrong)!r}")

    def check(self) -> None:
        if self.mistakes:
            raise ConfigError("the function's environment is wrong: " + "; ".join(self.mistakes))


def _common(env: _Environment) -> tuple[str, str, int, int]:
    return (
        env.text("TABLE_NAME"),
        env.text("QUEUE_URL"),
        env.number("MAX_RECEIVE_COUNT", 1, 1000),
        env.number("RECORD_TTL_SECONDS", 60, 10 * 366 * 86_400),
    )


def api_config(variables: Mapping[str, str]) -> ApiConfig:
    """Read the API function's environment.

    Raises:
        ConfigError: naming every variable that is missing or wrong.
    """
    env = _Environment(variables)
    config = ApiConfig(
        *_common(env),
        queue_retention_seconds=env.number("QUEUE_RETENTION_SECONDS", 60, 1_209_600),
        cors=env.cors(),
        routes=env.routes(),
    )
    env.check()
    return config


def worker_config(variables: Mapping[str, str]) -> WorkerConfig:
    """Read the worker function's environment.

    Raises:
        ConfigError: naming every variable that is missing or wrong.
    """
    env = _Environment(variables)
    config = WorkerConfig(
        *_common(env),
        handler=env.handler(),
        concurrency=env.number("CONCURRENCY", 1, 100),
        retry_base_seconds=env.number("RETRY_BASE_SECONDS", 0, 43_200),
        retry_cap_seconds=env.number("RETRY_CAP_SECONDS", 0, 43_200),
        log_error_text=env.flag("LOG_ERROR_TEXT"),
    )
    env.check()
    return config
