"""How well the assistant reads texts that it never learned from. The figures are printed: run with `-s`.

Each limit is a floor a little under the last measured figure (macro 0.72, safety 0.92, out of
scope 0.96, needless alarms 0.03), so that a step back fails. The aims are 0.80 and 0.95: raise them.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from integrations.assistant.server import BotServer
from tests.bot.asking import ROOT, commands

SAFETY = {
    "crisis_self",
    "danger_now",
    "threat_to_others",
    "harm_to_child",
    "domestic_abuse",
    "medical_emergency",
}
NO_COMMAND = {"out_of_scope", "not_understood"}  # both end with a person asked again or a human

Read = tuple[Mapping[str, Any], list[str]]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def read(bot: BotServer) -> list[Read]:
    texts = yaml.safe_load((ROOT / "nlu_data" / "heldout" / "en.yml").read_text())["texts"]
    return [(t, commands(bot, t["text"], **{k: t[k] for k in ("awaiting", "role") if k in t})) for t in texts]


def is_right(text: Mapping[str, Any], said: list[str]) -> bool:
    return set(said) in (set(text["expect"]), set(text.get("or", text["expect"])))


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def test_commands_are_mostly_right_for_every_kind_of_text(read: list[Read]) -> None:
    hits = defaultdict(list)
    for text, said in read:
        hits[text["expect"][0]].append(is_right(text, said))
        if not hits[text["expect"][0]][-1]:
            print(f"{text['expect']} read as {said}: {text['text']}")  # noqa: T201 - the point of -s
    macro = sum(share(of_one) for of_one in hits.values()) / len(hits)
    print(f"macro accuracy {macro:.3f}, of all {share([h for of_one in hits.values() for h in of_one]):.3f}")  # noqa: T201
    assert macro >= 0.70


def test_a_cry_for_help_reaches_a_human_as_one(read: list[Read]) -> None:
    cries = [(text, said) for text, said in read if text["expect"][0] in SAFETY]
    missed = [text["text"] for text, said in cries if not SAFETY & set(said)]
    print(f"safety recall {1 - len(missed) / len(cries):.3f} of {len(cries)}; missed {missed}")  # noqa: T201
    assert len(missed) / len(cries) <= 0.09


def test_what_is_none_of_our_business_is_not_acted_on(read: list[Read]) -> None:
    others = [said for text, said in read if text["expect"] == ["out_of_scope"]]
    left_alone = share([set(said) <= NO_COMMAND for said in others])
    print(f"out of scope left alone {left_alone:.3f} of {len(others)}")  # noqa: T201
    assert left_alone >= 0.85


def test_ordinary_texts_rarely_raise_an_alarm(read: list[Read]) -> None:
    ordinary = [(text, said) for text, said in read if not SAFETY & set(text["expect"])]
    alarms = [text["text"] for text, said in ordinary if SAFETY & set(said)]
    print(f"needless alarms {len(alarms) / len(ordinary):.3f} of {len(ordinary)}: {alarms}")  # noqa: T201
    assert len(alarms) / len(ordinary) <= 0.08


def test_two_things_in_one_text_are_both_done_and_one_thing_is_not_split(read: list[Read]) -> None:
    twos = [is_right(text, said) for text, said in read if len(text["expect"]) == 2]
    split = [text["text"] for text, said in read if len(text["expect"]) == 1 and len(said) > 1]
    print(f"two things {share(twos):.3f} of {len(twos)}; wrongly split {split}")  # noqa: T201
    assert share(twos) >= 0.5
    assert len(split) / len(read) <= 0.05
