"""How texts sound: encouraging, neutral or hard, from `flows/tones.yml`. Counts nothing and sends nothing."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from hub.errors import FlowInvalid
from hub.yaml_file import read_yaml


class Tone(StrEnum):
    ENCOURAGING = "encouraging"
    NEUTRAL = "neutral"
    HARD = "hard"


def read_tones(flows: Path) -> dict[str, Tone]:
    """Those that are not neutral, by the text's name. Raises `FlowInvalid`."""
    file = flows / "tones.yml"
    content: Mapping[str, list[str]] = read_yaml(file) or {}
    tones: dict[str, Tone] = {}
    for word, keys in content.items():
        if word not in set(Tone):
            raise FlowInvalid(f"{file}: `{word}` is no tone. It can be {', '.join(Tone)}.")
        for key in keys:
            if key in tones:
                raise FlowInvalid(f"{file}: `{key}` has two tones.")
            tones[key] = Tone(word)
    return tones
