"""The embedded AWS: a MiniStack server of our own, on a free loopback port, that leaves nothing behind."""

import functools
import os
import socket
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, build_opener

from harness.certificate import Certificate, trusting
from harness.errors import HarnessError
from harness.lambda_program import write_program
from harness.reaper import REAPER, delete_folder, end_group
from harness.runtime import runtime_python
from harness.waiting import poll

REGION = "us-east-1"
ACCESS_KEY = SECRET_KEY = "test"  # noqa: S105 - the server's own documented root key, not a secret
_LAUNCHER = Path(__file__).with_name("launcher.py")
_START_SECONDS = 30.0


class EmbeddedAwsError(HarnessError):
    """The server did not start, or died; the message ends with the tail of its log."""


class EmbeddedAws:
    """A context manager: the server runs inside it and is gone, with its folder, after it.

    `detached` servers outlive this process: they end by `stop`, in this process or in another that has `attach`ed. What
    their functions write can be followed in `output`.
    """

    def __init__(self, folder: Path | None = None, *, detached: bool = False, plain_http: bool = False) -> None:
        """Nothing starts yet. `folder` (a new temporary one by default) is deleted when the server stops.

        `plain_http` opens a second port that takes http, as AWS's SQS does, for a test of what must refuse it.
        """
        self.folder = folder or Path(tempfile.mkdtemp(prefix="task-runner-"))
        self.detached = detached
        self.group = 0  # process id of the server, and of its process group
        self.port = 0
        self._plain_port = _free_port() if plain_http else 0
        self._certificate = Certificate(self.folder)
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def attach(cls, folder: Path, group: int, port: int) -> Self:
        """Take over a detached server from what its starter wrote down."""
        server = cls(folder, detached=True)
        server.group, server.port = group, port
        return server

    @property
    def endpoint(self) -> str:
        """URL of every AWS service."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def plain_endpoint(self) -> str | None:
        """The same over http, if that was asked for."""
        return f"http://127.0.0.1:{self._plain_port}" if self._plain_port else None

    @property
    def ca_bundle(self) -> Path:
        """File of the authority that vouches for this server."""
        return self._certificate.authority

    @property
    def log(self) -> Path:
        """What the server and the Lambda code's interpreters wrote."""
        return self.folder / "server.log"

    @property
    def output(self) -> Path:
        """Folder of what functions write, as they write it: <function>.<process id>.log."""
        return self.folder / "output"

    def __enter__(self) -> Self:
        """Start, unless it runs already, and wait until the server answers."""
        return self if self.is_alive() else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, whatever happened."""
        self.stop()

    def start(self) -> Self:
        """Start the server and wait until it answers.

        Raises:
            EmbeddedAwsError: it ended by itself, or was not healthy within 30 seconds.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.detached:
                REAPER.add("folder", self.folder)
            self._certificate.make()
            self._spawn(self._program())
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def _wait_until_healthy(self) -> None:
        poll(lambda: self.is_healthy() or not self.is_alive(), seconds=_START_SECONDS, pause=0.05)
        if not self.is_alive():
            raise self._failure("ended while it started")
        if not self.is_healthy():
            raise self._failure(f"did not answer within {_START_SECONDS:.0f} s")

    def _spawn(self, program: Path) -> None:
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        self.port = _free_port()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_LAUNCHER), str(program), str(self._plain_port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self._environment(temporary),
                start_new_session=True,
            )
        self.group = self._process.pid
        if not self.detached:
            REAPER.add("group", self.group)

    def _program(self) -> Path:
        """What runs Lambda code; on a detached server it copies what functions write, so that it can be followed."""
        if self.detached:
            self.output.mkdir(exist_ok=True)
        return write_program(self.folder / "python", runtime_python(), self.output if self.detached else None)

    def _environment(self, temporary: Path) -> dict[str, str]:
        """Nothing of the caller's: what the server has in its environment, Lambda code would see."""
        return {
            "PATH": os.defpath,
            "HOME": str(temporary),
            "TMPDIR": str(temporary),
            "STATE_DIR": str(self.folder / "state"),
            "GATEWAY_PORT": str(self.port),
            "USE_SSL": "1",
            "MINISTACK_SSL_CERT": str(self._certificate.chain),
            "MINISTACK_SSL_KEY": str(self._certificate.key),
            **trusting(self.ca_bundle),  # for Lambda code, which reaches AWS at this server
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",  # else it listens on every interface for MQTT
            "AUTH": "true",  # enforce IAM policies
            "LAMBDA_ACCOUNT_CONCURRENCY": "1000",  # an account's default; the server's depends on free memory
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "LANG": "C.UTF-8",
        }

    def is_alive(self) -> bool:
        """Tell whether the server's process runs."""
        if self._process is not None:
            return self._process.poll() is None
        return bool(self.group) and _runs_our_launcher(self.group)

    def is_healthy(self) -> bool:
        """Tell whether the server answers."""
        try:
            with self._opener.open(f"{self.endpoint}/_localstack/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    @functools.cached_property
    def _opener(self) -> OpenerDirector:
        """Trusts the server's certificate, and never goes through the proxy of the caller's environment."""
        context = ssl.create_default_context(cafile=self.ca_bundle)
        return build_opener(ProxyHandler({}), HTTPSHandler(context=context))

    def check(self) -> None:
        """Raise EmbeddedAwsError, with the tail of the log, if the server has died."""
        if not self.is_alive():
            raise self._failure("has died")

    def _failure(self, what: str) -> EmbeddedAwsError:
        return EmbeddedAwsError(f"The embedded AWS {what}. The end of its log:\n{self.log_tail()}")

    def log_tail(self, lines: int = 30) -> str:
        """Return the last lines of the server's log."""
        if not self.log.is_file():
            return "(it has written no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) or "(its log is empty)"

    def stop(self) -> None:
        """End the server and every Lambda process it started, and delete its folder. Twice is fine."""
        if self.group and (self._process is not None or self.is_alive()):
            # SIGTERM ends the server and idle workers; a worker that is busy needs the SIGKILL that follows.
            if self._process is not None:
                self._process.terminate()
                try:
                    self._process.wait(3)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
            end_group(self.group)
            REAPER.drop("group", self.group)
        self.group = 0
        delete_folder(self.folder)
        REAPER.drop("folder", self.folder)


def _runs_our_launcher(process: int) -> bool:
    """Tell a server of ours from another program that was given a dead server's number."""
    command = ["ps", "-ww", "-o", "command=", "-p", str(process)]  # -ww: whole, however narrow COLUMNS says it is
    return _LAUNCHER.name in subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
