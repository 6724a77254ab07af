"""The first half of a postcode, however people write it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.support_areas import district_in

DISTRICTS = st.from_regex(re.compile(r"[A-Z]{1,2}[0-9]"), fullmatch=True)
INWARD = st.from_regex(re.compile(r"[0-9][A-Z]{2}"), fullmatch=True)


@pytest.mark.parametrize(
    ("said", "district"),
    [
        ("DE1", "DE1"), ("de1", "DE1"), ("DE1 3AB", "DE1"), ("de13ab.", "DE1"), ("SW1A 1AA", "SW1A"),
        ("sw1a1aa", "SW1A"), ("CF10", "CF10"), ("cf10 3", "CF10"), ("M1", "M1"), ("M1 1AE", "M1"), ("B33 8TH", "B33"),
        ("ec1a", "EC1A"),
    ],
)  # fmt: skip
def test_a_postcode_or_its_first_half_is_read(said: str, district: str) -> None:
    assert district_in(said) == district


@pytest.mark.parametrize(
    "said", ["", "44", "Derby", "skip", "DE", "1DE", "DE1 is near me", "no", "07700 900101", "DE1DE1DE1"]
)
def test_what_is_no_postcode_is_none(said: str) -> None:
    assert district_in(said) == ""


@given(DISTRICTS, INWARD, st.sampled_from(["", " ", "  "]), st.booleans())
def test_only_the_first_half_is_ever_kept(district: str, inward: str, between: str, small: bool) -> None:
    said = f"{district}{between}{inward}"
    assert district_in(said.lower() if small else said) == district
