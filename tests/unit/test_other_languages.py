"""Polish, Romanian, Urdu and Punjabi: short answers and keywords count in every script that people text in."""

import unicodedata
from pathlib import Path

import pytest

from hub.exact_replies import normal_form
from hub.ports import Command, Turn
from hub.words import Awaiting, Role
from hub.yaml_file import read_yaml
from tests.world import our_flows

FLOWS = Path(__file__).parents[2] / "flows"
EXACT = our_flows().exact
KEYWORDS = our_flows().keywords
FILES = {file.stem: read_yaml(file) for file in (FLOWS / "replies").glob("*.yml")}


def commands(text: str, awaiting: str, language: str) -> tuple[Command, ...]:
    decision = EXACT.decide(Turn("c", text, Awaiting(awaiting), Role.SUPERVISED, language))
    return decision.commands if decision else ()


YES, NO = Command("confirm_attendance"), Command("cannot_attend")
SECOND = Command("ask_to_move", {"choice": "2"})
SKIP, LATER, NEVER = Command("skip_question"), Command("pause_survey"), Command("decline_survey")

# language: yes, no, the second one, skip, later, no survey
ANSWERS = {
    "pl": ("Tak, poproszę", "niestety nie", "druga", "pomin", "Później!", "nie chcę ankiety"),
    "ro": ("sigur că da", "Nu, mulţumesc", "a doua", "sar peste", "mai tarziu", "fara intrebari"),
    "ur": ("جی ہاں", "نہیں جی", "دوسرا", "رہنے دیں۔", "بعد میں", "سروے نہیں چاہیے"),
    "ur-roman": ("jee haan", "nahi aa sakta", "doosra", "rehne do", "baad mein", "survey nahi karna"),
    "pa": ("ਹਾਂ ਜੀ", "ਨਹੀਂ ਆ ਸਕਦੀ", "ਦੂਜਾ", "ਰਹਿਣ ਦਿਓ।", "ਹੁਣ ਨਹੀਂ", "ਸਰਵੇ ਨਹੀਂ ਚਾਹੀਦਾ"),
    "pa-roman": ("hanji", "nahi aa sakda", "duja", "chhad deo", "baad ch", "survey nahi chahida"),
}


@pytest.mark.parametrize("language", ANSWERS)
def test_short_answers_count_in_the_persons_language(language: str) -> None:
    yes, no, second, skip, later, never = ANSWERS[language]
    assert commands(yes, "appointment_confirmation", language) == (YES,)
    assert commands(no, "appointment_confirmation", language) == (NO,)
    assert commands(second, "reschedule_time", language) == (SECOND,)
    assert commands(skip, "survey_choice", language) == (SKIP,)
    assert commands(later, "survey_choice", language) == (LATER,)
    assert commands(never, "survey_choice", language) == (NEVER,)
    assert commands("yes please", "appointment_confirmation", language) == (YES,), "English always counts"


@pytest.mark.parametrize(
    ("text", "language", "rating"),
    [
        ("cztery", "pl", "4"),
        ("jakieś 7 na 10", "pl", "7"),
        ("dziesiec", "pl", "10"),
        ("şapte", "ro", "7"),
        ("cam 3 din 5", "ro", "3"),
        ("نو نمبر 9", "ur", None),
        ("۱۰ میں سے ۸", "ur", "8"),
        ("صفر", "ur", "0"),
        ("۵", "ur", "5"),
        ("5 mein se 4", "ur-roman", "4"),
        ("sifar", "ur-roman", "0"),
        ("੧੦ ਵਿੱਚੋਂ ੬", "pa", "6"),
        ("ਸਿਫ਼ਰ", "pa", "0"),
        ("ਦਸ", "pa", "10"),
        ("10 vicho 9", "pa-roman", "9"),
        ("satt", "pa-roman", "7"),
    ],
)
def test_a_rating_is_read_in_words_and_in_digits_of_any_script(text: str, language: str, rating: str | None) -> None:
    expected = (Command("answer_rating", {"rating": rating}),) if rating else ()
    assert commands(text, "survey_rating", language) == expected


