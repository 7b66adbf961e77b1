"""The options that several commands share: which API, which queue, and how a caller proves who it is."""

import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, get_args

import click

from task_runner_client.auth import Sign
from task_runner_client.client import TaskClient
from task_runner_client.errors import TaskRunnerClientError
from task_runner_client.urls import checked

Command = Callable[..., int]


class Url(click.types.StringParamType):
    """A URL that an output of the module says."""

    name = "url"

    def __init__(self, output: str) -> None:
        """Name the output."""
        self._output = output

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is no URL, or one that anybody could listen to."""
        try:
            return checked(str(value))
        except TaskRunnerClientError as error:
            self.fail(f"{error} Give the module's output `{self._output}`, such as https://…", param, ctx)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Say what to give."""
        del param, ctx
        return f"Give the module's output `{self._output}`."


@dataclass(frozen=True)
class Api:
    """The API that a command speaks to; `api_key` and `token` are secrets."""

    url: str
    sign: Sign
    api_key: str | None = field(repr=False)
    token: str | None = field(repr=False)

    def client(self) -> TaskClient:
        """Return a client of it."""
        try:
            return TaskClient(self.url, sign=self.sign, api_key=self.api_key, token=self.token)
        except TaskRunnerClientError as error:
            raise click.UsageError(str(error)) from error

    def again(self, command: str) -> str:
        """Return the line with which a shell here runs another command on it; secrets are not repeated."""
        context = click.get_current_context()
        if context.obj is not None:
            return str(context.obj(command))
        given = ["--url", self.url, *(["--sign", self.sign] if self.sign != "when-asked" else [])]
        for name in ("api_key", "token"):
            if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
                given += [f"--{name.replace('_', '-')}", "…"]
        return f"{_program()} {command} {shlex.join(given)}"


def api_options(*, required: bool = True) -> Callable[[Command], Command]:
    """Add the options that name an API, and call the command with `api`: an Api, or None where no URL is given."""

    def add(command: Command) -> Command:
        @wraps(command)
        def called(
            url: str | None, sign: Sign, api_key: str | None, token: str | None, **others: Any
        ) -> int:  # what click has parsed
            return command(api=url and Api(url, sign, api_key, token), **others)

        for option in reversed(_options(required)):
            called = option(called)
        return called

    return add


def _options(required: bool) -> list[Callable[[Any], Any]]:
    private = "The variable keeps it out of the shell's history and the list of processes."
    return [
        click.option(
            "--url",
            type=Url("api_endpoint"),
            envvar="TASK_RUNNER_URL",
            show_envvar=True,
            required=required,
            help="The API, its stage included: the module's output `api_endpoint`.",
        ),
        click.option(
            "--sign",
            type=click.Choice(get_args(Sign)),
            default="when-asked",
            show_default=True,
            help="Whether requests are signed with your AWS credentials.",
        ),
        click.option(
            "--api-key",
            envvar="TASK_RUNNER_API_KEY",
            show_envvar=True,
            metavar="KEY",
            help=f"An API key, if the API wants one. {private}",
        ),
        click.option(
            "--token",
            envvar="TASK_RUNNER_TOKEN",
            show_envvar=True,
            metavar="TOKEN",
            help="A token of Cognito or of what else authorizes, in place of a signature.",
        ),
    ]


queue_option = click.option(
    "--queue-url",
    type=Url("queue_url"),
    envvar="TASK_RUNNER_QUEUE_URL",
    show_envvar=True,
    required=True,
    help="The queue of tasks or its dead-letter queue: the module's output `queue_url` or `dead_letter_queue_url`.",
)


def _program() -> str:
    """Return how a shell calls this program from where it is."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m task_runner_client"
    found = shutil.which(called.name)  # what was called need not be a file: a launcher of Windows has another suffix
    return called.name if found and Path(found).resolve() == called.resolve() else shlex.quote(str(called))
