"""However a UK mobile number is written, one form is kept; everything else is refused with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.addresses import FICTIONAL, Mobile, parse_mobile
from hub.errors import BadAddress, Landline, TestNumber

INVISIBLE = ["", " ", "\u00a0", "\u200b", "\u2060", "\ufeff", "\u202a", "\t", "-", "\u2011", "."]
PREFIXES = ["0", "+44", "+44(0)", "+44 (0) ", "0044", "0044(0)", "44", "(+44) ", "O", "OO44", ""]
DIGITS = {"ascii": "0123456789", "full width": "０１２３４５６７８９", "Arabic": "٠١٢٣٤٥٦٧٨٩"}

fictional_numbers = st.integers(FICTIONAL.start, FICTIONAL.stop - 1).map(str)


@given(
    national=fictional_numbers,
    prefix=st.sampled_from(PREFIXES),
    gaps=st.lists(st.sampled_from(INVISIBLE), min_size=11, max_size=11),
    oh=st.booleans(),
    digits=st.sampled_from(list(DIGITS.values())),
)
def test_every_way_of_writing_a_number_gives_the_same_value(
    national: str, prefix: str, gaps: list[str], oh: bool, digits: str
) -> None:
    body = "".join(gap + digits[int(digit)] for gap, digit in zip(gaps, national, strict=False)) + gaps[-1]
    written = prefix + (body.replace("0", "O") if oh else body)
    assert parse_mobile(written, fictional=True) == Mobile(f"+44{national}")


@given(national=fictional_numbers)
def test_what_is_shown_to_people_reads_back_as_the_same_number(national: str) -> None:
    mobile = parse_mobile(f"0{national}", fictional=True)
    assert parse_mobile(mobile.as_people_write_it, fictional=True) == mobile
    assert parse_mobile(mobile.e164, fictional=True) == mobile


@given(text=st.text(max_size=80))
def test_any_text_is_a_uk_mobile_or_is_refused_with_a_sentence(text: str) -> None:
    try:
        said = parse_mobile(text, fictional=True).e164
    except BadAddress as refused:
        said = str(refused)
    assert said.startswith("+447") or said.endswith(".")


@given(national=fictional_numbers)
def test_numbers_for_films_and_tests_are_refused_outside_the_demo(national: str) -> None:
    with pytest.raises(TestNumber):
        parse_mobile(f"0{national}")


@pytest.mark.parametrize(
    "real_neighbour",
    ["07700 899999", "07700 901000", "07700 910000"],  # 7700[900000-900999] would take these
)
def test_the_neighbours_of_the_fictional_range_are_not_fictional(real_neighbour: str) -> None:
    try:
        parse_mobile(real_neighbour)
    except TestNumber:
        pytest.fail("taken for a fictional number")
    except BadAddress:
        pass  # whether the network has given it out is not ours to say


@pytest.mark.parametrize(
    "landline",
    [
        "020 7946 0123",  # Ofcom's fictional range for London
        "01632 960123",  # Ofcom's fictional range for no area
        "+44 113 496 0123",  # Leeds
        "0044 28 9649 6123",  # Belfast
    ],
)
def test_a_landline_is_refused_because_a_machine_could_read_the_text_out(landline: str) -> None:
    with pytest.raises(BadAddress) as refused:
        parse_mobile(landline, fictional=True)
    assert isinstance(refused.value, Landline) or landline.startswith("01632")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("0909 879 0123", "costs extra"),
        ("0845 123 4567", "costs extra"),
        ("0808 157 0123", "freephone"),
        ("0330 123 4567", "office number"),
        ("070 1234 5678", "call-forwarding"),
        ("+353 20 912 3456", "not a UK number"),
        ("+1 202 555 0123", "not a UK number"),
        ("07797 712345", "not a UK number"),  # Jersey
        ("07700 90012", "check the digits"),
        ("07700 900123 4", "check the digits"),
        ("07700 900123 / 07700 900456", "one number only"),
        ("07700 900123 (mum)", "one number only"),
        ("7.7009E+09", "one number only"),  # a spreadsheet's doing
        ("Ask Dan", "one number only"),
        ("", "no number here"),
        ("\u200b \ufeff", "no number here"),
        ("999", "not a telephone number|check the digits"),
        ("0" * 61, "too long"),
    ],
)
def test_what_is_no_uk_mobile_is_refused_and_told_why(number: str, reason: str) -> None:
    with pytest.raises(BadAddress, match=reason):
        parse_mobile(number, fictional=True)
