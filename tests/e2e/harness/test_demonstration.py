"""The place where `demo` works: one server, which answers, and is gone afterwards."""

import pytest

from harness.demonstration import place
from harness.embedded import EmbeddedAws
from support.processes import runs
from task_runner_client.progress import View


def test_a_demo_has_one_server_for_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[EmbeddedAws] = []
    start = EmbeddedAws.start

    def counted(server: EmbeddedAws) -> EmbeddedAws:
        started.append(server)
        return start(server)

    monkeypatch.setattr(EmbeddedAws, "start", counted)
    with place("embedded", View.silent()) as target:
        (server,) = started
        assert target.endpoint == server.endpoint
        assert server.is_healthy()
        group = server.group
    assert not runs(group)
    assert not server.folder.exists()
