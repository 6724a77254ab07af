"""Has somebody compared the helplines' numbers with their sources within the last year, and is each one used?"""

from collections.abc import Iterator
from datetime import date

from handrail.checks.ground import Ground, Problem
from hub.clock import SystemClock


def helplines(ground: Ground, today: date | None = None) -> Iterator[Problem]:
    """`today` is the system's day unless given."""
    known = ground.whole.helplines
    file = f"{ground.folder.name}/safety/helplines.yml"
    for name in known.to_review(today or SystemClock().now().date()):
        source = known.by_name[name].source
        yield Problem(file, f"`{name}` was last reviewed over a year ago: compare it with {source}, write the new day.")
    languages = ground.whole.texts.languages.values()
    used = {field for language in languages for text in language.templates.values() for field in text.fields()}
    used |= {service.line for service in ground.whole.support.national}
    for name in sorted(known.by_name.keys() - used):
        yield Problem(file, f"no text or service names `{name}`: use it, or take it out.")
