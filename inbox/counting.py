"""The words beside a reply box: how many texts, what makes it dear, what would save one. Counted by what sends."""

from typing import Any

from hub import sms
from hub.texts import as_written


def facts_of_count(typed: str) -> dict[str, Any]:
    """What `parts/count.html` says about `typed`."""
    rendered = as_written(typed)
    dear = sms.dear_characters(rendered.text)
    return {
        "count": rendered.count,
        "dear": dear,
        "plain_segments": sms.count(sms.without(rendered.text, dear)).segments,
        "plainer": sms.plainer(typed) != rendered.text,
        "changed": [] if sms.sanitise(typed) == typed.strip().replace("\r\n", "\n") else ["quotes and dashes"],
    }


def count_of_said(first_name: str, typed: str) -> dict[str, Any]:
    """The same for what a worker says in a thread: it goes out with their name before it."""
    return facts_of_count(f"{first_name}: {typed}" if typed.strip() else "")
