"""The texts of `replies.yml`, by what they mean. Knows nothing of who writes them, and when."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.yaml_file import read_yaml

_FILE: Mapping[str, list[str]] = read_yaml(Path(__file__).parent / "replies.yml")
APART = frozenset({"exact", "cries", "keywords", "wrong_person"})  # written for a reason of their own

REPLIES: Sequence[str] = [text for texts in _FILE.values() for text in texts]
CRIES, WRONG_PERSON = _FILE["cries"], _FILE["wrong_person"]
OF_VICTIMS = [
    text
    for name in ("ask_case_update", "ask_rights", "ask_support_services", "not_safe_to_talk", "ask_for_call", "thank")
    for text in _FILE[name]
]
OTHERS = [text for name, texts in _FILE.items() if name not in APART for text in texts if text not in OF_VICTIMS]
TO_ALL = "@all "  # how the person begins what is for those around them
RATINGS = ("1", "2", "2", "3", "4", "4", "5")  # an answer to nearly every question of a survey
NUMBERS = ("1", "1", "1", "1", "2", "3", "Yes", "no", "SKIP", "4", "HELP", "CHANGE")

COMMANDS: Mapping[str, tuple[str, ...]] = {
    text: tuple(name.split()) for name, texts in _FILE.items() if name not in APART - {"wrong_person"} for text in texts
}
