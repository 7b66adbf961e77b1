"""What a refused payload is told: why and where, never what."""

import json
import re
import sys
import time

import pytest

from task_runner.record.not_json import NotJson, explained
from task_runner.record.payload import DEEPEST_PAYLOAD, parse

MOST_DIGITS = sys.get_int_max_str_digits()
WHERE = re.compile(r" at line (\d+), column (\d+)$")


def refusal(text: str) -> str:
    with pytest.raises(NotJson) as refused:
        parse(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expecting value at line 1, column 1"),
        (" \n ", "expecting value at line 2, column 2"),
        ("{", "expecting property name enclosed in double quotes at line 1, column 2"),
        ("{'a': 1}", "expecting property name enclosed in double quotes at line 1, column 2"),
        ('{"a"}', "expecting ':' delimiter at line 1, column 5"),
        ('{\n  "a": 1,\n  "b" 2\n}', "expecting ':' delimiter at line 3, column 7"),
        ('[1,\n 2\n 3]', "expecting ',' delimiter at line 3, column 2"),
        ('["a', "unterminated string at line 1, column 2"),
        ('"a\nb"', "invalid control character at line 1, column 3"),
        (r'"\x"', r"invalid \escape at line 1, column 2"),
        (r'"\u12"', r"invalid \uXXXX escape at line 1, column 3"),
        ("{}{}", "extra data at line 1, column 3"),
        ("\ufeff{}", "byte order mark at line 1, column 1"),
    ],
)  # fmt: skip
def test_fault_of_form_is_told_with_its_place(text: str, told: str) -> None:
    assert refusal(text) == told


@pytest.mark.parametrize("text", ["[1,]", '{"a":1,}'])
def test_comma_too_many_is_told_near_its_place(text: str) -> None:
    """Releases of Python differ in what they say and by one column."""
    told = WHERE.search(refusal(text))
    assert told
    assert abs(int(told[2]) - len(text)) <= 1


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("[1, NaN]", 5),
        ('["NaN", 2, -Infinity]', 12),
        ('["1e999", 0.1e10, 1e999]', 19),
        ('{"9' + "9" * MOST_DIGITS + '": -9' + "9" * MOST_DIGITS + "}", MOST_DIGITS + 7),
        ("[0." + "0" * 100 + "1e400, -1e400]", 111),
    ],
    ids=lambda value: str(value)[:12],
)
def test_number_that_cannot_be_kept_is_told_with_its_place(text: str, column: int) -> None:
    assert refusal(text) == f"number that is not finite, or has too many digits at line 1, column {column}"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (r'"\ud800"', 2),
        (r'"\uDFFF"', 2),
        (r'"\\ud800 \ud83d\ude00 \udc00\ud83d"', 23),
        (r'{"\ud83d\u0041": 1}', 3),
        ('"\ud800"', 2),
    ],
    ids=ascii,
)
def test_half_a_character_is_told_with_its_place(text: str, column: int) -> None:
    assert refusal(text) == f"half of a surrogate pair at line 1, column {column}"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("[" * 300, DEEPEST_PAYLOAD + 1),
        ('{"[":' * 300, 5 * DEEPEST_PAYLOAD + 1),
        ("[[]," * 300, 4 * (DEEPEST_PAYLOAD - 1) + 2),
    ],
    ids=["arrays", "objects", "both"],
)
def test_bracket_too_deep_is_told_with_its_place(text: str, column: int) -> None:
    assert refusal(text) == f"nested more than {DEEPEST_PAYLOAD} levels deep at line 1, column {column}"


SECRET = "hush-7d1c"  # noqa: S105 - a mark


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"{{'{SECRET}': 1}}",
        f'"{SECRET}',
        f'"{SECRET}\n"',
        f'["{SECRET}" {SECRET}]',
        f'"\\{SECRET}"',
        f'{{"{SECRET}": NaN}}',
        f'{{"{SECRET}": "\\ud800"}}',
        f'"{SECRET}"' + "[" * 300,
        "7100" * 1200,
        "7100e71000",
    ],
    ids=lambda text: text[:20],
)
def test_nothing_of_the_text_is_told(text: str) -> None:
    told = refusal(text)
    assert SECRET not in told
    assert "hush" not in told
    assert "7100" not in told


@pytest.mark.parametrize(
    ("said", "told"),
    [("Invalid \\escape: 'q'", r"invalid \escape"), ("Invalid control character 'q' at", "invalid control character"),
     ("Odd character 'q'", "unexpected text")],
)  # fmt: skip
def test_what_a_decoder_takes_from_the_text_is_left_out(said: str, told: str) -> None:
    """The decoder in C says nothing of the text; that in Python, which some interpreters use, names the character."""
    text = r'"\q"'
    assert str(explained(json.JSONDecodeError(said, text, 1), text, parse)) == f"{told} at line 1, column 2"


@pytest.mark.parametrize(
    "text",
    ['"' * 262_144, "[" + "1," * 131_000 + "NaN]", '"' + "\\" * 262_142, '"' + r"\ud83d\ude00" * 20_000 + r'\ud800"'],
    ids=["quotes", "numbers", "escapes", "pairs"],
)
def test_the_largest_body_is_explained_in_no_time(text: str) -> None:
    begin = time.process_time()
    assert refusal(text)
    assert time.process_time() - begin < 2, "seconds; linear in the length, it takes a tenth"
