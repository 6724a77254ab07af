"""The conversations reach every command of the vocabulary, and every topic shows what happens when things go wrong."""

from collections import Counter
from pathlib import Path
from typing import Any

from handrail.checks.vocabulary import VOCABULARY
from hub.reasons import SAFETY_REASONS
from hub.yaml_file import read_yaml

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"
FLOWS = Path(__file__).parents[2] / "flows"
FEWEST_UNHAPPY, FEWEST_OF_A_TOPIC = 60, 3


def conversations() -> list[tuple[str, dict[str, Any]]]:
    """(topic, transcript) of each file."""
    files = sorted(TRANSCRIPTS.glob("*/*.yml"))
    return [(file.parent.name, read_yaml(file)) for file in files]


def commands(transcript: dict[str, Any]) -> set[str]:
    """Those that it expects, with the assistant or without; a cry for help is named by what it puts to a human."""
    steps = [part for step in transcript["talk"] for part in (step, step.get("off") or {})]
    cries = {reason for step in steps for reason in step.get("escalations", [])} & SAFETY_REASONS
    return cries | {command for step in steps for command in step.get("does", [])}


def unhappy() -> Counter[str]:
    """How many a topic has; a cry for help is one by itself."""
    return Counter(topic for topic, talk in conversations() if talk.get("unhappy") or topic == "safety")


def test_every_command_of_the_vocabulary_is_reached_by_some_transcript() -> None:
    reached = set().union(*(commands(transcript) for _, transcript in conversations()))

    assert VOCABULARY - reached == set()


def test_every_topic_shows_what_happens_when_things_go_wrong() -> None:
    topics = {file.parent.name for file in FLOWS.glob("*/rules.yml")}

    assert {topic for topic in topics if unhappy()[topic] < FEWEST_OF_A_TOPIC} == set()


def test_there_are_enough_unhappy_conversations() -> None:
    assert unhappy().total() >= FEWEST_UNHAPPY
