"""Numbers, surnames, references, places and conditions do not pass from one to another, however they are written."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.threads.masking import Hidden, mask
from hub.threads.splitting import MOST, split
from tests.world import our_flows

SURNAMES = ("Carter", "O'Neill", "Môn-Jones", "Pritchard", "Łuczak", "Ng", "van Dijk", "Ŵyn")
REFERENCES = ("NS/2026/14", "T-1007", "DCC 44812", "URN07AB99")
PHRASES = ("Attend the drug awareness course", "Quiet Clinic", "12 Mill Lane", "Write to the shop to say sorry")
NUMBER = "07700900101"
HIDDEN = Hidden(
    surnames=frozenset(part for name in SURNAMES for part in (name, *name.split("-"))),
    first_names=frozenset({"sam", "jo", "kit"}),
    numbers=frozenset({NUMBER, "44" + NUMBER[1:], "900303"}),
    references=frozenset(REFERENCES),
    phrases=frozenset(PHRASES),
)
DIGIT_WORDS = ("zero oh nought", "one un", "two dau", "three tri", "four", "five pump", "six", "seven", "eight wyth",
               "nine")  # fmt: skip
BETWEEN = st.sampled_from(["", " ", "-", ".", " - ", "/", ", ", "\u00a0", "\u200b", " . ", "_", "\n"])
FILLING = ("hello", "my", "see", "you", "at", "the", "is", "ring", "me", "it", "ok", "then", "please", "when")
AROUND = st.lists(st.sampled_from(FILLING), max_size=5)


def digit(number: int) -> st.SearchStrategy[str]:
    """As somebody may write it: plain, wide, Arabic, a keycap."""
    plain = [str(number), chr(0xFF10 + number), chr(0x0660 + number), f"{number}\ufe0f\u20e3"]
    return st.sampled_from(plain)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    begins = draw(st.sampled_from(["0", "+44 ", "0044", "+44 (0)", "44 ", "(0"]))
    ends = NUMBER[1:] if begins != "(0" else NUMBER[1:5] + ") " + NUMBER[5:]
    return begins + "".join(draw(digit(int(each))) + draw(BETWEEN) if each.isdigit() else each for each in ends)


@st.composite
def spoken_numbers(draw: st.DrawFn) -> str:
    """In words, or some of it."""
    said = []
    for each in NUMBER:
        word = draw(st.sampled_from(DIGIT_WORDS[int(each)].split()))
        said.append(draw(st.sampled_from([word, word.upper(), each])))
    return draw(st.sampled_from([" ", ", ", "-", " and ", "  "])).join(said)


@st.composite
def surnames(draw: st.DrawFn) -> str:
    """Loud, without accents, with invisible letters, spaced out, with whatever stands at its end."""
    name = draw(st.sampled_from(SURNAMES))
    changes = [str.upper, str.lower, _bare, _spaced, _invisible, str, lambda each: unicodedata.normalize("NFD", each)]
    for change in draw(st.lists(st.sampled_from(changes), max_size=2)):
        name = change(name)
    return name + draw(st.sampled_from(["", "'s", "’s", "s", "s'", "?", ",", "."]))


@st.composite
def references(draw: st.DrawFn) -> str:
    reference = draw(st.sampled_from(REFERENCES))
    written = "".join(each if each.isalnum() else draw(BETWEEN) for each in reference)
    return draw(st.sampled_from([written, written.lower(), " ".join(reference)]))


@st.composite
def phrases(draw: st.DrawFn) -> str:
    phrase = draw(st.sampled_from(PHRASES))
    return draw(st.sampled_from([phrase, phrase.lower(), phrase.upper(), phrase.replace(" ", "  "), phrase + "."]))


def sentence(draw: st.DrawFn, secret: str) -> str:
    return " ".join([*draw(AROUND), secret, *draw(AROUND)])


def _bare(name: str) -> str:
    kept = unicodedata.normalize("NFD", name).replace("ł", "l").replace("Ł", "L")
    return "".join(each for each in kept if unicodedata.category(each) != "Mn")


def _spaced(name: str) -> str:
    return " ".join(name)


def _invisible(name: str) -> str:
    return "\u00ad".join(name)


def letters(text: str) -> str:
    """What an eye reads: no marks, no spaces."""
    read = unicodedata.normalize("NFKD", text).casefold().replace("ł", "l")
    return "".join(each for each in read if each.isalnum())


def digits(text: str) -> str:
    """What an eye reads as digits, those in words too."""
    read = unicodedata.normalize("NFKD", text).casefold()
    for number, words in enumerate(DIGIT_WORDS):
        for word in words.split():
            read = read.replace(word, str(number))
    return "".join(str(unicodedata.digit(each)) for each in read if unicodedata.digit(each, None) is not None)


@given(st.data())
def test_no_number_passes_however_it_is_spaced(data: st.DataObject) -> None:
    text = sentence(data.draw, data.draw(numbers()))
    masked, taken = mask(text, Hidden())
    assert taken
    assert NUMBER[-6:] not in digits(masked)
    assert len(digits(masked)) < 7


@given(st.data())
def test_no_number_passes_in_words(data: st.DataObject) -> None:
    masked, taken = mask(sentence(data.draw, data.draw(spoken_numbers())), Hidden())
    assert taken
    assert len(digits(masked)) < 5


@given(st.integers(5, 11), st.integers(0, 6))
def test_a_number_that_comes_in_two_texts_passes_in_neither(length: int, start: int) -> None:
    part = NUMBER[start : start + length]
    if len(part) >= 5:
        assert part not in mask(f"and then {part} ok", HIDDEN)[0]


@given(st.data())
def test_no_surname_passes(data: st.DataObject) -> None:
    secret = data.draw(surnames())
    masked, taken = mask(sentence(data.draw, secret), HIDDEN)
    assert taken
    assert "[name]" in masked
    bare = letters(secret).removesuffix("s")
    assert len(bare) < 4 or bare not in letters(masked)


@given(st.data())
def test_no_reference_passes(data: st.DataObject) -> None:
    masked, taken = mask(sentence(data.draw, data.draw(references())), HIDDEN)
    assert taken
    assert not [each for each in REFERENCES if letters(each) in letters(masked)]


@given(st.data())
def test_no_condition_and_no_place_passes(data: st.DataObject) -> None:
    masked, taken = mask(sentence(data.draw, data.draw(phrases())), HIDDEN)
    assert taken
    assert not [each for each in PHRASES if letters(each) in letters(masked)]


@given(st.data())
def test_a_workers_own_words_pass_without_what_is_known_of_anybody(data: st.DataObject) -> None:
    masked, _ = mask("Call 0300 000 0000: " + sentence(data.draw, data.draw(surnames())), HIDDEN, only_known=True)
    assert masked.startswith("Call 0300 000 0000")
    assert "[name]" in masked


@pytest.mark.parametrize(
    "text",
    [
        "see you at 10:30-11:30", "Jo and Sam and Kit", "I have 2 kids and 3 dogs", "on the 3rd at 2pm", "ok",
        "thanks @jo", "the bus at 9.15, platform 4", "one or two of us", "wela i chi am ddau", "im home.ok see you",
        "it starts at nine, so I will get up early",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays_as_it_was(text: str) -> None:
    assert mask(text, HIDDEN) == (text, 0)


@pytest.mark.parametrize(
    "text",
    ["me@example.org", "me at example dot org", "www.example.org/x", "https://example.org", "DE1 2AB", "de12ab",
     "t.me/somebody", "@bigjo", "AB 12 34 56 C", "example.com"],
)  # fmt: skip
def test_no_link_address_or_postcode_passes(text: str) -> None:
    masked, taken = mask(f"it is {text} ok", Hidden())
    assert taken == 1
    assert masked.startswith("it is [")
    assert masked.endswith("] ok")


def test_a_surname_that_is_somebodys_first_name_goes_only_behind_its_own() -> None:
    hidden = Hidden(first_names=frozenset({"alex", "james"}), full_names=frozenset({("alex", "James")}))
    assert mask("James and Alex James and alex james's car", hidden)[0] == "James and Alex [name] and alex [name] car"


@given(st.text(max_size=300))
def test_what_is_taken_out_is_counted(text: str) -> None:
    masked, taken = mask(text, HIDDEN)
    assert (masked == text) == (taken == 0)


@pytest.mark.parametrize("piece", ["a", "1", "a.", "a@", "one ", "@", "a-", "1 a", "[", "c "])
def test_the_longest_text_that_a_channel_brings_is_read_in_no_time(piece: str) -> None:
    """4096 characters are Telegram's most. Counted in processor time, so that a busy machine fails nothing."""
    began = time.process_time()
    mask((piece * 4096)[:4096], HIDDEN)
    assert time.process_time() - began < 5


