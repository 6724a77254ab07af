"""Every text in every language, whole, discreet where it must be, and short enough."""

from collections.abc import Mapping

import pytest

from hub.reasons import SAFETY_REASONS
from hub.sms import count, sanitise
from hub.texts import Template, fill
from hub.words import Awaiting
from tests.world import our_flows

FLOWS = our_flows()
EN = FLOWS.texts.languages["en"].templates
CY = FLOWS.texts.languages["cy"].templates

FACTS = FLOWS.text_rules.example_facts
FORBIDDEN = ("offender", "offence", "breach", "criminal")
GIVEAWAYS = tuple(FLOWS.text_rules.giveaways["en"])
ANSWER_WORDS = ("CANCEL", "END", "QUIT", "UNSUBSCRIBE")
OPENS_WITH_DUTY = "appointments.reminder_first"


def topic_of(key: str) -> str:
    return key.split(".")[0]


def of(texts: Mapping[str, Template], topic: str) -> dict[str, Template]:
    return {key: template for key, template in texts.items() if topic_of(key) == topic}


each_topic = pytest.mark.parametrize("topic", sorted({topic_of(key) for key in (*EN, *CY)}))


def told_first(key: str) -> bool:
    return not FLOWS.text_rules.is_told_when_safe(key)


@each_topic
def test_every_text_is_in_both_languages_with_the_same_facts(topic: str) -> None:
    assert of(EN, topic).keys() == of(CY, topic).keys()
    for key, template in of(EN, topic).items():
        assert template.fields() == CY[key].fields(), key
        assert [choice.reply for choice in template.choices] == [choice.reply for choice in CY[key].choices], key


@each_topic
def test_an_english_text_fits_into_two_parts_and_knows_its_facts(topic: str) -> None:
    for key, template in of(EN, topic).items():
        for words in (template.text, template.discreet):
            counted = count(sanitise(fill(words, FACTS, key)))
            assert counted.encoding == "GSM-7", key
            assert counted.segments <= 2, f"{key}: {counted.units} units"


@each_topic
def test_no_text_labels_a_person_or_asks_for_a_word_that_stops_texts(topic: str) -> None:
    for key, template in of(EN, topic).items():
        for words in (template.text, template.discreet):
            assert not [word for word in FORBIDDEN if word in words.lower()], key
            assert not [word for word in ANSWER_WORDS if word in words], key


@each_topic
def test_a_phone_that_others_read_gives_nothing_away(topic: str) -> None:
    for key, template in of(EN, topic).items():
        if told_first(key):
            said = fill(template.discreet, dict.fromkeys(FACTS, ""), key).lower()
            assert not [word for word in GIVEAWAYS if word in said], key
            assert not template.fields() & FLOWS.text_rules.never_discreet or template.discreet != template.text, key


@pytest.mark.parametrize("kind", sorted(SAFETY_REASONS))
def test_what_a_victim_gets_in_a_crisis_can_stand_on_a_lock_screen(kind: str) -> None:
    said = fill(EN[f"safety.victim_{kind}"].text, FACTS, kind)
    assert "999" in said
    assert not [word for word in (*GIVEAWAYS, "danger", "suicide", "hurt") if word in said.lower()]


@pytest.mark.parametrize("awaiting", list(Awaiting))
def test_every_open_question_has_words_for_not_understood(awaiting: Awaiting) -> None:
    known = {"agency", "phone"} | ({"when"} if awaiting is Awaiting.APPOINTMENT_CONFIRMATION else set())
    assert EN[f"human.again_{awaiting}"].fields() <= known
    assert EN["human.again_offered_time"].fields() == {"slots"}


@pytest.mark.parametrize("texts", [EN, CY], ids=["en", "cy"])
def test_a_question_asked_once_more_takes_one_part_by_itself(texts: dict[str, Template]) -> None:
    shorter = {key: t for key, t in texts.items() if key.startswith("human.still_") or key.endswith("_short")}
    assert len(shorter) > len(Awaiting)
    assert {key for key, t in shorter.items() if count(sanitise(fill(t.text, FACTS, key))).segments > 1} == set()


def test_the_first_reminder_says_how_to_get_help_and_how_to_stop() -> None:
    assert "HELP" in EN[OPENS_WITH_DUTY].text
    assert "STOP" in EN[OPENS_WITH_DUTY].text


def test_every_nudge_has_its_text() -> None:
    assert {rule.text for rule in FLOWS.nudges.values()} <= EN.keys()


def test_welsh_is_marked_as_a_draft_until_a_native_speaker_has_read_it() -> None:
    topics = {topic_of(key) for key in CY} - {"survey", "statement"}
    assert FLOWS.texts.languages["cy"].drafts == topics
