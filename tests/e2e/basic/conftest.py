from collections.abc import Iterator

import pytest

from e2e.conftest import EXAMPLES, Live, live


@pytest.fixture(scope="package")
def basic(pytestconfig: pytest.Config) -> Iterator[Live]:
    with live(pytestconfig, EXAMPLES / "basic") as stack:
        yield stack
