"""No text to those who stand by somebody can tell where, why, with whom, whose surname or whose number.

Every rule that goes to supporters, and every text of flows/supporters, filled in with any person and appointment.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import FlowInvalid
from hub.flows import Flows
from hub.kit_data import SHOWN
from hub.nudges.rules import NudgeRule, read_rules
from hub.nudges.saying import TOO
from hub.nudges.settings import RuleSettings
from hub.sms import count
from hub.store.tables import Agency, Person
from hub.words import Sees, Side
from tests.world import our_flows

FLOWS = our_flows()
TO_SUPPORTERS = [rule for rule in FLOWS.nudges.values() if rule.to_supporters]
OURS = sorted(key for key in FLOWS.texts.languages["en"].templates if key.startswith("supporters."))
# What no text to them may be filled in with, whatever it is about.
NEVER = {"place", "with_whom", "reason", "why", "conditions", "directions", "bring", "milestone", "where", "address"}
NUDGE_FACTS = {"first_name", "their_name", "when", "day", "number"}
TELLS_WHY = (
    "appointment",
    "probation",
    "caution",
    "court",
    "police",
    "condition",
    "miss",
    "course",
    "offence",
    "order",
)


def test_there_are_rules_to_supporters_and_each_says_what_must_be_allowed() -> None:
    needs = {rule.name: rule.sees for rule in TO_SUPPORTERS}
    dates = {name for name, sees in needs.items() if sees is Sees.DATES}
    assert dates == {"supporter_1_day", "supporter_morning"}
    assert {name for name, sees in needs.items() if sees is Sees.PROGRESS} == {
        "supporter_there",
        "supporter_done",
        "supporter_in_a_row",
        "supporter_call",
    }


@pytest.mark.parametrize("rule", TO_SUPPORTERS, ids=lambda rule: rule.name)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_rule_to_supporters_has_no_blank_for_what_is_not_theirs(rule: NudgeRule, language: str) -> None:
    for key in (rule.text, rule.text + TOO):
        template = FLOWS.texts.languages[language].templates.get(key)
        if template:
            assert template.fields() <= NUDGE_FACTS
            assert not any(word in f"{template.text} {template.discreet}".lower() for word in TELLS_WHY)


@pytest.mark.parametrize("rule", [rule for rule in TO_SUPPORTERS if rule.sees is not Sees.DATES], ids=lambda r: r.name)
def test_what_needs_progress_is_of_one_side(rule: NudgeRule) -> None:
    """On the victims' side a supporter may be allowed dates alone."""
    assert rule.side is Side.SUPERVISION


def test_no_rule_to_supporters_tells_of_a_miss_unless_an_agency_wants_the_call() -> None:
    assert [rule.name for rule in TO_SUPPORTERS if rule.given in {"missed", "call"}] == ["supporter_call"]
    call = FLOWS.nudges["supporter_call"]
    person = Person(agency=Agency(id=1), agency_id=1, side=Side.SUPERVISION)
    assert call.only_if_wanted
    assert RuleSettings().rule_for(call, person) is None
    assert RuleSettings().rule_for(replace(call, only_if_wanted=False), person) is not None


@pytest.mark.parametrize("key", OURS)
def test_no_text_for_supporters_has_a_blank_for_a_place_a_reason_or_a_name_of_others(key: str) -> None:
    for language in FLOWS.texts.languages.values():
        if key in language.templates:
            assert not language.templates[key].fields() & NEVER


words = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=4, max_size=12).map(str.title)


@settings(max_examples=150, deadline=None)
@given(
    key=st.sampled_from(OURS),
    language=st.sampled_from(["en", "cy"]),
    discreet=st.booleans(),
    first=words.map(lambda word: f"Zy{word}"),
    secrets=st.lists(words.map(lambda word: f"Zq{word}"), min_size=6, max_size=6, unique=True),
    minutes=st.integers(0, 60 * 24 * 365),
)
def test_whatever_the_hub_knows_of_an_appointment_stays_out_of_the_text(
    key: str, language: str, discreet: bool, first: str, secrets: list[str], minutes: int
) -> None:
    place, with_whom, surname, why, condition, number = (*secrets[:5], f"07700900{secrets[5]}")
    at = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=minutes)
    facts = dict.fromkeys(FLOWS.texts.template(key, "en").fields() - NEVER, "x") | {
        "their_name": first,
        "when": at.isoformat(),
        "where": place,
        "address": number,
        "place": place,
        "with_whom": with_whom,
        "surname": surname,
        "reason": why,
        "why": why,
        "conditions": condition,
        "bring": condition,
        "directions": place,
    }
    said = FLOWS.texts.render(key, language, facts, discreet=discreet).text
    assert not any(secret in said for secret in (place, with_whom, surname, why, condition, number))
    if discreet and not FLOWS.text_rules.is_told_when_safe(key):
        assert first not in said


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_moment_has_words_that_fit_three_to_a_text(language: str) -> None:
    kits = FLOWS.supporters.kits
    assert list(kits) == ["any_time", "before", "after", "hard"]
    for kit in kits.values():
        assert len(set(kit.some(0)) | set(kit.some(1))) == 2 * SHOWN
        for turn in range(2):
            said = [FLOWS.texts.render(key, language, {}).text for key in kit.some(turn)]
            shown = " ".join(f"{number} {each}" for number, each in enumerate(said, 1))
            facts = {"words": shown, "their_name": "Christopher"}
            for key in ("supporters.ideas", "supporters.ideas_yourself"):
                assert count(FLOWS.texts.render(key, language, facts).text).segments <= (2 if language == "en" else 5)


def test_words_of_a_kit_neither_praise_nor_threaten() -> None:
    judging = ("well done", "good boy", "good girl", "proud", "must", "should", "or else", "promise me", "last chance")
    for kit in FLOWS.supporters.kits.values():
        for key in kit.keys:
            said = FLOWS.texts.render(key, "en", {}).text.lower()
            assert not any(word in said for word in judging), said


def test_information_names_its_sources() -> None:
    general = [item for item in FLOWS.supporters.items if not item.relation]
    assert [item.name for item in general] == ["appointment", "missed", "orders"]
    assert all(item.sources for item in general)


BLOCK = """
nudges:
  told:
    subject: appointment
    given: standing
    text: supporters.nudge
    purpose: reminder
    {part}
"""


@pytest.mark.parametrize("part", ["sees: progress", "{to: supporters, awaiting: survey_text}"])
def test_a_rule_that_makes_no_sense_is_refused(part: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    lines = part.strip("{}").replace(", ", "\n    ")
    folder = tmp_path_factory.mktemp("flows")
    (folder / "supporters").mkdir()
    (folder / "supporters" / "nudges.yml").write_text(BLOCK.format(part=lines))
    with pytest.raises(FlowInvalid):
        read_rules(folder)


def test_flows_are_read_whole(flows: Flows) -> None:
    assert flows.supporters.templates["en"].keys() == flows.supporters.templates["cy"].keys()
