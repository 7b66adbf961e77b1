import pytest


@pytest.fixture(scope="package", autouse=True)
def _embedded_only(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--target") == "aws":
        pytest.skip("the playground is on the embedded AWS")
