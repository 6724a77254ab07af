"""The words of respondents' pages, one file a language; what a language lacks is said in English."""

from functools import cache
from pathlib import Path

from hub.yaml_file import read_yaml

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "cy": "Cymraeg"}


@cache
def wording(language: str) -> dict[str, str]:
    """name → words, some with `{facts}` to fill in with `str.format`."""
    words = _read("en")
    return words | _read(language) if language in LANGUAGES else words


def _read(language: str) -> dict[str, str]:
    content = read_yaml(FOLDER / f"{language}.yml")
    return {name: words for name, words in content.items() if isinstance(words, str)}
