"""Requests that no HTTP client would send."""

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

from e2e.conftest import Live

_SECONDS = 35.0


@dataclass(frozen=True)
class RawAnswer:
    """What came back; status 0 where the server hung up."""

    status: int
    headers: str
    text: str


def send(stack: Live, method: str, path: bytes, headers: Sequence[bytes] = (), body: bytes = b"") -> RawAnswer:
    """Write a request byte by byte as it is given, and read the answer."""
    url = urlsplit(stack.api.base_url)
    lines = [
        b"%s %s%s HTTP/1.1" % (method.encode(), url.path.encode(), path),
        b"Host: %s" % url.netloc.encode(),
        b"Connection: close",
        b"Content-Length: %d" % len(body),
        *headers,
    ]
    context = ssl.create_default_context(cafile=stack.target.verify)
    with socket.create_connection((str(url.hostname), url.port or 443), _SECONDS) as plain:
        connection = context.wrap_socket(plain, server_hostname=url.hostname)
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        answer = HTTPResponse(connection, method=method)
        try:
            answer.begin()
            return RawAnswer(answer.status, str(answer.headers), answer.read().decode("utf-8", "replace"))
        except (HTTPException, ConnectionError):
            return RawAnswer(0, "", "")
