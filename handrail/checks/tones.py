"""Does every text that has a tone exist? A text without one is neutral."""

from collections.abc import Iterator

from handrail.checks.ground import Ground, Problem
from hub.texts import DEFAULT_LANGUAGE


def tones(ground: Ground) -> Iterator[Problem]:
    known = ground.whole.texts.languages[DEFAULT_LANGUAGE].templates
    for key, tone in ground.whole.tones.items():
        if key not in known:
            yield Problem(f"{ground.folder.name}/tones.yml", f"`{key}` is {tone}, and there is no such text.")
