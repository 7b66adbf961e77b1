"""The certificate of the embedded AWS: trusted by who is told of it, and by nobody else."""

import os
import ssl
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.certificate import Certificate, trusting
from loopback import Answer, Loopback, loopback
from task_runner_client import NoAnswer, TaskClient, TaskRunnerClientError

TASK = "6f1c1a3e-0000-4000-8000-000000000000"
VIEW = Answer({"taskId": TASK, "status": "completed", "attempts": 1})
VARIABLES = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    certificate = Certificate(tmp_path_factory.mktemp("certificate"))
    certificate.make()
    return certificate


@pytest.fixture
def site(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """An API that serves it, for callers whose environment names no authorities."""
    for name in trusting(certificate.authority):
        monkeypatch.delenv(name, raising=False)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    with loopback(VIEW, tls=context) as site:
        yield site


def test_who_is_not_told_of_it_gets_no_answer(site: Loopback) -> None:
    with pytest.raises(NoAnswer, match="certificate verify failed"):
        TaskClient(site.url).get(TASK)
    assert site.asked == []


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_client_trusts_what_the_environment_names(
    site: Loopback, certificate: Certificate, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(certificate.authority))
    assert TaskClient(site.url).get(TASK)["status"] == "completed"


def test_what_the_client_is_given_counts_before_the_environment(
    site: Loopback, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere")
    assert TaskClient(site.url, ca_bundle=str(certificate.authority)).get(TASK)["status"] == "completed"


def test_authorities_that_are_not_there_are_named(site: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere")
    with pytest.raises(TaskRunnerClientError, match=r"no certificates at '/nowhere': look where .*AWS_CA_BUNDLE"):
        TaskClient(site.url)


def test_curl_trusts_it_by_the_same_variables(site: Loopback, certificate: Certificate) -> None:
    command = ["curl", "-sS", "--noproxy", "*", f"{site.url}/task/{TASK}"]
    for environment, code in (({}, 60), (trusting(certificate.authority), 0)):  # 60: the certificate is not trusted
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
        assert done.returncode == code, done.stderr


def test_the_key_is_for_its_owner_only(certificate: Certificate) -> None:
    assert stat.S_IMODE(certificate.key.stat().st_mode) == 0o600
    assert b"PRIVATE KEY" not in certificate.chain.read_bytes() + certificate.authority.read_bytes()


def test_what_the_caller_trusts_already_stays_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier, later = Certificate(tmp_path / "earlier"), Certificate(tmp_path / "later")
    for certificate in (earlier, later):
        certificate.chain.parent.mkdir()
        certificate.make()
        for name, value in trusting(certificate.authority).items():
            monkeypatch.setenv(name, value)
    assert earlier.authority.read_bytes() in Path(os.environ["SSL_CERT_FILE"]).read_bytes()
    assert earlier.authority.read_bytes() not in Path(os.environ["AWS_CA_BUNDLE"]).read_bytes()
