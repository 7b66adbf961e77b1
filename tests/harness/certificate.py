"""The certificate of an embedded AWS: made for one server, and trusted by nobody who is not told of it."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import trustme
from requests.utils import DEFAULT_CA_BUNDLE_PATH

_AWS_VARIABLE = "AWS_CA_BUNDLE"  # names the authorities to trust to AWS's SDKs and tools,
_OTHER_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")  # to requests, curl, Go and Python's ssl
_BUNDLE = "ca-bundle.pem"  # what the caller trusts already, and the authority of this server
_LIFE = timedelta(days=365)  # a server that `up` has started may run for long


class Certificate:
    """The files in a server's folder; they go with it.

    The key of the authority that signs is never written, so nobody can make a second certificate that is trusted.
    """

    def __init__(self, folder: Path) -> None:
        """Name the files; `make` writes them."""
        self.chain = folder / "certificate.pem"
        self.key = folder / "key.pem"
        self.authority = folder / "authority.pem"

    def make(self) -> None:
        """Write a new certificate for the loopback address."""
        authority = trustme.CA(organization_name="task runner, embedded AWS")
        leaf = authority.issue_cert("127.0.0.1", "localhost", not_after=datetime.now(timezone.utc) + _LIFE)
        self.chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        self.key.touch(mode=0o600)
        self.key.write_bytes(leaf.private_key_pem.bytes())
        self.authority.write_bytes(authority.cert_pem.bytes())
        self.authority.with_name(_BUNDLE).write_bytes(_trusted_already() + b"\n" + authority.cert_pem.bytes())


def trusting(authority: Path) -> dict[str, str]:
    """Return the environment variables with which a program trusts a server's authority.

    What speaks to AWS speaks to this server alone: to read some hundred others would take it 20 ms for each client.
    """
    others = dict.fromkeys(_OTHER_VARIABLES, str(authority.with_name(_BUNDLE)))
    return {_AWS_VARIABLE: str(authority), **others}


def _trusted_already(environment: Mapping[str, str] = os.environ) -> bytes:
    """The authorities of the caller's environment, so that who takes over ours still reaches all else."""
    named = (Path(environment[name]) for name in _OTHER_VARIABLES if environment.get(name))
    return next((file.read_bytes() for file in named if file.is_file()), Path(DEFAULT_CA_BUNDLE_PATH).read_bytes())
