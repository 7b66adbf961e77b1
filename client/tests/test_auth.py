"""Who a client says that it is: a signature, a token, a key, and when."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from botocore.credentials import Credentials

from loopback import Answer, Loopback, loopback
from task_runner_client import ApiError, Sign, SigV4, TaskClient, TaskRunnerClientError
from views import COMPLETED, ID, PENDING

UNSIGNED = Answer({"error": "The request is not signed.", "code": "MISSING_AUTHENTICATION_TOKEN"}, 403)
DENIED = Answer({"error": "You may not.", "code": "ACCESS_DENIED"}, 403)
EXPIRED = Answer({"error": "The request needs a valid token.", "code": "UNAUTHORIZED"}, 401)


@pytest.fixture
def signer() -> SigV4:
    return SigV4(Credentials("AKIA", "secret"), "eu-west-1")


def sent(site: Loopback, name: str) -> list[str | None]:
    return [headers.get(name) for *_, headers in site.asked]


@pytest.mark.parametrize(
    "refusal",
    [UNSIGNED, Answer({"message": "Missing"}, 403, {"x-amzn-ErrorType": "MissingAuthenticationTokenException"})],
    ids=["this module's", "API Gateway's own"],
)
def test_requests_are_signed_once_the_api_asks(refusal: Answer, signer: SigV4) -> None:
    with loopback(refusal, PENDING, COMPLETED) as site:
        TaskClient(site.url, signer=signer).run({})
    signed = ["eu-west-1/execute-api" in headers.get("Authorization", "") for *_, headers in site.asked]
    assert signed == [False, True, True]
    assert [body for _, _, body, _ in site.asked] == [b"{}", b"{}", b""]


def test_a_signature_that_is_refused_is_not_sent_twice(signer: SigV4) -> None:
    with loopback(UNSIGNED) as site:
        client = TaskClient(site.url, signer=signer)
        for sent_so_far in (2, 3):  # without a signature and with it; then with it alone
            with pytest.raises(ApiError, match="MISSING_AUTHENTICATION_TOKEN"):
                client.get(ID)
            assert len(site.asked) == sent_so_far


def test_a_refusal_that_no_signature_heals_is_told() -> None:
    # Without credentials: whoever signs fails with another error.
    with loopback(DENIED) as site, pytest.raises(ApiError, match="ACCESS_DENIED"):
        TaskClient(site.url).submit({})
    assert sent(site, "Authorization") == [None]


@pytest.mark.parametrize(("sign", "signed"), [("always", True), ("never", False)])
def test_the_first_request_is_signed_always_or_never(sign: Sign, signed: bool, signer: SigV4) -> None:
    with loopback(UNSIGNED) as site, pytest.raises(ApiError):
        TaskClient(site.url, sign=sign, signer=signer).get(ID)
    assert [header is not None for header in sent(site, "Authorization")] == [signed]


def test_without_credentials_a_signature_says_what_to_do() -> None:
    url = "https://abc.execute-api.eu-west-1.amazonaws.com/v1"
    with pytest.raises(TaskRunnerClientError, match=r"No AWS credentials were found\. Sign in"):
        TaskClient(url, sign="always").get(ID)


def test_without_a_region_a_signature_says_what_to_do() -> None:
    with pytest.raises(TaskRunnerClientError, match=r"No AWS region is chosen\. Set AWS_REGION"):
        TaskClient("https://tasks.example.com", sign="always", signer=SigV4(Credentials("AKIA", "secret"))).get(ID)


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "eu-south-1"}, "eu-north-1"),
        ({"AWS_DEFAULT_REGION": "eu-south-1"}, "eu-south-1"),
    ],
)
def test_credentials_and_region_are_the_usual_settings(
    variables: Mapping[str, str], region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", **variables}.items():
        monkeypatch.setenv(name, value)
    with loopback(UNSIGNED, COMPLETED) as site:
        TaskClient(site.url).get(ID)
    assert f"/{region}/execute-api" in str(sent(site, "Authorization")[1])


def test_an_api_key_goes_with_each_request() -> None:
    with loopback(PENDING, COMPLETED) as site:
        TaskClient(site.url, api_key="key-1\n").run({})
    assert sent(site, "x-api-key") == ["key-1", "key-1"]


@pytest.mark.parametrize(("token", "header"), [("abc.def", "Bearer abc.def"), ("Basic dXNlcg==", "Basic dXNlcg==")])
def test_a_token_is_a_bearer_unless_it_names_its_scheme(token: str, header: str) -> None:
    with loopback(COMPLETED) as site:
        TaskClient(site.url, token=token).get(ID)
    assert sent(site, "Authorization") == [header]


def test_a_token_is_fetched_once_and_again_when_it_has_expired() -> None:
    tokens = iter(["old", "new"])
    with loopback(PENDING, EXPIRED, COMPLETED, COMPLETED) as site:
        client = TaskClient(site.url, token=lambda: next(tokens))
        client.run({})
        client.get(ID)
    assert sent(site, "Authorization") == ["Bearer old", "Bearer old", "Bearer new", "Bearer new"]


@pytest.mark.parametrize("by", ["text", "function"])
def test_a_token_that_is_refused_again_is_told(by: str) -> None:
    with loopback(EXPIRED) as site, pytest.raises(ApiError, match="401 UNAUTHORIZED"):
        TaskClient(site.url, token="old" if by == "text" else lambda: "old").get(ID)
    assert len(site.asked) == (1 if by == "text" else 2)


def test_a_token_is_not_replaced_by_a_signature(signer: SigV4) -> None:
    with loopback(UNSIGNED) as site, pytest.raises(ApiError):
        TaskClient(site.url, token="mine", signer=signer).get(ID)  # noqa: S106 - nobody's
    assert sent(site, "Authorization") == ["Bearer mine"]


def test_a_token_and_a_signature_exclude_each_other() -> None:
    with pytest.raises(TaskRunnerClientError, match="either a token or a signature"):
        TaskClient("https://tasks.example.com", token="mine", sign="always")  # noqa: S106 - nobody's


@pytest.mark.parametrize("secret", ["hush\nhush", "hüsh", ""])
def test_a_secret_that_no_header_takes_is_refused_and_not_told(secret: str) -> None:
    with pytest.raises(TaskRunnerClientError, match="The API key is empty or holds characters") as told:
        TaskClient("https://tasks.example.com", api_key=secret)
    assert "hush" not in str(told.value)
    with pytest.raises(TaskRunnerClientError, match="The token is empty or holds characters"):
        TaskClient("https://tasks.example.com", token=secret).get(ID)


def test_a_netrc_of_the_user_authorizes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hush")
    monkeypatch.setenv("NETRC", str(netrc))
    with loopback(COMPLETED) as site:
        client = TaskClient(site.url)
        client._session.trust_env = True  # as for any host but loopback
        client.get(ID)
    assert sent(site, "Authorization") == [None]
