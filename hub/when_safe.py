"""Is it OK to talk? On a phone that others may read, or to somebody who wishes to be asked first, it comes first.

A topic registers what it tells once the answer is yes; until then the open question keeps only the topic's name and a
number. Knows no topic.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from hub import prompts
from hub.handling import Handling
from hub.safe_contact import is_careful
from hub.store.tables import Prompt
from hub.words import Awaiting

Telling = Callable[[Handling, int | None], Awaitable[None]]

_TELLINGS: dict[str, Telling] = {}


def told_when_safe(what: str) -> Callable[[Telling], Telling]:
    """Register the function that tells `what`. It gets the handling and the number that was kept for it.

    Raises
    ------
    ValueError
        when another function tells it.
    """

    def register(function: Telling) -> Telling:
        if what in _TELLINGS:
            raise ValueError(f"two functions tell {what}")
        _TELLINGS[what] = function
        return function

    return register


async def tell(handling: Handling, what: str, number: int | None = None) -> None:
    """Tell it now, or ask first whether now is a good time. Only to be called when the person is at their phone."""
    if is_careful(handling.conversation.contact_point):
        keep = {"then": what, "number": number, "before": _left_open(handling.prompt)}
        return await handling.ask("victims.safe_to_talk", Awaiting.SAFE_TO_TALK, keep=keep)
    await _TELLINGS[what](handling, number)


async def is_safe(handling: Handling) -> None:
    """Yes: what was asked for is told now. Of what nobody tells any more, nothing is said."""
    kept = handling.prompt.facts if handling.prompt else {}
    await handling.answered()
    telling = _TELLINGS.get(kept.get("then", ""))
    if telling:
        await telling(handling, kept.get("number"))
    before = kept.get("before")
    if before and await prompts.open_prompt(handling.session, handling.conversation.id, handling.now) is None:
        await _open_again(handling, before)


def _left_open(prompt: Prompt | None) -> dict[str, Any] | None:
    """The question that "is now a good time?" takes the place of: it is waited for again afterwards."""
    if prompt is None:
        return None
    if prompt.awaiting is Awaiting.SAFE_TO_TALK:
        before: dict[str, Any] | None = prompt.facts.get("before")
        return before
    return {
        "awaiting": prompt.awaiting.value,
        "text_key": prompt.text_key,
        "subject": [prompt.subject_kind, prompt.subject_id],
        "facts": prompt.facts,
        "expires_at": prompt.expires_at.isoformat() if prompt.expires_at else "",
    }


async def _open_again(handling: Handling, before: dict[str, Any]) -> None:
    kind, subject_id = before["subject"]
    expires_at = datetime.fromisoformat(before["expires_at"]) if before["expires_at"] else None
    if expires_at and expires_at <= handling.now:
        return
    handling.prompt = await prompts.ask(
        handling.session,
        handling.conversation,
        Awaiting(before["awaiting"]),
        before["text_key"],
        handling.now,
        subject=(kind, subject_id) if kind else None,
        facts=before["facts"],
        expires_at=expires_at,
    )
