"""Task code: renders a Markdown document of one bucket to an HTML page in another.

Payload: `{"bucket": ..., "key": ...}` of the document. Result: where the page is, and what it holds.
"""

import os
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError
from markdown_it import MarkdownIt
from markdown_it.token import Token

from task_runner import PermanentError, TaskContext

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LARGEST_DOCUMENT = 1024 * 1024
"""Bytes. A choice of this example: what is rendered within seconds in the memory that main.tf gives."""

_NOT_THERE = {"NoSuchKey", "NoSuchBucket", "AccessDenied"}
_COUNTED = {
    "headings": {"heading_open"},
    "tables": {"table_open"},
    "code_blocks": {"fence", "code_block"},
    "links": {"link_open"},
}
_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>{title}</title>
</head>
<body>
{body}</body>
</html>
"""

# CommonMark with tables. HTML in a document is shown as text: a page must not run what its author wrote.
_markdown = MarkdownIt("js-default")


@dataclass(frozen=True)
class Page:
    """A rendered document and its numbers."""

    html: str
    title: str
    statistics: dict[str, int]


def handle(payload: Any, context: TaskContext) -> dict[str, Any]:
    """Read the document, render it, write the page."""
    bucket, key = _place(payload)
    text = _read(bucket, key)
    context.progress(0.3, "rendering")
    page = render(text, fallback_title=PurePosixPath(key).stem)
    context.progress(0.7, "writing")
    results, result_key = os.environ["RESULTS_BUCKET"], str(PurePosixPath(key).with_suffix(".html"))
    content = page.html.encode()
    _s3().put_object(Bucket=results, Key=result_key, Body=content, ContentType="text/html; charset=utf-8")
    context.logger.info("rendered", extra={"document_bytes": len(text.encode()), "page_bytes": len(content)})
    return {"bucket": results, "key": result_key, "title": page.title, "bytes": len(content), **page.statistics}


def render(text: str, fallback_title: str) -> Page:
    """Render Markdown; the title is the first heading's text, or else the fallback."""
    tokens = _markdown.parse(text)
    flat = [part for token in tokens for part in (token, *(token.children or []))]
    statistics = {name: sum(token.type in types for token in flat) for name, types in _COUNTED.items()}
    words = sum(len(token.content.split()) for token in flat if token.type in ("text", "code_inline"))
    title = _title(tokens) or fallback_title
    body = _markdown.renderer.render(tokens, _markdown.options, {})
    return Page(_PAGE.format(title=escape(title), body=body), title, {"words": words, **statistics})


def _title(tokens: list[Token]) -> str:
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open":
            return "".join(part.content for part in content.children or [])
    return ""


def _place(payload: Any) -> tuple[str, str]:
    wanted = isinstance(payload, dict) and [payload.get("bucket"), payload.get("key")]
    match wanted:
        case [str(bucket), str(key)] if bucket and key.endswith(".md"):
            return bucket, key
    raise PermanentError('the payload must be {"bucket": ..., "key": "... .md"}')


def _read(bucket: str, key: str) -> str:
    place = f"s3://{bucket}/{key}"
    try:
        document = _s3().get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        # Where a role may not list a bucket, S3 answers AccessDenied for a key that is not there.
        if error.response["Error"]["Code"] in _NOT_THERE:
            raise PermanentError(f"{place} is not there, or the worker may not read it") from None
        raise  # S3 is busy or down: another try may work
    if document["ContentLength"] > LARGEST_DOCUMENT:
        raise PermanentError(f"{place} has {document['ContentLength']} bytes, {LARGEST_DOCUMENT} is the most")
    try:
        return document["Body"].read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PermanentError(f"{place} is not UTF-8: byte {error.start} cannot be read") from None


@cache
def _s3() -> "S3Client":
    return boto3.client("s3")
