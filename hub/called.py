"""The name that our texts begin with: what is one, and setting it. Knows no page and no text."""

import re

from hub.handling import Handling

LONGEST_NAME = 40  # characters
# Letters of any language, and what stands between them in a name.
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*\.?")


def call_me(handling: Handling, name: str) -> bool:
    """Empty: the first name that we know. False when it is no name."""
    name = " ".join(name.split())
    if name and (len(name) > LONGEST_NAME or not _NAME.fullmatch(name)):
        return False
    handling.person.preferred_name_sealed = handling.key.seal(name, "name") if name else None
    handling.record("preferred_name_set", f"person:{handling.person.id}")
    return True


def call_me_nothing(handling: Handling) -> None:
    """Texts carry no name at all: it could tell who is meant."""
    handling.person.preferred_name_sealed = handling.key.seal("", "name")
    handling.record("preferred_name_set", f"person:{handling.person.id}")
