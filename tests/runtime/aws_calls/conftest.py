import pytest
from botocore.httpsession import URLLib3Session

from runtime.aws_calls.wire import Wire


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(URLLib3Session, "send", lambda _session, request: wire.send(request))
    return wire
