"""What stands on a lock screen when somebody is told of their case, or asked how often: nothing that tells why."""

import pytest

from hub.case_closing import CLOSED_FOR, FOR_VICTIMS
from hub.commands.updates import CHOICES
from hub.errors import FlowInvalid
from hub.flows import Flows
from hub.milestones import RIGHTS, read_milestones
from hub.nominations import SCOPES
from hub.texts import fields_of
from hub.update_plans import RHYTHMS
from tests.world import ROOT

# What may never stand in a careful wording, whatever it is filled in with.
TELLS = {"agency", "worker", "first_name", "phone", "link", "place", "with_whom", "milestone", "reason", "their_name"}
MINE = ("updates.", "victims.case_", "victims.hearing_ahead", "victims.release_ahead")
ALSO = ("case", "news", "court", "police", "victim", "support", "crime")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_careful_wording_names_nobody_and_nothing(flows: Flows, language: str) -> None:
    looked_at = 0
    for key, template in flows.texts.languages[language].templates.items():
        if key.startswith(MINE) and not key.startswith(flows.text_rules.told_when_safe):
            assert not fields_of(template.discreet) & TELLS, key
            assert not [word for word in ALSO if language == "en" and word in template.discreet.lower()], key
            looked_at += 1
    assert looked_at > 15


def test_every_milestone_has_its_words_in_every_language(flows: Flows) -> None:
    for milestone in flows.milestones.values():
        for language in ("en", "cy"):
            assert milestone.text in flows.texts.languages[language].templates
        assert milestone.right in RIGHTS
    decisions = {name for name, each in flows.milestones.items() if each.needs_reason}
    assert {"charged", "bail", "out_of_court", "no_further_action", "outcome", "case_closed"} <= decisions


def test_the_menu_offers_every_rhythm_and_none(flows: Flows) -> None:
    assert {days for days in CHOICES.values() if days is not None} == set(RHYTHMS)
    asked = flows.texts.languages["en"].templates["updates.how_often"]
    assert [choice.reply for choice in asked.choices] == list(CHOICES)
    for days in CHOICES.values():
        assert f"updates.often_{'never' if days is None else days}" in flows.texts.languages["en"].templates


def test_every_scope_has_its_texts_and_its_rule(flows: Flows) -> None:
    known = flows.texts.languages["en"].templates
    for scope in SCOPES:
        assert {f"updates.nominate_{scope}", f"updates.contact_{scope}"} <= known.keys()
        assert flows.nudges[f"contact_{scope}"].given == f"for_contact_{scope}"


def test_a_case_is_closed_for_the_same_reasons_on_both_sides() -> None:
    assert FOR_VICTIMS.keys() == CLOSED_FOR.keys()


def test_a_milestone_without_its_parts_is_refused_with_the_file_and_its_name(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for block in (
        "charged: {words: Charged}",
        "charged: {words: A, reason: maybe, right: 3}",
        "charged: {words: A, reason: no, right: 13}",
    ):
        folder = tmp_path_factory.mktemp("flows")
        (folder / "victims").mkdir()
        (folder / "victims" / "milestones.yml").write_text(f"milestones:\n  {block}\n")
        with pytest.raises(FlowInvalid, match=r"milestones\.yml: `charged`"):
            read_milestones(folder)
    assert read_milestones(ROOT / "flows")["charged"].needs_reason
