"""Can every ready text be filled in, and does it fit into few parts?"""

from collections.abc import Iterator

from handrail.checks.ground import Ground, Problem
from hub.ready_texts import FACTS, TOPIC
from hub.sms import count

MOST_PARTS = 2


def ready_texts(ground: Ground) -> Iterator[Problem]:
    for language, known in ground.whole.texts.languages.items():
        file = f"{ground.folder.name}/{TOPIC}/{language}.yml"
        for key, template in known.templates.items():
            if not key.startswith(f"{TOPIC}."):
                continue
            name = key.split(".", 1)[1]
            for unknown in sorted(template.fields() - FACTS):
                yield Problem(file, f"`{name}` uses {{{unknown}}}: only {', '.join(sorted(FACTS))} are known.")
            if max(count(template.text).segments, count(template.discreet).segments) > MOST_PARTS:
                yield Problem(file, f"`{name}` takes more than {MOST_PARTS} text messages: make it shorter.")
