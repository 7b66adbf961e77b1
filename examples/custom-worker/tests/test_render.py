"""The task code, called as the function it is: pages without AWS, reading and writing on moto's S3."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

import render
from task_runner import PermanentError
from task_runner.progress import Progress
from task_runner.testing import task_context

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def body(markdown: str) -> str:
    html = render.render(markdown, "fallback").html
    return html.partition("<body>\n")[2].partition("</body>")[0]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# A *b*", "<h1>A <em>b</em></h1>\n"),
        ("a\n=\n", "<h1>a</h1>\n"),
        ("```py\nx < 1\n```", '<pre><code class="language-py">x &lt; 1\n</code></pre>\n'),
        ("- [ü](https://ö.de/ß)", '<ul>\n<li><a href="https://xn--nda.de/%C3%9F">ü</a></li>\n</ul>\n'),
        ("日本語", "<p>日本語</p>\n"),
        ("<b onclick=x>", "<p>&lt;b onclick=x&gt;</p>\n"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>\n"),
        ("", ""),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert body(markdown) == html


def test_table_becomes_a_table() -> None:
    rendered = body("|a|b|\n|:-|-:|\n|1|2|\n")
    assert '<th style="text-align:left">a</th>' in rendered
    assert '<td style="text-align:right">2</td>' in rendered


@pytest.mark.parametrize(
    ("markdown", "title"),
    [("text\n\n## Second `level` <i>", "Second level <i>"), ("no heading", "fallback"), ("#", "fallback")],
)
def test_title_is_the_first_headings_text(markdown: str, title: str) -> None:
    page = render.render(markdown, "fallback")
    assert page.title == title
    assert f"<title>{title.replace('<i>', '&lt;i&gt;')}</title>" in page.html


def test_statistics_count_what_is_there() -> None:
    page = render.render("# One two\n\nthree `four` [five](https://e.org)\n\n    code\n\n|a|\n|-|\n|b|\n", "")
    assert page.statistics == {"words": 7, "headings": 1, "tables": 1, "code_blocks": 1, "links": 1}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("RESULTS_BUCKET", "results")
    with mock_aws():
        render._s3.cache_clear()
        client = boto3.client("s3")
        for bucket in ("documents", "results"):
            client.create_bucket(Bucket=bucket)
        yield client
    render._s3.cache_clear()


def test_document_is_read_and_its_page_written(s3: "S3Client") -> None:
    s3.put_object(Bucket="documents", Key="a/b.md", Body="\ufeff# Größe".encode())
    reports: list[Progress] = []
    result = render.handle({"bucket": "documents", "key": "a/b.md"}, task_context(reports=reports))
    page = s3.get_object(Bucket="results", Key="a/b.html")
    html = page["Body"].read()
    assert "<h1>Größe</h1>" in html.decode()
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert result == {
        "bucket": "results",
        "key": "a/b.html",
        "title": "Größe",
        "bytes": len(html),
        "words": 1,
        "headings": 1,
        "tables": 0,
        "code_blocks": 0,
        "links": 0,
    }
    assert [report.message for report in reports] == ["rendering", "writing"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xff\xfe#", "is not UTF-8: byte 0"), (b"x" * (render.LARGEST_DOCUMENT + 1), "1048576 is the most")],
)
def test_document_that_cannot_be_rendered_fails_for_good(s3: "S3Client", content: bytes, sentence: str) -> None:
    s3.put_object(Bucket="documents", Key="a.md", Body=content)
    with pytest.raises(PermanentError, match=sentence):
        render.handle({"bucket": "documents", "key": "a.md"}, task_context())
    assert s3.list_objects_v2(Bucket="results")["KeyCount"] == 0


@pytest.mark.usefixtures("s3")
@pytest.mark.parametrize("place", [{"bucket": "documents", "key": "no.md"}, {"bucket": "nowhere", "key": "no.md"}])
def test_document_that_is_not_there_is_named(place: dict[str, str]) -> None:
    with pytest.raises(PermanentError, match=f"s3://{place['bucket']}/no.md is not there"):
        render.handle(place, task_context())


@pytest.mark.parametrize(
    ("bucket", "key"), [(None, None), ("b", None), ("", "a.md"), ("b", 7), ("b", "a"), ("b", ""), (["b"], "a.md")]
)
def test_payload_that_names_no_document_fails_for_good(bucket: Any, key: Any) -> None:
    for payload in ({"bucket": bucket, "key": key}, [bucket, key], bucket):
        with pytest.raises(PermanentError, match="payload must be"):
            render.handle(payload, task_context())