@given(st.text(alphabet="ab \n", max_size=4000))
@example("a" * 3000)
def test_a_long_post_is_split_and_nothing_is_lost(text: str) -> None:
    parts = split(text)
    said = [part.split(") ", 1)[1] if len(parts) > 1 else part for part in parts]
    assert "".join("".join(said).split()) == "".join(text.split())
    assert all(len(part) <= MOST + len("(99/99) ") for part in parts)


# What a text may be filled with that somebody gets for being in a circle. None of it is of anybody else's case.
MAY_SAY = {"from_name", "their_name", "said", "names", "worker", "number", "answer_by", "first_name", "phone", "when"}
OF_A_CASE = {"place", "with_whom", "words", "reason", "conditions", "milestone", "where", "directions", "bring"}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_text_of_a_circle_asks_for_a_fact_of_a_case(language: str) -> None:
    known = our_flows().texts.languages[language].templates
    ours = {key: text for key, text in known.items() if key.startswith(("threads.", "supporters."))}
    assert len(ours) > 20
    asked = {key: found for key, text in ours.items() if (found := text.fields() & OF_A_CASE)}
    # Sentences of flows/supporters/kits.yml, which know nobody.
    assert asked == {"supporters.ideas": {"words"}, "supporters.ideas_yourself": {"words"}}
    assert {key: text.fields() - MAY_SAY for key, text in ours.items() if key.startswith("threads.")} == {
        key: set() for key in ours if key.startswith("threads.")
    }
