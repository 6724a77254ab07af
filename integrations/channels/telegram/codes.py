"""Telegram's refusals in the hub's words. Knows nothing of HTTP.

Telegram gives its refusals no numbers, only sentences (https://core.telegram.org/bots/api#making-requests:
the contents of `description` are subject to change), so they are recognised by their first telling words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError


@dataclass(frozen=True, slots=True)
class Refusal:
    error: type[TelegramError]
    telling: str  # part of Telegram's sentence, lower case; empty fits every sentence
    code: str  # ours, kept as evidence: Telegram's HTTP status and a word
    meaning: str  # a key of `hub.delivery.MEANINGS`


REFUSALS: Sequence[Refusal] = (
    Refusal(Forbidden, "blocked by the user", "403_blocked", "opted_out"),  # the person pressed "Stop bot"
    Refusal(Forbidden, "deactivated", "403_deactivated", "unknown_number"),  # the account is gone
    Refusal(Forbidden, "", "403", "opted_out"),  # never wrote to us, or otherwise does not let us write
    Refusal(BadRequest, "chat not found", "400_chat", "invalid_number"),
    Refusal(BadRequest, "too long", "400_length", "bad_text"),
    Refusal(BadRequest, "text is empty", "400_empty", "bad_text"),
    Refusal(ChatMigrated, "", "400_migrated", "invalid_number"),  # became a group, and groups are not used
)

UNKNOWN = Refusal(TelegramError, "", "400", "refused")


def refusal_of(error: TelegramError) -> Refusal:
    """The first entry of the table that fits; `UNKNOWN` when none does."""
    sentence = error.message.lower()
    fitting = (r for r in REFUSALS if isinstance(error, r.error) and r.telling in sentence)
    return next(fitting, UNKNOWN)