@pytest.mark.parametrize(("language", "texts"), [("ur", ("ہاں", "haan")), ("pa", ("ਹਾਂਜੀ", "hanji", "aho"))])
def test_who_reads_urdu_or_punjabi_may_answer_in_either_script(language: str, texts: tuple[str, ...]) -> None:
    for text in texts:
        assert commands(text, "safe_to_talk", language) == (Command("answer_yes"),)


def test_words_of_another_language_do_not_count() -> None:
    assert commands("do", "reschedule_time", "ur") == (SECOND,)
    assert commands("do", "reschedule_time", "pl") == ()
    assert commands("tak", "safe_to_talk", "ro") == ()


def test_punjabi_vowels_tell_words_apart() -> None:
    assert len({normal_form(word) for word in ("ਹਾਂ", "ਹੈ", "ਹੋ", "ਹੀ")}) == 4


def test_the_two_scripts_of_a_language_give_no_word_two_meanings() -> None:
    seen: dict[tuple[str, str], str] = {}
    for name, file in FILES.items():
        for intent, words in file["words"].items():
            for word in words:
                key = (name.partition("-")[0], normal_form(str(word)))
                assert seen.setdefault(key, intent) == intent, (name, word)


def test_every_language_but_english_is_marked_as_a_draft() -> None:
    assert {name for name, file in FILES.items() if not file.get("draft")} == {"en"}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("wznów", "start_messages"),
        (unicodedata.normalize("NFD", "wznów"), "start_messages"),
        ("porneste", "start_messages"),
        ("شروع کریں", "start_messages"),
        ("dobara shuru karo", "start_messages"),
        (unicodedata.normalize("NFD", "ਸ਼ੁਰੂ ਕਰੋ"), "start_messages"),
        ("ਸ਼ੁਰੂ ਕਰੋ", "start_messages"),
        ("shuru kar deo", "start_messages"),
        ("pomoc!", "help"),
        ("Ajutor", "help"),
        ("مدد", "help"),
        ("madad", "help"),
        ("ਮਦਦ", "help"),
        ("zły numer", "wrong_person"),
        ("vorbesc cu un om", "speak_to_person"),
        ("ਪੰਜਾਬੀ ਵਿੱਚ", "change_language"),
    ],
)
def test_keywords_work_in_every_language_before_any_model(text: str, command: str) -> None:
    assert KEYWORDS.match(text) == command


@pytest.mark.parametrize(
    ("at_once", "asked_which"),
    [
        ("Wypisz mnie, proszę", "nie piszcie do mnie"),
        ("OPREȘTE", "nu mai trimiteti va rog"),
        ("بند کریں", "میسج بند کریں پلیز"),
        ("band kar do ji", "msg band kro"),
        ("ਬੰਦ ਕਰ ਦਿਓ ਜੀ", "ਮੈਸੇਜ ਨਾ ਕਰੋ"),
        ("band kar deo ji", "pichha chhaddo"),
    ],
)
def test_stop_acts_at_once_and_stopping_in_other_words_may_be_asked_about(at_once: str, asked_which: str) -> None:
    assert KEYWORDS.match(at_once) == KEYWORDS.match(asked_which) == "stop_messages"
    assert KEYWORDS.stops_at_once(at_once)
    assert not KEYWORDS.stops_at_once(asked_which)


@pytest.mark.parametrize(
    "text",
    [
        "nie moge przyjsc, autobus stop",  # no bus
        "ruko",  # "wait", not "stop"
        "va rog",
        "ji",
        "ਬਾਦ ਕਰ",  # without its vowels it would be "stop"
        "prosze o pomoc",  # a cry for help is for the words of danger
        "koniec zmiany o 16",
    ],
)
def test_other_sentences_are_no_keyword(text: str) -> None:
    assert KEYWORDS.match(text) is None
