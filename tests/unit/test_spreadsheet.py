"""A file for a spreadsheet: its letters are right, and it runs nothing."""

import csv
import io

import pytest

from inbox.spreadsheet import as_csv


@pytest.mark.parametrize("words", ["=1+1", "+44", "-3", "@SUM(A1)", "\tx", "\rx", "\n=1"])
def test_what_a_spreadsheet_would_run_is_words(words: str) -> None:
    content = bytes(as_csv("x", ("A",), [(words,)]).body).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline="")))[1] == [f"'{words}"]


def test_letters_and_numbers_arrive_whole() -> None:
    answer = as_csv("x", ("Iaith", "Nifer"), [("Tŷ, “te”", 5)])
    assert bytes(answer.body).startswith(b"\xef\xbb\xbf")
    content = bytes(answer.body).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content)))[1] == ["Tŷ, “te”", "5"]
