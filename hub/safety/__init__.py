"""Words of danger and distress, found before any model is asked.

`words.py` is the file to read first; `plain.py` makes words of a text, `patterns.py` finds patterns in them,
`context.py` says what takes their weight. What is looked for stands in `flows/safety/words.yml`. Knows nothing of
what is answered.
"""

from hub.safety.helplines import Helplines
from hub.safety.words import Hit, SafetyWords

__all__ = ["Helplines", "Hit", "SafetyWords"]
