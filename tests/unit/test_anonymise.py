"""What is taken out of a text before anybody may learn from it, what stays, and what is left out altogether."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.anonymise import Known, LeftOut, clean, words_of
from hub.identifiers import STAND_INS

ORDINARY = words_of(
    [
        "hi its me i cant come on thursday my mum is ill so can we do friday instead please and thanks",
        "will you tell my worker that i am running late the bus broke down be there in about ten minutes",
        "my number is my address is the code on the wall was i was there send it to ring us on see you live at",
        "bydda i yna diolch may young street is this from support here new say dob code sorry about it",
    ]
)
KNOWN = Known.of(["Sam Carter", "Priya Shah", "Bethan O'Neill"], ["Northshire", "Northshire support"], ORDINARY)


def cleaned(text: str) -> str | LeftOut:
    return clean(text, KNOWN, ORDINARY)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("hi its sam, cant come", "hi its alex, cant come"),
        ("Tell Priya that Sam is late", "Tell Alex that Jamie is late"),
        ("SAM CARTER HERE", "ALEX TAYLOR HERE"),
        ("sam's mum, sam is ill", "alex's mum, alex is ill"),
        ("tell prya i am late", "tell alex i am late"),
        ("bethan o’neill here", "alex taylor here"),
        ("is this Northshire support", "is this Northfield support"),
        ("danny is ill", "alex is ill"),  # nobody told us of Danny: his name is common
        ("ring us on 07700 900456", "ring us on 07700 900123"),
        ("ring +44 (0)7700-900456 please", "ring 07700 900123 please"),
        ("my address is 14 Bankside Road, DE1 1AA", "my address is 1 High Street, AB1 2CD"),
        ("my address is flat 3b, 22 the close", "my address is flat 1, 1 High Street"),
        ("send it to sam.carter@example.com", "send it to me@example.org"),
        ("see https://example.com/sam?x=1 please", "see https://example.org please"),
        ("dob 12/03/1985", "dob 01/01/1990"),
        ("i was born 12th march 1985", "i was born 1 January 1990"),
        ("code is 447188", "code is 1234"),
        ("the code was 7K9QX2", "the code was 7K3M"),
        ("ring ７７００９００４５６", "ring 07700 900123"),  # digits of another width
    ],
)
def test_what_is_known_gives_way_to_something_neutral(text: str, without: str) -> None:
    assert cleaned(text) == without


@pytest.mark.parametrize(
    "text",
    [
        "cant come on thursday",
        "can we do friday at 10.30 instead",
        "on my way, 10 mins",
        "be there at 1030am",
        "Thanks, see you Friday",
        "bydda i yna diolch 👍",
        "be there in 10 minutes the bus broke down",
        "cnt mke it 2moz",
    ],
)
def test_ordinary_words_days_and_times_stay_as_they_are(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", LeftOut.EMPTY),
        ("cant come " * 21, LeftOut.TOO_LONG),
        ("can Shazza come", LeftOut.MAY_BE_A_NAME),
        ("its bartek", LeftOut.MAY_BE_A_NAME),
        ("I live in Brynmawr", LeftOut.MAY_BE_A_NAME),
        ("ਮੈਂ ਨਹੀਂ ਆ ਸਕਦਾ", LeftOut.MAY_BE_A_NAME),  # no capitals tell names there
        ("my mum was born on friday", LeftOut.MAY_HOLD_BIRTH),
        ("my number is oh seven seven oh oh nine hundred", LeftOut.MAY_HOLD_NUMBER),
        ("see me on snapchat", LeftOut.MAY_HOLD_HANDLE),
        ("see @shazza_x", LeftOut.MAY_HOLD_HANDLE),
    ],
)
def test_what_cannot_be_cleaned_for_certain_is_left_out_with_the_reason(text: str, why: LeftOut) -> None:
    assert cleaned(text) is why


def test_a_name_that_is_also_a_word_cannot_be_told_from_it() -> None:
    known = Known.of(["Will Young"])
    assert clean("will you come", known, ORDINARY) is LeftOut.NAME_IS_A_WORD
    assert clean("can you come", known, ORDINARY) == "can you come"


def test_a_stand_in_is_never_somebodys_real_name() -> None:
    assert clean("tell sam", Known.of(["Sam Carter", "Alex Jamie"]), ORDINARY) == "tell robin"


def test_brackets_do_not_become_facts_of_an_example() -> None:
    assert cleaned("[friday](time) please") == "friday (time) please"


# Letters of every script, and the pieces that real texts are dangerous with.
PIECES = st.sampled_from(
    ["Sam", "sam's", "CARTER", "o’neill", "07700", "900456", "+44", "@", ".", "-", "DE1 1AA", " ", "\u200d"]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25).map("".join)
NAMES = st.lists(st.text(st.characters(categories=["L"]), min_size=2, max_size=10), min_size=1, max_size=3)


@given(TEXTS)
@example("0" * 190)
@example("a1b2c3d4e5f6 12345 1 2 3 4 5 6 7 8 9 0")
@example("①②③④⑤⑥")
def test_no_run_of_five_digits_is_left_whatever_the_text(text: str) -> None:
    found = cleaned(text)
    if not isinstance(found, LeftOut):
        for stand_in in STAND_INS:
            found = found.replace(stand_in, "·")
        assert not re.search(r"\d{5}", found)


@given(NAMES, TEXTS, st.integers(0, 200), st.booleans())
@example(["Ab"], "ab'x AB_ab", 0, False)
@example(["Sam"], "s\u200dam sa\u0301m", 0, True)
@example(["High"], "22 station road", 0, True)
@example(["Alex", "Taylor"], "", 0, True)
def test_no_known_name_is_left_whatever_the_text(names: list[str], text: str, where: int, upper: bool) -> None:
    """Whole words, in any letters, wherever the name stands."""
    name = " ".join(names)
    said = f"{text[:where]} {name.upper() if upper else name.lower()} {text[where:]}"
    found = clean(said, Known.of([name]), ORDINARY)
    if not isinstance(found, LeftOut):
        left = re.findall(r"\w+", found.casefold())
        assert not {each.casefold() for each in names} & set(left)


@given(TEXTS)
def test_the_same_text_is_cleaned_in_the_same_way_onto_one_line(text: str) -> None:
    found = cleaned(text)
    assert found == cleaned(text)
    assert isinstance(found, LeftOut) or found == " ".join(found.split())
