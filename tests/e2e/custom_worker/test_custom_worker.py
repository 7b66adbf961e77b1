"""The example with task code of its own: real documents in, pages out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from e2e.conftest import EXAMPLES, Live, live

EXAMPLE = EXAMPLES / "custom-worker"


@dataclass(frozen=True)
class Expected:
    """What a page must hold, and what the result says of it."""

    result: dict[str, Any]
    fragments: tuple[str, ...]


DOCUMENTS = {
    "runbook.md": Expected(
        {"title": "Dead letters: a runbook", "headings": 3, "tables": 0, "code_blocks": 1, "links": 1},
        (
            "<h2>Find out what happened</h2>",
            "<li>Decide:\n<ul>\n<li>a bug in the task code: deploy a fix, then <strong>redrive</strong></li>",
            "<blockquote>\n<p>A redrive runs every failed task again.",
            '<pre><code class="language-sh">make redrive\n</code></pre>',
            '<a href="https://docs.aws.amazon.com/AWSSimpleQueueService/',
        ),
    ),
    "weights.md": Expected(
        {"title": "Größen & Gewichte — Übersicht", "headings": 2, "tables": 2, "code_blocks": 0, "links": 0},
        (
            "<title>Größen &amp; Gewichte — Übersicht</title>",
            "Ελληνικά, русский, 日本語, עברית. Zeichen: € ½ ✓ 🚀.",
            '<td style="text-align:right">2,54</td>\n<td style="text-align:center">1½</td>',
            "<h2>Setext-Überschrift</h2>",
            "Preis &lt; 5 € &amp; Rabatt &gt; 10 %: <s>alt</s> neu.",
        ),
    ),
    "snippets.md": Expected(
        {"title": "snippets", "headings": 0, "tables": 0, "code_blocks": 3, "links": 0},
        (
            '<code class="language-python">def greet(name: str) -&gt; str:\n',
            "    return f&quot;&lt;b&gt;{name}&lt;/b&gt;&quot;  # no tag, but text\n",
            "<pre><code>indented = code\n</code></pre>",
            "&lt;script&gt;alert(&quot;text, not a script&quot;)&lt;/script&gt;",
            "[not a link](javascript:alert(1))",
            '<img src="https://example.com/a.png" alt="a picture" title="titled">',
        ),
    ),
}


@pytest.fixture(scope="module")
def custom(pytestconfig: pytest.Config) -> Iterator[Live]:
    with live(pytestconfig, EXAMPLE) as stack:
        yield stack


def documents_bucket(stack: Live) -> str:
    (name,) = [bucket["id"] for bucket in stack.stack.asked("aws_s3_bucket") if "-documents-" in bucket["id"]]
    return str(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_rendered(custom: Live, name: str) -> None:
    expected, s3 = DOCUMENTS[name], custom.target.client("s3")
    task = custom.run({"bucket": documents_bucket(custom), "key": name})
    assert task["status"] == "completed", task
    result = task["result"]
    page = s3.get_object(Bucket=result["bucket"], Key=result["key"])
    html = page["Body"].read()
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert result["key"] == f"{name.removesuffix('.md')}.html"
    assert result["bytes"] == len(html)
    assert result.items() >= expected.result.items()
    missing = [fragment for fragment in expected.fragments if fragment not in html.decode()]
    assert not missing, html.decode()
    assert "<script" not in html.decode()


def test_worker_that_writes_again_changes_nothing_else(custom: Live) -> None:
    s3, bucket = custom.target.client("s3"), documents_bucket(custom)
    s3.put_object(Bucket=bucket, Key="a/b/new.md", Body="# Größer".encode())
    first, again = (custom.run({"bucket": bucket, "key": "a/b/new.md"}) for _ in range(2))
    assert first["result"] == again["result"]
    assert first["result"].items() >= {"key": "a/b/new.html", "title": "Größer"}.items()


def test_document_that_is_not_there_fails_at_once(custom: Live) -> None:
    task = custom.run({"bucket": documents_bucket(custom), "key": "no.md"})
    assert (task["status"], task["attempts"], task["error"]["type"]) == ("failed", 1, "PermanentError")
    assert "is not there, or the worker may not read it" in task["error"]["message"]


def test_worker_may_read_no_other_bucket(custom: Live) -> None:
    s3, own = custom.target.client("s3"), documents_bucket(custom)
    foreign = f"{own}-x"
    s3.create_bucket(Bucket=foreign)
    try:
        s3.put_object(Bucket=foreign, Key="a.md", Body=b"# Secret")
        task = custom.run({"bucket": foreign, "key": "a.md"})
        assert (task["status"], task["error"]["type"]) == ("failed", "PermanentError")
    finally:
        s3.delete_object(Bucket=foreign, Key="a.md")
        s3.delete_bucket(Bucket=foreign)
