"""The program that MiniStack runs in: `launcher.py <program that runs Lambda code> <port for plain http, or 0>`.

MiniStack starts Lambda code on the `sys.executable` of its own process. Left alone that is the harness' interpreter,
with all its packages: one that is missing from a Lambda package would be found there, and a run would prove nothing.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

import h11
from hypercorn import protocol
from hypercorn.config import Config
from hypercorn.events import RawData
from hypercorn.protocol.h11 import H11Protocol

_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h


class WholeAnswers(H11Protocol):
    """Writes the head of an answer together with what follows it, where hypercorn writes it at once.

    AWS's SDK for Go lets go of a request's body as soon as it has the answer's head. On loopback that can be before Go
    has done with the request; it then drops the connection, and with it an answer's body that comes later. Terraform
    repeats the call, and meets its own work: a permission that exists already, or a second event source mapping.
    """

    _head = b""

    async def _send_h11_event(self, event: Any) -> None:
        try:
            data = self._head + (self.connection.send(event) or b"")
        except h11.LocalProtocolError:
            if self.connection.their_state != h11.ERROR:
                raise
            return
        self._head = data if isinstance(event, h11.Response) else b""
        if not self._head:
            await self.send(RawData(data=data))


def write_only_where_one_may() -> None:
    """Have what the server starts heed the modes of files, even where it is root: Lambda code cannot be written."""
    if sys.platform == "linux" and os.geteuid() == 0:
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0)


def main() -> None:
    """Run the server in the foreground until SIGTERM."""
    sys.executable, plain_port = sys.argv.pop(1), sys.argv.pop(1)
    vars(protocol)["H11Protocol"] = WholeAnswers
    Config.alpn_protocols = ["http/1.1"]  # what most of AWS's endpoints speak
    if plain_port != "0":
        Config._insecure_bind = [f"127.0.0.1:{plain_port}"]
    write_only_where_one_may()
    from ministack import app  # reads its settings from the environment at import

    vars(app)["_port_is_bindable"] = lambda _host, _port: False  # else it takes port 443, too, where it may
    sys.path.append(str(Path(__file__).parents[1]))
    from harness import execution_environment

    execution_environment.install()
    app.main()


if __name__ == "__main__":
    main()
