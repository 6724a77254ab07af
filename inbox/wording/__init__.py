"""The words of respondents' pages, one file a language, and one a topic that has many; what a language lacks is said in
English."""

from functools import cache
from pathlib import Path
from typing import Any

from hub.yaml_file import read_yaml

FOLDER = Path(__file__).parent
DEFAULT = "en"


@cache
def wording(language: str) -> dict[str, str]:
    """name → words, some with `{facts}` to fill in with `str.format`."""
    words = _read(DEFAULT)
    return words | _read(language) if language in LANGUAGES else words


def shown_in(language: str) -> str:
    """The language that a page is in for somebody of this language: for the page's `lang`."""
    return language if language in LANGUAGES else DEFAULT


def _read(language: str) -> dict[str, str]:
    return {name: words for name, words in content_of(language).items() if isinstance(words, str)}


def content_of(language: str) -> dict[str, Any]:
    """Of every file of that language."""
    found: dict[str, Any] = {}
    for file in (FOLDER / f"{language}.yml", *sorted(FOLDER.glob(f"*/{language}.yml"))):
        found |= read_yaml(file) if file.exists() else {}
    return found


# A new language is a new file here, beside its texts in flows/.
LANGUAGES = {file.stem: _read(file.stem)["language_name"] for file in sorted(FOLDER.glob("*.yml"), reverse=True)}
LANGUAGES = {DEFAULT: LANGUAGES.pop(DEFAULT), **LANGUAGES}
