"""Who is not asked: read as it is written, refused with the line; each rule has its question and its transcript."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.errors import FlowInvalid
from hub.store.tables import Agency, Case, Person, Team, Worker
from hub.surveys.audience import fits
from hub.surveys.exclusion_rules import RULES, STOPPED, WORDS, Per, Quota, read_exclusions
from hub.surveys.exclusions import QUESTIONS
from hub.surveys.invitation_rules import read_invitations
from hub.yaml_file import read_yaml
from tests.world import our_flows

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts" / "surveys"
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def written(folder: Path, text: str, name: str = "exclusions") -> Path:
    (folder / "surveys").mkdir(exist_ok=True)
    (folder / "surveys" / f"{name}.yml").write_text(text)
    return folder


def test_rules_and_quotas_are_read_as_they_are_written(tmp_path: Path) -> None:
    text = """exclusions:
  safe_contact: {}
  bereaved: {weeks: 6, surveys: [talk]}
quotas:
  talk: {invitations: 20, days: 7, per: team}
"""
    found = read_exclusions(written(tmp_path, text), {"talk"})
    assert [(rule.name, dict(rule.numbers)) for rule in found.rules] == [
        ("safe_contact", {}),
        ("bereaved", {"weeks": 6}),
    ]
    assert found.rules[1].is_for("talk")
    assert not found.rules[1].is_for("other")
    assert found.quotas == {"talk": Quota(20, None, timedelta(days=7), Per.TEAM)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exclusions:\n  ended: {}\n", "line 1: `safe_contact` is missing"),
        ("exclusions:\n  safe_contact: {surveys: [talk]}\n", "line 2: `safe_contact` holds for every survey"),
        ("exclusions:\n  safe_contact: {}\n  endet: {}\n", "line 3: there is no rule `endet`"),
        ("exclusions:\n  safe_contact: {}\n  bereaved: {}\n", "line 3: `bereaved` needs weeks"),
        ("exclusions:\n  safe_contact: {}\n  bereaved:\n    days: 3\n", "line 4: `bereaved` does not know `days`"),
        ("exclusions:\n  safe_contact: {}\n  ended: {surveys: [tlak]}\n", "line 3: `ended`: there is no survey `tlak`"),
        ("exclusions:\n  safe_contact: {}\nquotas:\n  talk: {days: 3}\n", "line 4: `talk` needs how many"),
        ("exclusions:\n  safe_contact: {}\nquotas:\n  talk: {answers: 0, days: 3}\n", "line 4: `talk`: answers is"),
        ("exclusions:\n  safe_contact: {}\nquotas:\n  talk: {answers: 1, days: 3, per: town}\n", "line 4: `talk`: per"),
    ],
)
def test_a_slip_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FlowInvalid, match=said):
        read_exclusions(written(tmp_path, text), {"talk"})


def test_our_own_file_has_every_rule_and_each_can_be_asked_of_the_store() -> None:
    names = [rule.name for rule in our_flows().exclusions.rules]
    assert sorted(names) == sorted(RULES) == sorted(QUESTIONS)


@pytest.mark.parametrize("rule", [*RULES, STOPPED])
def test_each_rule_has_a_transcript(rule: str) -> None:
    told = [
        line
        for file in TRANSCRIPTS.glob("*.yml")
        for step in read_yaml(file)["talk"]
        for line in step.get("inbox", [])
        if line.startswith("Not asked to take part in a survey: ")
    ]
    assert any(WORDS[rule] in line for line in told)


def somebody(**changes: Any) -> Person:
    agency = Agency(name="Northshire", short_name="North")
    worker = Worker(team=Team(name="Victim care"))
    facts = {"language": "en", "tier": None, "created_at": NOW - timedelta(days=40)}
    return Person(agency=agency, worker=worker, **facts | changes)


def a_case(**changes: Any) -> Case:
    facts = {"kind": "victim_care", "opened_at": NOW - timedelta(days=30), "closed_at": NOW, "closed_for": "completed"}
    return Case(**facts | changes)


@pytest.mark.parametrize(
    ("audience", "meant"),
    [
        ("{}", True),
        ("{agencies: [North], teams: [Victim care], languages: [en, cy], case_kinds: [victim_care]}", True),
        ("{closed_for: [completed], known_days: 40, open_days: 30}", True),
        ("{agencies: [South]}", False),
        ("{teams: [Bail]}", False),
        ("{languages: [cy]}", False),
        ("{case_kinds: [bail]}", False),
        ("{closed_for: [passed_on]}", False),
        ("{known_days: 41}", False),
        ("{open_days: 31}", False),
        ("{tiers: [3]}", False),
    ],
)
def test_an_audience_means_whom_it_names(tmp_path: Path, audience: str, meant: bool) -> None:
    rule = f"invitations:\n  - {{survey: talk, after: case_closed, role: victim, audience: {audience}}}\n"
    (found,) = read_invitations(written(tmp_path, rule, "invitations"), {"talk"})
    assert fits(found.audience, somebody(), a_case(), NOW) is meant


def test_without_a_case_whoever_is_meant_by_their_case_is_not(tmp_path: Path) -> None:
    rule = "invitations:\n  - {survey: talk, after: session, role: victim, audience: {open_days: 3}}\n"
    (found,) = read_invitations(written(tmp_path, rule, "invitations"), {"talk"})
    assert not fits(found.audience, somebody(), None, NOW)


def test_an_audience_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    rule = "invitations:\n  - survey: talk\n    after: session\n    role: victim\n    audience:\n      team: [A]\n"
    with pytest.raises(FlowInvalid, match="line 6: an audience has no `team`"):
        read_invitations(written(tmp_path, rule, "invitations"), {"talk"})
